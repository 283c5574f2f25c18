"""What the commands print against the published schemas."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from codeshare.metrics.share import SPLITS
from tests.cli.conftest import Run, run
from tests.docs.documents import ROOT
from tests.histories import History

__all__ = ["run"]  # the fixture

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
PERIODS = ("day", "week", "month", "quarter", "year")


def _schema(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture
def ask(run: Run, history: History, mined_once: Callable[..., Path]) -> Callable[..., Any]:
    """Run a command in a mined repository and read the JSON that it prints."""
    history.commit({"a.py": "a\n"}, "by hand")
    history.tick(timedelta(days=2))
    history.commit({"src/b.py": "b\nc\n", "CODEOWNERS": "* @org/team\n"}, "agent", trailers=[CLAUDE])
    mined_once(history, name="x.duckdb")

    def start(*args: str, database: str = "../x.duckdb") -> Any:
        done = run("--db", database, *args, "--format", "json", cwd=history.path)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    return start


@pytest.mark.thorough
@pytest.mark.parametrize("by", [*PERIODS, "all", *SPLITS])
def test_share_prints_what_its_schema_says(ask: Callable[..., Any], by: str) -> None:
    answer = ask("share", "--by", by)
    assert answer
    _schema("share").validate(answer)
    alone = ask("share", "--by", by, "--range", "HEAD~1..HEAD", database="../none.duckdb")
    _schema("share").validate(alone)


def test_the_share_of_what_is_there_too(ask: Callable[..., Any]) -> None:
    _schema("share").validate(ask("share", "--alive"))


def test_a_line_of_the_trend_is_a_reading(ask: Callable[..., Any], run: Run, history: History) -> None:
    run("--db", "../x.duckdb", "share", "--by", "day", "--append", "../trend.ndjson", cwd=history.path)
    schema = _schema("share")
    reading = schema.evolve(schema=schema.schema | {"oneOf": [{"$ref": "#/$defs/reading"}]})
    lines = (history.path.parent / "trend.ndjson").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    for line in lines:
        reading.validate(json.loads(line))


@pytest.mark.parametrize(
    "args",
    [
        ["--range", "HEAD~1..HEAD", "--at-most", "0.5", "--trailers", "--agent-trailers", "--settings", "--required-trailer", "^Signed-off-by: "],
        ["--range", "HEAD~1..HEAD", "--at-least", "0.5", "--path", "src/**", "--coverage", "0.1"],
        ["--range", "HEAD~1..HEAD", "--ratchet", "0.1", "--churn", "0.1"],
        ["--at-most", "0.5", "--ratchet", "0.1", "--level", "warn"],
        ["--at-most", "0.5", "--level", "off"],
    ],
    ids=["commits", "path", "mined", "database", "off"],
)  # fmt: skip
def test_check_prints_what_its_schema_says(ask: Callable[..., Any], args: list[str]) -> None:
    answer = ask("check", *args)
    assert answer["verdicts"]
    _schema("check").validate(answer)


@pytest.mark.parametrize("name", ["share", "check"])
def test_a_schema_is_strict(ask: Callable[..., Any], name: str) -> None:
    answer = ask(name, *(["--at-most", "0.5"] if name == "check" else []))
    for wrong in (
        answer | {"share": 2},
        answer | {"more": 1},
        {k: v for k, v in answer.items() if k != "tip"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            _schema(name).validate(wrong)


@pytest.mark.parametrize("name", ["share", "check"])
def test_where_nothing_can_be_known_there_are_nulls_and_a_remedy(
    ask: Callable[..., Any], run: Run, history: History, name: str
) -> None:
    rule = ["--at-most", "1"] if name == "check" else []
    args = (name, "--range", f"{'1' * 40}..HEAD", *rule, "--format", "json")
    done = run("--db", "../none.duckdb", *args, cwd=history.path)
    answer = json.loads(done.stdout)
    _schema(name).validate(answer)
    assert (done.returncode, answer["share"], answer["numerator"]) == (3, None, None)
    assert "git fetch origin" in answer["remedy"]
    assert run("--db", "../none.duckdb", *args[:-1], "csv", cwd=history.path).stdout == ""
