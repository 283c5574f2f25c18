"""Landings, and what lands and dies with each: its tree held against the mainline's before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codeshare.git.mainline import Mainline
from codeshare.provenance.followed import Followed
from codeshare.provenance.lines import NEVER, UNKNOWN, Ids, Ints, Lines
from codeshare.provenance.recurring import note_recurring
from codeshare.provenance.trees import NO_LINES, Tree, common_ends, ids_in


@dataclass(frozen=True, slots=True)
class Landings:
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


def compare(followed: Followed, landing: int, old: Tree, new: Tree, paths: Iterable[bytes]) -> None:
    """Lines that only ``new`` has land, those that only ``old`` has die; whatever path they stand in."""
    lines, files = followed.lines, followed.files
    sides: tuple[list[Ids], list[Ids]] = ([], [])
    places: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    gone: list[tuple[bytes, Ids]] = []
    for path in sorted(paths):
        before, after = old.get(path), new.get(path)
        if before is after:
            continue
        was, now = ids_in(before), ids_in(after)
        if was is now:
            continue
        head, tail = common_ends(was, now)
        index = files.path_of(path)
        for ids, side, place in ((was, sides[0], places[0]), (now, sides[1], places[1])):
            if len(ids) > head + tail:
                side.append(ids[head : len(ids) - tail])
                place.append((index, head))
        if before and not after and len(was):
            gone.append((path, was))
    was, now = (np.concatenate([NO_LINES, *side]) for side in sides)
    lost_at, gained_at = _differ(lines, was, now)
    lost = was[lost_at], *_places(lost_at, sides[0], places[0])
    twice = end_lines(followed, landing, *lost)
    gained = now[gained_at]
    fresh = lines.landed_at[gained] == NEVER
    back = gained[~fresh]  # a merge brings back what the mainline had lost
    followed.recurring.note_deaths(lines, back)
    lines.died_at[back] = NEVER
    gained, gained_at = gained[fresh], gained_at[fresh]
    lines.landed_at[gained] = landing
    lines.landed_path[gained], lines.landed_number[gained] = _places(gained_at, sides[1], places[1])
    first = len(followed.renames)
    _note_renames(followed, landing, gone, sides[1], places[1])
    if _is_told(lost_at, gained_at, sides, places, was, now):
        also, paths_of, number = (each[twice] for each in lost)
        followed.recurring.note(False, landing, paths_of, number, also)
        return
    moved = [(files.names[source], files.names[target]) for _, source, target in followed.renames[first:]]
    differing = {files.names[path] for side in places for path, _ in side}
    note_recurring(followed.recurring, lines, files.index, landing, old, new, differing, moved)


def end_lines(
    followed: Followed, landing: int, ids: Ids, path: Ids, number: Ids | Ints
) -> npt.NDArray[np.bool_]:
    """A landing ends lines, which stood under paths (indexes) with numbers in the mainline before.

    Returns:
        Of each line whether it stood there twice, and this is not the place that was kept.
    """
    lines = followed.lines
    followed.recurring.note_deaths(lines, ids)
    lines.died_at[ids], lines.died_path[ids], lines.died_number[ids] = landing, path, number
    other: npt.NDArray[np.bool_] = (lines.died_number[ids] != number) | (lines.died_path[ids] != path)
    return other


def _is_told(
    lost_at: Ints,
    gained_at: Ints,
    sides: tuple[list[Ids], list[Ids]],
    places: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    was: Ids,
    now: Ids,
) -> bool:
    """Whether, without what died and what landed, both sides hold the same lines in the same files."""
    rest = []
    for at, side, place, ids in zip((lost_at, gained_at), sides, places, (was, now), strict=True):
        stays = np.ones(len(ids), dtype=bool)
        stays[at] = False
        path = np.repeat(np.array([path for path, _ in place], dtype=np.int32), [len(each) for each in side])
        rest.append((ids[stays], path[stays]))
    return all(np.array_equal(*pair) for pair in zip(*rest, strict=True))


def _differ(lines: Lines, old: Ids, new: Ids) -> tuple[Ints, Ints]:
    """Places in two arrays of ids of those that the other one has not; unknown lines aside."""
    stamp, mark = lines.stamp, lines.new_stamps()
    stamp[new] = mark
    lost_at = np.flatnonzero((stamp[old] != mark) & (old != UNKNOWN))
    stamp[old] = mark + 1
    gained_at = np.flatnonzero((stamp[new] != mark + 1) & (new != UNKNOWN))
    return lost_at, gained_at


def _note_renames(
    followed: Followed,
    landing: int,
    gone: list[tuple[bytes, Ids]],
    now: list[Ids],
    places: list[tuple[int, int]],
) -> None:
    """Remember under which path the lines of a path live on that a landing took away."""
    if not gone or not now:
        return
    new = np.concatenate(now)
    order = np.argsort(new, kind="stable")
    starts = np.cumsum([0, *(len(each) for each in now)])
    for path, was in gone:
        known = was[was != UNKNOWN]
        at = np.searchsorted(new[order], known)
        found = order[np.minimum(at, len(new) - 1)]
        kept = found[new[found] == known]
        if len(kept):
            which = np.searchsorted(starts, kept, side="right") - 1
            for k in np.unique(which).tolist():
                followed.renames.append((landing, followed.files.path_of(path), places[k][0]))


def _places(at: Ints, side: list[Ids], places: list[tuple[int, int]]) -> tuple[Ids, Ids]:
    """Paths and 1-based numbers of lines: ``at`` counts through the arrays, each of which stands at a place."""
    if not len(at):
        return NO_LINES, NO_LINES
    starts = np.cumsum([0, *(len(each) for each in side)])
    which = np.searchsorted(starts, at, side="right") - 1
    paths = np.array([path for path, _ in places], dtype=np.int32)
    heads = np.array([head for _, head in places], dtype=np.int64)
    return paths[which], (at - starts[which] + heads[which] + 1).astype(np.int32)
