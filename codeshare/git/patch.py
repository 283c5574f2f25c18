"""Parse git's patches with numpy: no Python per line, none per patch.

In ``diff-tree -p`` every line of content begins with ``+``, ``-``, a space or a backslash, so the newlines
and the byte after each tell headers from content.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from codeshare.git.form import HIGHEST, reading

_Integer = TypeVar("_Integer", bound=np.integer)
Ints = npt.NDArray[np.int64]

_PLUS, _MINUS, _SPACE, _BACKSLASH, _AT, _COMMA, _D, _I, _B = b"+- \\@,diB"
_HEADER_WIDTH = 60


class PairHunks:
    """What git printed for pairs of blobs: the changed lines and the runs (hunks without context) they form.

    ``hunks``: int64[n, 4] of old_start, old_count, new_start, new_count. ``out``: what was printed; ``starts``,
    ``ends``: where each of its lines begins, and where the newline stands that ends it. ``count``: of pairs.
    """

    def __init__(self, out: bytes, order: Sequence[int] | None = None) -> None:
        """Parse what `Pairs.compare` printed.

        Args:
            out: the stream.
            order: the numbers of the pairs, as git compared them; None: as they come, however many they are.

        Raises:
            GitError: it has another form, or hunks hold other lines than they say.
        """
        self.out = out
        with reading("diff-tree"):
            self._parse(None if order is None else np.array(order, dtype=np.int64))

    def _parse(self, order: Ints | None) -> None:
        buffer = np.frombuffer(self.out, dtype=np.uint8)
        self.ends = np.flatnonzero(buffer == 10)
        self.starts = np.concatenate((np.zeros(1, dtype=np.int64), self.ends[:-1] + 1))[: len(self.ends)]
        first = buffer[self.starts] if len(self.ends) else buffer[:0]
        is_header = (first != _PLUS) & (first != _MINUS) & (first != _SPACE) & (first != _BACKSLASH)
        headers = np.flatnonzero(is_header)
        kinds = first[headers]
        # The ids of two trees may begin with a `d`, too.
        begins = headers[
            (kinds == _D) & (buffer[np.minimum(self.starts[headers] + 1, len(buffer) - 1)] == _I)
        ]
        if order is None:
            order = np.arange(len(begins))
        self.count = len(order)
        if len(begins) != len(order):
            raise ValueError(f"{len(begins)} of {len(order)} patches")
        self._block = np.empty_like(order)
        self._block[order] = np.arange(len(order))
        self._binary = np.zeros(len(order), dtype=bool)
        binary = np.searchsorted(begins, headers[kinds == _B]) - 1
        if (binary < 0).any():
            raise ValueError("a binary file of no patch")
        self._binary[binary] = True
        hunk_lines = headers[kinds == _AT]
        printed = parse_hunk_headers(buffer, self.starts[hunk_lines])
        block = np.searchsorted(begins, hunk_lines) - 1
        _refuse_disorder(printed, block)
        # Content stands between a hunk header and the next header; `---` and `+++` follow `index`.
        after = np.append(headers, len(first))[np.searchsorted(headers, hunk_lines) + 1]
        spans = after - hunk_lines - 1
        line = np.repeat(hunk_lines + 1, spans) + counting(spans)
        hunk = np.repeat(np.arange(len(spans)), spans)
        kind = first[line]
        text = kind != _BACKSLASH
        self._find_runs(line[text], hunk[text], kind[text], printed, block)
        bounds = np.arange(len(order) + 1)
        self._hunk_at = np.searchsorted(self._hunk_block, bounds)
        self._line_at = np.searchsorted(self._hunk_block[self._line_hunk], bounds)

    def is_binary(self, pairs: Ints) -> npt.NDArray[np.bool_]:
        """Of some pairs, whether git calls a blob binary."""
        return self._binary[self._block[pairs]]

    def hunks_of(self, pairs: Ints) -> tuple[Ints, Ints]:
        """The hunks of some pairs, one after the other: to which of the pairs given each belongs, and the hunks."""
        which, place = gather(self._hunk_at, self._block[pairs])
        return which, self.hunks[place]

    def lines_of(self, pairs: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """The changed lines of some pairs, one after the other: which lines of ``out``, and whether they are added."""
        _, place = gather(self._line_at, self._block[pairs])
        return self._line[place], self._is_added[place]

    def _find_runs(self, line: Ints, hunk: Ints, kind: Any, printed: Ints, block: Ints) -> None:
        """Cut git's hunks at their context lines, where it prints any: what remains are hunks as of ``-U0``."""
        changed = kind != _SPACE
        previous = np.concatenate((np.zeros(1, dtype=bool), changed[:-1] & (hunk[1:] == hunk[:-1])))[
            : len(line)
        ]
        begins = np.flatnonzero(changed & ~previous)
        is_added, is_removed = kind == _PLUS, kind == _MINUS
        place = (np.cumsum(changed & ~previous) - 1)[changed]
        old_count = np.bincount(place[is_removed[changed]], minlength=len(begins))
        new_count = np.bincount(place[is_added[changed]], minlength=len(begins))
        run_hunk = hunk[begins]
        first_line = np.searchsorted(hunk, np.arange(len(printed)))
        old_before, new_before = (bounds_of(~side) for side in (is_added, is_removed))
        end_line = np.append(first_line[1:], len(line))[: len(printed)]
        starts = []
        for before, start, count, mine in (
            (old_before, printed[:, 0], printed[:, 1], old_count),
            (new_before, printed[:, 2], printed[:, 3], new_count),
        ):
            if (before[end_line] - before[first_line] != count).any():
                raise ValueError("a hunk holds other lines than it says")
            base = (start + (count == 0))[run_hunk]
            starts.append(base + before[begins] - before[first_line[run_hunk]] - (mine == 0))
        self.hunks = np.stack((starts[0], old_count, starts[1], new_count), axis=1)
        self._hunk_block = block[run_hunk]
        self._line, self._line_hunk, self._is_added = line[changed], place, is_added[changed]


