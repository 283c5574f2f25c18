"""Added lines that are there twice: blocks of six lines or more that the same tree holds elsewhere.

Lines are compared without blank lines and with each run of whitespace as one space (clones of type 1 but
for comments). Six lines are the smallest clone of Bellon and others, "Comparison and Evaluation of Clone
Detection Tools", IEEE Transactions on Software Engineering 33(9), 2007.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from codeshare.git.shadow import is_binary, run_in

BLOCK = 6
MOST_FILES = 20_000
"""Trees with more files of code are not searched."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
Hashes = NDArray[np.uint64]


class Blocks(Struct, frozen=True):
    """The blocks of a file: ``numbers``, the 1-based numbers of its non-blank lines, and a hash for each
    place at which a block of ``BLOCK`` of them begins.
    """

    numbers: NDArray[np.int64]
    hashes: Hashes

    def alone(self) -> Hashes:
        """The hashes; of blocks that overlap an equal one (a run of equal lines) only the first's."""
        order = np.lexsort((np.arange(len(self.hashes)), self.hashes))
        hashes = self.hashes[order]
        again = np.zeros(len(hashes), dtype=bool)
        again[1:] = (hashes[1:] == hashes[:-1]) & (np.diff(order) < BLOCK)
        return hashes[~again]


def blocks(content: bytes) -> Blocks:
    """Cut a file into blocks."""
    lines = [b" ".join(line.split()) for line in content.split(b"\n")]
    kept = [number for number, line in enumerate(lines, 1) if line]
    each = np.array([hash(lines[number - 1]) for number in kept], dtype=np.int64).view(np.uint64)
    count = max(len(each) - BLOCK + 1, 0)
    found = np.zeros(count, dtype=np.uint64)
    for place in range(BLOCK):
        found = found * _FACTOR + each[place : place + count]
        found ^= found >> np.uint64(29)
    return Blocks(np.array(kept, dtype=np.int64), found)


class Trees:
    """The blocks of the code of trees, kept from one commit to the next."""

    def __init__(self, git_dir: Path, code: Collection[bytes]) -> None:
        self._git_dir, self._code = git_dir, code
        self._known: dict[bytes, Hashes] = {}

    def duplicated(
        self, sha: str, added: Mapping[bytes, tuple[bytes, set[int]]]
    ) -> dict[bytes, set[int]] | None:
        """Of the added lines those in duplicated blocks, by path; None where the tree is too large.

        Args:
            added: by path its content after the commit and the numbers of its added lines.
        """
        sought = {path: _added_blocks(content, lines) for path, (content, lines) in added.items()}
        wanted = np.unique(np.concatenate([hashes for _, hashes in sought.values()])) if sought else None
        if wanted is None or not len(wanted):
            return {path: set() for path in added}
        held = self._tree(sha)
        if held is None:
            return None
        counts = np.zeros(len(wanted), dtype=np.int64)
        for hashes in held:
            place = np.searchsorted(wanted, hashes)
            place[place == len(wanted)] = 0
            np.add.at(counts, place[wanted[place] == hashes], 1)
        twice = wanted[counts > 1]
        return {path: _lines_of(starts, hashes, twice) for path, (starts, hashes) in sought.items()}

    def _tree(self, sha: str) -> list[Hashes] | None:
        out = run_in(self._git_dir, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", sha)
        entries = (entry.partition(b"\t") for entry in out.split(b"\0")[:-1])
        fields = [meta.split(b" ") for meta, _, path in entries if path in self._code]
        ids = [blob for mode, _, blob in fields if mode in (b"100644", b"100755")]
        if len(ids) > MOST_FILES:
            return None
        self._read([blob for blob in dict.fromkeys(ids) if blob not in self._known])
        held = set(ids)
        self._known = {blob: hashes for blob, hashes in self._known.items() if blob in held}
        return [self._known[blob] for blob in ids]

    def _read(self, ids: Sequence[bytes]) -> None:
        feed = b"".join(blob + b"\n" for blob in ids)
        out = run_in(self._git_dir, "cat-file", "--batch", "--buffer", feed=feed) if ids else b""
        at = 0
        for blob in ids:
            end = out.index(b"\n", at)
            head = out[at:end].split(b" ")
            if len(head) != 3:  # absent
                self._known[blob], at = np.zeros(0, dtype=np.uint64), end + 1
                continue
            content = out[end + 1 : end + 1 + int(head[2])]
            self._known[blob] = (
                np.zeros(0, dtype=np.uint64) if is_binary(content) else blocks(content).alone()
            )
            at = end + 2 + int(head[2])


def _added_blocks(content: bytes, lines: set[int]) -> tuple[NDArray[np.int64], Hashes]:
    """The blocks of which every line was added: the numbers of their lines, and their hashes."""
    cut = blocks(content)
    is_added = np.isin(cut.numbers, np.array(sorted(lines), dtype=np.int64))
    if not len(cut.hashes):
        return np.zeros((0, BLOCK), dtype=np.int64), cut.hashes
    whole = np.lib.stride_tricks.sliding_window_view(is_added, BLOCK).all(axis=1)
    numbers = np.lib.stride_tricks.sliding_window_view(cut.numbers, BLOCK)
    return numbers[whole], cut.hashes[whole]


def _lines_of(numbers: NDArray[np.int64], hashes: Hashes, twice: Hashes) -> set[int]:
    return set(numbers[np.isin(hashes, twice)].ravel().tolist())
