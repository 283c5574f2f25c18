"""Lines of a squash, found again in the last tree of its request: by path, then by content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct, field

from codeshare.git.alignment import Run, is_telling, read_squeezed, same_runs
from codeshare.git.shadow import Shadow
from codeshare.provenance.lines import UNKNOWN, Ids
from codeshare.provenance.trees import Tree, ids_in

_MOVED = 3  # lines: the shortest run that is found again in another file
_MOST_LEFT = 20_000  # lines that are searched for by content
_GROUP = 100  # squashes whose files are held in memory together


class Landed(Struct):
    """A squash: by path the blob and the numbers of the lines it added; and the files of its request."""

    files: Mapping[bytes, tuple[bytes, Ids]]
    tree: Tree


class Found(Struct):
    """By path of the squash: numbers of its lines, ascending, the ids they have in the request.

    ``by_content``: which of these were found elsewhere than a comparison of the two files has them.
    """

    lines: dict[bytes, tuple[Ids, Ids]] = field(default_factory=dict)
    by_content: dict[bytes, set[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many lines were found."""
        return sum(len(numbers) for numbers, _ in self.lines.values())


def match(shadow: Shadow, squashes: Sequence[Landed]) -> Iterator[Found]:
    """Find the lines that squashes added, in order."""
    for low in range(0, len(squashes), _GROUP):
        yield from _match(shadow, squashes[low : low + _GROUP])


def _match(shadow: Shadow, squashes: Sequence[Landed]) -> Iterator[Found]:
    pairs: list[tuple[bytes, bytes]] = []
    wanted: list[list[tuple[bytes, int]]] = []
    for squash in squashes:
        mine = []
        for path, (blob, _) in squash.files.items():
            entry = squash.tree.get(path)
            if entry is not None and entry[0] != blob and entry[0] and (ids_in(entry) != UNKNOWN).any():
                mine.append((path, len(pairs)))
                pairs.append((entry[0], blob))
        wanted.append(mine)
    runs = list(same_runs(shadow, pairs))
    searches = []
    for squash, mine in zip(squashes, wanted, strict=True):
        searches.append(_Search(squash, {path: runs[k] for path, k in mine}))
    blobs = {blob for search in searches for blob in search.blobs()}
    texts = read_squeezed(shadow, blobs) if blobs else {}
    for search in searches:
        search.by_content(texts)
        yield search.result()


