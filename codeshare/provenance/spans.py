"""Runs of lines with one fate: what ``line_spans`` and ``tip_blame`` store."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.git.patch import counting
from codeshare.provenance.forward import Forward
from codeshare.provenance.lines import NEVER, UNKNOWN, Files, Ids, Lines
from codeshare.provenance.trees import Tree, ids_in

Ints = npt.NDArray[np.int64]


class Spans(Struct, frozen=True):
    """Runs of lines born side by side with one fate; arrays of one length, a row each.

    ``first``: id of the run's first line; ``file``: row of `Files`; ``start``: 1-based number of that
    line in it; ``count``. ``landed_at``, ``died_at``: landings (index into the walk, `NEVER`);
    ``died_by``: the commit that removed it; the paths and numbers as in `Lines`. ``repeats``,
    ``succeeds``: id of the line that the first line brings back, or takes the place of; `NEVER`.
    ``verdict``: whose the lines are, as the caller numbered it.
    """

    first: Ints
    file: Ids
    start: Ids
    count: Ints
    landed_at: Ids
    landed_path: Ids
    landed_number: Ids
    died_at: Ids
    died_by: Ids
    died_path: Ids
    died_number: Ids
    moved: npt.NDArray[np.bool_]
    repeats: Ids
    succeeds: Ids
    verdict: Ids

    def only(self, kept: npt.NDArray[np.bool_ | np.intp]) -> Spans:
        """Some of the runs: those that are true, or of these numbers."""
        return Spans(*(getattr(self, name)[kept] for name in self.__struct_fields__))


class TipRuns(Struct, frozen=True):
    """Runs of lines at the tip: index of the path, 1-based number there, count, id of the first line."""

    path: Ids
    start: Ints
    count: Ints
    first: Ids


def settle(forward: Forward, landing: Ids) -> Ids:
    """End the pass: make deaths agree with the tip, and say which commit removed each dead line.

    Args:
        forward: all commits fed.
        landing: per commit of the walk its landing.

    Returns:
        Per line the commit that removed it, among those that its landing brings in, else that landing.
    """
    lines = forward.lines
    tip = _lines_of(forward.tip)
    # A line that a merge kept twice lives as long as one of the two.
    alive = tip[tip != UNKNOWN]
    forward.recurring.note_deaths(lines, alive)
    for column in (lines.died_at, lines.died_path, lines.died_number):
        column[alive] = NEVER
    died_by = lines.died_at[: lines.count].copy()
    removals = forward.removals
    if removals.ids:
        ids, commit = np.concatenate(removals.ids)[::-1], np.concatenate(removals.commit)[::-1]
        known = ids != UNKNOWN
        ids, commit = ids[known], commit[known]
        true = (lines.died_at[ids] == landing[commit]) & (lines.died_at[ids] != NEVER)
        died_by[ids[true]] = commit[true]  # the first of several, since they come last first
    return died_by


def spans_of(lines: Lines, died_by: Ids, repeats: Ids, succeeds: Ids, verdict: Ids) -> Spans:
    """Cut all lines into runs.

    Args:
        lines: every line born.
        died_by: as `settle` gives it.
        repeats: per line the id of the line that it brings back, or `NEVER`.
        succeeds: per line the id of the line that it replaced but for whitespace, or `NEVER`.
        verdict: per line a number for whose it is.
    """
    count = lines.count
    columns = {
        name: getattr(lines, name)[:count]
        for name in (
            "file", "number", "landed_at", "landed_path", "landed_number", "died_at", "died_path",
            "died_number", "moved",
        )
    }  # fmt: skip
    breaks = np.ones(count, dtype=bool)
    if count > 1:
        breaks[1:] = columns["number"][1:] != columns["number"][:-1] + 1
        for same in (
            *(columns[k] for k in ("file", "landed_at", "landed_path", "died_at", "died_path", "moved")),
            died_by,
            verdict,
        ):
            breaks[1:] |= same[1:] != same[:-1]
        for along in (columns["landed_number"], columns["died_number"], repeats, succeeds):
            breaks[1:] |= (along[1:] != along[:-1] + 1) & ((along[1:] != NEVER) | (along[:-1] != NEVER))
    head = np.flatnonzero(breaks)
    alive = columns["died_at"][head] == NEVER
    return Spans(
        first=head,
        file=columns["file"][head],
        start=columns["number"][head],
        count=np.diff(np.append(head, count)),
        landed_at=columns["landed_at"][head],
        landed_path=columns["landed_path"][head],
        landed_number=columns["landed_number"][head],
        died_at=columns["died_at"][head],
        died_by=np.where(alive, np.int32(NEVER), died_by[head]),
        died_path=columns["died_path"][head],
        died_number=columns["died_number"][head],
        moved=columns["moved"][head],
        repeats=repeats[head],
        succeeds=succeeds[head],
        verdict=verdict[head],
    )


def tip_runs(tip: Tree, files: Files, lines: Lines) -> TipRuns:
    """Cut the tip's files into runs of lines born side by side."""
    names = sorted(name for name, entry in tip.items() if len(ids_in(entry)))
    arrays = [ids_in(tip[name]) for name in names]
    sizes = np.array([len(each) for each in arrays], dtype=np.int64)
    ids = np.concatenate(arrays) if arrays else np.empty(0, dtype=np.int32)
    path = np.repeat(np.array([files.path_of(name) for name in names], dtype=np.int32), sizes)
    number = counting(sizes) + 1
    row, born = lines.file[ids], lines.number[ids]
    breaks = np.ones(len(ids), dtype=bool)
    if len(ids) > 1:
        along = (row[1:] == row[:-1]) & (
            (born[1:] == born[:-1] + 1) | ((ids[1:] == UNKNOWN) & (ids[:-1] == UNKNOWN))
        )
        breaks[1:] = ~along | (number[1:] == 1)
    head = np.flatnonzero(breaks)
    return TipRuns(path[head], number[head], np.diff(np.append(head, len(ids))), ids[head])


def _lines_of(tree: Tree) -> Ids:
    return np.concatenate([np.empty(0, dtype=np.int32), *(ids_in(entry) for entry in tree.values())])
