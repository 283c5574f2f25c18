"""Lines that come or go at other landings than those that a line's row has room for.

A line lands once and dies once. But a merge can bring back what the mainline had lost, and hold a line
twice where its parents matched equal lines differently; later one of the two may go. These comings and
goings are noted here, so that the trees of earlier landings can be rebuilt by undoing landings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from codeshare.git.patch import distinct
from codeshare.provenance.lines import NEVER, UNKNOWN, Ids, Ints, Lines
from codeshare.provenance.trees import NO_LINES, Tree, common_ends, ids_in

_MOST_PAIRS = 100_000  # of equal ids in two files; to match more would take minutes


class Rows(Struct, frozen=True):
    """Lines that come or go; arrays of one length, by landing, ``came``, path and number.

    ``came``: whether it did, else it went; ``landing``: where, index into the walk; ``path``, ``number``:
    index of the path and 1-based number there, in the landing's tree where it came, in the mainline
    before it where it went; ``line``: its id.
    """

    came: npt.NDArray[np.bool_]
    landing: Ids
    path: Ids
    number: Ids
    line: Ids


class Recurring(Struct):
    """What is noted in the course of a pass: columns as in `Rows`."""

    _parts: list[tuple[Ids, ...]] = field(default_factory=list)

    def note(self, came: bool, landing: Ids | int, path: Ids | int, number: Ids | Ints, ids: Ids) -> None:
        """Lines that come or go: at which landing, under which path (index), with which numbers."""
        known = ids != UNKNOWN
        if not known.any():
            return
        columns = (
            np.broadcast_to(np.asarray(each, dtype=np.int32), len(ids))[known]
            for each in (came, landing, path, number, ids)
        )
        self._parts.append(tuple(columns))

    def note_deaths(self, lines: Lines, ids: Ids) -> None:
        """Of lines whose death is about to be forgotten, for another one or for good, that they went."""
        dead = (lines.died_at[ids] != NEVER) & (ids != UNKNOWN)
        if dead.any():
            ids = distinct(ids[dead])
            self.note(False, lines.died_at[ids], lines.died_path[ids], lines.died_number[ids], ids)

    def rows(self) -> Rows:
        """All that was noted."""
        columns = zip(*self._parts, strict=True) if self._parts else [(NO_LINES,)] * 5
        came, landing, path, number, line = map(np.concatenate, columns)
        order = np.lexsort((number, path, came, landing))
        return Rows(came[order] > 0, landing[order], path[order], number[order], line[order])


def moved_to(renames: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Of the files that a landing moved, ``renames`` (path before, path after), the path before by that after."""
    return {new: old for old, new in sorted(renames)}


def note_recurring(
    recurring: Recurring,
    lines: Lines,
    index: dict[bytes, int],
    landing: int,
    old: Tree,
    new: Tree,
    paths: Collection[bytes],
    renames: Iterable[tuple[bytes, bytes]],
) -> None:
    """Note what of a landing its lines' rows do not tell: undone by these alone, its files would be others.

    Args:
        index: of every path.
        old: the mainline before; ``new``: the landing's tree.
        paths: those that the landing may have changed.
        renames: files that it moved.
    """
    moved = moved_to(renames)
    touched = sorted({*paths, *moved, *moved.values()})
    # What both have at a file's beginning and at its end neither lands nor dies; of moved files the lines count.
    kept = {
        path: common_ends(ids_in(old.get(path)), ids_in(new.get(path)))
        for path in {*touched} - {*moved, *moved.values()}
    }
    stay: dict[bytes, list[tuple[int, Ints, Ids]]] = defaultdict(list)
    for path in touched:
        first, now = _between(ids_in(new.get(path)), *kept.get(path, (0, 0)))
        at = np.flatnonzero(lines.landed_at[now] != landing)
        stay[moved.get(path, path)].append((index.get(path, NEVER), at + first, now[at]))
    for path in touched:
        first, was = _between(ids_in(old.get(path)), *kept.get(path, (0, 0)))
        place = index.get(path, NEVER)
        number = np.arange(first, first + len(was))
        died = (lines.died_at[was] == landing) & (lines.died_path[was] == place)
        at = np.flatnonzero(~(died & (lines.died_number[was] == number)))
        before, after = was[at], np.concatenate([NO_LINES, *(ids for _, _, ids in stay[path])])
        if np.array_equal(after, before):  # nearly always
            continue
        came, went = differences(after, before)
        if came.any():
            paths_after, numbers_after = (
                np.concatenate([NO_LINES, *columns])
                for columns in zip(
                    *((np.full(len(ids), p), numbers) for p, numbers, ids in stay[path]), strict=True
                )
            )
            recurring.note(True, landing, paths_after[came], numbers_after[came], after[came])
        recurring.note(False, landing, place, number[at[went]], before[went])


def _between(ids: Ids, head: int, tail: int) -> tuple[int, Ids]:
    """The lines between so many at the beginning and at the end, and the first one's 1-based number."""
    return head + 1, ids[head : len(ids) - tail]


def differences(after: Ids, before: Ids) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """What to take out of two arrays of ids so that the same are left of both, in one order."""
    came, went = np.zeros(len(after), dtype=bool), np.zeros(len(before), dtype=bool)
    head, tail = common_ends(after, before)
    within, there_within = slice(head, len(after) - tail), slice(head, len(before) - tail)
    here, there = after[within], before[there_within]
    came[within], went[there_within] = ~np.isin(here, there), ~np.isin(there, here)
    if np.array_equal(after[~came], before[~went]):
        return came, went
    came[:], went[:] = False, False
    for word, *ends in _opcodes(here, there):
        low, high, first, last = (head + end for end in ends)
        if word != "equal":
            came[low:high], went[first:last] = True, True
    return came, went


def _opcodes(here: Ids, there: Ids) -> Sequence[tuple[str, int, int, int, int]]:
    """How to make one array of the other, as `SequenceMatcher.get_opcodes` tells it."""
    which = np.unique(np.concatenate((here, there)), return_inverse=True)[1]
    counts = (np.bincount(side, minlength=len(which)) for side in (which[: len(here)], which[len(here) :]))
    if np.multiply(*counts).sum() > _MOST_PAIRS:
        return [("replace", 0, len(here), 0, len(there))]
    from difflib import SequenceMatcher  # few histories need it

    return SequenceMatcher(None, here.tolist(), there.tolist(), autojunk=False).get_opcodes()
