"""Notes, warnings and what is being done: on stderr by --quiet and --verbose, and in the file of --log-file."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from codeshare.cli.logs import shows_progress, start
from codeshare.cli.main import codeshare
from tests.cli.conftest import Run
from tests.cli.test_commands import shallow
from tests.histories import History

_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|SAID|NOTE|WARNING|ERROR) codeshare[\w.]*: .+")  # fmt: skip


@pytest.fixture
def project(history: History) -> History:
    history.commit({"a.py": "a = 1\n"})
    return history


@pytest.mark.parametrize(
    ("options", "has", "lacks"),
    [
        ([], {"project (main): mined"}, {"project: commits", "git rev-list"}),
        (["-q"], set(), {"project", "git"}),
        (["--verbose"], {"project (main): mined", "project: commits: ", "1 commits", "status 0 after"}, {"git rev-list"}),
        (["-vv"], {"project (main): mined", "project: commits: ", "git rev-list"}, set()),
    ],
    ids=["as it is", "quiet", "verbose", "very verbose"],
)  # fmt: skip
@pytest.mark.parametrize("is_before", [True, False], ids=["before the command", "after it"])
def test_how_much_is_said(
    run: Run, project: History, options: list[str], has: set[str], lacks: set[str], is_before: bool
) -> None:
    command = ["--db", "x.duckdb", "mine", str(project.path)]
    done = run(*options, *command) if is_before else run(*command, *options)
    assert (done.returncode, done.stdout) == (0, "")
    assert {words for words in has if words not in done.stderr} == set()
    assert {words for words in lacks if words in done.stderr} == set()


def test_shared_options_may_follow_the_command(run: Run, project: History) -> None:
    assert run("mine", str(project.path), "--db", "x.duckdb").returncode == 0
    before = run("-q", "--db", "x.duckdb", "share", "--format", "csv")
    after = run("share", "--format", "csv", "--quiet", "--db=x.duckdb")
    assert (after.stdout, after.stderr) == (before.stdout, "")
    assert run("people", "-q", "--db", "x.duckdb").returncode == 0


def test_a_warning_is_never_left_out(run: Run, project: History) -> None:
    project.commit({"a.py": "a = 2\n"})
    done = run("--quiet", "--db", "x.duckdb", "mine", str(shallow(project)))
    assert done.stderr.startswith("warning: project: a shallow clone")
    assert done.stderr.count("\n") == 1


def test_the_file_has_everything_with_times(run: Run, project: History, tmp_path: Path) -> None:
    log = tmp_path / "codeshare.log"
    logged = ("--db", "x.duckdb", "--log-file", str(log))
    assert run(*logged, "-q", "mine", str(project.path)).stderr == ""
    assert run(*logged, "share", "--repo", "nobody").returncode == 2
    lines = log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not _LINE.fullmatch(line)] == []
    for words in (
        " SAID codeshare.cli: project (main): mined, 1 commits.",
        " INFO codeshare.mining.repository: project: commits: ",
        " DEBUG codeshare.git.shadow: git rev-list ",
        " ERROR codeshare.cli: nobody: not in this database",
    ):
        assert any(words in line for line in lines), words
    assert [line.partition(": ")[2].rpartition(" after ")[0] for line in lines if " after " in line] == [
        f"codeshare --db x.duckdb --log-file {log} -q mine {project.path}: status 0",
        f"codeshare --db x.duckdb --log-file {log} share --repo nobody: status 2",
    ]


def test_no_password_gets_into_the_log(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "codeshare.log"
    done = run("--log-file", str(log), "mine", "http://ann:secret@127.0.0.1:9/a.git", XDG_CACHE_HOME=str(tmp_path))  # fmt: skip
    assert done.returncode == 2
    said = log.read_text(encoding="utf-8")
    assert "127.0.0.1:9/a.git" in said
    assert "secret" not in said + done.stderr


def test_a_fault_is_in_the_log_with_its_traceback(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> str:
        raise AssertionError("cannot be")

    monkeypatch.setattr("codeshare.metrics.definitions.definitions", fault)
    with pytest.raises(AssertionError, match="cannot be"):
        run("definitions", "--log-file", "codeshare.log")
    assert "Traceback" in (tmp_path / "codeshare.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["-q", "definitions", "-v"], "error: --quiet and --verbose: take one of them."),
        (["definitions", "--log-file", "absent/log"], "error: absent/log: cannot be written: No such file or directory."),
        (["definitions", "--log-file", "."], "error: Invalid value for '--log-file'"),
    ],
    ids=["both", "no folder", "a folder"],
)  # fmt: skip
def test_wrong_use_is_one_line(run: Run, args: list[str], words: str) -> None:
    done = run(*args)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(words)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_log_that_cannot_take_its_only_line(run: Run) -> None:
    done = run("definitions", "--log-file", "/dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: /dev/full: cannot be written any more")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_log_that_ends_ends_the_command(run: Run, project: History) -> None:
    done = run("--db", "x.duckdb", "--log-file", "/dev/full", "mine", str(project.path))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: /dev/full: cannot be written any more")
    assert "mined" in run("--db", "x.duckdb", "mine", str(project.path)).stderr


def test_progress_is_for_somebody_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    assert not shows_progress(), "no terminal"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert shows_progress()
    for wanted in ({"quiet": True}, {"verbose": 1}):
        start(**wanted)
        assert not shows_progress(), wanted
    start()


def test_no_command_has_an_option_that_is_everybody_s() -> None:
    def names(hidden: bool) -> set[str]:
        return {
            name
            for command in codeshare.commands.values()
            for option in command.params
            if getattr(option, "hidden", None) is hidden
            for name in option.opts
        }

    shared = names(hidden=True)
    assert {"--db", "--config", "--wait", "-q", "-v", "--log-file"} <= shared
    assert shared & names(hidden=False) == set()
