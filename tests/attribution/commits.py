"""Commits for these tests, written as words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.trailers import parse_person
from codeshare.model import Commit, CommitAttribution, Identity

ANN = "Ann Lee <ann@example.org>"
SUMMER = "2026-08-01"
CATALOGUE = load_catalogue()


def identity(words: str) -> Identity:
    """Read ``Name <address>``."""
    found = parse_person(words)
    assert found is not None, words
    return found


def commit(
    message: str = "Add a thing\n",
    author: str = ANN,
    committer: str | None = None,
    day: str = SUMMER,
    sha: str = "a" * 40,
    parents: tuple[str, ...] = ("b" * 40,),
) -> Commit:
    """Make a commit; the committer is the author unless said otherwise."""
    when = datetime.fromisoformat(day)
    return Commit(sha, parents, identity(author), identity(committer or author), when, when, message)


def attribute(message: str = "Add a thing\n", **changes: Any) -> CommitAttribution:
    """Attribute one commit with our own catalogue."""
    return Attributor(CATALOGUE).attribute(commit(message, **changes))
