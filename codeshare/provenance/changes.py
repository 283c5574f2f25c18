"""Commits with one parent: hunks applied to the lines of that parent's files."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codeshare.git.diff import Chunk
from codeshare.git.patch import bounds_of, counting, distinct
from codeshare.provenance.followed import CannotResume, Followed
from codeshare.provenance.landings import die_once, end_lines
from codeshare.provenance.lines import UNKNOWN, Ids, Ints
from codeshare.provenance.trees import NO_LINES, Tree, ids_in, unread

_MANY = 12
"""Hunks of a file, from which on they are not applied one by one; the two of a change of type are in no order."""


class Changes:
    """The commits of one chunk that are no merges, applied one after the other."""

    def __init__(self, followed: Followed, chunk: Chunk) -> None:
        self.followed, self.deltas = followed, chunk.deltas
        deltas, files, lines = chunk.deltas, followed.files, followed.lines
        count = len(deltas.commit)
        # Commits come in order of the walk, so a commit's files stand together.
        met, bounds = np.unique(deltas.commit, return_index=True)
        ends = [*bounds.tolist()[1:], count]
        self.span = {
            commit: (low, high)
            for commit, low, high in zip(met.tolist(), bounds.tolist(), ends[: len(met)], strict=True)
        }
        self.status, self.path, self.old_path, self.blob = (
            deltas.status,
            deltas.path,
            deltas.old_path,
            deltas.blob,
        )
        removed, born = deltas.hunks[:, 1], deltas.hunks[:, 3]
        start = deltas.hunks[:, 0] - (removed > 0)
        hunk_at = np.searchsorted(deltas.hunk_file, np.arange(count + 1))
        # Flat lists: a list a hunk would cost more than all that is done with it.
        self.start: list[int] = start.tolist()
        self.stop: list[int] = (start + removed).tolist()
        self.hunk_at: list[int] = hunk_at.tolist()
        row = len(files.commit)
        files.commit += deltas.commit.tolist()
        files.path += [files.path_of(name) for name in deltas.path]
        self._first_row, self._path_of_row = row, np.array(files.path[row:], dtype=np.int32)
        total = int(born.sum())
        file = np.repeat(deltas.hunk_file, born)
        number = np.repeat(deltas.hunks[:, 2], born) + counting(born)
        resumed = followed.resumed
        self.is_replay = bool(resumed and chunk.commits and chunk.commits[0] in resumed.replayed)
        if self.is_replay:
            self.born = self._known(file, number, row)
        else:
            self.born = lines.bear((row + file).astype(np.int32), number.astype(np.int32))
        self.first_born = lines.count - total
        if len(deltas.moved_lines) and not self.is_replay:
            keys = (file.astype(np.int64) << 32) | number
            moved = deltas.moved_lines.astype(np.int64)
            at = np.searchsorted(keys, (moved[:, 0] << 32) | moved[:, 1])
            lines.moved[self.first_born + at] = True
        # The lines that each hunk adds begin here, and those that each file loses; where they stand, from 0.
        self.born_at: list[int] = [0, *np.cumsum(born).tolist()]
        lost = bounds_of(removed)
        self.lost_at: list[int] = lost[hunk_at].tolist()
        self.lost_place = np.repeat(start, removed) + counting(removed)
        grown = np.cumsum(born) - born - lost[:-1]
        grown -= grown[hunk_at[deltas.hunk_file]]
        self.born_place = np.repeat(start + grown, born) + counting(born)
        self.gone: list[Ids] = []
        self.gone_commit: list[int] = []
        self.gone_whole: list[int] = []
        self.direct: dict[int, tuple[int, list[int]]] = {}
        self._alone: list[int] = []  # commits whose landing is put off
        self.failed = {failure.commit: failure for failure in chunk.failures}

    def _known(self, file: Ints, number: Ints, row: int) -> Ids:
        """The ids that lines of replayed commits were given when they were stored."""
        resumed, files = self.followed.resumed, self.followed.files
        assert resumed is not None
        found: list[Ids] = [NO_LINES]
        for k in distinct(file).tolist():
            numbers, ids = resumed.known.get(
                (files.commit[row + k], files.path[row + k]), (NO_LINES, NO_LINES)
            )
            if not np.array_equal(numbers, number[file == k]):
                raise CannotResume
            found.append(ids)
        return np.concatenate(found)

    def paths(self, commit: int) -> set[bytes]:
        """Paths that a commit may have changed."""
        low, high = self.span.get(commit, (0, 0))
        known = {*self.path[low:high], *(old for old in self.old_path[low:high] if old is not None)}
        return known | {path for path, _ in self.failed[commit].changed} if commit in self.failed else known

    def change(self, commit: int, tree: Tree) -> Tree:
        """The tree that a commit with one parent makes of that parent's."""
        if commit in self.failed:
            tree = unread(tree, self.failed[commit].changed)
        low, high = self.span.get(commit, (0, 0))
        if low == high:
            return tree
        leaving: list[bytes] = []
        arriving: list[tuple[bytes, bytes, Ids]] = []
        first_gone, owners = len(self.gone), list[int]()
        for k in range(low, high):
            path, old_path, blob = self.path[k], self.old_path[k], self.blob[k]
            before = tree.get(old_path or path) if self.status[k] != "A" else None
            old = ids_in(before)
            at, end = self.hunk_at[k], self.hunk_at[k + 1]
            if at < end:
                if (reach := max(self.stop[at:end])) > len(old):
                    old = np.concatenate((old, np.full(reach - len(old), UNKNOWN, dtype=np.int32)))
                first_lost, last_lost = self.lost_at[k], self.lost_at[k + 1]
                if first_lost < last_lost:
                    self.gone.append(old[self.lost_place[first_lost:last_lost]])
                    owners.append(k)
                old = (self._by_hunks if end - at < _MANY else self._by_lines)(k, old)
            elif self.deltas.added[k] < 0:  # binary
                if len(old):
                    self.gone_whole.append(len(self.gone))
                    self.gone.append(old)
                    owners.append(k)
                old = NO_LINES
            if old_path is not None:
                leaving.append(old_path)
            if blob:
                arriving.append((path, blob, old))
            else:
                leaving.append(path)
        self.gone_commit += [commit] * len(owners)
        self.direct[commit] = first_gone, owners
        changed = tree.mutate()
        for path in leaving:
            changed.pop(path, None)
        for path, blob, ids in arriving:
            changed[path] = blob, ids
        return changed.finish()

    def _by_hunks(self, k: int, old: Ids) -> Ids:
        """The lines of a file after its hunks."""
        at, end = self.hunk_at[k], self.hunk_at[k + 1]
        born, born_at = self.born, self.born_at
        parts: list[Ids] = []
        done, first = 0, born_at[at]
        for start, stop, last in zip(
            self.start[at:end], self.stop[at:end], born_at[at + 1 : end + 1], strict=True
        ):
            if start > done:
                parts.append(old[done:start])
            if stop > done:
                done = stop
            if last > first:
                parts.append(born[first:last])
                first = last
        if done < len(old):
            parts.append(old[done:])
        return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else NO_LINES

    def _by_lines(self, k: int, old: Ids) -> Ids:
        """The same, in fewer steps for many hunks and in more for few."""
        first, last = (self.born_at[self.hunk_at[file]] for file in (k, k + 1))
        born_place = self.born_place[first:last]
        stays = np.ones(len(old), dtype=bool)
        stays[self.lost_place[self.lost_at[k] : self.lost_at[k + 1]]] = False
        kept = old[stays]
        is_old = np.ones(len(kept) + last - first, dtype=bool)
        is_old[born_place] = False
        new = np.empty(len(is_old), dtype=np.int32)
        new[is_old] = kept
        new[born_place] = self.born[first:last]
        return new

    def land_directly(self, commit: int) -> None:
        """A mainline commit alone in its landing: what it added lands, what it removed dies, with `land_all`."""
        if commit not in self.direct:
            return
        files = self.followed.files
        for k in range(*self.span[commit]):
            if (old_path := self.old_path[k]) is not None and self.blob[k]:
                self.followed.renames.append((commit, files.path_of(old_path), files.path_of(self.path[k])))
        self._alone.append(commit)

    def land_all(self) -> None:
        """Let land what is to land directly: call this before anybody looks at which lines have landed or died.

        In one step for many commits, for a history without merges is made of such.
        """
        alone, self._alone = self._alone, []
        if alone:
            self._land(alone)
            self._end(alone)

    def _land(self, alone: list[int]) -> None:
        lines = self.followed.lines
        at = [[self.born_at[self.hunk_at[k]] for k in self.span[commit]] for commit in alone]
        first, last = self.first_born + np.array(at).T
        sizes = last - first
        born = np.repeat(first, sizes) + counting(sizes)
        lines.landed_at[born] = np.repeat(alone, sizes)
        lines.landed_number[born] = lines.number[born]
        lines.landed_path[born] = self._path_of_row[lines.file[born] - self._first_row]

    def _end(self, alone: list[int]) -> None:
        followed, path_of = self.followed, self.followed.files.path_of
        commits, gone, owners = list[int](), list[Ids](), list[int]()
        for commit in alone:
            first, losers = self.direct[commit]
            commits += [commit] * len(losers)
            gone += self.gone[first : first + len(losers)]
            owners += losers
        if not owners:
            return
        sizes = [len(each) for each in gone]
        ids = np.concatenate(gone)
        landing = np.repeat(np.array(commits, dtype=np.int32), sizes)
        path = np.repeat(
            np.array([path_of(self.old_path[k] or self.path[k]) for k in owners], dtype=np.int32), sizes
        )
        number = 1 + np.concatenate([self._places(k, size) for k, size in zip(owners, sizes, strict=True)])
        if die_once(followed.lines, ids):
            end_lines(followed, landing, ids, path, number)
            return
        for commit in distinct(landing).tolist():
            at = slice(*np.searchsorted(landing, (commit, commit + 1)))
            twice = end_lines(followed, commit, ids[at], path[at], number[at])
            followed.recurring.note(False, commit, path[at][twice], number[at][twice], ids[at][twice])

    def _places(self, k: int, count: int) -> Ints:
        """Where the lines stood that a file lost: all of them, if its hunks do not say."""
        first, last = self.lost_at[k], self.lost_at[k + 1]
        return self.lost_place[first:last] if first < last else np.arange(count)

    def finish(self) -> None:
        """Keep what later steps need: who removed which lines."""
        self.land_all()
        if not self.gone:
            return
        removals = self.followed.removals
        sizes = np.array([len(each) for each in self.gone])
        removals.ids.append(np.concatenate(self.gone))
        removals.commit.append(np.repeat(np.array(self.gone_commit, dtype=np.int32), sizes))
        removals.idle.append(self._idle(sizes))

    def _idle(self, sizes: Ints) -> npt.NDArray[np.bool_]:
        """Whether the lines that went are blank or comments; of files that became binary it is not known."""
        by_hunks = np.ones(len(sizes), dtype=bool)
        by_hunks[self.gone_whole] = False
        known = np.repeat(by_hunks, sizes)
        idle = np.zeros(len(known), dtype=bool)
        if int(known.sum()) == len(self.deltas.idle):
            idle[known] = self.deltas.idle
        return idle
