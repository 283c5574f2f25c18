"""The refs under which agents keep records of who wrote which lines."""

from __future__ import annotations

import re

from codeshare.git.refs import Refs

NOTES, FETCHED_NOTES = "refs/notes/ai", "refs/notes/ai-remote"
AUTHORSHIP = "refs/ai/authorship/"
CHECKPOINTS = "entire/checkpoints/"
_RECORD_BRANCH = re.compile(rf"(?:origin/)?{CHECKPOINTS}")


def record_refs(refs: Refs) -> tuple[tuple[str, str], ...]:
    """Every ref under which records are kept, with the object it points at; that which counts most first.

    A local note counts more than the copy fetched beside it, a note more than the older objects.
    """
    found: dict[str, str] = {}
    for name in (NOTES, FETCHED_NOTES):
        if sha := refs.resolve(name):
            found[name] = sha
    for prefix in (FETCHED_NOTES + "/", AUTHORSHIP, f"refs/heads/{CHECKPOINTS}", f"refs/remotes/origin/{CHECKPOINTS}"):  # fmt: skip
        found |= refs.under(prefix)
    return tuple(found.items())


def is_record_branch(short: str) -> bool:
    """Whether a branch holds records of sessions and no code."""
    return _RECORD_BRANCH.match(short) is not None
