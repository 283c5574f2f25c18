"""A part of a database as a database of its own, in memory: for a report about some repositories."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from codeshare.store.database import create_schema
from codeshare.store.registered import registered
from codeshare.store.writer import IMPORTED_TABLES, REPOSITORY_TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_WHOLE = ("settings", "people", "holidays", "events", "headcount", "memberships", "external_metrics")
_BY_REPOSITORY = (
    *REPOSITORY_TABLES,
    "quality",
    "listed_repositories",
    "shared_commits",
    *IMPORTED_TABLES,
)


def scoped(connection: DuckDBPyConnection, repos: Collection[str]) -> tuple[DuckDBPyConnection, bool]:
    """The database itself if ``repos`` are all it holds (or none is named), else a copy of their rows; and whether it is one.

    The copy has no estimates: they hold for the whole. The caller closes what comes back; the
    original of a copy is closed here.
    """
    import duckdb

    held = {name for (name,) in connection.execute("select repo from repos").fetchall()}
    if not repos or held <= set(repos):
        return connection, False
    part = duckdb.connect()
    create_schema(part)
    for table in _BY_REPOSITORY:
        _copy(connection.sql(f"from {table} where list_contains(?, repo)", params=[list(repos)]), part, table)
    for table in _WHOLE:
        _copy(connection.sql(f"from {table}"), part, table)
    connection.close()
    return part, True


def _copy(rows: DuckDBPyRelation, into: DuckDBPyConnection, table: str) -> None:
    with registered(into, arriving=rows.to_arrow_table()):
        into.execute(f"insert into {table} by name from arriving")
