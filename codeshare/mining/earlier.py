"""Commits of a base that a range may repeat or undo: cherry-picks, reverts and what is brought back.

Of the history before a range only these are read, and of these only their patches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from codeshare.errors import GitError
from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.outlines import Outline, read_outlines
from codeshare.git.ranges import Range
from codeshare.git.reading import Pool, read_deltas
from codeshare.git.shadow import Shadow
from codeshare.mining.newwork import NotNewWork, Patches, undone_by
from codeshare.mining.repository import Collected
from codeshare.model import Commit

DEEP = 5_000
"""Of the base so many commits are looked through, the newest, merges aside."""


def find_earlier(shadow: Shadow, span: Range, commits: Sequence[Commit]) -> list[str]:
    """Ids of the base's commits that a commit of the range may repeat or undo, oldest first.

    They change the very same files, or a message says that they are undone.
    """
    try:
        own = read_outlines(shadow, f"^{span.base}", span.head)
        known = read_outlines(shadow, span.base, most=DEEP)
    except GitError:
        return []  # trees are absent from a partial clone
    same = {each.paths for each in own if each.paths}
    named = [name for commit in commits if (name := undone_by(commit))]
    return [each.sha for each in reversed(known) if each.paths in same or _is_named(each, named)]


def _is_named(each: Outline, named: Sequence[tuple[str | None, str | None]]) -> bool:
    return any((sha and each.sha.startswith(sha)) or subject == each.subject for sha, subject in named)


def alone(shas: Sequence[str]) -> Walk:
    """Commits without any before them."""
    return Walk([*shas], [()] * len(shas), frozenset())


def read_patches(pool: Pool, shadow: Shadow, shas: Sequence[str]) -> Patches:
    """The patches of commits that are no merges."""
    collected = Collected(len(shas))
    for chunk in read_deltas(pool, shadow.path, range(len(shas)), shas):
        collected.sum_patches(chunk)
    return collected.patches


def put_before(shas: Sequence[str], walked: Walk, line: Mainline) -> tuple[Walk, Mainline]:
    """The walk and mainline of a range with other commits first, merged when its first one was."""
    first, count = alone(shas), len(shas)
    parents = [tuple(at + count for at in each) for each in walked.parents]
    boundary = frozenset({*range(count), *(at + count for at in walked.boundary)})
    start = line.commits[0]
    return (
        Walk([*shas, *walked.shas], [*first.parents, *parents], boundary),
        replace(
            line,
            commits=[at + count for at in line.commits],
            foxtrots=frozenset(at + count for at in line.foxtrots),
            landing=[at + count for at in (*[line.landing[start]] * count, *line.landing)],
            merged_at=[*[line.merged_at[start]] * count, *line.merged_at],
            skewed=frozenset(at + count for at in line.skewed),
        ),
    )


def of_earlier(not_new: NotNewWork, edge: int) -> NotNewWork:
    """What repeats or undoes work from before a range, or does so at one remove; the rest lands once, with its last commit."""
    return NotNewWork(
        not_new.bulk,
        {i: of for i, of in not_new.dup_of.items() if _end(not_new, of) < edge},
        {i: of for i, of in not_new.reverts.items() if _end(not_new, of) < edge},
    )


def _end(not_new: NotNewWork, at: int) -> int:
    return min(_chain(not_new, at))


def _chain(not_new: NotNewWork, at: int | None) -> Iterator[int]:
    """A commit, the one that it repeats or undoes, and so on: each earlier than the last."""
    while at is not None:
        yield at
        at = not_new.reverts.get(at, not_new.dup_of.get(at))
