"""Commits off the branch that may have reached it in another form: found, read, attributed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from codeshare.attribution.decision import AI_CLASSES
from codeshare.attribution.rule import BEFORE_ASSISTANTS
from codeshare.git.history import Walk, read_commits
from codeshare.git.mainline import Mainline
from codeshare.git.repository import Repository
from codeshare.git.requests import absent_commits, list_aside, trees_of
from codeshare.git.shadow import Shadow
from codeshare.mining.records import Records, read_records_aside
from codeshare.mining.recovered import ABSENT, NO_REF, NOTHING_LOST, Seen
from codeshare.model import Attribution, Commit, CommitAttribution, Evidence

_SLACK = timedelta(days=1)  # between the clocks of those who commit and of those who merge

Attribute = Callable[[Commit, tuple[Evidence, ...]], CommitAttribution]


class Link(Struct, frozen=True):
    """A commit of the branch (index into the walk) and the head (index into `Aside`) that it squashes."""

    commit: int
    head: int
    number: int | None
    how: str


class Aside(Struct):
    """Commits off the branch, parents first; the first ``before`` are on it and only stand for a parent.

    ``links`` whose commits say something that the branch does not; ``alone``: commits with evidence that
    no link speaks of, which may have landed one by one (a rebase merge, an amended commit).
    """

    walked: Walk
    before: int
    commits: list[Commit]
    records: Records
    attributions: list[CommitAttribution]
    links: list[Link] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def reach(self, head: int) -> Iterator[int]:
        """The head's commits off the branch, in no order."""
        found, stack = {head}, [head]
        while stack:
            at = stack.pop()
            yield at
            for parent in self.walked.parents[at]:
                if parent >= self.before and parent not in found:
                    found.add(parent)
                    stack.append(parent)


class Branch(Struct, frozen=True):
    """What is known of the branch when the search begins; all by index into the walk."""

    walked: Walk
    commits: Sequence[Commit]
    mainline: Mainline
    attributions: Sequence[CommitAttribution]
    requests: Sequence[int | None]
    records: Records


def find_aside(
    repository: Repository,
    shadow: Shadow,
    branch: Branch,
    attribute: Attribute,
    imported: Mapping[int, tuple[str, str | None]] | None = None,
) -> Aside:
    """Find the commits off the branch that requests and records of lines speak of, and what lands them.

    Args:
        attribute: attributes a commit, given what checkpoints say of it.
        imported: of imported requests, by number: the commit that merged each, its head where known.
    """
    index = {sha: i for i, sha in enumerate(branch.walked.shas)}
    named = _named(branch, index, imported or {})
    heads = {number: head for number, (_, head) in (imported or {}).items() if head} | dict(repository.requests)  # fmt: skip
    outside = {sha for sha in heads.values() if sha not in index}
    noted = {sha for sha, _, _ in branch.records.places if sha not in index}
    absent = absent_commits(shadow, outside | noted) if outside or noted else set()
    rows, broken = list_aside(shadow, sorted(outside - absent), repository.tip, BEFORE_ASSISTANTS)
    aside = _read(repository, shadow, branch, attribute, rows, sorted(noted - absent))
    place = {sha: i for i, sha in enumerate(aside.walked.shas) if i >= aside.before}
    linked = [
        Link(commit, place[heads[number]], number, "number")
        for commit, number in named.items()
        if heads.get(number) in place
    ]
    for commit, number in named.items():
        head = heads.get(number)
        if head is None:
            aside.seen.append(Seen(commit, number, None, NO_REF))
        elif head in absent | broken:
            aside.seen.append(Seen(commit, number, head, ABSENT))
        elif head not in place and head not in index:  # older than any assistant
            aside.seen.append(Seen(commit, number, head, NOTHING_LOST, "number"))
    linked += _by_tree(shadow, branch, aside, {place[sha]: n for n, sha in heads.items() if sha in place}, linked)  # fmt: skip
    for link in linked:
        if _says_more(branch, aside, link):
            aside.links.append(link)
        else:
            head_sha = aside.walked.shas[link.head]
            aside.seen.append(Seen(link.commit, link.number, head_sha, NOTHING_LOST, link.how))
    within = {i for link in aside.links for i in aside.reach(link.head)}
    aside.alone = [
        i for i in range(aside.before, len(aside.commits)) if i not in within and _speaks(aside, i)
    ]
    return aside


