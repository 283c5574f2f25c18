"""Landings, and what lands and dies with each: its tree held against the mainline's before it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.git.mainline import Mainline
from codeshare.git.patch import distinct
from codeshare.provenance.followed import Followed
from codeshare.provenance.lines import NEVER, UNKNOWN, Ids, Ints, Lines
from codeshare.provenance.recurring import note_recurring
from codeshare.provenance.trees import NO_LINES, Tree, common_ends, ids_in


class Landings(Struct, frozen=True):
    """For each landing (index into the walk): its mainline commits, oldest first, and the one before them."""

    members: dict[int, list[int]]
    before: dict[int, int | None]

    @classmethod
    def of(cls, mainline: Mainline) -> Landings:
        """Group the mainline's commits by landing."""
        members: dict[int, list[int]] = {}
        before: dict[int, int | None] = {}
        previous: int | None = None
        for commit in mainline.commits:
            landing = mainline.landing[commit]
            if landing not in members:
                before[landing] = previous
            members.setdefault(landing, []).append(commit)
            previous = commit
        return cls(members, before)


class _Side:
    """The lines of one of two trees in which the other differs: pieces of files, one after the other."""

    def __init__(self) -> None:
        self.pieces: list[Ids] = []
        self.path: list[int] = []
        self._head: list[int] = []

    def add(self, ids: Ids, path: int, head: int, tail: int) -> None:
        """Lines of a file, whose path has that index, without so many at its beginning and at its end."""
        if len(ids) > head + tail:
            self.pieces.append(ids[head : len(ids) - tail])
            self.path.append(path)
            self._head.append(head)

    def ids(self) -> Ids:
        """All lines."""
        return np.concatenate([NO_LINES, *self.pieces])

    @cached_property
    def _sizes(self) -> Ints:
        return np.array([len(piece) for piece in self.pieces], dtype=np.int64)

    @cached_property
    def _ends(self) -> Ints:
        return np.cumsum(self._sizes)

    @cached_property
    def _paths(self) -> Ids:
        return np.array(self.path, dtype=np.int32)

    def piece_of(self, at: Ints) -> Ints:
        """In which piece some of all lines are."""
        return np.searchsorted(self._ends, at, side="right")

    def places(self, at: Ints) -> tuple[Ids, Ids]:
        """Paths and 1-based numbers of some of all lines."""
        if not len(at):
            return NO_LINES, NO_LINES
        which = self.piece_of(at)
        first = np.array(self._head, dtype=np.int64) + 1 + self._sizes - self._ends
        return self._paths[which], (at + first[which]).astype(np.int32)

    def without(self, ids: Ids, at: Ints) -> tuple[Ids, Ids]:
        """All lines and their paths, without some of them."""
        stays = np.ones(len(ids), dtype=bool)
        stays[at] = False
        return ids[stays], np.repeat(self._paths, self._sizes)[stays]


def compare(followed: Followed, landing: int, old: Tree, new: Tree, paths: Iterable[bytes]) -> None:
    """Lines that only ``new`` has land, those that only ``old`` has die; whatever path they stand in."""
    lines, files = followed.lines, followed.files
    before, after = _Side(), _Side()
    gone: list[tuple[bytes, Ids]] = []
    for path in sorted(paths):
        entry, new_entry = old.get(path), new.get(path)
        if entry is new_entry:
            continue
        was, now = ids_in(entry), ids_in(new_entry)
        if was is now:
            continue
        ends = common_ends(was, now)
        index = files.path_of(path)
        before.add(was, index, *ends)
        after.add(now, index, *ends)
        if entry and not new_entry and len(was):
            gone.append((path, was))
    was, now = before.ids(), after.ids()
    lost_at, gained_at = _differ(lines, was, now)
    lost = was[lost_at], *before.places(lost_at)
    twice = end_lines(followed, landing, *lost)
    gained = now[gained_at]
    fresh = lines.landed_at[gained] == NEVER
    if not fresh.all():  # a merge brings back what the mainline had lost
        back = gained[~fresh]
        followed.recurring.note_deaths(lines, back)
        lines.died_at[back] = NEVER
        gained, gained_at = gained[fresh], gained_at[fresh]
    lines.landed_at[gained] = landing
    lines.landed_path[gained], lines.landed_number[gained] = after.places(gained_at)
    first = len(followed.renames)
    _note_renames(followed, landing, gone, now, after)
    rest, new_rest = before.without(was, lost_at), after.without(now, gained_at)
    if all(map(np.array_equal, rest, new_rest)):  # what landed and what died tells it all
        also, paths_of, number = (each[twice] for each in lost)
        followed.recurring.note(False, landing, paths_of, number, also)
        return
    moved = [(files.names[source], files.names[target]) for _, source, target in followed.renames[first:]]
    differing = {files.names[path] for path in {*before.path, *after.path}}
    note_recurring(followed.recurring, lines, files.index, landing, old, new, differing, moved)


def die_once(lines: Lines, ids: Ids) -> bool:
    """Whether none of some lines has died before, or is there twice."""
    return bool((lines.died_at[ids] == NEVER).all()) and len(distinct(ids)) == len(ids)


def end_lines(
    followed: Followed, landing: int | Ids, ids: Ids, path: Ids, number: Ids | Ints
) -> npt.NDArray[np.bool_]:
    """A landing ends lines, which stood under paths (indexes) with numbers in the mainline before.

    Several landings, told line by line, may do so in one step where their lines `die_once`.

    Returns:
        Of each line whether it stood there twice, and this is not the place that was kept.
    """
    lines = followed.lines
    followed.recurring.note_deaths(lines, ids)
    lines.died_at[ids], lines.died_path[ids], lines.died_number[ids] = landing, path, number
    other: npt.NDArray[np.bool_] = (lines.died_number[ids] != number) | (lines.died_path[ids] != path)
    return other


def _differ(lines: Lines, old: Ids, new: Ids) -> tuple[Ints, Ints]:
    """Places in two arrays of ids of those that the other one has not; unknown lines aside."""
    stamp, mark = lines.stamp, lines.new_stamps()
    stamp[new] = mark
    lost_at = np.flatnonzero((stamp[old] != mark) & (old != UNKNOWN))
    stamp[old] = mark + 1
    gained_at = np.flatnonzero((stamp[new] != mark + 1) & (new != UNKNOWN))
    return lost_at, gained_at


def _note_renames(
    followed: Followed, landing: int, gone: list[tuple[bytes, Ids]], now: Ids, after: _Side
) -> None:
    """Remember under which path the lines of a path live on that a landing took away."""
    if not gone or not len(now):
        return
    order = np.argsort(now, kind="stable")
    ordered = now[order]
    for path, was in gone:
        known = was[was != UNKNOWN]
        at = np.minimum(np.searchsorted(ordered, known), len(now) - 1)
        kept = order[at[ordered[at] == known]]
        if len(kept):
            source = followed.files.path_of(path)
            followed.renames += [
                (landing, source, after.path[k]) for k in distinct(after.piece_of(kept)).tolist()
            ]
