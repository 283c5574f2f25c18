"""A commit's message before it is committed: near misses of trailers, and the mark of an agent at work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.marks import Marks
from codeshare.attribution.slips import Slip, find_slips, mend
from codeshare.ci.environments import Environment, agent_at_work
from codeshare.model import Attribution

_SCISSORS = re.compile(r"^.{1,3} -{10,} >8 -{10,}$", re.MULTILINE)
_LATE = date(9999, 12, 31)
_WORK_IN_PROGRESS = ("fixup! ", "squash! ", "amend! ", "Merge ", "Revert ")


class Finding(Struct, frozen=True):
    """What is wrong with a message: ``slips`` of trailers, and the agent whose mark it ``lacks``."""

    slips: tuple[Slip, ...]
    lacks: Environment | None = None

    @property
    def is_failed(self) -> bool:
        """Whether an agent's mark would be lost."""
        return self.lacks is not None or any(slip.tool and not slip.is_read for slip in self.slips)


def read_message(text: str) -> tuple[str, str]:
    """Split a message file into the message and what git will cut off: comments at the end, the diff below scissors."""
    if found := _SCISSORS.search(text):
        text, rest = text[: found.start()], text[found.start() :]
    else:
        rest = ""
    lines = text.split("\n")
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    if any(line.startswith("#") for line in lines[end:]) or rest:
        return "\n".join(lines[:end]) + "\n", "\n".join(lines[end:]) + rest
    return text, ""


def check_message(
    message: str, catalogue: Catalogue, variables: Mapping[str, str], *, wants_mark: bool
) -> Finding:
    """Look at a message; with ``wants_mark`` one without a mark lacks that of the agent at work."""
    slips = tuple(find_slips(message, catalogue))
    agent = agent_at_work(variables) if wants_mark else None
    if agent is None or not message.strip() or message.lstrip().startswith(_WORK_IN_PROGRESS):
        return Finding(slips)
    marks = Marks(catalogue).find(message, _LATE)
    has_mark = any(piece.attribution in (Attribution.AI, Attribution.ASSISTED) for piece in marks)
    is_meant = any(slip.tool for slip in slips)
    return Finding(slips, None if has_mark or is_meant else agent)


def mended(message: str, finding: Finding) -> str:
    """The message with its trailers as they should be, the lacking one among them."""
    text = mend(message, finding.slips)
    if finding.lacks is None:
        return text
    trailer = finding.lacks.trailer
    blocks = text.rstrip("\n").rsplit("\n\n", 1)
    has_block = len(blocks) > 1 and all(
        re.match(r"[A-Za-z0-9-]+: \S", line) for line in blocks[1].split("\n")
    )
    return text.rstrip("\n") + ("\n" if has_block else "\n\n") + trailer + "\n"
