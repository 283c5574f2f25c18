"""``codeshare sql`` neither writes nor reaches files, settings and the network, and a database that was handed on does not, either."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from codeshare.cli.asking import WrongQuestion, rows_of_statement
from codeshare.cli.context import Settings
from codeshare.cli.sql import _opened
from codeshare.errors import NotADatabase
from codeshare.store.database import open_database

REFUSED = (
    "from read_csv('{file}')", "from read_text('{file}')", "from read_blob('{file}')", "from read_json('{file}')", "from read_parquet('{file}')",
    "from '{file}'", "from glob('{folder}/*')", "from sniff_csv('{file}')", "from parquet_metadata('{file}')", "copy repos from '{file}'",
    "copy (select 1) to '{folder}/out.csv'", "copy (select 1) to '/dev/stdout'", "export database '{folder}/exported'", "import database '{folder}'",
    "attach '{folder}/other.duckdb'", "attach 'https://127.0.0.1:1/x.duckdb'", "from read_parquet('https://127.0.0.1:1/x')", "from read_csv('s3://x/y')",
    "install httpfs", "load httpfs", "load '{file}'", "update extensions", "create secret (type s3)",
    "set enable_external_access = true", "reset enable_external_access", "pragma enable_external_access = true", "set lock_configuration = false",
    "set allowed_paths = ['{file}']", "set allowed_directories = ['{folder}']", "set temp_directory = '{folder}'", "set home_directory = '{folder}'",
    "set extension_directory = '{folder}'", "set custom_extension_repository = 'http://127.0.0.1:1'", "set log_query_path = '{folder}/log'",
    "set profile_output = '{folder}/profile'", "pragma enable_profiling", "call enable_logging()", "select getenv('HOME')",
)  # fmt: skip
CHANGES = ("create table t (a int)", "drop table commits", "delete from meta", "update meta set value = 'x'", "insert into meta values ('x', 'y')", "create view v as select 1", "create macro m(a) as a", "comment on table commits is 'x'", "alter table commits add column x int")  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("a,b\n1,2\n")
    path = tmp_path / "x.duckdb"
    open_database(path, write=True).close()
    return path


@pytest.mark.parametrize("write", [False, True], ids=["reading", "writing"])
def test_no_statement_leaves_the_database(
    database: Path, tmp_path: Path, write: bool, count: Callable[[str, int], None]
) -> None:
    before = {each.name for each in tmp_path.iterdir()}
    words = {"file": tmp_path / "secret", "folder": tmp_path}
    with _opened(Settings(database, None, 0), write, external=False) as connection:
        for statement in REFUSED:
            with pytest.raises(WrongQuestion):
                rows_of_statement(connection, statement.format(**words))
    assert {each.name for each in tmp_path.iterdir()} == before
    count("statements", len(REFUSED))


def test_no_statement_changes_it_unless_asked(database: Path, count: Callable[[str, int], None]) -> None:
    before = database.read_bytes()
    with _opened(Settings(database, None, 0), write=False, external=True) as connection:
        for statement in CHANGES:
            with pytest.raises(WrongQuestion):
                rows_of_statement(connection, statement)
    assert database.read_bytes() == before
    count("statements", len(CHANGES))


def test_the_views_of_a_database_handed_on_reach_nothing(database: Path, tmp_path: Path) -> None:
    """Their text is not looked at again where it claims to be ours: it runs, in a closed room."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create or replace view shares as from read_text('{tmp_path / 'secret'}')")
    for write in (False, True):
        with open_database(database, write=write) as opened, pytest.raises(duckdb.PermissionException):
            opened.execute("from shares")


def test_a_table_that_is_a_view_reaches_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("schema_version")
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute(
            f"create view meta as select content as key, '6.0' as value from read_text('{tmp_path / 'secret'}')"
        )
    for write in (False, True):
        with pytest.raises(NotADatabase):
            open_database(tmp_path / "x.duckdb", write=write)
