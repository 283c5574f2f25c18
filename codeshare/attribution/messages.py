"""The messages of a history, asked all at once what they may hold.

Looking into one message after another takes most of its time where there is nothing, and that is nearly everywhere.
RE2, which Arrow brings along, looks into all of them in a fifth of that time. But it knows no Unicode as Python does,
so it only tells which messages may hold something, and these are then read as a single one would be: a pattern here
(`attribution.hints` makes them) is a condition that all that is looked for meets, and that more may meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

Flags = NDArray[np.bool_]

FEW = 5_000
"""Fewer messages are read in less time than it takes to load Arrow's functions: then each may hold anything."""

_AT_ONCE = 8_192
_LIKE_ASCII = ("\u0130", "\u0131", "\u017f", "\u212a")
"""The only letters beyond ASCII that Python takes for ASCII in another case (i, i, s, k): with one, a message may hold anything."""


class Messages:
    """The messages of many commits, in their order."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._known: dict[str, Flags] = {}

    def may_hold(self, *patterns: str) -> Flags:
        """Whether each message may hold something of one of the patterns."""
        pattern = "|".join(patterns)
        known = self._known.get(pattern)
        if known is None:
            found = [_flags(_mask(part, pattern)) for part in self._parts]
            known = np.concatenate(found) | self._odd if found else np.ones(len(self.texts), np.bool_)
            self._known[pattern] = known
        return known

    def may_have_line(self, pattern: str, is_wanted: Callable[[str], bool], since: int = 0) -> Flags:
        """Whether each message may have a line of the pattern that is wanted; false for those before ``since``.

        A line that several messages have is asked about once.
        """
        result = self._odd.copy() if self._parts else np.ones(len(self.texts), np.bool_)
        for n, part in enumerate(self._parts):
            if (n + 1) * _AT_ONCE > since:
                result[_with_line(part, pattern, is_wanted) + n * _AT_ONCE] = True
        result[:since] = False
        return result

    @cached_property
    def _odd(self) -> Flags:
        is_odd = (not text.isascii() and any(letter in text for letter in _LIKE_ASCII) for text in self.texts)
        return np.fromiter(is_odd, np.bool_)

    @cached_property
    def _parts(self) -> list[pa.Array]:
        """Arrays of the messages; none where they are few."""
        if len(self.texts) < FEW:
            return []
        return [_array(self.texts[n : n + _AT_ONCE]) for n in range(0, len(self.texts), _AT_ONCE)]


def _array(texts: Sequence[str]) -> pa.Array:
    import pyarrow as pa

    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.cumsum([0, *map(len, raw)], dtype=np.int64)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(raw))]
    return pa.Array.from_buffers(pa.large_binary(), len(raw), buffers)


def _with_line(texts: pa.Array, pattern: str, is_wanted: Callable[[str], bool]) -> NDArray[np.int64]:
    """Indexes of the texts that have a line of the pattern that is wanted."""
    import pyarrow.compute as pc

    split = pc.split_pattern(texts, "\n")
    mask = _mask(split.values, pattern)
    lines = split.values.filter(mask).dictionary_encode()
    distinct = (line.decode("utf-8", "surrogatepass") for line in lines.dictionary.to_pylist())
    wanted = np.fromiter(map(is_wanted, distinct), np.bool_)
    places = np.flatnonzero(_flags(mask))[wanted[_integers(lines.indices)]]
    return np.searchsorted(_integers(split.offsets), places, side="right") - 1


def _mask(texts: pa.Array, pattern: str) -> pa.Array:
    """In which texts RE2 finds the pattern; all of them where the pattern is too large for it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.match_substring_regex(texts, pattern, ignore_case=True)
    except pa.ArrowInvalid:  # too large, of thousands of rules
        return pc.match_substring_regex(texts, "")


def _flags(mask: pa.Array) -> Flags:
    # `to_numpy` would load pandas.
    raw = np.frombuffer(mask.buffers()[1], np.uint8)
    return np.unpackbits(raw, count=len(mask), bitorder="little").astype(np.bool_)


def _integers(values: pa.Array) -> NDArray[np.int32]:
    return np.frombuffer(values.buffers()[1], np.int32, len(values)) if len(values) else np.zeros(0, np.int32)
