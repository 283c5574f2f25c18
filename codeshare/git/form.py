"""The form of what git prints: whatever has another one is refused, never half understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from codeshare.errors import GitError

_RAW = re.compile(
    rb"(?P<parents>:+)(?P<modes>[0-7]{6}(?: [0-7]{6})+)(?P<ids>(?: [0-9a-f]{40,64})+) (?P<status>[A-Z])[A-Z0-9]*\t(?P<names>[^\t]+(?:\t[^\t]+)*)\Z"
)
HIGHEST = 2**31 - 1
"""No line has a higher number."""


class RawEntry(Struct, frozen=True):
    """``:100644 100644 <id> <id> M\\tpath``; of a merge as many colons, modes and ids more as it has more parents.

    ``modes`` and ``ids``: the parents' first. ``names``: quoted as they are printed, the own one last.
    """

    modes: list[bytes]
    ids: list[bytes]
    status: str
    names: list[bytes]


def raw_entry(line: bytes) -> RawEntry:
    """Read a raw entry.

    Raises:
        ValueError: it is none.
    """
    match = _RAW.match(line)
    if match is None:
        raise ValueError("a raw entry in another form")
    entry = RawEntry(match["modes"].split(b" "), match["ids"][1:].split(b" "), match["status"].decode("ascii"), match["names"].split(b"\t"))  # fmt: skip
    if not len(entry.modes) == len(entry.ids) == len(match["parents"]) + 1:
        raise ValueError("a raw entry with too few or too many ids")
    return entry


@contextmanager
def reading(command: str) -> Iterator[None]:
    """Say in one line that what a git command printed cannot be read; nothing is taken from it then.

    Raises:
        GitError: the reader met another form, or counts that do not agree with what they count.
    """
    try:
        yield
    except (IndexError, ValueError, OverflowError) as error:
        raise GitError(
            f"git {command} printed what cannot be read: {error}. `git fsck` there tells what is damaged."
        ) from error
