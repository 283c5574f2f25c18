from __future__ import annotations

import csv
import io
import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from codeshare.cli.main import codeshare
from codeshare.errors import CatalogueError, CheckFailed
from tests.histories import History

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


def _run(*args: str, input: str | None = None) -> Result:  # noqa: A002  click's word
    return CliRunner().invoke(codeshare, args, input=input, catch_exceptions=False)


def _json(*args: str, input: str | None = None) -> Any:  # noqa: A002  click's word
    return json.loads(_run(*args, "--format", "json", input=input).stdout)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", [["rules"], ["rules", "list"]])
def test_rules_are_listed_and_filtered(command: list[str]) -> None:
    everything = _json(*command)
    assert len(everything) > 400
    assert {row["state"] for row in everything} == {"on", "off by default"}
    assert {row["file"] for row in everything} == {"agents.toml", "bots.toml", "heuristics.toml"}
    assert all(row["source"] for row in everything)
    some = _json(*command, "--tool", "claude code", "--kind", "footer")
    assert {row["rule"] for row in some} == {
        *("claude-code.footer", "claude-code.footer-early", "claude-code.footer-plain", "claude-code.session"),
    }  # fmt: skip
    first = next(row for row in some if row["rule"] == "claude-code.footer")
    assert (first["class"], first["confidence"], first["not_before"]) == ("ai", "high", "2025-09-29")


def test_rules_of_the_users_are_listed_with_what_is_switched() -> None:
    Path("codeshare.toml").write_text(
        'disabled_rules = ["devin.*"]\nenabled_rules = ["personal.claude"]\n\n'
        '[[identity]]\ntool = "House"\nemails = ["house@example.org"]\n'
    )
    states = {row["rule"]: (row["state"], row["file"]) for row in _json("rules")}
    assert states["own.house.author"][0] == "on"
    assert states["own.house.author"][1].endswith("codeshare.toml")
    assert states["devin.trailer"][0] == "off"
    assert states["personal.claude"][0] == "on"
    assert states["personal.agent"][0] == "off by default"


def test_a_message_is_tried() -> None:
    found = _json("rules", "test", CLAUDE)
    assert (found["attribution"], found["confidence"], found["tool"], found["model"]) == (
        *("ai", "high", "Claude Code", "Opus 4.6"),
    )
    assert [(hit["rule"], hit["outcome"]) for hit in found["hits"]] == [("claude-code.trailer", "decides")]


@pytest.mark.parametrize(
    ("args", "input", "said"),
    [
        (["-"], f"Add\n\nWhy.\n\n{CLAUDE}\n", "ai, high: claude-code.trailer decides (Claude Code, Opus 4.6)."),
        (["Add a thing"], None, "human, low: no AI evidence (no-evidence)."),
        (["Add", "--date", "2020-01-01"], None, "human, high: no AI evidence, and older than any assistant"),
        ([CLAUDE, "--date", "2024-01-01"], None, "too early: believed from 2025-02-24"),
        (["Add", "--author", "Devin <devin@cognition.ai>"], None, "ai, high: devin.address.author decides"),
        (["Add", "--committer", "Claude <noreply@anthropic.com>"], None, "ai, medium: claude-code.committer"),
        (["Add", "--branch", "codex/x"], None, "ai, medium: codex.branch decides (Codex)."),
        (["Add", "--author", "Ann (claude) <a@example.org>"], None, "off by default: enabled_rules"),
        (["aider: add a flag"], None, "ai, medium: aider.subject decides (Aider)."),
        (["Fix: the colon is no key"], None, "human, low: no AI evidence"),
    ],
)  # fmt: skip
def test_what_a_trial_says(args: list[str], input: str | None, said: str) -> None:  # noqa: A002
    done = _run("rules", "test", *args, input=input)
    assert done.exit_code == 0
    assert said in done.stdout


@pytest.mark.parametrize("form", ["csv", "markdown", "table"])
def test_a_trial_in_every_format(form: str) -> None:
    done = _run("rules", "test", CLAUDE, "--format", form)
    assert "claude-code.trailer" in done.stdout
    assert "ai, high" in done.output
    if form == "csv":
        assert [row["outcome"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["decides"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--author", "Ann"], "'Ann': write it as \"Name <address>\"."),
        (["--committer", "Ann"], "'Ann': write it as"),
        (["--date", "soon"], "'soon' does not match the format"),
    ],
)
def test_wrong_use(args: list[str], words: str) -> None:
    done = CliRunner().invoke(codeshare, ["rules", "test", "Add", *args])
    assert done.exit_code == 2
    assert words in done.output


def test_what_fired_is_counted(history: History) -> None:
    history.commit({"a.py": "a = 1\n"}, "by hand")
    history.commit({"b.py": "b = 1\nc = 2\n"}, "by an agent", trailers=[CLAUDE])
    assert _run("--db", "x.duckdb", "mine", str(history.path)).exit_code == 0
    rows = _json("--db", "x.duckdb", "rules", "used")
    fired = {row["rule"]: (row["pieces"], row["commits"], row["lines"]) for row in rows}
    assert fired["claude-code.trailer"] == (1, 1, 2)
    assert rows == _json("--db", "x.duckdb", "query", "rules_fired")


def test_an_agent_of_the_users_is_mined(history: History) -> None:
    history.commit(
        {"b.py": "b = 1\nc = 2\n"},
        "by the house",
        author="House <house@example.org>",
        at=datetime(2026, 2, 1),
    )
    Path("codeshare.toml").write_text('[[identity]]\ntool = "House"\nemails = ["house@example.org"]\n')
    assert _run("--db", "x.duckdb", "mine", str(history.path)).exit_code == 0
    fired = {row["rule"]: row["lines"] for row in _json("--db", "x.duckdb", "rules", "used")}
    assert fired["own.house.author"] == 2


def test_a_users_pattern_cannot_hang_a_mine(history: History) -> None:
    history.commit({"a.py": "a = 1\n"}, f"Add\n\n{'a' * 100_000}!")
    rule = "[[rule]]\nid = 'own'\ntool = 'Own'\nkind = 'footer'\ncontains = ['a']\npattern = '(a+)+$'\n"
    Path("codeshare.toml").write_text(rule)
    start = time.perf_counter()
    with pytest.raises(
        CatalogueError, match=r"codeshare.toml: rule own: pattern = '\(a\+\)\+\$' could take too long"
    ):
        _run("--db", "x.duckdb", "mine", str(history.path))
    Path("codeshare.toml").write_text(rule.replace("(a+)+$", "a+$"))
    assert _run("--db", "x.duckdb", "mine", str(history.path)).exit_code == 0
    assert time.perf_counter() - start < 30


def test_examples_are_checked() -> None:
    assert "all hold" in _run("rules", "check").stdout
    Path("codeshare.toml").write_text(
        "[[rule]]\nid = 'own'\ntool = 'Own'\nkind = 'trailer'\nkey = 'Own'\nvalue = '^yes'\n"
        "examples = { match = ['Own: no'], no_match = ['Own: yes'] }\n"
    )
    with pytest.raises(CheckFailed, match="2 of 1,"):
        _run("rules", "check")
