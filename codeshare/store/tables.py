"""Tables as they are made to be stored: columns over memory that numpy holds, in the form that Arrow gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray


class Kind(Struct, frozen=True, eq=False):
    """A type of values, under DuckDB's name for it; ``width``: of its numbers (None: it is of none)."""

    name: str
    width: type[np.generic] | None = None


VARCHAR, BOOLEAN = Kind("varchar"), Kind("boolean")
INTEGER, BIGINT, UBIGINT = Kind("integer", np.int32), Kind("bigint", np.int64), Kind("ubigint", np.uint64)
DOUBLE, DATE, TIMESTAMP = Kind("double", np.float64), Kind("date", np.int32), Kind("timestamp", np.int64)
VARCHARS, CODED = Kind("varchar[]"), Kind("coded varchar")
"""Lists of strings; strings as numbers of those in a dictionary."""


class Column(Struct, frozen=True):
    """Values of one type.

    Attributes:
        buffers: what Arrow wants of that type: first the bits of what is known (None: all is).
        offset: the number of the first value in the buffers.
        below: of lists their values, of codes the dictionary.
    """

    kind: Kind
    length: int
    buffers: tuple[NDArray[Any] | None, ...]
    offset: int = 0
    below: Column | None = None

    def slice(self, start: int, length: int) -> Column:
        """So many values from ``start`` on; nothing is copied."""
        return replace(self, offset=self.offset + start, length=length)


class Table(Struct, frozen=True):
    """Columns of one length, by name."""

    columns: Mapping[str, Column]

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return next((column.length for column in self.columns.values()), 0)

    def slice(self, start: int, length: int) -> Table:
        """At most so many rows from ``start`` on; nothing is copied."""
        length = min(length, self.num_rows - start)
        return Table({name: column.slice(start, length) for name, column in self.columns.items()})
