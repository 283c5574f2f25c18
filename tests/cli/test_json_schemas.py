"""What is printed as JSON has the form of the schemas in ``docs/schemas``, on a repository really mined."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run
from tests.histories import History

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
BY = (
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "all",
    "repository",
    "team",
    "owner",
    "path",
    "tool",
    "class",
)


def schema(name: str) -> Any:
    found = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(found)
    return found


def faults(name: str, found: Any) -> list[str]:
    return [e.message[:200] for e in Draft202012Validator(schema(name)).iter_errors(found)]


@pytest.fixture
def mined(history: History, mined_once: Callable[..., Path]) -> Path:
    """A person's lines, an agent's, a bot's; two folders, three months."""
    history.commit({"src/a.py": "".join(f"a_{n} = {n}\n" for n in range(10))}, "by hand")
    history.commit(
        {"web/b.py": "".join(f"b_{n} = {n}\n" for n in range(30))}, "by an agent", trailers=[CLAUDE]
    )
    history.commit({"web/b.py": "".join(f"b_{n} = {n}\n" for n in range(5, 30))}, "fewer")
    return mined_once(history, name="x.duckdb")


@pytest.mark.parametrize("by", BY)
def test_shares(run: Run, mined: Path, by: str) -> None:
    done = run("--db", str(mined), "share", "--by", by, "--format", "json")
    found = json.loads(done.stdout)
    assert found, done.stderr
    assert faults("share", found) == []


def test_the_share_of_lines_that_are_there(run: Run, mined: Path) -> None:
    found = json.loads(run("--db", str(mined), "share", "--alive", "--format", "json").stdout)
    assert found["numerator"] == 25
    assert faults("share", found) == []


def test_the_schema_of_the_share_is_closed(run: Run, mined: Path) -> None:
    found = json.loads(run("--db", str(mined), "share", "--format", "json").stdout)
    assert faults("share", found | {"score": 1})
    assert faults("share", {name: value for name, value in found.items() if name != "coverage"})
    assert faults("share", found | {"share": 75})


def test_the_report_as_json_is_printed_and_no_file_written(run: Run, mined: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*.html"))
    done = run("--db", str(mined), "report", "--format", "json")
    found = json.loads(done.stdout)
    assert faults("report", found) == []
    assert found["headline"]["share"] == 0.75
    assert (found["headline"]["numerator"], found["headline"]["denominator"]) == (30, 40)
    assert not (tmp_path / "codeshare-report").exists()
    assert sorted(tmp_path.rglob("*.html")) == before


@pytest.mark.thorough
def test_the_printed_report_is_the_written_one(run: Run, mined: Path, tmp_path: Path) -> None:
    assert run("--db", str(mined), "report", "-o", "out").returncode == 0
    for form, name in (("json", "report.json"), ("markdown", "report.md")):
        printed = run("--db", str(mined), "report", "--format", form).stdout
        assert printed == (tmp_path / "out" / name).read_text(encoding="utf-8")


def test_the_report_on_a_terminal_writes_no_file(run: Run, mined: Path, tmp_path: Path) -> None:
    done = run("--db", str(mined), "report", "--terminal", COLUMNS="80")
    assert done.returncode == 0, done.stderr
    assert "75" in done.stdout
    assert "How sure we are" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert not (tmp_path / "codeshare-report").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--terminal", "--format", "json"], "take one of them"),
        (["--terminal", "-o", "out"], "-o writes files"),
        (["--format", "markdown", "--output", "out"], "-o writes files"),
        (["--format", "csv"], "'csv' is not one of 'markdown', 'json'"),
    ],
    ids=["two ways", "terminal and folder", "format and folder", "no such format"],
)
def test_options_that_exclude_each_other(run: Run, mined: Path, args: list[str], said: str) -> None:
    done = run("--db", str(mined), "report", *args)
    assert done.returncode == 2
    assert said in done.stderr
