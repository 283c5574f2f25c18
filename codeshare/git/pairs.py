"""Blobs compared two at a time, path after path, whatever commits they belong to.

git spends most of a history's diffs on undoing delta chains and, in merges, on comparing once more what it
has compared before. Asked for all versions of a path one after the other it finds the last one still at
hand. ``diff-tree`` compares trees, so pairs are put into two trees of our own, the older blobs into one and
the newer into the other, under names that only count.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from binascii import unhexlify
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from codeshare.git.session import Answer, ask_kept

_COMPARE = ("diff-tree", "--stdin", "-r", "-p", "--no-renames", "--full-index", "--no-ext-diff", "--no-textconv")  # fmt: skip
# With context git compares whole files, as numstat does; without, it first drops the end that both have in
# common, as blame does. In one commit of three hundred the counts then differ by a line or two.
_AS_NUMSTAT, _AS_BLAME = (*_COMPARE, "-U1"), (*_COMPARE, "-U0")
_TREE = 1000  # pairs in one
_numbers = count()


class Pairs:
    """What is to be compared: each pair once, an older and a newer blob (hex ids; empty: no file)."""

    def __init__(self) -> None:
        self._number: dict[tuple[bytes, bytes], int] = {}
        self._path: list[bytes] = []

    def __len__(self) -> int:
        return len(self._path)

    def add(self, path: bytes, old: bytes, new: bytes) -> int:
        """The number of a pair; ``path``: near which others it is compared."""
        number = self._number.setdefault((old, new), len(self._path))
        if number == len(self._path):
            self._path.append(path)
        return number

    def order(self) -> list[int]:
        """The numbers in the order in which git compares the pairs."""
        return sorted(range(len(self._path)), key=self._path.__getitem__)

    def compare(self, git_dir: Path, *, lines: bool) -> Answer:
        """Git's patches, in that order; ``lines``: to follow them, as `git blame` would, else as numstat counts."""
        trees = _Trees(git_dir)
        try:
            asked = list(trees.of(list(self._number), self.order()))
            return ask_kept(git_dir, _AS_BLAME if lines else _AS_NUMSTAT, asked)
        finally:
            trees.remove()


class _Trees:
    """Trees of our own in the shadow git directory, until git has read them."""

    def __init__(self, git_dir: Path) -> None:
        self._objects = git_dir / "objects"
        # No two requests share a tree, so that none takes away another's.
        self._own = b"%x.%x." % (os.getpid(), next(_numbers))
        self._made: list[Path] = []

    def of(self, pairs: Sequence[tuple[bytes, bytes]], order: Sequence[int]) -> Iterator[str]:
        """Two trees for each stretch of pairs, as ``diff-tree --stdin`` takes them."""
        for at in range(0, len(order), _TREE):
            sides: tuple[list[bytes], list[bytes]] = ([], [])
            for number, k in enumerate(order[at : at + _TREE], at):
                name = b"100644 %b%09d\0" % (self._own, number)
                for side, blob in zip(sides, pairs[k], strict=True):
                    if blob:
                        side.append(name + unhexlify(blob))
            algorithm = "sha1" if len(max(pairs[order[at]])) == 40 else "sha256"
            yield " ".join(self._store(b"".join(side), algorithm) for side in sides)

    def _store(self, entries: bytes, algorithm: str) -> str:
        content = b"tree %d\0%b" % (len(entries), entries)
        name = hashlib.new(algorithm, content).hexdigest()
        if not entries:  # git knows the empty tree
            return name
        path = self._objects / name[:2] / name[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(content, 0))
        self._made.append(path)
        return name

    def remove(self) -> None:
        """Take them away."""
        for path in self._made:
            path.unlink(missing_ok=True)
