from __future__ import annotations

import duckdb
import pytest

from codeshare.store.database import create_schema, create_tables, views

VIEWS = "select view_name, sql from duckdb_views() where not internal order by all"
COLUMNS = "select table_name, column_name, data_type, is_nullable, comment from duckdb_columns() where not internal order by all"
MACROS = (
    "select function_name, macro_definition, comment from duckdb_functions() where not internal order by all"
)


@pytest.mark.thorough
def test_views_are_those_that_their_sql_makes() -> None:
    with duckdb.connect() as quick, duckdb.connect() as plain:
        create_schema(quick)
        create_tables(plain)
        plain.execute(views())
        for sql in (
            VIEWS,
            MACROS,
            COLUMNS.replace(
                "where not internal",
                "semi join duckdb_views() as v on v.view_name = table_name and not v.internal",
            ),
        ):
            assert quick.execute(sql).fetchall() == plain.execute(sql).fetchall()


def test_nothing_stands_in_for_a_view_afterwards() -> None:
    with duckdb.connect() as connection:
        create_schema(connection)
        assert not connection.execute("select table_name from duckdb_tables() where temporary").fetchall()
