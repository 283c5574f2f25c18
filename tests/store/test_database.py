from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from codeshare.errors import NotADatabase, StoreBusy
from codeshare.store.columns import Rows
from codeshare.store.database import create_schema, open_database, transaction
from codeshare.store.failures import failures
from codeshare.store.scope import scoped
from codeshare.store.tables import BOOLEAN, VARCHAR
from codeshare.store.writer import insert_rows, replace_repositories

CONTRACT = {
    "repos": "repo, branch, tip_sha, mined_at, is_shallow, is_partial",
    "people": "person, name, pseudonym, team, kind",
    "identities": "name, email, person, how",
    "commits": "repo, sha, authored_at, committed_at, merged_at, is_skewed, merge_sha, is_merge, is_bulk, is_mixed, dup_of, reverts, author, engineer, subject, attribution",
    "trailers": "repo, sha, key, value",
    "changes": "repo, sha, path, old_path, file_class, language, added, deleted",
    "evidence": "repo, sha, path, line_start, line_count, rule, tool, model, attribution, confidence, scope, origin, excerpt",
    "estimates": "metric, scope, part, period, at_days, value, low, high, n, unit, method, seed",
    "skipped": "repo, sha, path, why",
    "pull_requests": "repo, number, merge_sha",
    "reviews": "repo, number, reviewer",
    "headcount": "period, engineers",
    "holidays": "day",
    "events": "date, label, kind, source",
    "external_metrics": "series, date, value, low, high, unit, source",
    "runs": "codeshare_version, catalogue_hash, configuration, timings",
    "merged_lines": "repo, sha, path, lines, attribution",
    "ai_share_monthly": "period, share",
    "ai_share_quarterly": "period, share",
    "volume_quarterly": "quarter, median, mean, ratio_median",
    "review_load": "week, reviewer, reviews, lines",
    "review_quarterly": "quarter, reviewers, lines_per_reviewer_day, ratio",
    "volume_by_engineer": "quarter, person, lines",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    open_database(tmp_path / "x.duckdb", write=True).close()
    return tmp_path / "x.duckdb"


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_documented_names_are_there(path: Path, name: str) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute(f"select {CONTRACT[name]} from {name}")


def test_tables_and_views_are_commented(path: Path) -> None:
    with duckdb.connect(str(path), read_only=True) as connection:
        bare = connection.execute(
            "select table_name from duckdb_tables() where comment is null union all select view_name from duckdb_views() where comment is null and not internal"
        ).fetchall()
    assert bare == [("meta",)] or bare == []


@pytest.mark.parametrize("cache", ["nowhere", pytest.param("file", marks=pytest.mark.thorough)])
def test_a_database_is_made_also_where_the_cache_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere" if cache == "nowhere" else str(tmp_path / "file"))
    with open_database(tmp_path / "x.duckdb", write=True) as connection:
        assert connection.execute("from ai_share_monthly").fetchall() == []


def test_copies_of_the_empty_database_are_of_their_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with open_database(tmp_path / name, write=True) as connection:
            assert connection.execute("from holidays").fetchall() == []
            connection.execute("insert into holidays values ('2024-01-01', 'New Year')")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one", "two"]


def test_the_file_stays_readable_by_older_duckdbs(path: Path) -> None:
    for _ in range(2):
        connection = open_database(path, write=True)
        (version,) = connection.execute("select tags['storage_version'] from duckdb_databases() where database_name = 'codeshare'").fetchone() or ("",)  # fmt: skip
        connection.execute("insert into holidays values ('2026-01-01', 'new year')")
        connection.close()
        assert version.startswith("v1.2.0"), version


def test_a_failed_transaction_leaves_nothing(path: Path) -> None:
    connection = open_database(path, write=True)

    def fail() -> None:
        with transaction(connection):
            connection.execute("insert into holidays values ('2026-01-01', 'new year')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert connection.execute("select count(*) from holidays").fetchone() == (0,)


def test_what_ended_a_transaction_is_told_not_what_came_of_it(path: Path) -> None:
    connection = open_database(path, write=True)

    def fail() -> None:
        with transaction(connection):
            try:
                connection.execute("select error('the reason')")
            finally:
                connection.execute("drop table if exists passing")

    with pytest.raises(duckdb.Error, match="the reason"):
        fail()
    connection.close()


def test_replacing_a_repository_leaves_the_others(path: Path) -> None:
    connection = open_database(path, write=True)

    def tables(name: str, why: str) -> dict[str, Rows]:
        words = dict.fromkeys(("repo", "branch", "tip_sha", "basis", "mined_with"), VARCHAR)
        kinds = words | dict.fromkeys(("is_shallow", "is_partial"), BOOLEAN)
        repos = Rows([(name, "x", "x", "x", "x", False, False)], kinds)
        return {"repos": repos, "skipped": Rows([(name, why)], {"repo": VARCHAR, "why": VARCHAR})}

    for found, stored in (({"one": "a"}, []), ({"two": "b"}, []), ({"one": "c", "three": "d"}, ["one"])):
        replace_repositories(connection, {name: tables(name, why) for name, why in found.items()}, stored)
    assert connection.execute("select repo, why from skipped order by repo").fetchall() == [
        ("one", "c"),
        ("three", "d"),
        ("two", "b"),
    ]


def test_a_ctrl_c_that_duckdb_catches_is_one() -> None:
    with pytest.raises(KeyboardInterrupt), failures(Path("x.duckdb")):
        raise duckdb.InvalidInputException("reading the schema of the object failed: KeyboardInterrupt: ")


@pytest.mark.thorough
def test_a_scope_is_a_copy_of_its_rows_alone() -> None:
    connection = duckdb.connect()
    create_schema(connection)
    columns = ("repo", "branch", "tip_sha", "is_shallow", "is_partial", "basis", "mined_with")
    rows = [(name, "main", "1", False, False, "added", "x") for name in ("one", "two")]
    insert_rows(connection, "repos", columns, rows)
    assert scoped(connection, ["one", "two"]) == (connection, False)
    part, is_part = scoped(connection, ["one"])
    assert is_part
    assert part.execute("select repo from repos").fetchall() == [("one",)]


def test_a_database_in_use_says_by_whom(path: Path) -> None:
    import os
    import subprocess
    import sys

    code = (
        f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(StoreBusy, match=f"process {holder.pid}") as caught:
            open_database(path)
        assert str(os.getpid()) not in str(caught.value)
        holder.communicate(b"")


def test_a_failed_creation_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeshare.store.database._sql", lambda name: "nonsense")
    with pytest.raises(duckdb.Error):
        open_database(tmp_path / "new.duckdb", write=True)
    assert not (tmp_path / "new.duckdb").exists()
    with pytest.raises(NotADatabase, match="codeshare mine"):
        open_database(tmp_path / "new.duckdb")


def test_views_of_another_version_are_renewed(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("update meta set value = 'other' where key = 'views'")
        connection.execute("create or replace view ai_share_monthly as select 1 as old")
    connection = open_database(path)
    connection.execute("select share from ai_share_monthly")
    connection.close()


def test_a_file_of_an_earlier_version_gets_the_tables_of_imports(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with open_database(path, write=True) as connection:
        connection.execute("insert into holidays values ('2026-01-01', 'new year')")
        for table in ("imported_teams", "imported_headcount", "imported_holidays"):
            connection.execute(f"drop table {table}")
        connection.execute("update meta set value = 'earlier' where key = 'views'")
    with open_database(path) as connection:
        assert connection.execute("from imported_teams").fetchall() == []
        assert connection.execute("select name from holidays").fetchall() == [("new year",)]
