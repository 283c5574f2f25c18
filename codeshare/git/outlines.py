"""Commits by what they are called and which files they change: enough to pick those worth reading."""

from __future__ import annotations

from msgspec import Struct

from codeshare.git.history import decode
from codeshare.git.shadow import Shadow


class Outline(Struct, frozen=True):
    """A commit; ``paths`` are those that it changes against its parent."""

    sha: str
    subject: str
    paths: frozenset[bytes]


def read_outlines(shadow: Shadow, *revs: str, most: int | None = None) -> list[Outline]:
    """The commits that ``revs`` reach, merges aside, newest first.

    Args:
        revs: as ``git rev-list`` takes them.
        most: no more than the newest so many.

    Raises:
        GitError: a commit or a tree is absent.
    """
    limit = [f"--max-count={most}"] if most is not None else []
    out = shadow.run(
        "log", "-z", "--no-merges", "--format=%x00%H %s", "--name-only", "--no-renames", *limit, *revs, "--"
    )
    return [_outline(record) for record in out[1:].split(b"\0\0")] if out else []


def _outline(record: bytes) -> Outline:
    head, *paths = record.rstrip(b"\0").split(b"\0")
    sha, _, subject = head.partition(b" ")
    return Outline(
        sha.decode("ascii"), decode(subject), frozenset(path.removeprefix(b"\n") for path in paths)
    )
