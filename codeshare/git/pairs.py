"""Blobs compared two at a time, path after path, whatever commits they belong to.

git spends most of a history's diffs on undoing delta chains and, in merges, on comparing once more what it
has compared before. Asked for all versions of a path one after the other it finds the last one still at
hand. ``diff-tree`` compares trees, so pairs are put into two trees of our own, the older blobs into one and
the newer into the other, under names that only count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from codeshare.git.owntrees import Entry, OwnTrees
from codeshare.git.raw import RawFiles
from codeshare.git.shadow import Answer, ask

_COMPARE = ("diff-tree", "--stdin", "-r", "-p", "--no-renames", "--full-index", "--no-ext-diff", "--no-textconv")  # fmt: skip
# With context git compares whole files, as numstat does; without, it first drops the end that both have in
# common, as blame does. In one commit of three hundred the counts then differ by a line or two.
_AS_NUMSTAT, _AS_BLAME = (*_COMPARE, "-U1"), (*_COMPARE, "-U0")
_TREE = 1000  # pairs in one


class Pairs:
    """What is to be compared: each pair once, an older and a newer blob (hex ids; empty: no file).

    ``order``: the numbers of the pairs, as git compares them; filled by `put_in_order`.
    """

    def __init__(self) -> None:
        self.order: list[int] = []
        self._number: dict[tuple[bytes, bytes], int] = {}
        self._of_path: dict[bytes, list[int]] = {}

    def __len__(self) -> int:
        return len(self._number)

    def add(self, path: bytes, old: bytes, new: bytes) -> int:
        """The number of a pair; ``path``: near which others it is compared."""
        before = len(self._number)
        number = self._number.setdefault((old, new), before)
        if number == before:
            self._of_path.setdefault(path, []).append(number)
        return number

    def add_files(self, files: RawFiles) -> list[tuple[int, int]]:
        """The number of the file and of the pair, for each patch of some commits' files; in order of the files."""
        found: list[tuple[int, int]] = []
        rows = zip(files.status, files.path, files.old, files.new, strict=True)
        for k, (letter, path, old, new) in enumerate(rows):
            if letter != "T":
                if old != new:
                    found.append((k, self.add(path, old, new)))
                continue
            # Of a change of type one ends, another begins.
            found += [(k, self.add(path, *pair)) for pair in ((old, b""), (b"", new)) if pair[0] != pair[1]]
        return found

    def put_in_order(self) -> list[tuple[bytes, bytes]]:
        """Set ``order``; all pairs, by number."""
        self.order = [number for path in sorted(self._of_path) for number in self._of_path[path]]
        return list(self._number)

    def compare(self, git_dir: Path, *, lines: bool) -> Answer:
        """Git's patches, in ``order``; ``lines``: to follow them, as `git blame` would, else as numstat counts."""
        pairs = self.put_in_order()
        return compare_pairs(git_dir, [pairs[k] for k in self.order], lines=lines)


def compare_pairs(git_dir: Path, pairs: Sequence[tuple[bytes, bytes]], *, lines: bool) -> Answer:
    """Git's patches of pairs, in their order; ``lines`` as for `Pairs.compare`."""
    with OwnTrees(git_dir) as trees:
        return ask(git_dir, _AS_BLAME if lines else _AS_NUMSTAT, list(_stretches(trees, pairs)))


def _stretches(trees: OwnTrees, pairs: Sequence[tuple[bytes, bytes]]) -> Iterator[str]:
    for at in range(0, len(pairs), _TREE):
        sides: tuple[list[Entry], list[Entry]] = ([], [])
        for number, pair in enumerate(pairs[at : at + _TREE], at):
            for side, blob in zip(sides, pair, strict=True):
                if blob:
                    side.append((b"%09d" % number, b"100644", blob))
        yield trees.pair(*sides)
