"""Plain values and numpy's from Arrow columns that DuckDB answers with.

``to_numpy`` loads pandas, which takes longer than mining a small repository; buffers do not.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

# By the names that Arrow gives its types.
_NUMBERS: dict[str, type[np.generic]] = {
    "int32": np.int32,
    "int64": np.int64,
    "uint64": np.uint64,
    "double": np.float64,
}
_TIME = "timestamp[us]"
_WIDTHS = _NUMBERS | {"date32[day]": np.int32, _TIME: np.int64, "bool": np.bool_}


def values_of(column: pa.ChunkedArray | pa.Array) -> NDArray[Any]:
    """The numbers, times or flags of a column that has no nulls."""
    width = _WIDTHS[str(column.type)]
    return np.concatenate(
        [np.zeros(0, width), *(_values(part, width) for part in _parts(column))], dtype=width
    )


def plain(column: pa.ChunkedArray) -> list[Any]:
    """Plain values of a column; None is null. Times and lists take Arrow itself ten times as long."""
    kind = str(column.type)
    if column.null_count:
        return column.to_pylist()  # type: ignore[no-any-return]
    if kind == _TIME:
        return values_of(column).view("datetime64[us]").tolist()  # type: ignore[no-any-return]
    if kind in _NUMBERS:
        return values_of(column).tolist()  # type: ignore[no-any-return]
    if kind.startswith("list<"):
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


def _parts(column: pa.ChunkedArray | pa.Array) -> list[pa.Array]:
    parts = getattr(column, "chunks", None)
    return [column] if parts is None else parts


def _values(part: pa.Array, width: type[np.generic]) -> NDArray[Any]:
    buffer, end = part.buffers()[1], part.offset + len(part)
    if not len(part):
        return np.zeros(0, width)
    if width is np.bool_:
        bits = np.frombuffer(buffer, dtype=np.uint8)
        return np.unpackbits(bits, count=end, bitorder="little")[part.offset :].astype(np.bool_)
    return np.frombuffer(buffer, dtype=width, count=end)[part.offset :]
