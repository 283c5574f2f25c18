"""Arrow columns from plain values.

``pyarrow.array`` loads pandas to see what it was given, and ``to_numpy`` does, which takes longer than
mining a small repository; buffers and builders do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

Flags = NDArray[np.bool_]

_WIDTHS = {
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.uint64(): np.uint64,
    pa.float64(): np.float64,
    pa.date32(): np.int32,
    pa.timestamp("us"): np.int64,
}

_NUMBERS = (pa.int32(), pa.int64(), pa.uint64(), pa.float64())

_EPOCH = datetime(1970, 1, 1)
_NO_TIME = np.iinfo(np.int64).min  # numpy's NaT


def texts(values: Iterable[str | None]) -> pa.Array:
    """Strings; None is null."""
    values = list(values)
    plain = _plain_texts(values)
    return _built(values) if plain is None else plain


def _plain_texts(values: Sequence[str | None]) -> pa.Array | None:
    """Strings of ASCII put one after the other, which takes a third of the time; None where some are others, or null."""
    try:
        text = "".join(values)  # type: ignore[arg-type]
    except TypeError:
        return None
    if not text.isascii() or len(text) > np.iinfo(np.int32).max:
        return None
    ends = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(np.fromiter(map(len, values), dtype=np.int32, count=len(values)), out=ends[1:])  # type: ignore[arg-type]
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(text.encode("ascii"))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _built(values: Sequence[str | None]) -> pa.Array:
    builder = pa.lib.StringBuilder()
    builder.append_values(values)
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


def members(places: Iterable[int], rows: range) -> pa.Array:
    """True for the ``rows`` (numbers) that are among ``places``, few of many."""
    return flags(_are_among(places, rows))


def few(values: Mapping[int, str], rows: range) -> pa.Array:
    """Strings by the number of their row, few of many; null for the other ``rows``."""
    given = _are_among(values, rows)
    code = np.maximum(np.cumsum(given, dtype=np.int32) - 1, 0)
    found = [values[rows[k]] for k in np.flatnonzero(given).tolist()]
    return pa.DictionaryArray.from_arrays(numbers(code, given), texts(found))


def _are_among(places: Iterable[int], rows: range) -> Flags:
    given = np.zeros(len(rows), dtype=np.bool_)
    given[[place - rows.start for place in places if place in rows]] = True
    return given


def times(values: Sequence[datetime | None] | NDArray[np.datetime64], known: Flags | None = None) -> pa.Array:
    """Times without a zone, to the microsecond; null where None or not ``known``."""
    data = values if isinstance(values, np.ndarray) else instants(values)
    given = ~np.isnat(data)
    return numbers(data.view(np.int64), given if known is None else given & known, pa.timestamp("us"))


def instants(values: Sequence[datetime | None]) -> NDArray[np.datetime64]:
    """Times to the microsecond, in an eighth of numpy's own time; None is not a time."""
    spans = (None if value is None else value - _EPOCH for value in values)
    data = np.fromiter(
        (_NO_TIME if d is None else (d.days * 86400 + d.seconds) * 1_000_000 + d.microseconds for d in spans),
        dtype=np.int64,
        count=len(values),
    )
    return data.view("datetime64[us]")


def lists(values: Sequence[Sequence[str]]) -> pa.Array:
    """Lists of strings."""
    ends = np.cumsum([0, *map(len, values)])
    return pa.ListArray.from_arrays(numbers(ends), texts(chain.from_iterable(values)))


def values_of(column: pa.ChunkedArray | pa.Array) -> NDArray[Any]:
    """What `numbers` or `flags` made a column of, or DuckDB; it has no nulls."""
    parts = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return np.concatenate([np.zeros(0, _width(column.type)), *map(_values, parts)], dtype=_width(column.type))


def plain(column: pa.ChunkedArray) -> list[Any]:
    """Plain values of a column; None is null. Times and lists take Arrow itself ten times as long."""
    if pa.types.is_timestamp(column.type) and not column.null_count:
        return values_of(column).view("datetime64[us]").tolist()  # type: ignore[no-any-return]
    if column.type in _NUMBERS and not column.null_count:
        return values_of(column).tolist()  # type: ignore[no-any-return]
    if pa.types.is_list(column.type) and not column.null_count:
        values, ends = parts_of(column)
        return [values[low:high] for low, high in pairwise(ends)]
    return column.to_pylist()  # type: ignore[no-any-return]


def parts_of(column: pa.ChunkedArray) -> tuple[list[Any], list[int]]:
    """The plain values of a column of lists, one after the other, and where the lists begin and end; it has no nulls."""
    values: list[Any] = []
    ends = [0]
    for part in column.chunks:
        offsets = values_of(part.offsets).tolist()
        values += part.values[offsets[0] : offsets[-1]].to_pylist()
        ends += [ends[-1] - offsets[0] + offset for offset in offsets[1:]]
    return values, ends


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

    def __init__(self, values: Iterable[str | None], form: Callable[[str], str] | None = None) -> None:
        self._values = list(values) or [None]  # all columns are of one type, else they cannot be put together
        self._form = form

    def __call__(self, index: NDArray[Any], where: Flags | None = None) -> pa.Array:
        """The values at ``index``; null where not ``where``."""
        # What points nowhere is hidden by `where`, and need not point into the values.
        index = np.clip(index, 0, len(self._values) - 1)
        if 4 * len(index) < len(self._values):  # of a few, the others need no number
            coded = _Coded([self._values[i] for i in index.tolist()], self._form)
            code = coded.code
        elif len(index) < len(self._values) and "_all" not in self.__dict__:  # they may be the same few
            distinct, place = np.unique(index, return_inverse=True)
            coded = _Coded([self._values[i] for i in distinct.tolist()], self._form)
            code = coded.code[place]
        else:
            coded = self._all
            code = coded.code[index]
        if coded.null is not None:
            given = code != coded.null
            where = given if where is None else given & where
        return pa.DictionaryArray.from_arrays(numbers(code, where), coded.texts)

    @cached_property
    def _all(self) -> _Coded:
        return _Coded(self._values, self._form)


class _Coded:
    """A number for each of some values (``code``), the same for those that are alike; ``null``: that of None."""

    def __init__(self, values: Sequence[str | None], form: Callable[[str], str] | None = None) -> None:
        codes = {value: n for n, value in enumerate(dict.fromkeys(values))}
        if len(codes) == len(values):
            self.code = np.arange(len(values), dtype=np.int32)
        else:
            self.code = np.fromiter(map(codes.__getitem__, values), dtype=np.int32, count=len(values))
        formed = codes if form is None else [value if value is None else form(value) for value in codes]
        self.texts, self.null = texts(formed), codes.get(None)


def alike(values: Sequence[str | None], form: Callable[[str], str] | None = None) -> pa.Array:
    """Strings, many of which are the same: each is brought into its ``form`` and stored once."""
    return Lookup(values, form)(np.arange(len(values)))


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
