"""The tree of a commit as a pass knows it: a persistent map from paths to blobs and the ids of their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import immutables
import numpy as np

from codeshare.provenance.lines import Ids

Tree = immutables.Map[bytes, tuple[bytes, Ids]]

NO_LINES: Ids = np.empty(0, dtype=np.int32)
NO_TREE: Tree = immutables.Map()


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


def met_again(files: Iterable[tuple[bytes, bytes]], known: Sequence[Tree]) -> Tree:
    """The tree of a commit of which only the files are known: the lines are those of the first tree with that blob there."""
    return immutables.Map({path: _known_entry(path, blob, known) for path, blob in files})


def _known_entry(path: bytes, blob: bytes, known: Sequence[Tree]) -> tuple[bytes, Ids]:
    for tree in known:
        entry = tree.get(path)
        if entry is not None and entry[0] == blob:
            return entry
    return blob, NO_LINES


def unread(tree: Tree, paths: Iterable[tuple[bytes, bytes]]) -> Tree:
    """The tree with paths of which only the blobs are known."""
    changed = tree.mutate()
    for path, blob in paths:
        if blob:
            changed[path] = blob, NO_LINES
        else:
            changed.pop(path, None)
    return changed.finish()


def common_ends(old: Ids, new: Ids) -> tuple[int, int]:
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
