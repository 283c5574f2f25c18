"""Forward provenance: follow every line from commit to commit, parents first.

The tree of a commit is a persistent map path → (blob, ids of its lines), made from its first
parent's for the price of what changed. It is kept until the last child is done, so memory follows
the frontier of the walk and not the history. docs/design/provenance.md explains why this is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import immutables
import numpy as np
import numpy.typing as npt

from codeshare.git.combined import NOWHERE, MergedFiles
from codeshare.git.diff import Chunk
from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.merges import MergeToRead, Paths
from codeshare.provenance.lines import NEVER, UNKNOWN, Files, Ids, Lines

Tree = immutables.Map[bytes, tuple[bytes, Ids]]
Ints = npt.NDArray[np.int64]


class Unsettled:
    """Lines of a file that are found out only if somebody asks; stands in a tree in the place of ids."""

    def __init__(self, find: Callable[[], Ids]) -> None:
        self._find = find
        self._found: Ids | None = None

    def ids(self) -> Ids:
        """The ids, found once."""
        if self._found is None:
            self._found = self._find()
        return self._found


def ids_in(entry: tuple[bytes, Ids] | None) -> Ids:
    """The ids of a tree's entry; none where there is no entry."""
    if entry is None:
        return NO_LINES
    ids = entry[1]
    return ids.ids() if isinstance(ids, Unsettled) else ids


NO_LINES: Ids = np.empty(0, dtype=np.int32)
_NO_TREE: Tree = immutables.Map()


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


def merges_to_read(walked: Walk) -> dict[int, MergeToRead]:
    """The walk's merges, by index."""
    shas = walked.shas
    return {
        i: MergeToRead(i, shas[i], shas[parents[0]], tuple(shas[p] for p in parents[1:]))
        for i, parents in enumerate(walked.parents)
        if len(parents) > 1
    }


@dataclass(slots=True)
class Removals:
    """Every removal of a line by a commit that is no merge: line ids and indexes into the walk."""

    ids: list[Ids] = field(default_factory=list)
    commit: list[Ids] = field(default_factory=list)


class CannotResume(Exception):
    """What was stored does not fit what git says; everything must be read anew."""


@dataclass(slots=True)
class Resumed:
    """What a pass that goes on begins with.

    ``lines`` and ``files`` hold what was stored and may be met again; ``seeds``: trees of commits
    (index into the walk), only the paths that will be asked for; ``replayed``: commits that are read
    once more for the sake of their trees; ``known``: per commit and path (index) the numbers and ids
    of the lines born there.
    """

    lines: Lines
    files: Files
    seeds: dict[int, Tree]
    replayed: frozenset[int]
    known: dict[tuple[int, int], tuple[Ids, Ids]]


