"""Where the system refuses memory, to codeshare or to git: one line, exit status 3, and what was stored."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from codeshare.cli.failures import told
from codeshare.cli.main import codeshare
from codeshare.config import Config
from codeshare.errors import CannotKnow
from codeshare.mining.run import mine
from codeshare.mining.targets import Target
from tests.faults.kills import ROOT
from tests.faults.project import build
from tests.stored import content


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A repository with a file of millions of lines that its database does not know yet."""
    folder = tmp_path_factory.mktemp("memory")
    history = build(folder / "project")
    mine([Target(str(history.path))], folder / "x.duckdb", Config(), jobs=1)
    history.commit({"more.py": "more\n" * 4_000_000})
    return history.path, folder / "x.duckdb"


@pytest.mark.parametrize("size", [16, 100], ids=["to begin with", "for a large file"])
def test_git_has_too_little(
    grown: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    program = tmp_path / "git"
    program.write_text(f'#!/bin/sh\nulimit -v {size}000\nexec {shutil.which("git")} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    repository, database = grown
    before = content(database)
    done = CliRunner().invoke(codeshare, ["--db", str(database), "mine", str(repository)])
    assert isinstance(done.exception, CannotKnow), done.output
    assert "had too little memory" in str(done.exception)
    assert content(database) == before


@pytest.mark.parametrize(
    ("size", "words"),
    [(1000, "address space"), pytest.param(1600, "too little memory", marks=pytest.mark.thorough)],
    ids=["to begin with", "for a large file"],
)
def test_codeshare_has_too_little(grown: tuple[Path, Path], size: int, words: str) -> None:
    repository, database = grown
    before = content(database)
    command = [sys.executable, "-m", "codeshare.cli.main", "--db", str(database), "mine", "--jobs", "1", str(repository)]  # fmt: skip
    limit = partial(resource.setrlimit, resource.RLIMIT_AS, (size * 10**6, size * 10**6))
    done = subprocess.run(command, cwd=ROOT, preexec_fn=limit, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert words in done.stderr
    assert content(database) == before


@pytest.mark.parametrize("error", [MemoryError(), ImportError("x.so: failed to map segment from shared object"), OSError(12, "Cannot allocate memory"), RuntimeError("can't start new thread")], ids=repr)  # fmt: skip
def test_what_the_system_says_is_told_in_one_way(error: Exception) -> None:
    assert isinstance(told(error), CannotKnow)
