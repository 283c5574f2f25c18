from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from codeshare.cli.output import plain, print_rows, text
from tests.cli.conftest import Run
from tests.histories import History, clean_environment

COMMAND = [sys.executable, "-m", "codeshare.cli.main", "--db", "x.duckdb"]


@pytest.fixture
def start(run: Run) -> Run:
    return partial(run, "--db", "x.duckdb")


@pytest.fixture
def mined(history: History, mined_once: Callable[..., Path]) -> Path:
    """A folder with a database of two commits."""
    history.commit({"a.py": "a = 1\n"})
    history.commit({"a.py": "a = 2\nb = 1\n"})
    return mined_once(history, name="x.duckdb").parent


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567.0, "1234567"),
        (0.25, "0.2500"),
        (1e20, "1e+20"),
        (Decimal("3.00"), "3"),
        (Decimal("0.5"), "0.5000"),
        (None, ""),
        (True, "true"),
    ],
)
def test_cells(value: Any, shown: str) -> None:
    assert text(value, 4) == shown


def test_lists_and_the_like_are_json() -> None:
    assert [text(["ü", "\u202e"]), text({"n": Decimal("1.5")})] == ['["ü", "\\u202e"]', '{"n": 1.5}']


def test_nested_values_are_plain() -> None:
    assert plain({"a": [Decimal("1.5"), float("nan")], "b": (1, None)}) == {"a": [1.5, None], "b": [1, None]}


def test_sql_keeps_whole_numbers_whole(mined: Path, start: Run) -> None:
    statement = (
        "select sum(x) as total, any_value(y) as y, 1 as total from (values (1234567, null::int)) t(x, y)"
    )
    done = start("sql", statement, "--format", "json", cwd=mined)
    assert json.loads(done.stdout) == [{"total": 1234567, "y": None, "total_1": 1}]
    assert "1234567" in start("sql", statement, cwd=mined).stdout


@pytest.mark.parametrize(
    "form",
    ["csv", *(pytest.param(form, marks=pytest.mark.thorough) for form in ("table", "json", "markdown"))],
)
@pytest.mark.parametrize("rows", [3, 100_000], ids=["few rows", "many rows"])
def test_a_reader_that_leaves_is_no_error(mined: Path, form: str, rows: int) -> None:
    process = subprocess.Popen(
        [*COMMAND, "sql", f"from range({rows if form != 'table' else min(rows, 2000)})", "--format", form],
        cwd=mined, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    words = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), words) == (0, b"")


def test_doctor_as_json_is_one_object(mined: Path, history: History, start: Run) -> None:
    assert json.loads(start("doctor", "--format", "json", cwd=mined).stdout) == {}
    history.commit({"a.py": "z = 1\n"}, author="strange-thing[bot] <7+strange-thing[bot]@users.noreply.github.com>")  # fmt: skip
    start("mine", str(history.path), cwd=mined)
    found = json.loads(start("doctor", "--format", "json", cwd=mined).stdout)
    assert list(found) == ["unknown_bots"]
    (bots,) = found.values()
    assert set(bots) == {"what", "count", "figure", "remedy", "rows"}
    assert (bots["count"], bots["figure"], len(bots["rows"])) == (1, "1 commits", 1)


@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_doctor_as_rows_is_one_table(mined: Path, history: History, start: Run, form: str) -> None:
    done = start("doctor", "--format", form, cwd=mined)
    assert _head(done.stdout, form) == ["finding", "figure", "remedy"]
    history.commit({"big.py": "x = 1\n" * 5001})
    history.commit({"a.py": "z = 1\n"}, author="strange-thing[bot] <7+strange-thing[bot]@users.noreply.github.com>")  # fmt: skip
    start("mine", str(history.path), cwd=mined)
    done = start("doctor", "--format", form, cwd=mined)
    assert done.stderr == ""
    rows = _read(done.stdout, form)
    assert [row["finding"] for row in rows] == ["unknown_bots", "outliers"]
    assert "strange-thing" in rows[0]["name"]
    assert rows[1]["figure"] == "1 commits"
    assert "codeshare query outliers" in rows[1]["remedy"]
    assert rows[1]["lines"] == "5001"
    assert rows[1]["name"] == ""


def _head(out: str, form: str) -> list[str]:
    return [cell.strip() for cell in out.splitlines()[0].strip("|").split("," if form == "csv" else "|")]


def _read(out: str, form: str) -> list[dict[str, str]]:
    if form == "csv":
        return list(csv.DictReader(io.StringIO(out), strict=True))
    head, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in out.splitlines())
    return [dict(zip(head, cells, strict=True)) for cells in body]


def test_a_range_counts_once_also_what_is_not_mined(
    mined: Path, history: History, run: Run, start: Run
) -> None:
    history.git("clone", "--quiet", "--bare", str(history.path), str(mined / "fork.git"))
    start("mine", str(mined / "fork.git"), cwd=mined)
    history.commit({"c.py": "c = 1\n"})
    database = ["--db", str(mined / "x.duckdb")]
    done = run(*database, "share", "--range", "HEAD~2..HEAD", "--format", "json", cwd=history.path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["repo"], answer["denominator"]) == ("project", 3)


@pytest.mark.parametrize(("columns", "stand"), [("40", "below one another"), ("200", "side by side")])
def test_one_row_wider_than_the_terminal_is_a_list(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str, stand: str
) -> None:
    for name, value in {"COLUMNS": columns, "FORCE_COLOR": "1", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    row = {f"a_long_name_{k}": k / 8 for k in range(8)} | {"tip": "f" * 40}
    print_rows([row], "table")
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in capsys.readouterr().out.splitlines()]
    assert max(map(len, lines)) <= int(columns)
    together = [line.split() for line in lines if "a_long_name_3" in line]
    assert together == ([["a_long_name_3", "0.3750"]] if stand == "below one another" else [[*row]])
