from __future__ import annotations

import inspect
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

import codeshare as library
from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.people import People
from codeshare.cli.main import codeshare
from codeshare.config import Config, keys_of, load_config
from codeshare.metrics.queries import query_names
from codeshare.store.database import create_schema
from docs.answered import DEMO, GUIDES
from tests.docs.documents import DOCUMENTS, ROOT, blocks, name
from tests.histories import BOB, History

CONFIGURATION = ROOT / "docs" / "configuration.md"
README = ROOT / "README.md"
PYTHON = ROOT / "docs" / "python.md"
SCHEMA = ROOT / "docs" / "schema.md"
CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
SQL = [
    (document, sql)
    for document in DOCUMENTS
    if document.name not in GUIDES
    for sql in blocks(document, "sql")
]
SETTINGS = [(document, text) for document in (README, CONFIGURATION) for text in blocks(document, "toml")]
SHELL = [
    line.removeprefix("$ ").partition("#")[0].strip()
    for document in DOCUMENTS
    for block in blocks(document, "console")
    for line in block.splitlines()
    # test_guides.py runs those that read the sample company, test_package.py makes it
    if line.startswith("$ codeshare ") and not re.search(rf" {DEMO}/|^\$ codeshare demo\b", line)
]


@pytest.fixture
def project(history: History) -> History:
    """Ten lines by a person in 2024, thirty by an agent in 2025."""
    history.commit({"src/a.py": "".join(f"a_{n} = {n}\n" for n in range(10))}, "Count", author=BOB)
    history.commit(
        {"src/b.py": "".join(f"b_{n} = {n}\n" for n in range(30))}, "Count more", trailers=[CLAUDE]
    )
    return history


@pytest.mark.parametrize(("document", "sql"), SQL, ids=[f"{name(d)} {s.split()[0]}" for d, s in SQL])
def test_sql_answers(project: History, mined_once: Callable[..., Path], document: Path, sql: str) -> None:
    with library.open_database(mined_once(project)) as database:
        rows = database.execute(sql).df()
    assert len(rows) >= 1
    assert not rows.isna().all(axis=None)


@pytest.mark.thorough
def test_python_runs(project: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.path)
    (source,) = blocks(README, "python")
    found: dict[str, object] = {}
    exec(compile(source, "README.md", "exec"), found)
    assert list(found["monthly"]["share"]) == [0.75]  # type: ignore[index]
    assert (project.path / "out" / "report.html").is_file()
    with library.open_database("code.duckdb") as database:
        charts = library.charts(database)
    assert set(charts) == {path.stem for path in (project.path / "out" / "charts").glob("*.svg")}
    assert all(chart.to_dict()["datasets"]["texts"] for chart in charts.values())


@pytest.mark.thorough
def test_frames_of_the_guide_to_python_hold_what_is_said(
    project: History, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.path)
    source, drawn = blocks(PYTHON, "python")
    found: dict[str, Any] = {}
    exec(compile(source, "python.md", "exec"), found)
    exec(compile(drawn, "python.md", "exec"), found)
    assert "</svg>" in Path("share.svg").read_text(encoding="utf-8")
    assert found["wide"].to_dict()["title"] == "Ours"
    curve = found["curve"].query("scope == 'all' and age_days == 0")
    assert dict(zip(curve["part"], curve["lines_at_risk"], strict=True)) == {"ai": 30, "all": 40, "human": 10}
    assert found["months"]["lines"].sum() == 80  # once for all, once by attribution
    assert found["matrix"].empty
    assert found["undone"].empty  # 30 days have not passed
    assert list(found["habits"]["attribution"]) == ["ai", "human"]
    assert "verdict" in capsys.readouterr().out


def test_the_guide_to_csv_reads_an_export_back(
    project: History, mined_once: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project.commit({"src/c.py": "c = 1\n"}, "=1+1")
    library.export(mined_once(project), "out", "csv")
    (source,) = blocks(SCHEMA, "python")
    found: dict[str, Any] = {}
    exec(compile(source, "schema.md", "exec"), found)
    commits = found["commits"]
    assert list(commits["subject"]) == ["Count", "Count more", "=1+1"]
    assert [list(each) for each in commits["parents"]] == [
        [],
        list(commits["sha"][:1]),
        list(commits["sha"][1:2]),
    ]


def test_every_function_is_in_the_guide_to_python() -> None:
    functions = {each for each in library.__all__ if inspect.isfunction(getattr(library, each))}
    assert {"survival", "mine", "estimate"} < functions
    assert set(re.findall(r"^### (\w+)$", PYTHON.read_text(encoding="utf-8"), re.MULTILINE)) == functions


@pytest.mark.thorough
@pytest.mark.parametrize("line", sorted(set(SHELL)))
def test_command_lines_run(
    project: History,
    mined_once: Callable[..., Path],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(project.path)
    arguments = ["--db", str(mined_once(project)), *shlex.split(line)[1:]]
    result = CliRunner().invoke(codeshare, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.stdout


@pytest.mark.parametrize(("document", "text"), SETTINGS, ids=[name(document) for document, _ in SETTINGS])
def test_settings_load(tmp_path: Path, document: Path, text: str) -> None:
    file = tmp_path / "codeshare.toml"
    file.write_text(text, encoding="utf-8")
    config = load_config(file)
    catalogue = load_catalogue(config.rules, config.disabled_rules)
    people = People(catalogue, config.aliases, config.teams)
    assert config.repos
    assert people
    assert {str(rule["id"]) for rule in config.rules} <= {rule.entry for rule in catalogue.rules}


SINGULAR = {
    "repos": "repo",
    "aliases": "alias",
    "events": "event",
    "fix_patterns": "fix_pattern",
    "rules": "rule",
    "identities": "identity",
}
"""Lists of tables, as one table is headed."""


def test_the_whole_example_sets_every_key() -> None:
    (text,) = blocks(CONFIGURATION, "toml")
    keys = set(tomllib.loads(text))
    wanted = {SINGULAR.get(name, name) for name in keys_of(Config)}
    assert keys == wanted


def test_every_key_is_documented() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    keys = re.findall(r"^\| `(?:\[\[)?(\w+)", text, re.MULTILINE)
    assert {SINGULAR.get(name, name) for name in keys_of(Config)} <= set(keys)


def test_every_table_view_macro_and_column_is_documented_and_every_relation_explained() -> None:
    text = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        create_schema(connection)
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
        macros = connection.execute(
            "select distinct function_name from duckdb_functions() where not internal"
        ).fetchall()
    sections = {part.partition("\n")[0]: part for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]}
    assert {table for table, _ in columns} == set(sections)
    assert [(table, column) for table, column in columns if f"| `{column}` |" not in sections[table]] == []
    assert [name for (name,) in macros if f"`{name}(" not in text] == []
    assert "None" not in text


def test_the_picture_of_the_tables_names_tables_and_columns_that_are_there() -> None:
    picture = (ROOT / "docs" / "images" / "schema.svg").read_text(encoding="utf-8")
    boxes = re.findall(r">(\w+)</text><text [^>]*>([\w, ]+)</text>", picture)
    with duckdb.connect() as connection:
        create_schema(connection)
        for table, columns in boxes:
            found = {name for name, *_ in connection.execute(f"describe {table}").fetchall()}
            assert set(columns.split(", ")) <= found, table
    assert {"commits", "line_spans", "evidence"} < {table for table, _ in boxes}


def test_every_query_is_documented() -> None:
    text = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == list(query_names())
