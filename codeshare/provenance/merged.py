"""Merges: each file from the parent that has it, else line by line from all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from codeshare.git.combined import NOWHERE, MergedFiles
from codeshare.git.diff import Chunk
from codeshare.provenance.followed import CannotResume, Followed
from codeshare.provenance.lines import UNKNOWN, Ids
from codeshare.provenance.trees import NO_LINES, Tree, ids_in


class Merged:
    """The merges of one chunk, applied one after the other."""

    def __init__(self, followed: Followed, chunk: Chunk) -> None:
        self.followed, self.paths = followed, chunk.merges.paths
        resumed = followed.resumed
        self.is_replay = bool(resumed and chunk.commits and chunk.commits[0] in resumed.replayed)
        self.merged: dict[int, dict[bytes, tuple[MergedFiles, int]]] = {}
        for group in chunk.merges.files:
            for k, commit in enumerate(group.commit):
                self.merged.setdefault(commit, {})[group.path[k]] = group, k
        self.spans = {id(group): _MergedSpans(group) for group in chunk.merges.files}

    def merge(self, commit: int, tree: Tree, parents: Sequence[Tree]) -> Tree:
        """The tree of a merge: each path from the parent that has that very blob, else line by line."""
        paths = self.paths.get(commit)
        if paths is None:
            return tree
        known = self.merged.get(commit, {})
        blobs: dict[bytes, bytes] = {}
        changed = tree.mutate()
        for path, blob in paths:
            if not blob:
                changed.pop(path, None)
                continue
            for parent in parents:
                there = parent.get(path)
                if there is not None and there[0] == blob:
                    changed[path] = there
                    break
            else:
                blobs = blobs or dict(paths)
                changed[path] = blob, self._merged_lines(commit, path, known.get(path), parents, blobs)
        return changed.finish()

    def _merged_lines(
        self,
        commit: int,
        path: bytes,
        known: tuple[MergedFiles, int] | None,
        parents: Sequence[Tree],
        blobs: Mapping[bytes, bytes],
    ) -> Ids:
        if known is None:
            self.followed.unread.setdefault(commit, []).append(path)
            return NO_LINES
        group, k = known
        for name, parent in zip(group.old_paths[k], parents, strict=True):
            if (
                name is None
                and (same := _elsewhere(parent, path, group.blob[k], parents[0], blobs)) is not None
            ):
                return same
            if name is not None and (there := parent.get(name)) is not None and there[0] == group.blob[k]:
                return ids_in(there)  # renamed, else unchanged
        spans = self.spans[id(group)]
        low, high = spans.hunks(k)
        if low == high and group.is_binary[k]:
            return NO_LINES
        old = [
            ids_in(parent.get(name)) if name is not None else NO_LINES
            for name, parent in zip(group.old_paths[k], parents, strict=True)
        ]
        if group.is_binary[k]:
            old = [NO_LINES] * len(old)
        parts: list[Ids] = []
        done = 0
        base = old[0]
        for h in range(low, high):
            start, replaced = spans.start[h], spans.replaced[h]
            if start > done:
                parts.append(_slice(base, done, start))
            done = start + replaced
            low_run, high_run = spans.run_at[h], spans.run_at[h + 1]
            for source, position, count, number in zip(
                *(column[low_run:high_run] for column in spans.runs), strict=True
            ):
                if source == NOWHERE:
                    parts.append(self._bear(commit, path, number, count))
                else:
                    parts.append(_slice(old[source], position, position + count))
        if done < len(base):
            parts.append(base[done:])
        return np.concatenate(parts) if parts else NO_LINES

    def _bear(self, commit: int, path: bytes, before: int, count: int) -> Ids:
        files = self.followed.files
        index = files.path_of(path)
        if self.is_replay:
            resumed = self.followed.resumed
            assert resumed is not None
            numbers, ids = resumed.known.get((commit, index), (NO_LINES, NO_LINES))
            at = int(np.searchsorted(numbers, before + 1))
            if not np.array_equal(numbers[at : at + count], np.arange(before + 1, before + count + 1)):
                raise CannotResume
            return ids[at : at + count]
        if not files.commit or files.commit[-1] != commit or files.path[-1] != index:
            files.commit.append(commit)
            files.path.append(index)
        row = np.full(count, len(files.commit) - 1, dtype=np.int32)
        return self.followed.lines.bear(row, np.arange(before + 1, before + count + 1, dtype=np.int32))


def _elsewhere(tree: Tree, path: bytes, blob: bytes, first: Tree, blobs: Mapping[bytes, bytes]) -> Ids | None:
    """The lines of a file of that very content that a merge moved to ``path``: a subtree merge does so.

    ``blobs``: of the paths in which the merge differs from its first parent. A file that the merge
    still has in its old place was not moved.
    """
    found = []
    for name in [name for name, (held, _) in tree.items() if held == blob]:
        there = first.get(name)
        if (blobs[name] if name in blobs else there[0] if there else None) != blob:
            found.append((not path.endswith(b"/" + name), name))
    return ids_in(tree[min(found)[1]]) if found else None


class _MergedSpans:
    """Hunks and runs of merged files, as plain lists by file and hunk."""

    def __init__(self, group: MergedFiles) -> None:
        starts = np.searchsorted(group.runs[:, 0], np.arange(len(group.hunks) + 1))
        self._at: list[int] = np.searchsorted(group.hunks[:, 0], np.arange(len(group.path) + 1)).tolist()
        self.start: list[int] = group.hunks[:, 1].tolist()
        self.replaced: list[int] = group.hunks[:, 2].tolist()
        self.runs: tuple[list[int], ...] = tuple(group.runs[:, k].tolist() for k in range(1, 5))
        self.run_at: list[int] = starts.tolist()

    def hunks(self, file: int) -> tuple[int, int]:
        """The hunks of a file, from and to."""
        return self._at[file], self._at[file + 1]


def _slice(ids: Ids, start: int, stop: int) -> Ids:
    """Lines of a file; those beyond what is known of it are unknown."""
    if stop <= len(ids):
        return ids[start:stop]
    known = ids[start:stop]
    return np.concatenate((known, np.full(stop - start - len(known), UNKNOWN, dtype=np.int32)))