class _Search:
    """One squash: ids of its added lines by path, `UNKNOWN` where none is found."""

    def __init__(self, squash: Landed, runs: Mapping[bytes, Sequence[Run]]) -> None:
        self.squash = squash
        self.ids: dict[bytes, Ids] = {}
        self.left: dict[bytes, list[int]] = {}
        self.anew: dict[bytes, set[int]] = {}
        for path, (blob, numbers) in squash.files.items():
            entry = squash.tree.get(path)
            if entry is not None and entry[0] == blob:
                at = numbers - 1
            else:
                at = _positions(numbers, runs.get(path, ()))
            there = ids_in(entry)
            known = (at >= 0) & (at < len(there))
            self.ids[path] = np.where(known, there.take(at, mode="clip"), UNKNOWN) if len(there) else np.full(len(numbers), UNKNOWN, dtype=np.int32)  # fmt: skip
            if left := numbers[at < 0].tolist():
                self.left[path] = left
        self.wanted = self._unfound()

    def _unfound(self) -> dict[bytes, list[tuple[int, int]]]:
        """Lines of the request's commits that no line of the squash was found to be: by path place and id."""
        if not self.left or sum(map(len, self.left.values())) > _MOST_LEFT:
            return {}
        used = np.concatenate([ids[ids != UNKNOWN] for ids in self.ids.values()] or [np.empty(0, np.int32)])
        result: dict[bytes, list[tuple[int, int]]] = {}
        count = 0
        for path, entry in self.squash.tree.items():
            ids = ids_in(entry)
            places = np.flatnonzero((ids != UNKNOWN) & ~np.isin(ids, used)) if len(ids) else ()
            if len(places):
                result[path] = list(zip(list(places), ids[places].tolist(), strict=True))
                count += len(places)
        return result if count <= _MOST_LEFT else {}

    def blobs(self) -> set[bytes]:
        """The files whose content must be known."""
        if not self.wanted or not self.left:
            return set()
        mine = {self.squash.files[path][0] for path in self.left}
        return mine | {self.squash.tree[path][0] for path in self.wanted}

    def by_content(self, texts: Mapping[bytes, list[bytes] | None]) -> None:
        """Find lines in other places: such as are alone of their kind on both sides, and what adjoins them."""
        if not self.wanted or not self.left:
            return
        here = {path: texts.get(self.squash.files[path][0]) or [] for path in self.left}
        there = {path: texts.get(self.squash.tree[path][0]) or [] for path in self.wanted}
        often = [Counter(line for lines in side.values() for line in lines) for side in (here, there)]
        origin = {(path, at): found for path, rows in self.wanted.items() for at, found in rows}
        place = {
            there[path][at]: (path, at) for path, at in origin if at < len(there[path])
        }  # of lines that come once: which of several does not matter
        open_here = {(path, n - 1) for path, numbers in self.left.items() for n in numbers}
        for path, at in sorted(open_here):
            line = here[path][at] if at < len(here[path]) else b""
            target = place.get(line)
            if (path, at) not in open_here or target is None or not is_telling(line):
                continue
            if often[0][line] != 1 or often[1][line] != 1:
                continue
            run = self._run((path, at), target, here[path], there[target[0]], open_here, origin)
            if target[0] == path or len(run) >= _MOVED:
                self._take(path, run, target[0], origin, open_here)

    @staticmethod
    def _run(
        mine: tuple[bytes, int],
        theirs: tuple[bytes, int],
        here: Sequence[bytes],
        there: Sequence[bytes],
        open_here: set[tuple[bytes, int]],
        origin: Mapping[tuple[bytes, int], int],
    ) -> list[tuple[int, int]]:
        """The lines that adjoin a pair of equal ones and are equal as well."""
        (path, at), (other, to) = mine, theirs
        run = [(at, to)]
        for step in (-1, 1):
            k = step
            while (
                (path, at + k) in open_here
                and (other, to + k) in origin
                and at + k < len(here)
                and to + k < len(there)
                and here[at + k] == there[to + k]
            ):
                run.append((at + k, to + k))
                k += step
        return run

    def _take(
        self,
        path: bytes,
        run: Sequence[tuple[int, int]],
        other: bytes,
        origin: dict[tuple[bytes, int], int],
        open_here: set[tuple[bytes, int]],
    ) -> None:
        numbers = self.squash.files[path][1]
        for at, to in run:
            self.ids[path][int(np.searchsorted(numbers, at + 1))] = origin.pop((other, to))
            open_here.discard((path, at))
            self.anew.setdefault(path, set()).add(at + 1)

    def result(self) -> Found:
        """What was found."""
        found = Found(by_content=self.anew)
        for path, ids in self.ids.items():
            if (known := ids != UNKNOWN).any():
                found.lines[path] = self.squash.files[path][1][known], ids[known]
        return found


def _positions(numbers: Ids, runs: Sequence[Run]) -> Ids:
    """Where lines (1-based) stand in the other file (0-based); −1: in no run."""
    if not runs:
        return np.full(len(numbers), -1, dtype=np.int64).astype(np.int32)
    old, new, count = np.array(runs, dtype=np.int64).T
    at = numbers.astype(np.int64) - 1
    k = np.searchsorted(new, at, side="right") - 1
    inside = (k >= 0) & (at < (new + count)[k])
    return np.where(inside, at - new[k] + old[k], -1).astype(np.int32)