def _named(branch: Branch, index: Mapping[str, int], imported: Mapping[int, tuple[str, str | None]]) -> dict[int, int]:  # fmt: skip
    """The commits that may be a squashed request, with its number: as imported, else as the message has it."""
    parents, boundary = branch.walked.parents, branch.walked.boundary
    named = {i: number for i, number in enumerate(branch.requests) if number is not None}
    named |= {index[sha]: number for number, (sha, _) in imported.items() if sha in index}
    return {i: number for i, number in named.items() if len(parents[i]) == 1 and i not in boundary}


def _read(
    repository: Repository,
    shadow: Shadow,
    branch: Branch,
    attribute: Attribute,
    rows: Sequence[tuple[str, ...]],
    noted: Iterable[str],
) -> Aside:
    """Read the commits that were listed, and those with notes that no request reaches."""
    listed = {row[0] for row in rows}
    before = sorted({parent for row in rows for parent in row[1:]} - listed)
    rows = [*((sha,) for sha in before), *rows, *((sha,) for sha in noted if sha not in listed)]
    place = {row[0]: i for i, row in enumerate(rows)}
    parents = [tuple(place[sha] for sha in row[1:]) for row in rows]
    walked = Walk([row[0] for row in rows], parents, frozenset())
    commits = list(read_commits(shadow, walked))
    records = read_records_aside(branch.records, repository, shadow, walked.shas, commits)
    attributions = [
        attribute(commit, (records.shares[i],) if i in records.shares else ())
        for i, commit in enumerate(commits)
    ]
    return Aside(walked, len(before), commits, records, attributions)


def _by_tree(
    shadow: Shadow, branch: Branch, aside: Aside, numbers: Mapping[int, int], linked: Collection[Link]
) -> list[Link]:
    """Squashes that name no request, or another one: their tree is that of a request's head."""
    known = {link.head for link in linked}
    marked = [
        head for head in numbers if head not in known and any(_speaks(aside, i) for i in aside.reach(head))
    ]
    if not marked:
        return []
    since = min(aside.commits[head].committed_at for head in marked) - _SLACK
    taken = {link.commit for link in linked}
    landed = [
        i
        for i in branch.mainline.commits
        if i not in taken and len(branch.walked.parents[i]) == 1 and branch.commits[i].committed_at >= since
    ]
    trees = list(trees_of(shadow, [aside.walked.shas[i] for i in marked]))
    head_of = {tree: head for tree, head in zip(trees, marked, strict=True) if tree}
    links = []
    for i, tree in zip(landed, trees_of(shadow, [branch.walked.shas[i] for i in landed]), strict=True):
        if (head := head_of.pop(tree, None)) is not None:
            links.append(Link(i, head, numbers[head], "tree"))
    return links


def _speaks(aside: Aside, i: int) -> bool:
    """Whether a commit has evidence that could be lost."""
    return bool(aside.records.claims.get(i)) or aside.attributions[i].attribution in AI_CLASSES


def _says_more(branch: Branch, aside: Aside, link: Link) -> bool:
    """Whether the request's commits say anything that the commit on the branch does not say itself."""
    parts = [i for i in aside.reach(link.head) if len(aside.commits[i].parents) < 2 or _speaks(aside, i)]
    if any(aside.records.claims.get(i) for i in parts):
        return True
    own = bare(branch.attributions[link.commit])
    said = {bare(aside.attributions[i]) for i in parts}
    if own.attribution is Attribution.HUMAN and all(each.attribution is Attribution.HUMAN for each in said):
        return False
    return said != {own}


def bare(decided: CommitAttribution) -> CommitAttribution:
    """An attribution without the evidence for it."""
    return replace(decided, evidence=(), is_mixed=False)
