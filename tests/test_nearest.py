"""Whoever misspells a name is told the right one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.errors import CodeshareError
from codeshare.nearest import named, nearest
from tests.histories import History


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a tag, its database, a series and a team."""
    where = tmp_path_factory.mktemp("nearest")
    history = History(where / "boats")
    history.commit({"src/piers.py": "piers = 3\n"})
    history.git("tag", "harbour")
    (where / "codeshare.toml").write_text('[[repo]]\npath = "boats"\n[teams]\nquay = ["ann@example.org"]\n')
    (where / "survey.csv").write_text("series,date,value,unit,source\nsurvey of June,2026-06-01,1,count,us\n")
    runner = CliRunner()
    database = ["--db", str(where / "codeshare.duckdb"), "--config", str(where / "codeshare.toml")]
    for args in (["mine"], ["import", "metrics", str(where / "survey.csv")]):
        assert runner.invoke(codeshare, [*database, *args]).exit_code == 0
    return where


@pytest.fixture
def complain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    def run(*args: str) -> str:
        monkeypatch.chdir(folder)
        result = CliRunner().invoke(codeshare, args, standalone_mode=False)
        error = result.exception
        assert error is not None
        return str(error) if isinstance(error, CodeshareError) else error.format_message()  # type: ignore[attr-defined]

    return run


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (["reprot"], "report"),
        (["people", "sugest"], "suggest"),
        (["share", "--formt", "csv"], "--format"),
        (["share", "--by", "mnth"], "month"),
        (["share", "--repo", "boat"], "boats"),
        (["share", "--team", "quai"], "quay"),
        (["blame", "--repo", "boat", "src/piers.py"], "boats"),
        (["blame", "src/pier.py"], "src/piers.py"),
        (["explain", "src/pier.py"], "src/piers.py"),
        (["report", "--compare", "boat", "2026"], "repository:boats"),
        (["mine", "boat"], "boats"),
        (["mine", "--branch", "mian"], "main"),
        (["query", "headlin"], "headline"),
        (["query", "ai_share", "--param", "prt=year"], "part"),
        (["sql", "select autor from commits"], "author"),
        (["sql", "from comits"], "commits"),
        (["import", "metrics", "--remove", "survey of Jun"], "survey of June"),
        (["people", "join", "ann@exampel.org", "x@example.org"], "ann@example.org"),
        (["completion", "bsh"], "bash"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else each,
)
def test_the_nearest_name_is_told(complain: Callable[..., str], args: list[str], meant: str) -> None:
    assert re.search(rf"(?<![\w/]){re.escape(meant)}(?!\w)", complain(*args))


@pytest.mark.parametrize(("rev", "meant"), [("harbor", "harbour"), ("mian", "main")])
def test_the_nearest_ref_of_a_range(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rev: str, meant: str
) -> None:
    monkeypatch.chdir(folder / "boats")
    result = CliRunner().invoke(codeshare, ["share", "--range", f"{rev}..HEAD"], standalone_mode=False)
    assert str(result.exception).endswith(f"{rev}: neither a branch, a tag nor a commit of this repository; did you mean {meant}?")  # fmt: skip


def test_what_is_near_and_what_is_not() -> None:
    assert nearest("boat", ["boats", "piers"], "") == "did you mean boats?"
    assert nearest("xyz", ["boats", "piers"], "there are boats.") == "there are boats."
    assert named(list("abcdefghij")) == "a, b, c, d, e, f, g, h and 2 more"
