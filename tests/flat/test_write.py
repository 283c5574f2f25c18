"""Folders of files: what is read back is what was in the database."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.errors import CatalogueError, OutputError
from codeshare.flat.chosen import choose
from codeshare.flat.forms import Form
from codeshare.flat.write import write_folder
from tests.metrics.rows import Rows

HOSTILE = (
    "=cmd|'/c calc'!A1", "@SUM(1)", "+1", "-1", "\ttab", "\rreturn", "\nnext", "＝full width", "'quoted", "''twice",
    'a "quote", and a comma', "two\nlines", "two\r\nlines", "", "NULL", "null", "\\N", "  spaced  ", "ü 李雷 🚢", ";", "true", "2026-01-01",
)  # fmt: skip
FORMS = (Form("parquet"), Form("csv"), Form("csv", exact=True))


@pytest.fixture(scope="module")
def filled() -> Rows:
    """Texts that strangers might write, lists, numbers beyond a float, and what is not known."""
    rows = Rows()
    for text in HOSTILE:
        rows.insert(
            "pull_requests", repo="widget", number=rows.commits, title=text, labels=[text, "a, b", ""]
        )
        rows.commit("2026-01-05 12:30", 10, attribution="ai", subject=text, patch_id=2**64 - 1)
    rows.commit("2026-01-06 12:00:00.5", 5, subject=None)
    return rows


def read_back(folder: Path, entry: dict[str, Any]) -> list[tuple[Any, ...]]:
    """A file's rows, as its manifest says that they are to be read."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    path = str(folder / entry["file"])
    if manifest["format"] == "parquet":
        return duckdb.sql("from read_parquet($path)", params={"path": path}).fetchall()
    mark = "'" if "text_mark" in manifest["conventions"] else None
    kinds = {column["name"]: column["type"] for column in entry["columns"]}
    values = []
    for name, kind in kinds.items():
        if kind.endswith("]"):
            values.append(f'"{name}"::json::{kind} as "{name}"')
        elif kind == "VARCHAR" and mark:
            values.append(f"regexp_replace(\"{name}\", '^{mark * 2}', '') as \"{name}\"")
        else:
            values.append(f'"{name}"')
    columns = {name: "VARCHAR" if kind.endswith("]") else kind for name, kind in kinds.items()}
    return duckdb.sql(
        f"select {', '.join(values)} from read_csv($path, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', allow_quoted_nulls = false, columns = {columns})",
        params={"path": path},
    ).fetchall()


@pytest.mark.parametrize("form", FORMS, ids=["parquet", "csv", "exact csv"])
def test_every_table_reads_back_as_it_was(filled: Rows, form: Form, tmp_path: Path) -> None:
    manifest = write_folder(filled.connection, tmp_path / "out", form)
    names = {name for (name,) in filled.rows("select table_name from duckdb_tables() where not internal")}
    assert {each["name"] for each in manifest["files"]} == names - {"meta"}
    for each in manifest["files"]:
        found = read_back(tmp_path / "out", each)
        assert found == filled.rows(f"from {each['name']}"), each["name"]
        assert len(found) == each["rows"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"manifest.json", *(each["file"] for each in manifest["files"])}  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_no_text_of_a_csv_is_a_formula(filled: Rows, tmp_path: Path) -> None:
    write_folder(filled.connection, tmp_path / "out", Form("csv"), tables=["commits"])
    with (tmp_path / "out" / "commits.csv").open(encoding="utf-8", newline="") as file:
        subjects = [row["subject"] for row in csv.DictReader(file)]
    assert len(subjects) == len(HOSTILE) + 1
    assert [text for text in subjects if text[:1] in tuple("=+-@\t\r\n＝")] == []
    assert "'=cmd|'/c calc'!A1" in subjects


def test_the_manifest_says_what_each_column_is(filled: Rows, tmp_path: Path) -> None:
    manifest = write_folder(
        filled.connection,
        tmp_path / "out",
        Form("parquet"),
        tables=["commits", "ai_share_monthly", "commits"],
        queries=["ai_share"],
        parameters={"part": "quarter", "since": date(2026, 1, 1)},
    )
    assert manifest == json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    table, view, query = manifest["files"]
    assert [(each["file"], each["kind"], each["rows"]) for each in manifest["files"]] == [
        ("commits.parquet", "table", len(HOSTILE) + 1),
        ("ai_share_monthly.parquet", "view", 1),
        ("queries/ai_share.parquet", "query", 1),
    ]
    assert table["columns"][3] == {
        "name": "parents",
        "type": "VARCHAR[]",
        "comment": "Ids of its parents, the first first",
    }
    assert table["comment"] == "One row per commit reachable from the branch"
    assert all(column["comment"] for column in view["columns"])
    assert query["parameters"]["part"] == "quarter"
    assert query["parameters"]["since"] == "2026-01-01"
    assert {column["name"]: column["type"] for column in query["columns"]}["share"] == "DOUBLE"


@pytest.mark.parametrize(
    ("tables", "queries", "parameters", "said"),
    [
        (["comits"], [], {}, "no table or view 'comits'; did you mean commits?"),
        (["meta"], [], {}, "no table or view 'meta'"),
        ([], ["ai_shar"], {}, "did you mean ai_share?"),
        ([], ["ai_share"], {"prt": "quarter"}, "no parameter 'prt'"),
    ],
)
def test_what_is_not_there_is_not_written(
    filled: Rows, tables: list[str], queries: list[str], parameters: dict[str, object], said: str
) -> None:
    with pytest.raises(CatalogueError) as caught:
        choose(filled.connection, tables, queries, parameters)
    assert said in str(caught.value)


def test_only_an_earlier_export_is_replaced(filled: Rows, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()  # an empty folder is as good as none

    def write(table: str, *, force: bool) -> None:
        write_folder(filled.connection, target, Form("csv"), tables=[table], force=force)

    write("people", force=False)
    with pytest.raises(OutputError, match="is there already"):
        write("commits", force=False)
    write("commits", force=True)
    assert {path.name for path in target.iterdir()} == {"commits.csv", "manifest.json"}
    (target / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds notes\.txt, which no export wrote"):
        write("people", force=True)
    assert {path.name for path in target.iterdir()} == {"commits.csv", "manifest.json", "notes.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["file", "missing/out"])
def test_where_nothing_can_be_written(filled: Rows, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=name):
        write_folder(filled.connection, tmp_path / name, Form("csv"), tables=["commits"], force=True)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
