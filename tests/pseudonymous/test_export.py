from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import pytest

from codeshare.errors import OutputError
from codeshare.metrics.identifying import Identifying
from codeshare.metrics.queries import load_query, query_names
from codeshare.metrics.queries import run as run_query
from codeshare.pseudonymous.export import export, kinds_of_columns
from codeshare.store.database import open_database
from tests.pseudonymous.company import BODY, KEPT, LOGINS, PATHS, PEOPLE, SALT, SUBJECTS, build, secrets_of
from tests.stored import rows

SECRETS = (*PEOPLE, *PEOPLE.values(), *LOGINS, *SUBJECTS, *PATHS, BODY, SALT, "ann@home.example", "Ann Elfrida", "secret-token", "forge.example", "for Ann Lee")  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def handed(source: Path) -> Path:
    target = source.parent / "handed.duckdb"
    done = export(source, target)
    assert (done.people, done.engineers, done.folded) == (7, 7, 2)
    assert done.masked == len(PATHS)
    return target


@cache
def cells(path: Path) -> tuple[tuple[str, str], ...]:
    """Every cell of every table as text, with the column it is of."""
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() join duckdb_tables() using (database_name, schema_name, table_name)"
        ).fetchall()
        return tuple(
            (f"{table}.{column}", text)
            for table, column in columns
            for (text,) in connection.execute(
                f'select distinct "{column}"::varchar from "{table}" where "{column}" is not null'
            ).fetchall()
        )


def test_what_is_searched_for_is_in_the_source(source: Path) -> None:
    """Else the next tests would show nothing."""
    text = "\n".join(text for _, text in cells(source))
    assert [secret for secret in SECRETS if secret not in text] == [SALT, "secret-token"], (
        "these were never stored"
    )
    assert len(secrets_of(source)) > 60


def test_no_cell_names_anybody(source: Path, handed: Path) -> None:
    secrets = {*SECRETS, *secrets_of(source)}
    found = [(where, text) for where, text in cells(handed) for secret in secrets if secret in text]
    assert found == []


def test_no_byte_of_the_file_names_anybody(source: Path, handed: Path) -> None:
    content = handed.read_bytes()
    assert [secret for secret in {*SECRETS, *secrets_of(source)} if secret.encode() in content] == []


def test_no_id_leads_back(source: Path, handed: Path) -> None:
    ids = {
        *(str(value) for (value,) in rows(source, "select unnest([sha, merge_sha]) from commits")),
        *(str(value) for (value,) in rows(source, "select patch_id from commits where patch_id <> 0")),
        *(str(value) for (value,) in rows(source, "select tip_sha from repos")),
    }
    assert not ids & {text for _, text in cells(handed)}
    assert rows(handed, "select number from pull_requests") == [(1,)]


def test_every_export_has_other_codes(source: Path, handed: Path, tmp_path: Path) -> None:
    export(source, tmp_path / "again.duckdb")
    for people in ("select person from people", "select person, pseudonym from people order by 2"):
        assert not set(rows(handed, people)) & set(rows(tmp_path / "again.duckdb", people))
    words = "select array_agg(p.pseudonym order by c.ordinal) from commits as c join people as p on p.person = c.engineer"
    of_commits = [rows(path, words) for path in (source, handed, tmp_path / "again.duckdb")]
    assert of_commits[0] != of_commits[1] != of_commits[2] != of_commits[0]


def test_paths_keep_what_names_nobody(handed: Path) -> None:
    paths = {path for (path,) in rows(handed, "select distinct path from changes")}
    assert {*KEPT, "CODEOWNERS", "ferry.py"} <= paths
    assert len([path for path in paths if path.startswith("src/")]) == 3, (
        "the folder stays, the name in it goes"
    )


@pytest.mark.parametrize("name", [name for name in query_names() if not any(p.default is None and p.type == "varchar" for p in load_query(name).parameters)])  # fmt: skip
def test_every_query_gives_as_many_rows(source: Path, handed: Path, name: str) -> None:
    with open_database(source) as one, open_database(handed) as two:
        found, again = run_query(one, name), run_query(two, name)
    if name == "volume_by_team":  # two small ones became one
        found = found.drop_duplicates("quarter")
    if name == "engineers_of_parts":
        found, again = found[found["split"] != "team"], again[again["split"] != "team"]
    if name == "explore_groups":  # teams differ likewise
        found, again = (frame.drop_duplicates(["quarter", "repository"]) for frame in (found, again))
    elif name.startswith("explore_"):
        found, again = (frame[frame["cut"] == "repository"] for frame in (found, again))
    assert len(found) == len(again), name


