"""The views behind a query are those that it needs, and no others."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from codeshare.metrics.queries import load_query, query_names
from codeshare.metrics.views import all_views, views_of_each
from codeshare.store.database import open_database


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The SQL of the tables alone."""
    path = tmp_path_factory.mktemp("views") / "empty.duckdb"
    open_database(path, write=True).close()
    with duckdb.connect(str(path)) as connection:
        made = connection.execute("select sql from duckdb_tables()").fetchall()
        types = connection.execute(
            "select 'create type ' || type_name || ' as enum (' || (select string_agg('''' || l || '''', ', ') from unnest(labels) as t(l)) || ');' "
            "from duckdb_types() where labels is not null and not internal"
        ).fetchall()
    return "\n".join(sql for (sql,) in [*types, *made])


def test_every_view_of_a_database_is_known_with_its_comment(tmp_path: Path) -> None:
    with open_database(tmp_path / "empty.duckdb", write=True) as connection:
        found = connection.execute(
            "select view_name from duckdb_views() where not internal "
            "union select function_name from duckdb_functions() where not internal and function_type like '%macro%'"
        ).fetchall()
    assert {name for (name,) in found} == set(all_views())
    assert [view.name for view in all_views().values() if not view.says] == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", query_names())
def test_a_query_runs_on_the_views_behind_it_alone(name: str, tables: str) -> None:
    query = load_query(name)
    with duckdb.connect() as connection:
        connection.execute(tables)
        for view in views_of_each([query.sql])[0]:
            connection.execute(view.sql)
        connection.execute(query.sql, query.bind({}) or None)


def test_a_column_is_not_taken_for_the_view_of_its_name() -> None:
    none, some = views_of_each(["select reverts from commits", "select * from working_days"])
    assert none == []
    assert some[-1].name == "working_days"
