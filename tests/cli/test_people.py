from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codeshare.cli.main import codeshare
from codeshare.errors import ConfigError
from tests.histories import ANN, BOB, History

_ANN_AT_HOME = "Ann Lee <ann@home.example>"
Ask = Callable[..., Result]


@pytest.fixture
def ask(
    tmp_path: Path, history: History, mined_once: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Ask:
    for n, author in enumerate(
        (ANN, _ANN_AT_HOME, BOB, "Bob Ray <zebra@zoo.example>", "Claude <noreply@anthropic.com>")
    ):
        history.commit({"a": f"{n}\n"}, author=author)
    database = mined_once(history)
    monkeypatch.chdir(tmp_path)

    def run(*args: str) -> Result:
        return CliRunner().invoke(codeshare, ["--db", str(database), "people", *args])

    return run


def test_people_without_more_is_the_list(ask: Ask) -> None:
    rows = json.loads(ask("--format", "json").stdout)
    assert rows == json.loads(ask("list", "--format", "json").stdout)
    assert sorted(row["person"] for row in rows) == [
        "Ann Lee",
        "Ann Lee",
        "Bob Ray",
        "Bob Ray",
        "Claude Code",
    ]
    (claude,) = (row for row in rows if row["kind"] == "agent")
    assert (claude["accountable"], claude["first_merged"], claude["how"]) == (0, "2026-01-05", "rule")


@pytest.mark.parametrize(
    ("options", "people"),
    [
        (["--kind", "agent"], {"Claude Code"}),
        (["--kind", "engineer"], {"Ann Lee", "Bob Ray"}),
        (["--match", "ZOO"], {"Bob Ray"}),
        (["--match", "nobody"], set()),
    ],
)
def test_the_list_can_be_narrowed(ask: Ask, options: list[str], people: set[str]) -> None:
    assert {row["person"] for row in json.loads(ask(*options, "--format", "json").stdout)} == people


def test_pseudonyms_name_nobody(ask: Ask) -> None:
    out = ask("--pseudonyms", "--format", "csv").stdout
    assert "Ann" not in out
    assert "example.org" not in out


def test_proposals_say_why_and_what_to_do(ask: Ask) -> None:
    done = ask("suggest")
    assert "same name, same local part" in done.stdout
    assert "codeshare people join ADDRESS ADDRESS" in done.stderr
    assert "1 pair has only a name in common: --weak lists them." in done.stderr
    weak = json.loads(ask("suggest", "--weak", "--format", "json").stdout)
    assert [row["reason"] for row in weak] == ["same name, same local part", "same name only"]
    assert {weak[0]["address"], weak[0]["other_address"]} == {"ann@example.org", "ann@home.example"}


def test_join_writes_the_settings_once(ask: Ask) -> None:
    done = ask("join", "ann@example.org", "ann@home.example")
    assert done.exit_code == 0
    assert (
        done.stdout
        == "codeshare.toml: ann@example.org also stands for ann@home.example. `codeshare mine` applies it.\n"
    )
    assert (
        Path("codeshare.toml").read_text()
        == '[[alias]]\nemail = "ann@example.org"\nemails = ["ann@home.example"]\n'
    )
    assert (
        ask("join", "ann@home.example", "ann@example.org").stdout
        == "ann@example.org: they are one person already.\n"
    )


def test_join_refuses_agents(ask: Ask) -> None:
    done = ask("join", "ann@example.org", "noreply@anthropic.com")
    assert isinstance(done.exception, ConfigError)
    assert not Path("codeshare.toml").exists()


@pytest.mark.parametrize("args", [["join", "ann@example.org"], ["join"], ["nonsense"]])
def test_wrong_use(ask: Ask, args: list[str]) -> None:
    assert ask(*args).exit_code == 2


def test_a_new_settings_file_in_a_repository_moves_the_database(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({"a": "1\n"}, author=ANN)
    history.commit({"a": "2\n"}, author=_ANN_AT_HOME)
    monkeypatch.chdir(history.path)
    assert CliRunner().invoke(codeshare, ["mine"]).exit_code == 0
    done = CliRunner().invoke(codeshare, ["people", "join", "ann@example.org", "ann@home.example"])
    assert done.exit_code == 0
    assert "from now on the database is codeshare.duckdb beside it" in done.stderr
    assert CliRunner().invoke(codeshare, ["mine"]).exit_code == 0
    rows = json.loads(CliRunner().invoke(codeshare, ["people", "--format", "json"]).stdout)
    assert [(row["commits"], row["identities"]) for row in rows] == [(2, 2)]