@pytest.mark.parametrize(
    "name",
    [
        "headline", "ai_share_monthly", "ai_share_quarterly", "ai_share_by_tool_monthly", "volume_quarterly", "volume_variants",
        "evidence_kinds_quarterly", "survival_curve", "churn_monthly", "rework_matrix", "net_volume_quarterly", "review_quarterly",
        "review_monthly", "review_concentration", "review_by_attribution", "defect_rates", "revert_rates", "baseline_quarters", "rules_fired",
    ],
)  # fmt: skip
def test_figures_are_the_same(source: Path, handed: Path, name: str) -> None:
    import pandas as pd

    with open_database(source) as one, open_database(handed) as two:
        pd.testing.assert_frame_equal(run_query(one, name), run_query(two, name))


def test_a_review_by_account_is_still_one(source: Path, handed: Path) -> None:
    """What joins accounts and addresses to people survives their becoming codes."""
    for sql in ("select count(*) from logins", "select count(*), count(person) from review_trailers", "select count(*), count(person), count(*) filter (is_author) from request_reviewers", "select count(*) from request_commits_merged"):  # fmt: skip
        assert rows(source, sql) == rows(handed, sql), sql
    assert rows(handed, "select count(*) > 20, count(person) > 20 from review_trailers") == [(True, True)]


def test_small_teams_are_one(source: Path, handed: Path) -> None:
    assert rows(source, "select distinct team from people where team is not null order by 1") == [
        ("harbour",),
        ("river",),
    ]
    assert rows(handed, "select distinct team from people where team is not null") == [("Other teams",)]
    assert rows(handed, "select distinct team from memberships") == [("Other teams",)]
    assert rows(handed, "select count(*) from estimates where scope like 'team/%'") == [(0,)]


def test_repositories_and_paths_can_be_hidden(source: Path, tmp_path: Path) -> None:
    export(source, tmp_path / "x.duckdb", hide_repositories=True, hide_paths=True)
    text = "\n".join(text for _, text in cells(tmp_path / "x.duckdb"))
    for word in ("boats", "Boats", "tide", "harbour/", "ferry"):
        assert word not in text
    assert rows(tmp_path / "x.duckdb", "select repo from repos") == [("repository-1",)]
    assert rows(tmp_path / "x.duckdb", "select count(distinct path) from changes") == rows(source, "select count(distinct path) from changes")  # fmt: skip


def test_ids_can_be_kept(source: Path, tmp_path: Path) -> None:
    export(source, tmp_path / "x.duckdb", keep_shas=True)
    ids = "select sha, request from commits order by all"
    assert rows(tmp_path / "x.duckdb", ids) == rows(source, ids)
    assert [text for _, text in cells(tmp_path / "x.duckdb") if any(name in text for name in PEOPLE)] == []


def test_a_file_that_is_there_stays(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.duckdb"
    target.write_text("mine")
    with pytest.raises(OutputError, match="is there already"):
        export(source, target)
    assert target.read_text() == "mine"
    export(source, target, force=True)
    assert rows(target, "select count(*) > 40 from commits") == [(True,)]
    with pytest.raises(OutputError, match="the database itself"):
        export(target, target, force=True)
    with pytest.raises(OutputError, match="cannot be written"):
        export(source, tmp_path / "nowhere" / "x.duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["x.duckdb"], "nothing half-written stays"


def test_every_column_is_decided_about(source: Path) -> None:
    listed = {(table, column) for table, columns in kinds_of_columns().items() for column in columns}
    assert set(rows(source, "select c.table_name, c.column_name from duckdb_columns() as c join duckdb_tables() as t using (database_name, schema_name, table_name) where not t.internal")) == listed  # fmt: skip


def test_a_column_that_nobody_decided_about_stops_it(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    kinds = kinds_of_columns()
    del kinds["commits"]["subject"]
    monkeypatch.setattr("codeshare.pseudonymous.export.kinds_of_columns", lambda: kinds)
    with pytest.raises(OutputError, match=r"commits\.subject: nothing says"):
        export(source, tmp_path / "x.duckdb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "is_in"),
    [
        ("ann", True), ("Ann Lee", True), ("annlee", True), ("ann-lee.md", True), ("notes_by_ann_lee", True), ("李雷的文档", True),
        ("banner", False), ("lee", False), ("planning", False), ("zoe.py", False), ("Zoë", False), ("zoë", False), ("octo_cat", True),
        ("ray@example.org", True), ("test", False), ("al", False), ("x", False), ("", False),
    ],
)  # fmt: skip
def test_what_names_somebody(text: str, is_in: bool) -> None:
    found = Identifying(["Ann Lee", "李雷", "Zoë Ångström", "Test", "Al"], ["ann@example.org", "ray@example.org", "test@example.org", "9+octo-cat@users.noreply.github.com"], [])  # fmt: skip
    assert found.is_in(text) == is_in