def parse_hunk_headers(buffer: npt.NDArray[np.uint8], starts: Ints) -> Ints:
    """Read ``@@ -a,b +c,d @@`` at each start, all at once: int64[n, 4]; an absent count is 1."""
    result = np.tile(np.array([0, 1, 0, 1], dtype=np.int64), (len(starts), 1))
    rows, last = np.arange(len(starts)), len(buffer) - 1
    field, value = np.zeros_like(rows), np.zeros_like(rows)
    for column in range(4, _HEADER_WIDTH):
        if not len(rows):
            break
        byte = buffer[np.minimum(starts[rows] + column, last)]
        digit = byte - np.uint8(48)
        other = np.flatnonzero(digit > 9)
        kind, held = byte[other], value[other]
        # More would wrap around, and what wraps around may look right.
        value = np.minimum(value * 10 + digit, HIGHEST + 1)
        value[other] = held
        ended = other[(kind == _COMMA) | (kind == _PLUS) | (kind == _AT)]
        result[rows[ended], field[ended]] = value[ended]
        value[ended] = 0
        field[other[kind == _COMMA]] += 1
        field[other[kind == _PLUS]] = 2
        going = byte != _AT
        if not going.all():
            rows, field, value = rows[going], field[going], value[going]
    return result


def _refuse_disorder(hunks: Ints, block: Ints) -> None:
    """Hunks belong to a patch, and follow one another in it."""
    if not len(hunks):
        return
    ends = hunks[:, (0, 2)] + np.maximum(hunks[:, (1, 3)], 1)
    begins = hunks[:, (0, 2)] + (hunks[:, (1, 3)] == 0)
    overlap = (begins[1:] < ends[:-1]).any(axis=1) & (block[1:] == block[:-1])
    if block[0] < 0 or (begins < 1).any() or (ends > HIGHEST).any() or overlap.any():
        raise ValueError("hunks out of place")


def counting(lengths: Ints) -> Ints:
    """0, 1, … for each length, one after the other."""
    total = int(lengths.sum())
    return np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def bounds_of(sizes: npt.NDArray[Any]) -> Ints:
    """Where each of some pieces of these sizes begins that stand one after the other, and where the last ends."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))


def distinct(values: npt.NDArray[_Integer]) -> npt.NDArray[_Integer]:
    """The values in order, each once. To say that, `numpy.unique` loads masked arrays first, a fiftieth of a second."""
    ordered = np.sort(values)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]


def gather(at: Ints, blocks: Ints) -> tuple[Ints, Ints]:
    """Places of what belongs to some blocks, one after the other, with the number of the block among those given."""
    sizes = at[blocks + 1] - at[blocks]
    return np.repeat(np.arange(len(blocks)), sizes), np.repeat(at[blocks], sizes) + counting(sizes)
