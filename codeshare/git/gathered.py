"""What commits changed, put together from the facts of pairs of blobs as they come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from codeshare.git.changedlines import found_among, lines_of_runs, told_apart
from codeshare.git.deltas import Deltas, name_hashes, of_files
from codeshare.git.hashes import Hashes
from codeshare.git.pairfacts import PairFacts
from codeshare.git.patch import Ints, bounds_of, gather
from codeshare.git.raw import RawFiles

_COUNTS, _SUMS = ("added", "deleted", "whitespace"), ("added_sum", "removed_sum")


class Gathered:
    """The changes of some commits' files; most of the work is done as each piece comes, while git compares the next."""

    def __init__(self, files: RawFiles, file_pair: Sequence[tuple[int, int]], order: Sequence[int]) -> None:
        """Prepare for facts of all pairs.

        Args:
            files: of the commits.
            file_pair: number of the file and of the pair.
            order: the numbers of the pairs, in the order in which their facts come.
        """
        count = len(files.path)
        flat = np.fromiter(chain.from_iterable(file_pair), dtype=np.int64, count=2 * len(file_pair))
        file, number = flat.reshape(-1, 2).T
        place = np.empty(len(order), dtype=np.int64)
        place[np.array(order, dtype=np.int64)] = np.arange(len(order))
        by_pair = np.argsort(place[number], kind="stable")
        self._files, self._names = files, name_hashes(files)
        self._commit = np.array(files.commit, dtype=np.int64)
        # Of each patch of a file, in order of the pairs.
        self._file, self._pair = file[by_pair], place[number][by_pair]
        self._next = 0
        self._is_binary = np.zeros(count, dtype=bool)
        self._counts = {name: np.zeros(count, dtype=np.int64) for name in _COUNTS}
        self._sums = {name: np.zeros(count, dtype=np.uint64) for name in _SUMS}
        # Keys of runs; of added ones also the patch (shifted) and the place in it, in one number.
        self._added: list[tuple[Hashes, Ints]] = []
        self._removed: list[Hashes] = []
        self._markers: list[tuple[int, int]] = []

    def add(self, facts: PairFacts) -> None:
        """Take in the facts of the next pairs."""
        first, self._next = self._next, self._next + len(facts.added)
        low, high = np.searchsorted(self._pair, (first, self._next))
        file, pair = self._file[low:high], self._pair[low:high] - first
        self._is_binary[file[facts.is_binary[pair]]] = True
        for sums in (self._counts, self._sums):
            for name, column in sums.items():
                np.add.at(column, file, getattr(facts, name)[pair])
        which, run = gather(bounds_of(facts.added_runs), pair)
        commit = self._commit[file]
        self._added.append(
            (told_apart(facts.added_run[run], commit[which]), (low + which << 32) | facts.added_place[run])
        )
        which, run = gather(bounds_of(facts.removed_runs), pair)
        self._removed.append(told_apart(facts.removed_run[run], commit[which]))
        which, row = gather(np.searchsorted(facts.markers[:, 0], np.arange(len(facts.added) + 1)), pair)
        self._markers += zip(file[which].tolist(), facts.markers[row, 1].tolist(), strict=True)

    def deltas(self) -> Deltas:
        """What the commits changed, as `deltas_of` has it where no lines are followed; all pairs have been told."""
        added, deleted, whitespace = self._counts.values()
        added[self._is_binary] = deleted[self._is_binary] = -1
        added_sum, removed_sum = self._sums.values()
        return of_files(
            self._files,
            self._commit,
            is_binary=self._is_binary,
            added=added,
            deleted=deleted,
            moved=self._moved(),
            whitespace=whitespace,
            names=self._names,
            sums=(added_sum, removed_sum),
            markers=self._markers,
        )

    def _moved(self) -> Ints:
        """Of each file, the lines that are added in a run that the same commit removes elsewhere."""
        hits = found_among(np.concatenate([key for key, _ in self._added]), np.concatenate(self._removed))
        lines = lines_of_runs(np.concatenate([place for _, place in self._added])[hits])
        return np.bincount(self._file[lines >> 32], minlength=len(self._files.path))
