"""What of a database is written: tables and views by name, named queries with their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from codeshare.errors import CatalogueError
from codeshare.metrics.queries import load_query
from codeshare.nearest import nearest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OWN = "meta"
"""The table that is never written: it is about the file, and holds the secret that pseudonyms are made with."""


class Column(Struct, frozen=True):
    """A column as the database has it; ``comment`` is None where nobody wrote one."""

    name: str
    type: str
    comment: str | None = None


class Chosen(Struct, frozen=True):
    """One thing to write: ``kind`` is table, view or query, ``comment`` what a row of it is."""

    kind: str
    name: str
    sql: str
    columns: tuple[Column, ...]
    comment: str | None
    bound: Mapping[str, Any] = field(default_factory=dict)


def choose(
    connection: DuckDBPyConnection,
    tables: Sequence[str],
    queries: Sequence[str],
    parameters: Mapping[str, object],
) -> list[Chosen]:
    """Return what is asked for; nothing asked: every table.

    Raises:
        CatalogueError: there is no such table, view, query or parameter.
    """
    if not tables and not queries:
        tables = _names(connection, "duckdb_tables()", "table_name")
    return [
        *(_relation(connection, name) for name in dict.fromkeys(tables)),
        *(_query(connection, name, parameters) for name in dict.fromkeys(queries)),
    ]


def _names(connection: DuckDBPyConnection, function: str, column: str) -> list[str]:
    rows = connection.execute(
        f"select {column} from {function} where not internal and not temporary and {column} <> ? order by all",
        [OWN],
    )
    return [name for (name,) in rows.fetchall()]


def _relation(connection: DuckDBPyConnection, name: str) -> Chosen:
    row = connection.execute(
        "select 'table', comment from duckdb_tables() where table_name = $name and $name <> $own"
        " union all select 'view', comment from duckdb_views() where view_name = $name and not internal",
        {"name": name, "own": OWN},
    ).fetchone()
    if row is None:
        raise _unknown(connection, name)
    columns = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() where table_name = ? order by column_index",
        [name],
    ).fetchall()
    return Chosen(row[0], name, f'from "{name}"', tuple(Column(*each) for each in columns), row[1])


def _unknown(connection: DuckDBPyConnection, name: str) -> CatalogueError:
    tables = _names(connection, "duckdb_tables()", "table_name")
    known = [*tables, *_names(connection, "duckdb_views()", "view_name")]
    meant = nearest(name, known, 'names: `codeshare sql "show tables"`.')
    return CatalogueError(f"no table or view {name!r}; {meant}")


def _query(connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> Chosen:
    query = load_query(name)
    bound = query.bind(parameters)
    described = connection.execute(f"describe {query.sql}", bound).fetchall()
    columns = tuple(Column(column, kind) for column, kind, *_ in described)
    return Chosen("query", name, query.sql, columns, query.question, bound)
