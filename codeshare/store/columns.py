"""Columns of a table from plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import ArrayLike, NDArray

from codeshare.store.tables import (
    BOOLEAN,
    CODED,
    DATE,
    INTEGER,
    TIMESTAMP,
    VARCHAR,
    VARCHARS,
    Column,
    Kind,
    Table,
)

Flags = NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1)
_NO_TIME = np.iinfo(np.int64).min  # numpy's NaT


def texts(values: Iterable[str | None]) -> Column:
    """Strings; None is null."""
    given = list(values)
    known = np.array([value is not None for value in given], dtype=np.bool_) if None in given else None
    written = given if known is None else [value or "" for value in given]
    text = "".join(written)  # type: ignore[arg-type]
    sizes = map(len if text.isascii() else _size, written)  # type: ignore[arg-type]
    ends = np.zeros(len(written) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(sizes, dtype=np.int64, count=len(written)), out=ends[1:])
    return Column(
        VARCHAR, len(written), (_bitmap(known), ends, np.frombuffer(text.encode() or b" ", np.uint8))
    )


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def numbers(values: ArrayLike, known: Flags | None = None, kind: Kind = INTEGER) -> Column:
    """Numbers of that ``kind``; null where not ``known``."""
    data = np.ascontiguousarray(values, dtype=kind.width)
    return Column(kind, len(data), (_bitmap(known), data))


def optional(values: Sequence[float | None], kind: Kind = INTEGER) -> Column:
    """Numbers or flags of which some are None."""
    known = np.array([value is not None for value in values], dtype=np.bool_)
    if kind is BOOLEAN:
        return flags(map(bool, values), known)
    return numbers([value or 0 for value in values], known, kind)


def flags(values: Iterable[bool] | Flags, known: Flags | None = None) -> Column:
    """True and false; null where not ``known``."""
    data = np.fromiter(values, dtype=np.bool_) if not isinstance(values, np.ndarray) else values
    return Column(BOOLEAN, len(data), (_bitmap(known), _bitmap(data)))


def members(places: Iterable[int], rows: range) -> Column:
    """True for the ``rows`` (numbers) that are among ``places``, few of many."""
    return flags(_are_among(places, rows))


def few(values: Mapping[int, str], rows: range) -> Column:
    """Strings by the number of their row, few of many; null for the other ``rows``."""
    given = _are_among(values, rows)
    code = np.maximum(np.cumsum(given, dtype=np.int32) - 1, 0)
    found = [values[rows[k]] for k in np.flatnonzero(given).tolist()]
    return _coded(numbers(code, given), texts(found))


def _are_among(places: Iterable[int], rows: range) -> Flags:
    given = np.zeros(len(rows), dtype=np.bool_)
    given[[place - rows.start for place in places if place in rows]] = True
    return given


def times(values: Sequence[datetime | None] | NDArray[np.datetime64], known: Flags | None = None) -> Column:
    """Times without a zone, to the microsecond; null where None or not ``known``."""
    data = values if isinstance(values, np.ndarray) else instants(values)
    given = ~np.isnat(data)
    return numbers(data.view(np.int64), given if known is None else given & known, TIMESTAMP)


def instants(values: Sequence[datetime | None]) -> NDArray[np.datetime64]:
    """Times to the microsecond, in an eighth of numpy's own time; None is not a time."""
    spans = (None if value is None else value - _EPOCH for value in values)
    data = np.fromiter(
        (_NO_TIME if d is None else (d.days * 86400 + d.seconds) * 1_000_000 + d.microseconds for d in spans),
        dtype=np.int64,
        count=len(values),
    )
    return data.view("datetime64[us]")


def lists(values: Sequence[Sequence[str]]) -> Column:
    """Lists of strings."""
    ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
    return Column(VARCHARS, len(values), (None, ends), below=texts(chain.from_iterable(values)))


class Lookup:
    """Strings to be looked up by index for many rows, each stored once."""

    def __init__(self, values: Iterable[str | None], form: Callable[[str], str] | None = None) -> None:
        self._values = list(values) or [None]  # all columns are of one type, else they cannot be put together
        self._form = form

    def __call__(self, index: NDArray[Any], where: Flags | None = None) -> Column:
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
        return _coded(numbers(code, where), coded.texts)

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


def alike(values: Sequence[str | None], form: Callable[[str], str] | None = None) -> Column:
    """Strings, many of which are the same: each is brought into its ``form`` and stored once."""
    return Lookup(values, form)(np.arange(len(values)))


def same(value: str, count: int) -> Column:
    """One string, ``count`` times."""
    return _coded(numbers(np.zeros(count)), texts([value]))


class Rows(Struct, frozen=True):
    """Rows of strings, numbers, flags, dates and times; ``columns``: their kinds, by name."""

    rows: Sequence[Sequence[Any]]
    columns: Mapping[str, Kind]

    @property
    def num_rows(self) -> int:
        """How many there are."""
        return len(self.rows)

    def table(self) -> Table:
        """The rows as columns."""
        values = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.columns)
        columns = zip(self.columns.items(), values, strict=True)
        return Table({name: _column(each, kind) for (name, kind), each in columns})


def with_repo(rows: Table | Rows, repo: str) -> Table | Rows:
    """The same rows as those of a repository."""
    if isinstance(rows, Rows):
        return Rows([(repo, *row) for row in rows.rows], {"repo": VARCHAR, **rows.columns})
    return Table({"repo": same(repo, rows.num_rows), **rows.columns})


def _column(values: Sequence[Any], kind: Kind) -> Column:
    if kind is VARCHAR:
        return texts(values)
    if kind is TIMESTAMP:
        return times(values)
    if kind is DATE:
        values = [None if value is None else (value - _EPOCH.date()).days for value in values]
    return optional(values, kind)


def _coded(codes: Column, among: Column) -> Column:
    return replace(codes, kind=CODED, below=among)


def _bitmap(values: Flags | None) -> NDArray[np.uint8] | None:
    return None if values is None else np.packbits(values, bitorder="little")
