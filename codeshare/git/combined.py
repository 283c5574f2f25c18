"""Which parent each line of a merge has: the merge compared with each parent.

A line that the comparison with a parent does not show as added is that parent's, the first such
parent's if several have it; this is what `git blame` and git's combined diffs go by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from codeshare.git.patch import counting, distinct

if TYPE_CHECKING:
    from codeshare.git.mergednames import MergedNames
    from codeshare.git.patch import PairHunks

Ints = npt.NDArray[np.int64]

NOWHERE = -1


class MergedFiles(Struct):
    """The files of merges that differ from every parent.

    Per file: ``commit`` (index into the walk), ``path``, ``blob`` (hex id; empty: gone, or no file),
    ``old_paths`` (its path in each parent; None: it has none there), ``is_binary``.
    ``hunks``: int64[n, 3], the file of each, where it begins in the first parent (lines before it) and
    how many lines of that it replaces. ``runs``: int64[n, 5], lines of the result that come from one
    place: hunk, parent (`NOWHERE`: none, born here), lines before it in that parent, count, lines
    before it in the result. Everything outside of hunks is the first parent's, unchanged.
    """

    commit: list[int] = field(default_factory=list)
    path: list[bytes] = field(default_factory=list)
    blob: list[bytes] = field(default_factory=list)
    old_paths: list[tuple[bytes | None, ...]] = field(default_factory=list)
    is_binary: list[bool] = field(default_factory=list)
    hunks: Ints = field(default_factory=lambda: np.zeros((0, 3), dtype=np.int64))
    runs: Ints = field(default_factory=lambda: np.zeros((0, 5), dtype=np.int64))

    def with_new_lines(self) -> list[int]:
        """The files with lines that no parent has."""
        hunks = self.runs[self.runs[:, 1] == NOWHERE, 0]
        files: list[int] = distinct(self.hunks[hunks, 0]).tolist()
        return files


def merged_files(names: MergedNames, patches: PairHunks) -> MergedFiles:
    """The lines of some merges' files, given the patch of each pair of blobs that `names` speaks of."""
    file, parent, pair = np.array(names.file_pair, dtype=np.int64).reshape(-1, 3).T
    binary = np.zeros(len(names.path), dtype=bool)
    binary[file[patches.is_binary(pair)]] = True
    files = MergedFiles(names.commit, names.path, names.blob, names.old_paths, binary.tolist())
    text = ~binary[file]
    each = [(parent == k) & text for k in range(int(parent.max(initial=-1)) + 1)]
    sides = [_Side(patches, file[of], pair[of]) for of in each]
    if sides:
        _find_runs(files, sides)
    return files


class _Side:
    """The hunks of files against one parent: ``file`` of each, and lines before and count, there and in the result."""

    def __init__(self, patches: PairHunks, file: Ints, pair: Ints) -> None:
        which, hunks = patches.hunks_of(pair)
        self.file = file[which]
        self.old_count, self.new_count = hunks[:, 1], hunks[:, 3]
        self.old = hunks[:, 0] - (self.old_count > 0)
        self.new = hunks[:, 2] - (self.new_count > 0)
        self.compared = distinct(file)

    def find(self, file: Ints, number: Ints) -> tuple[npt.NDArray[np.bool_], Ints]:
        """Whether the parent has lines of the result (files, and lines before each), and its lines before each."""
        has = np.isin(file, self.compared)
        if not len(self.file):
            return has, number
        # The last hunk that begins at or before the line.
        keys = (self.file << 32) | self.new
        at = np.searchsorted(keys, (file << 32) | number, side="right") - 1
        inside = (at >= 0) & (self.file[at] == file)
        after = number - self.new[at] - self.new_count[at]
        has &= ~inside | (after >= 0)
        return has, np.where(inside, self.old[at] + self.old_count[at] + after, number)


def _find_runs(files: MergedFiles, sides: list[_Side]) -> None:
    """Fill in ``hunks``, those against the first parent, and ``runs``."""
    first = sides[0]
    files.hunks = np.stack((first.file, first.old, first.old_count), axis=1)
    hunk = np.repeat(np.arange(len(first.file)), first.new_count)
    result = np.repeat(first.new, first.new_count) + counting(first.new_count)
    source = np.full(len(hunk), NOWHERE, dtype=np.int64)
    position = np.zeros(len(hunk), dtype=np.int64)
    for k, side in enumerate(sides[1:], 1):
        left = np.flatnonzero(source == NOWHERE)
        has, before = side.find(first.file[hunk[left]], result[left])
        source[left[has]], position[left[has]] = k, before[has]
    breaks = np.ones(len(hunk), dtype=bool)
    breaks[1:] = (
        (hunk[1:] != hunk[:-1])
        | (source[1:] != source[:-1])
        | ((source[1:] != NOWHERE) & (position[1:] != position[:-1] + 1))
    )
    heads = np.flatnonzero(breaks)
    lengths = np.diff(np.append(heads, len(hunk)))
    files.runs = np.stack((hunk[heads], source[heads], position[heads], lengths, result[heads]), axis=1)
