"""Entire's checkpoints: of a commit, how many of its lines an agent wrote; of no line, whether it did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from codeshare.attribution.records.claim import Unparsable, json_object
from codeshare.attribution.records.names import load_names
from codeshare.model import Attribution, Confidence, Evidence

KEY = "Entire-Checkpoint"
_TRAILER = re.compile(rf"^{KEY}:[ \t]*([0-9a-f]{{12}}|[0-9A-HJKMNP-TV-Z]{{26}})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)  # fmt: skip
_METADATA = re.compile(rb"([0-9A-Za-z]{2})/([0-9A-Za-z]{10,24})/(?:\d+/)?metadata\.json\Z")


class Share(Struct, frozen=True):
    """What one session had in a commit: lines of the agent and of the commit, as counted by Entire."""

    agent: str | None
    lines: int
    total: int
    by_person: int

    @property
    def is_whole(self) -> bool:
        """Whether all of it is the agent's."""
        return self.lines > 0 and self.lines >= self.total and not self.by_person


def checkpoint_ids(message: str) -> list[str]:
    """The checkpoints that a commit's message names, each once."""
    return list(dict.fromkeys(_TRAILER.findall(message))) if KEY.lower() in message.lower() else []


def checkpoint_of(path: bytes) -> str | None:
    """The checkpoint that a file of the checkpoint branch describes, if it does."""
    match = _METADATA.match(path)
    return (match[1] + match[2]).decode("ascii") if match else None


def parse_checkpoint(content: bytes) -> Share | None:
    """Parse a ``metadata.json``; None where no lines were counted.

    Raises:
        Unparsable: it is no JSON object, or what was counted is no number.
    """
    record = json_object(content)
    counted = record.get("initial_attribution")
    if counted is None:
        return None
    if not isinstance(counted, dict):
        raise Unparsable("initial_attribution is no object")
    return Share(
        load_names().tool(record.get("agent")),
        _count(counted, "agent_lines"),
        _count(counted, "total_committed"),
        _count(counted, "human_added") + _count(counted, "human_modified"),
    )


def shares_evidence(checkpoints: Iterable[Sequence[Share]], origin: str) -> Evidence | None:
    """What a commit's checkpoints say of it, each by its sessions; None where none counted lines.

    Assisted, and only a commit whose every checkpoint is wholly the agent's is ai: nothing says which
    lines are whose. One in which no line is the agent's is believed least.
    """
    found = [max(sessions, key=_part) for sessions in checkpoints if sessions]
    if not found:
        return None
    whole = all(share.is_whole for share in found)
    lines, total = sum(share.lines for share in found), sum(share.total for share in found)
    agents = dict.fromkeys(share.agent for share in found if share.agent)
    return Evidence(
        rule="entire.share",
        kind="trailer",
        tool=next(iter(agents), "Entire"),
        attribution=Attribution.AI if whole else Attribution.ASSISTED,
        confidence=Confidence.MEDIUM if whole else Confidence.HIGH if lines else Confidence.LOW,
        origin=origin,
        excerpt=f"{lines} of {total} lines by the agent",
    )


def _part(share: Share) -> float:
    return share.lines / share.total if share.total else 0.0


def _count(counted: dict[str, Any], key: str) -> int:
    value = counted.get(key, 0)
    if type(value) is not int or value < 0:
        raise Unparsable(f"{key} is no count")
    return value
