"""How many threads a database's queries take."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SMALL = 1_000_000
"""Rows of the largest table below which a second thread hardly makes a query faster, and costs a third more."""


def leave_processors(connection: DuckDBPyConnection) -> None:
    """Let queries of a small database take one thread: the other processors are for the processes beside this one."""
    (rows,) = connection.execute("select max(estimated_size) from duckdb_tables()").fetchone() or (None,)
    if (rows or 0) < _SMALL:
        connection.execute("set threads = 1")
