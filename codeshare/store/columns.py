"""Arrow columns from plain values.

``pyarrow.array`` loads pandas to see what it was given, and ``to_numpy`` does, which takes longer than
mining a small repository; buffers and builders do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

Flags = NDArray[np.bool_]

_EPOCH, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)
_NEVER = np.datetime64("NaT").astype(np.int64).item()

_WIDTHS = {
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.uint64(): np.uint64,
    pa.float64(): np.float64,
    pa.date32(): np.int32,
    pa.timestamp("us"): np.int64,
}


def texts(values: Iterable[str | None]) -> pa.Array:
    """Strings; None is null."""
    builder = pa.lib.StringBuilder()
    builder.append_values(list(values))
    return builder.finish()


def numbers(values: ArrayLike, known: Flags | None = None, kind: pa.DataType | None = None) -> pa.Array:
    """Numbers, 32-bit integers unless ``kind`` says otherwise; null where not ``known``."""
    kind = kind or pa.int32()
    data = np.ascontiguousarray(values, dtype=_WIDTHS[kind])
    return pa.Array.from_buffers(kind, len(data), [_bitmap(known), pa.py_buffer(data)])


def optional(values: Sequence[int | None], kind: pa.DataType | None = None) -> pa.Array:
    """Numbers of which some are None."""
    known = np.array([value is not None for value in values], dtype=np.bool_)
    return numbers([value or 0 for value in values], known, kind)


def flags(values: Iterable[bool] | Flags) -> pa.Array:
    """True and false."""
    data = np.fromiter(values, dtype=np.bool_) if not isinstance(values, np.ndarray) else values
    return pa.Array.from_buffers(pa.bool_(), len(data), [None, _bitmap(data)])


def times(values: Sequence[datetime | None] | NDArray[np.datetime64], known: Flags | None = None) -> pa.Array:
    """Times without a zone, to the microsecond; null where None or not ``known``."""
    if not isinstance(values, np.ndarray):  # of which numpy would take five times as long to make one
        since = [_NEVER if each is None else (each - _EPOCH) // _MICROSECOND for each in values]
        values = np.array(since, dtype=np.int64).view("datetime64[us]")
    data = values.astype("datetime64[us]", copy=False)
    given = ~np.isnat(data)
    return numbers(data.view(np.int64), given if known is None else given & known, pa.timestamp("us"))


def lists(values: Sequence[Sequence[str]]) -> pa.Array:
    """Lists of strings."""
    ends = np.cumsum([0, *(len(each) for each in values)])
    return pa.ListArray.from_arrays(numbers(ends), texts(text for each in values for text in each))


def values_of(column: pa.ChunkedArray | pa.Array) -> NDArray[Any]:
    """What `numbers` or `flags` made a column of, or DuckDB; it has no nulls."""
    parts = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return np.concatenate([np.zeros(0, _width(column.type)), *map(_values, parts)], dtype=_width(column.type))


def _values(part: pa.Array) -> NDArray[Any]:
    buffer, end = part.buffers()[1], part.offset + len(part)
    if not len(part):
        return np.zeros(0, _width(part.type))
    if pa.types.is_boolean(part.type):
        bits = np.frombuffer(buffer, dtype=np.uint8)
        return np.unpackbits(bits, count=end, bitorder="little")[part.offset :].astype(np.bool_)
    return np.frombuffer(buffer, dtype=_width(part.type), count=end)[part.offset :]


def _width(kind: pa.DataType) -> type[np.generic]:
    return np.bool_ if pa.types.is_boolean(kind) else _WIDTHS[kind]


class Lookup:
    """Strings to be looked up by index for many rows, each stored once."""

    def __init__(self, values: Iterable[str | None]) -> None:
        codes: dict[str | None, int] = {}
        self._code = np.fromiter((codes.setdefault(value, len(codes)) for value in values), dtype=np.int32)
        self._texts = texts(codes)
        self._null = codes.get(None)

    def __call__(self, index: NDArray[Any], where: Flags | None = None) -> pa.Array:
        """The values at ``index``; null where not ``where``."""
        # What points nowhere is hidden by `where`, and need not point into the values.
        codes = self._code.take(index, mode="clip") if len(self._code) else np.zeros(len(index), np.int32)
        if self._null is not None:
            given = codes != self._null
            where = given if where is None else given & where
        if not len(self._texts):
            return texts([None] * len(codes))
        return pa.DictionaryArray.from_arrays(numbers(codes, where), self._texts)


def alike(values: Sequence[str | None]) -> pa.Array:
    """Strings, many of which are the same: each is stored once."""
    return Lookup(values)(np.arange(len(values)))


def same(value: str, count: int) -> pa.Array:
    """One string, ``count`` times."""
    return pa.DictionaryArray.from_arrays(numbers(np.zeros(count)), texts([value]))


def table(rows: Sequence[Sequence[Any]], columns: Mapping[str, pa.DataType]) -> pa.Table:
    """Rows of strings, numbers and flags as a table."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table(
        {name: _column(each, kind) for (name, kind), each in zip(columns.items(), values, strict=True)}
    )


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return texts(values)
    if pa.types.is_boolean(kind):
        return flags(values)
    return optional(values, kind)


def _bitmap(values: Flags | None) -> pa.Buffer | None:
    return None if values is None else pa.py_buffer(np.packbits(values, bitorder="little"))
