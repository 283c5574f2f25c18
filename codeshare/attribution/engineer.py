"""The engineer of a commit: the person accountable for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from codeshare.attribution.decision import AI_CLASSES
from codeshare.attribution.people import Person
from codeshare.attribution.trailers import find_trailers, parse_person
from codeshare.model import Commit, CommitAttribution, Identity, PersonKind


def accountable(
    commit: Commit,
    attribution: CommitAttribution,
    people_of: Callable[[Identity], Person],
    landing: Commit | None = None,
) -> str | None:
    """Return the id of the engineer, ``None`` where nobody can be named.

    Args:
        commit: the commit.
        attribution: its attribution; a bot's commit without AI has no engineer.
        people_of: the person behind an identity.
        landing: the merge that brought the commit in.
    """
    author = people_of(commit.author)
    if author.kind is PersonKind.PERSON:
        return author.person if commit.author.name.strip() or commit.author.email.strip() else None
    if author.kind is PersonKind.BOT and attribution.attribution not in AI_CLASSES:
        return None
    for identity in candidates(commit, landing):
        person = people_of(identity)
        if person.kind is PersonKind.PERSON:
            return person.person
    return None


def candidates(commit: Commit, landing: Commit | None = None) -> Iterator[Identity]:
    """Those who may answer for an agent's commit, the nearest first."""
    trailers = find_trailers(commit.message)
    for key in ("co-authored-by", "signed-off-by"):
        for trailer in trailers:
            person = parse_person(trailer.value) if trailer.key.lower() == key else None
            if person is not None and person.email:
                yield person
    yield commit.committer
    if landing is not None and landing.sha != commit.sha:
        yield landing.author
