"""Lines that come or go at other landings than those that a line's row has room for.

A line lands once and dies once. But a merge can bring back what the mainline had lost, and hold a line
twice where its parents matched equal lines differently; later one of the two may go. These comings and
goings are noted here, so that the trees of earlier landings can be rebuilt by undoing landings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from codeshare.provenance.lines import NEVER, UNKNOWN, Ids, Ints, Lines
from codeshare.provenance.trees import NO_LINES, Tree, common_ends, ids_in

_MOST_MATCHED = (
    2000  # lines; of equal ones time grows with the square. Beyond that all of them go and come again
)


@dataclass(frozen=True, slots=True)
class Runs:
    """Lines side by side that come or go together; arrays of one length, a row each.

    ``came``: whether they did, else they went; ``landing``: where, index into the walk; ``path``,
    ``start``: index of the path and 1-based number of the first one there, in the landing's tree where
    they came, in the mainline before it where they went; ``first``: its id; ``count``.
    """

    came: npt.NDArray[np.bool_]
    landing: Ids
    path: Ids
    start: Ids
    first: Ids
    count: Ints


@dataclass(slots=True)
class Recurring:
    """What is noted in the course of a pass: five columns as in `Runs`, a line each."""

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
            ids = np.unique(ids[dead])
            self.note(False, lines.died_at[ids], lines.died_path[ids], lines.died_number[ids], ids)

    def runs(self, lines: Lines) -> Runs:
        """All that was noted, by landing, path and number."""
        columns = zip(*self._parts, strict=True) if self._parts else [(NO_LINES,)] * 5
        came, landing, path, number, ids = map(np.concatenate, columns)
        order = np.lexsort((number, path, came, landing))
        came, landing, path, number, ids = (each[order] for each in (came, landing, path, number, ids))
        file, born = lines.file[ids], lines.number[ids]
        breaks = np.ones(len(ids), dtype=bool)
        if len(ids):
            breaks[1:] = np.logical_or.reduce(
                [each[1:] != each[:-1] for each in (came, landing, path, file)]
                + [each[1:] != each[:-1] + 1 for each in (number, born)]
            )
        at = np.flatnonzero(breaks)
        return Runs(
            came[at] > 0, landing[at], path[at], number[at], ids[at], np.diff(np.append(at, len(ids)))
        )


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
    stay: dict[bytes, list[tuple[int, Ints, Ids]]] = defaultdict(list)
    for path in touched:
        now = ids_in(new.get(path))
        at = np.flatnonzero(lines.landed_at[now] != landing)
        stay[moved.get(path, path)].append((index.get(path, NEVER), at + 1, now[at]))
    for path in touched:
        was = ids_in(old.get(path))
        place = index.get(path, NEVER)
        number = np.arange(1, len(was) + 1)
        died = (lines.died_at[was] == landing) & (lines.died_path[was] == place)
        at = np.flatnonzero(~(died & (lines.died_number[was] == number)))
        before, after = was[at], np.concatenate([NO_LINES, *(ids for _, _, ids in stay[path])])
        if np.array_equal(before, after):
            continue
        paths_after = np.concatenate(
            [NO_LINES, *(np.full(len(ids), p, np.int32) for p, _, ids in stay[path])]
        )
        numbers_after = np.concatenate([NO_LINES, *(numbers for _, numbers, _ in stay[path])])
        head, tail = common_ends(after, before)
        here, there = (ids[head : len(ids) - tail].tolist() for ids in (after, before))
        for word, *ends in _opcodes(here, there):
            low, high, first, last = (head + end for end in ends)
            if word != "equal":
                recurring.note(True, landing, paths_after[low:high], numbers_after[low:high], after[low:high])
                recurring.note(False, landing, place, at[first:last] + 1, before[first:last])


def _opcodes(here: list[int], there: list[int]) -> Sequence[tuple[str, int, int, int, int]]:
    """How to make one list of ids of the other, as `SequenceMatcher.get_opcodes` tells it."""
    if max(len(here), len(there)) > _MOST_MATCHED:
        return [("replace", 0, len(here), 0, len(there))]
    return SequenceMatcher(None, here, there, autojunk=False).get_opcodes()
