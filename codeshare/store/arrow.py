"""Tables that DuckDB reads through Arrow's C stream interface.

pyarrow does this as well, but to load it takes a twentieth of the time in which a small repository is mined, and more
where its 90 MB come from the disk. nanoarrow is Arrow's own small library of that interface.

Source: https://arrow.apache.org/docs/format/CDataInterface.html and
https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from ctypes import c_int64, memmove
from functools import cached_property

import nanoarrow as na
from nanoarrow.c_array import CArray, c_array_from_buffers
from nanoarrow.c_array_stream import CArrayStream
from nanoarrow.c_schema import CSchema, c_schema

from codeshare.store.tables import (
    BIGINT,
    BOOLEAN,
    CODED,
    DATE,
    DOUBLE,
    INTEGER,
    TIMESTAMP,
    UBIGINT,
    VARCHAR,
    VARCHARS,
    Column,
    Table,
)

_TYPES = {
    kind.name: c_schema(schema)
    for kind, schema in (
        (VARCHAR, na.large_string()),
        (BOOLEAN, na.bool_()),
        (INTEGER, na.int32()),
        (BIGINT, na.int64()),
        (UBIGINT, na.uint64()),
        (DOUBLE, na.float64()),
        (DATE, na.date32()),
        (TIMESTAMP, na.timestamp(na.TimeUnit.MICRO)),
        (VARCHARS, na.list_(na.large_string())),
        (CODED, na.dictionary(na.int32(), na.large_string())),
    )
}


class Batches:
    """Tables of the same columns one after the other, in batches of ``size`` rows that processors share among them."""

    def __init__(self, tables: Sequence[Table], size: int = 1 << 30) -> None:
        self._tables, self._size = tables, size

    def close(self) -> None:
        """Let go of the tables: what was registered within a transaction DuckDB holds until that ends, also unregistered."""
        self._tables = ()

    def __arrow_c_schema__(self) -> object:
        """A capsule of the columns' names and types."""
        return self._schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A capsule of a stream of the batches, of these types whatever is requested."""
        parts = [_rows(part, self._schema) for part in self._parts()]
        stream = CArrayStream.from_c_arrays(parts, deepcopy(self._schema), move=True, validate=False)
        return stream.__arrow_c_stream__()

    @cached_property
    def _schema(self) -> CSchema:
        columns = self._tables[0].columns
        return c_schema(na.struct({name: _TYPES[column.kind.name] for name, column in columns.items()}))

    def _parts(self) -> Iterator[Table]:
        for table in self._tables:
            for start in range(0, table.num_rows, self._size):
                yield table.slice(start, self._size)


def _rows(table: Table, schema: CSchema) -> CArray:
    children = [_array(column) for column in table.columns.values()]
    return c_array_from_buffers(
        schema, table.num_rows, [None], null_count=0, children=children, validation_level="none", move=True
    )


def _array(column: Column) -> CArray:
    below = () if column.below is None else (_array(column.below),)
    is_coded = column.kind is CODED
    made = c_array_from_buffers(
        _TYPES[column.kind.name],
        column.length,
        column.buffers,
        null_count=0 if column.buffers[0] is None else -1,
        offset=column.offset,
        children=() if is_coded else below,
        validation_level="none",  # of a dictionary that is not there yet
        move=True,
    )
    for dictionary in below if is_coded else ():
        _move(dictionary, made.dictionary)
    return made


# Of an array's structure: its bytes, and where in it the release stands, which is 0 where nothing is (left) in it.
_SIZE, _RELEASE = 80, 64


def _move(source: CArray, target: CArray) -> None:
    """Put an array into the place of an empty one, as the interface has it; nanoarrow does so for children alone."""
    memmove(target._addr(), source._addr(), _SIZE)
    c_int64.from_address(source._addr() + _RELEASE).value = 0
