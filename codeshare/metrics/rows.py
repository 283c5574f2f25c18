"""Rows of a query as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows by column, in plain values; what is missing is None."""
    missing = frame.isna()
    columns = [
        [None if absent else _plain(value) for value, absent in zip(frame[name], missing[name], strict=True)]
        for name in frame.columns
    ]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def first_row(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object]
) -> dict[str, Any] | None:
    """The first row of a query by column; None where there is none."""
    found = connection.execute(query, parameters)
    names = [column[0] for column in found.description or ()]
    row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    # a column of whole numbers with a gap comes as fractions
    return int(value) if isinstance(value, float) and value.is_integer() else value
