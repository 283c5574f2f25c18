"""Lines that commits removed which mend something: where they came from, and how many are code."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from msgspec import Struct

from codeshare.provenance.forward import Forward
from codeshare.provenance.lines import NEVER, UNKNOWN, Ids, Ints


class FixedLines(Struct, frozen=True):
    """Columns: the fix (index into the walk), row of `Files` of the lines' birth, number for whose they are.

    ``landed_at``, ``died_at``: landings; ``idle``: of ``lines``, blank or nothing but a comment.
    """

    fix: Ids
    file: Ids
    verdict: Ids
    landed_at: Ids
    died_at: Ids
    lines: Ints
    idle: Ints


def fixed_lines(forward: Forward, died_by: Ids, verdict: Ids, fixes: Collection[int]) -> FixedLines:
    """Sum up landed lines whose removal is one of ``fixes``; ``died_by`` and ``verdict``: per line."""
    lines, removals = forward.lines, forward.removals
    none: Ids = np.empty(0, dtype=np.int32)
    ids = np.concatenate([none, *removals.ids])
    commit = np.concatenate([none, *removals.commit])
    idle = np.concatenate([np.empty(0, dtype=bool), *removals.idle])
    known = np.isin(commit, np.array(list(fixes), dtype=np.int32)) & (ids != UNKNOWN)
    ids, commit, idle = ids[known], commit[known], idle[known]
    born = np.array(forward.files.commit or [0], dtype=np.int64)
    true = (died_by[ids] == commit) & (lines.died_at[ids] != NEVER) & (lines.landed_at[ids] != NEVER)
    true &= born[lines.file[ids]] >= 0
    # A line that a merge kept twice may go twice; it counts once.
    ids, first = np.unique(ids[true], return_index=True)
    commit, idle = commit[true][first], idle[true][first]
    keys = (commit, lines.file[ids], verdict[ids], lines.landed_at[ids], lines.died_at[ids])
    order = np.lexsort(keys[::-1])
    fix, file, whose, landed, died = (key[order] for key in keys)
    heads = np.ones(len(order), dtype=bool)
    heads[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in (fix, file, whose, landed, died)])
    at = np.flatnonzero(heads)
    sizes = np.diff(np.append(at, len(order)))
    idle_sums = np.add.reduceat(idle[order].astype(np.int64), at) if len(at) else np.empty(0, dtype=np.int64)
    return FixedLines(fix[at], file[at], whose[at], landed[at], died[at], sizes, idle_sums)
