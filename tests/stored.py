"""What a mined database holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

# What the clock of the wall and the salt of a database decide.
CHOSEN = {"repos": "* exclude (mined_at)", "people": "* exclude (pseudonym)", "meta": "* replace (if(key = 'pseudonym_salt', null, value) as value)"}  # fmt: skip


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def group_sizes(database: Path, table: str) -> list[int]:
    """Rows in each row group of a table, the smallest first."""
    sizes = f"select row_group_id, column_id, sum(count)::int as size from pragma_storage_info('{table}') where segment_type <> 'VALIDITY' group by all"
    return [
        size for _, size in rows(database, f"select distinct row_group_id, size from ({sizes}) order by size")
    ]


def content(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table but what the wall clock writes, and what follows from each database's own salt."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where table_name != 'runs'")
        return {
            name: connection.execute(f"select {CHOSEN.get(name, '*')} from {name} order by all").fetchall()
            for (name,) in tables.fetchall()
        }