class Forward:
    """The state of the pass. Feed it chunks in the order of the walk, then read ``lines`` and ``tip``."""

    def __init__(
        self,
        walked: Walk,
        mainline: Mainline,
        *,
        cut: Mapping[int, Paths] | None = None,
        foxtrots: Mapping[int, Paths] | None = None,
        resumed: Resumed | None = None,
    ) -> None:
        """Begin before the first commit.

        Args:
            walked: the commits, parents first.
            mainline: of that walk.
            cut: commits whose parents are absent (a shallow clone's): path and blob of all their files.
            foxtrots: of foxtrot merges the paths that differ from the mainline's side.
            resumed: where to go on from; then only the commits replayed and those that are new are fed.
        """
        landings = Landings.of(mainline)
        self._foxtrots = foxtrots or {}
        self.unread: dict[int, list[bytes]] = {}  # of merges, the paths whose lines are unknown
        self.resumed = resumed
        self.lines, self.files = (resumed.lines, resumed.files) if resumed else (Lines(), Files())
        self.removals = Removals()
        self._fed: set[int] = set()
        self.renames: list[tuple[int, int, int]] = []  # landing, path before, path after
        self._parents = walked.parents
        self._landing, self._landings = mainline.landing, landings
        self._trees: dict[int, Tree] = {}
        self._touched: dict[int, set[bytes]] = {}  # of a series' commits, until it lands
        self._waiting = [0] * len(walked.shas)
        for parents in walked.parents:
            for parent in parents:
                self._waiting[parent] += 1
        for before in landings.before.values():
            if before is not None:
                self._waiting[before] += 1
        self._waiting[walked.tip] += 1  # kept
        self._tip = walked.tip
        self._mark = 0
        for commit, paths in (cut or {}).items():
            self._trees[commit] = _unread(_NO_TREE, paths)
        self._trees |= resumed.seeds if resumed else {}

    @property
    def tip(self) -> Tree:
        """The tree of the newest commit, once all is fed."""
        return self._trees[self._tip]

    def is_fed(self, commit: int) -> bool:
        """Whether a commit was followed by this pass, and not only replayed or left as it was stored."""
        return self.resumed is None or commit in self._fed

    def tree(self, commit: int) -> Tree:
        """The tree of a commit that is still waited for."""
        return self._trees[commit]

    def feed(self, chunk: Chunk) -> None:
        """Go on through the stretch of the walk that a chunk tells about."""
        step = _Step(self, chunk)
        if self.resumed:
            self._fed.update(i for i in chunk.commits if i not in self.resumed.replayed)
        for commit in chunk.commits:
            parents = self._parents[commit]
            tree = self._trees[parents[0]] if parents else _NO_TREE
            if len(parents) > 1:
                tree = step.merge(commit, tree, [self._trees[p] for p in parents])
            else:
                tree = step.change(commit, tree)
            self._trees[commit] = tree
            landing = self._landing[commit]
            if self.resumed and commit in self.resumed.replayed:
                continue
            if landing == commit:
                self._land(commit, step)
            elif commit in self._series_of(landing):
                self._touched.setdefault(landing, set()).update(step.touched(commit))
            for parent in parents:
                self._done_with(parent)
        step.finish()

    def _series_of(self, landing: int) -> Sequence[int]:
        members = self._landings.members[landing]
        return members if len(members) > 1 else ()

    def _done_with(self, commit: int) -> None:
        self._waiting[commit] -= 1
        if not self._waiting[commit]:
            del self._trees[commit]

    def _land(self, landing: int, step: _Step) -> None:
        before = self._landings.before[landing]
        if len(self._landings.members[landing]) == 1 and step.is_plain(landing):
            step.land_directly(landing)
        else:
            paths = step.touched(landing) | self._touched.pop(landing, set())
            old = self._trees[before] if before is not None else _NO_TREE
            self._compare(landing, old, self._trees[landing], paths)
        if before is not None:
            self._done_with(before)

    def _compare(self, landing: int, old: Tree, new: Tree, paths: Iterable[bytes]) -> None:
        """Lines that only ``new`` has land, those that only ``old`` has die; whatever path they stand in."""
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
            head, tail = _common_ends(was, now)
            index = self.files.path_of(path)
            for ids, side, place in ((was, sides[0], places[0]), (now, sides[1], places[1])):
                if len(ids) > head + tail:
                    side.append(ids[head : len(ids) - tail])
                    place.append((index, head))
            if before and not after and len(was):
                gone.append((path, was))
        lost, lost_at, gained, gained_at = self._differ(*sides)
        lines = self.lines
        lines.died_at[lost] = landing
        lines.died_path[lost], lines.died_number[lost] = _places(lost_at, sides[0], places[0])
        fresh = lines.landed_at[gained] == NEVER
        lines.died_at[gained[~fresh]] = NEVER  # a merge brings back what the mainline had lost
        gained, gained_at = gained[fresh], gained_at[fresh]
        lines.landed_at[gained] = landing
        lines.landed_path[gained], lines.landed_number[gained] = _places(gained_at, sides[1], places[1])
        self._note_renames(landing, gone, sides[1], places[1])

    def _differ(self, was: list[Ids], now: list[Ids]) -> tuple[Ids, Ints, Ids, Ints]:
        """Ids in one list of arrays and not in the other, with their places in it; unknown lines aside."""
        old = np.concatenate(was) if was else NO_LINES
        new = np.concatenate(now) if now else NO_LINES
        stamp = self.lines.stamp
        self._mark += 2
        stamp[new] = self._mark
        lost_at = np.flatnonzero((stamp[old] != self._mark) & (old != UNKNOWN))
        stamp[old] = self._mark + 1
        gained_at = np.flatnonzero((stamp[new] != self._mark + 1) & (new != UNKNOWN))
        return old[lost_at], lost_at, new[gained_at], gained_at

    def _note_renames(
        self,
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
                    self.renames.append((landing, self.files.path_of(path), places[k][0]))


def _places(at: Ints, side: list[Ids], places: list[tuple[int, int]]) -> tuple[Ids, Ids]:
    """Paths and 1-based numbers of lines: ``at`` counts through the arrays, each of which stands at a place."""
    if not len(at):
        return NO_LINES, NO_LINES
    starts = np.cumsum([0, *(len(each) for each in side)])
    which = np.searchsorted(starts, at, side="right") - 1
    paths = np.array([path for path, _ in places], dtype=np.int32)
    heads = np.array([head for _, head in places], dtype=np.int64)
    return paths[which], (at - starts[which] + heads[which] + 1).astype(np.int32)


def _common_ends(old: Ids, new: Ids) -> tuple[int, int]:
    """How many ids two arrays share at their beginning, and then at their end."""
    shorter = min(len(old), len(new))
    if not shorter:
        return 0, 0
    differs = old[:shorter] != new[:shorter]
    head = int(differs.argmax()) if differs.any() else shorter
    shorter -= head
    if not shorter:
        return head, 0
    differs = old[len(old) - shorter :][::-1] != new[len(new) - shorter :][::-1]
    return head, int(differs.argmax()) if differs.any() else shorter


class _Step:
    """One chunk being applied."""

    def __init__(self, forward: Forward, chunk: Chunk) -> None:
        self.forward, self.chunk = forward, chunk
        deltas, files, lines = chunk.deltas, forward.files, forward.lines
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
        # Flat lists: a list a hunk would cost more than all that is done with it.
        old_start, removed = deltas.hunks[:, 0], deltas.hunks[:, 1]
        self.start: list[int] = (old_start - (removed > 0)).tolist()
        self.removed: list[int] = removed.tolist()
        self.hunk_at: list[int] = np.searchsorted(deltas.hunk_file, np.arange(count + 1)).tolist()
        row = len(files.commit)
        files.commit += deltas.commit.tolist()
        files.path += [files.path_of(name) for name in deltas.path]
        born = deltas.hunks[:, 3]
        total = int(born.sum())
        file = np.repeat(deltas.hunk_file, born)
        number = np.repeat(deltas.hunks[:, 2] - np.cumsum(born) + born, born) + np.arange(total)
        resumed = forward.resumed
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
        # The ids that the hunks of each file add begin here.
        self.born_at: list[int] = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(born))).tolist()
        self.gone: list[Ids] = []
        self.gone_commit: list[int] = []
        self.direct: dict[int, tuple[int, list[int], list[int]]] = {}
        self.merged: dict[int, dict[bytes, tuple[MergedFiles, int]]] = {}
        for group in chunk.merges.files:
            for k, commit in enumerate(group.commit):
                self.merged.setdefault(commit, {})[group.path[k]] = group, k
        self.spans = {id(group): _MergedSpans(group) for group in chunk.merges.files}
        self.failed = {failure.commit: failure for failure in chunk.failures}

    def _known(self, file: Ints, number: Ints, row: int) -> Ids:
        """The ids that lines of replayed commits were given when they were stored."""
        resumed, files = self.forward.resumed, self.forward.files
        assert resumed is not None
        found: list[Ids] = [NO_LINES]
        for k in np.unique(file).tolist():
            numbers, ids = resumed.known.get(
                (files.commit[row + k], files.path[row + k]), (NO_LINES, NO_LINES)
            )
            if not np.array_equal(numbers, number[file == k]):
                raise CannotResume
            found.append(ids)
        return np.concatenate(found)

    def is_plain(self, commit: int) -> bool:
        """A commit with one parent or none whose changes are known."""
        return len(self.forward._parents[commit]) < 2 and commit not in self.failed

    def touched(self, commit: int) -> set[bytes]:
        """Paths that a landing's commit may have changed, against the mainline before it."""
        if commit in self.failed:
            return {path for path, _ in self.failed[commit].changed}
        if (paths := self.forward._foxtrots.get(commit, self.chunk.merges.paths.get(commit))) is not None:
            return {path for path, _ in paths}
        low, high = self.span.get(commit, (0, 0))
        return {*self.path[low:high], *(old for old in self.old_path[low:high] if old is not None)}

    def change(self, commit: int, tree: Tree) -> Tree:
        """The tree that a commit with one parent makes of that parent's."""
        if commit in self.failed:
            return _unread(tree, self.failed[commit].changed)
        low, high = self.span.get(commit, (0, 0))
        if low == high:
            return tree
        gone, gone_commit, hunk_at, born, born_at = (
            self.gone, self.gone_commit, self.hunk_at, self.born, self.born_at,
        )  # fmt: skip
        starts_of, removed_of = self.start, self.removed
        leaving: list[bytes] = []
        arriving: list[tuple[bytes, bytes, Ids]] = []
        first_gone = len(gone)
        starts: list[int] = []
        owners: list[int] = []
        for k in range(low, high):
            path, old_path, blob = self.path[k], self.old_path[k], self.blob[k]
            before = tree.get(old_path or path) if self.status[k] != "A" else None
            old = ids_in(before)
            at, end = hunk_at[k], hunk_at[k + 1]
            if at < end:
                reach = starts_of[end - 1] + removed_of[end - 1]
                if reach > len(old):
                    old = np.concatenate((old, np.full(reach - len(old), UNKNOWN, dtype=np.int32)))
                parts = []
                done = 0
                first = born_at[at]
                for start, removed, last in zip(
                    starts_of[at:end], removed_of[at:end], born_at[at + 1 : end + 1], strict=True
                ):
                    stop = start + removed
                    if start > done:
                        parts.append(old[done:start])
                    if removed:
                        gone.append(old[start:stop])
                        starts.append(start)
                        owners.append(k)
                    if stop > done:
                        done = stop
                    if last > first:
                        parts.append(born[first:last])
                        first = last
                if done < len(old):
                    parts.append(old[done:])
                old = parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else NO_LINES
            elif self.chunk.deltas.added[k] < 0:  # binary
                if len(old):
                    gone.append(old)
                    starts.append(0)
                    owners.append(k)
                old = NO_LINES
            if old_path is not None:
                leaving.append(old_path)
            if blob:
                arriving.append((path, blob, old))
            else:
                leaving.append(path)
        gone_commit += [commit] * (len(gone) - first_gone)
        self.direct[commit] = first_gone, starts, owners
        changed = tree.mutate()
        for path in leaving:
            changed.pop(path, None)
        for path, blob, ids in arriving:
            changed[path] = blob, ids
        return changed.finish()

    def land_directly(self, commit: int) -> None:
        """A mainline commit alone in its landing: what it added lands, what it removed dies."""
        if commit not in self.direct:
            return
        lines, files = self.forward.lines, self.forward.files
        low, high = self.span[commit]
        first, last = (self.first_born + self.born_at[self.hunk_at[k]] for k in (low, high))
        lines.landed_at[first:last] = commit
        lines.landed_number[first:last] = lines.number[first:last]
        lines.landed_path[first:last] = self._paths(first, last)
        for k in range(low, high):
            if (old_path := self.old_path[k]) is not None and self.blob[k]:
                self.forward.renames.append((commit, files.path_of(old_path), files.path_of(self.path[k])))
        first_gone, starts, owners = self.direct[commit]
        if not starts:
            return
        gone = self.gone[first_gone : first_gone + len(starts)]
        ids = np.concatenate(gone)
        sizes = np.array([len(each) for each in gone])
        offsets = np.arange(len(ids)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        old_paths = [files.path_of(self.old_path[k] or self.path[k]) for k in owners]
        lines.died_at[ids] = commit
        lines.died_path[ids] = np.repeat(np.array(old_paths, dtype=np.int32), sizes)
        lines.died_number[ids] = np.repeat(np.array(starts), sizes) + offsets + 1

    def _paths(self, first: int, last: int) -> Ids:
        lines = self.forward.lines
        row = lines.file[first:last]
        if not len(row):
            return NO_LINES
        low = int(row[0])
        return np.array(self.forward.files.path[low : int(row[-1]) + 1], dtype=np.int32)[row - low]

    def merge(self, commit: int, tree: Tree, parents: Sequence[Tree]) -> Tree:
        """The tree of a merge: each path from the parent that has that very blob, else line by line."""
        paths = self.chunk.merges.paths.get(commit)
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
            self.forward.unread.setdefault(commit, []).append(path)
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
        files = self.forward.files
        index = files.path_of(path)
        if self.is_replay:
            resumed = self.forward.resumed
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
        return self.forward.lines.bear(row, np.arange(before + 1, before + count + 1, dtype=np.int32))

    def finish(self) -> None:
        """Keep what later steps need: who removed which lines."""
        if not self.gone:
            return
        removals = self.forward.removals
        sizes = np.array([len(each) for each in self.gone])
        removals.ids.append(np.concatenate(self.gone))
        removals.commit.append(np.repeat(np.array(self.gone_commit, dtype=np.int32), sizes))


def _unread(tree: Tree, paths: Iterable[tuple[bytes, bytes]]) -> Tree:
    """The tree with paths of which only the blobs are known."""
    changed = tree.mutate()
    for path, blob in paths:
        if blob:
            changed[path] = blob, NO_LINES
        else:
            changed.pop(path, None)
    return changed.finish()


def _elsewhere(tree: Tree, path: bytes, blob: bytes, first: Tree, blobs: Mapping[bytes, bytes]) -> Ids | None:
    """The lines of a file of that very content that a merge moved to ``path``: a subtree merge does so.

    ``blobs``: of the paths in which the merge differs from its first parent. A file that the merge
    still has in its old place was not moved.
    """
    found = []
    for name, (held, _) in tree.items():
        if held == blob:
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
