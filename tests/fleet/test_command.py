from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import codeshare
from codeshare.cli.main import codeshare as command
from codeshare.errors import CannotKnow

SETTINGS = '[[repo]]\npath = "fleet/*"\nskip = ["fork"]\nteam = "core"\n'


@pytest.fixture
def organisation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a fleet and its ``codeshare.toml``, in which one stands."""
    (folder.parent / "codeshare.toml").write_text(SETTINGS)
    monkeypatch.chdir(folder.parent)
    return folder.parent


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_all_of_the_settings_are_mined_and_what_fails_is_named(organisation: Path) -> None:
    done = run("mine")
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[0] == "app (main): mined, 2 commits."
    (organisation / "codeshare.toml").write_text(SETTINGS + '[[repo]]\npath = "gone"\n')
    done = run("mine")
    assert isinstance(done.exception, CannotKnow)
    assert done.exception.exit_status == 3
    assert "failed: " in done.stderr
    assert "4 repositories: 0 mined, 3 up to date, 1 failed." in done.stderr
    assert run("mine", "--keep-going").exit_code == 0
    with pytest.raises(CannotKnow, match=r"1 repositories failed, first .*gone"):
        codeshare.mine()
    assert [outcome.repo for outcome in codeshare.mine(keep_going=True)] == ["app", "lib", "site"]


def test_a_lake_is_mined_and_read_like_a_database(organisation: Path) -> None:
    assert run("mine").exit_code == 0
    assert run("mine", "--lake", "lake").exit_code == 0
    version = len(list((organisation / "lake" / "manifests").iterdir()))
    assert run("mine", "--lake", "lake").exit_code == 0
    assert len(list((organisation / "lake" / "manifests").iterdir())) == version, (
        "nothing is new, nothing is written"
    )
    for question in (["share", "--format", "json"], ["sql", "from people select team, count(*) group by all", "--format", "csv"]):  # fmt: skip
        assert run("--db", "lake", *question).stdout == run(*question).stdout, question
    assert run("--db", "home.duckdb", "lake", "pull", "lake").exit_code == 0
    assert run("--db", "home.duckdb", "share", "--format", "json").stdout == run("share", "--format", "json").stdout  # fmt: skip
    assert "0 files removed" in run("lake", "vacuum", "lake").stderr
    assert "1 files a table at most" in run("lake", "compact", "lake").stderr


def test_a_share_of_many_repositories_names_the_first_few_and_programs_get_all(
    organisation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codeshare.cli.share._SHOWN_WHOLE", 2)
    monkeypatch.setattr("codeshare.cli.share._SHOWN", 1)
    assert run("mine").exit_code == 0
    (row,) = [line.split("|") for line in run("share", "--format", "markdown").stdout.splitlines()[2:]]
    assert [cell.strip() for cell in row[2:4]] == ["app and 2 more", "main"]
    found = json.loads(run("share", "--format", "json").stdout)
    assert (found["repo"], found["branch"]) == ("app, lib, site", "main, main, main")
    each = json.loads(run("share", "--by", "repository", "--format", "json").stdout)
    assert sorted(row["repo"] for row in each) == ["app", "lib", "site"]
    assert {row["tip"] for row in each} == set(found["tip"].split(", "))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--db", "lake", "mine"], "name the lake to mine into with --lake"),
        (["mine", "--lake", "lake", "--quality"], "not into a lake"),
        (["mine", "--cluster", "local:0"], "must be local:N"),
        (["--db", "none://x", "share"], "no storage that is known"),
        (["lake", "pull", "fleet"], "there is no lake"),
    ],
)
def test_wrong_use_is_said(organisation: Path, arguments: list[str], words: str) -> None:
    (organisation / "lake" / "manifests").mkdir(parents=True)
    done = run(*arguments)
    assert words in done.stderr + str(done.exception)
    assert done.exit_code != 0
