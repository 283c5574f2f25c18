"""A database in memory beside another one, whose tables are views of the other's: the base of every narrowed view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from codeshare.store.database import view_statements

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OWN = ("meta", "estimates", "settings")
"""Tables that hold their own rows: figures of the whole say nothing of a part."""
_HELD = "held_tables"


def home_of(connection: DuckDBPyConnection) -> str:
    """The database and schema in which a connection's names are looked for, quoted."""
    found = connection.execute("select current_database(), current_schema()").fetchone()
    assert found is not None
    return ".".join(f'"{name}"' for name in found)


def attach(connection: DuckDBPyConnection, name: str) -> DuckDBPyConnection:
    """Attach an empty database in memory and return a cursor within it."""
    connection.execute(f"attach ':memory:' as {name} (read_write)")
    cursor = connection.cursor()
    cursor.execute(f"use {name}")
    return cursor


def make_views(
    cursor: DuckDBPyConnection, home: str, condition: Callable[[str, bool], str], as_of: str, commits: str
) -> None:
    """Make all tables and views of codeshare's there.

    Args:
        cursor: within an attached database that has none of them.
        home: where the rows are.
        condition: of a table's name, and whether it has a column ``repo``: what its rows must meet; empty: all.
        as_of: SQL of the last moment that counts.
        commits: a table of ``repo`` and ``sha``: the merged commits that count.
    """
    cursor.execute(f"create table {_HELD} (name varchar, has_repo boolean)")
    cursor.execute(f"insert into {_HELD} {_tables(cursor, home)}")
    for table, has_repo in cursor.execute(f"from {_HELD} order by name").fetchall():
        if table in OWN:
            cursor.execute(f"create table {table} as from {home}.{table} limit 0")
            if table == "meta":
                cursor.execute("create unique index meta_key on meta (key)")
            continue
        where = condition(table, has_repo)
        cursor.execute(f"create view {table} as from {home}.{table}{f' where {where}' if where else ''}")
    cursor.execute(f"insert into meta from {home}.meta where key in ('schema_version', 'codeshare_version')")
    cursor.execute(f"insert into settings from {home}.settings where key <> 'as_of'")
    cursor.execute(f"insert into settings select 'as_of', strftime({as_of}, '%Y-%m-%d %H:%M:%S')")
    for statement in view_statements():
        cursor.execute(statement)
        # Nearly every other view reads these: as tables they are looked through once, not in each that is made.
        if statement.startswith("create or replace view merged_commits "):
            narrow(cursor, "merged_commits", commits)
            _keep(cursor, "merged_commits")
        elif statement.startswith("create or replace view merged_lines "):
            _keep(cursor, "merged_lines")


def read_whole(cursor: DuckDBPyConnection, home: str) -> None:
    """Look for what became of lines in everything, not in a part.

    A fix is shared among all the lines that it changed, a revert is one by all that it took away, and where
    review is known is a matter of a repository.
    """
    for view in ("revert_pairs", "review_sources"):
        cursor.execute(f"create or replace view {view} as from {home}.{view} semi join repos using (repo)")
    cursor.execute(
        f"""create or replace view fix_origins as
        select o.* from {home}.fix_origins as o join scope_settings as s on o.fixed_at <= s.as_of semi join repos using (repo)"""
    )


def narrow(cursor: DuckDBPyConnection, view: str, to: str) -> None:
    """Leave of a view of commits only those of a table of ``repo`` and ``sha``."""
    cursor.execute(
        f"create or replace view {view} as select * from ({_sql_of(cursor, view)}) semi join {to} using (repo, sha)"
    )


def _keep(cursor: DuckDBPyConnection, view: str) -> None:
    """Put the rows of a view in the place of it."""
    sql = _sql_of(cursor, view)
    cursor.execute(f"drop view {view}")
    cursor.execute(f"create table {view} as {sql}")


def _sql_of(cursor: DuckDBPyConnection, view: str) -> str:
    """The query that a view is."""
    (sql,) = cursor.execute(
        "select sql from duckdb_views() where view_name = ? and database_name = current_database()", [view]
    ).fetchone() or ("",)
    return str(sql).rstrip().rstrip(";").split(" AS ", 1)[1]


def _tables(cursor: DuckDBPyConnection, home: str) -> str:
    """SQL of the tables at home; of one that is itself such a view, those that it stands for."""
    catalog, schema = (part.strip('"') for part in home.split('"."'))
    is_view = cursor.execute(
        "select 1 from duckdb_tables() where database_name = ? and schema_name = ? and table_name = ?",
        [catalog, schema, _HELD],
    ).fetchone()
    if is_view:
        return f"from {home}.{_HELD}"
    catalog, schema = (name.replace("'", "''") for name in (catalog, schema))
    return (
        "select t.table_name, bool_or(c.column_name = 'repo') from duckdb_tables() as t "
        "join duckdb_columns() as c using (database_name, schema_name, table_name) "
        f"where t.database_name = '{catalog}' and t.schema_name = '{schema}' group by 1"
    )
