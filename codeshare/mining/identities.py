"""Who stands behind the identities of a repository's commits, those of stored commits among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from codeshare.attribution.engineer import accountable, candidates
from codeshare.attribution.people import People, Person
from codeshare.git.history import Walk, identities_by_mailmap, read_commits
from codeshare.git.quoting import storable
from codeshare.git.shadow import Shadow
from codeshare.model import Commit, CommitAttribution, Identity, PersonKind

if TYPE_CHECKING:
    from codeshare.mining.stored import Stored

Behind = tuple[str, str, str | None]
"""The persons (ids) of a commit: author, committer, engineer."""


class Identities:
    """The people behind a repository's identities, each resolved once."""

    def __init__(self, people: People, mapped: Mapping[Identity, Identity]) -> None:
        self._people = people
        self._mapped = mapped
        self._known: dict[Identity, Person] = {}
        self._behind: dict[tuple[Identity, Identity], Behind] = {}

    def person(self, identity: Identity) -> Person:
        """Who stands behind ``identity``."""
        known = self._known.get(identity)
        if known is None:
            known = self._known[identity] = self._people.resolve(identity, self.mapped(identity))
        return known

    def mapped(self, identity: Identity) -> Identity:
        """What the mailmap makes of an identity."""
        return self._mapped.get(identity, identity)

    def met(self) -> Mapping[Identity, Person]:
        """All that were asked for."""
        return self._known

    def behind(self, commit: Commit, attribution: CommitAttribution, landing: Commit) -> Behind:
        """Author, committer and engineer of a commit that ``landing`` brought in."""
        pair = commit.author, commit.committer
        known = self._behind.get(pair)
        if known is not None:
            return known
        author, committer = map(self.person, pair)
        # The last commit of a pushed series is a landing too, but nobody's decision to merge.
        engineer = accountable(commit, attribution, self.person, landing if landing.is_merge else None)
        if author.kind is PersonKind.PERSON:  # who answers for it whatever else the commit is
            self._behind[pair] = author.person, committer.person, engineer
        return author.person, committer.person, engineer

    def words(self, identity: Identity) -> tuple[str, str, str, str]:
        """Name and address of an identity, and what the mailmap makes of them, as the database has them."""
        mapped = self.mapped(identity)
        name, email, mapped_name, mapped_email = map(
            storable, (identity.name, identity.email, mapped.name, mapped.email)
        )
        return name, email, mapped_name, mapped_email

    def joined(self, others: Iterable[tuple[str, str, str, str]]) -> dict[Identity, str]:
        """The person (id) of each identity met, once ``others``, as `words` gives them, are joined to them."""
        renamed = self._people.join([*others, *map(self.words, self._known)])
        return {each: renamed.get(found.person, found.person) for each, found in self._known.items()}


def map_identities(
    shadow: Shadow,
    mailmap: str | None,
    commits: Sequence[Commit],
    people: People,
    stored: Iterable[Identity] = (),
) -> dict[Identity, Identity]:
    """Whoever may stand behind commits, and stored identities, as a ``mailmap`` (blob, hex id) maps them."""
    authors = dict.fromkeys(commit.author for commit in commits)
    tools = {each for each in authors if people.resolve(each).kind is not PersonKind.PERSON}
    answering = (each for commit in commits if commit.author in tools for each in candidates(commit))
    committers = (commit.committer for commit in commits)
    identities = list(dict.fromkeys((*stored, *authors, *committers, *answering)))
    mapped = identities_by_mailmap(shadow, identities, mailmap)
    return dict(zip(identities, mapped, strict=True))


def resolved_anew(
    stored: Stored,
    identities: Identities,
    shadow: Shadow,
    walked: Walk,
    landing: Sequence[int],
    attributions: Sequence[CommitAttribution],
) -> dict[int, Behind]:
    """Of stored commits (index into the walk) the persons that are not those any more that are stored.

    A mailmap that has changed joins or parts identities, and so does somebody whom a new commit brings
    (`People.join`). Whose a commit was under which identity only the commit itself tells.
    """
    before = stored.identities
    for identity in before:
        identities.person(identity)
    if all(each in before and before[each].mapped == identities.mapped(each) for each in identities.met()):
        return {}
    now = identities.joined(stored.others())
    moved = {known.person for identity, known in before.items() if now[identity] != known.person}
    touched = [i for i, behind in enumerate(stored.behind()) if not moved.isdisjoint(behind)]
    if not touched:
        return {}
    wanted = sorted({*touched, *(landing[i] for i in touched)})
    parents = [(0,) * len(walked.parents[i]) for i in wanted]  # only how many they are is asked
    read = read_commits(shadow, Walk([walked.shas[i] for i in wanted], parents, frozenset()))
    commits = dict(zip(wanted, read, strict=True))
    return {i: identities.behind(commits[i], attributions[i], commits[landing[i]]) for i in touched}
