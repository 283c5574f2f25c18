from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.config import Config
from codeshare.errors import CannotKnow
from codeshare.mining.run import mine
from codeshare.mining.targets import Target
from tests.faults.bombs import commit_nested, commit_tree, grown_blob
from tests.histories import History
from tests.stored import content, rows


@pytest.mark.parametrize(
    "option",
    [
        pytest.param(("--max-memory", "400M"), id="memory"),
        pytest.param(("--timeout", "1.5"), id="time", marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize("widths", [(100_000, 1000), (10,) * 10], ids=["a large tree", "10^10 paths"])
def test_a_tree_that_grows_without_end_is_left_in_time(
    history: History, tmp_path: Path, widths: tuple[int, ...], option: tuple[str, str]
) -> None:
    database = tmp_path / "x.duckdb"
    history.commit({"a.py": "a = 1\n"})
    mine([Target(str(history.path))], database, Config(), jobs=1)
    before, began = content(database), time.monotonic()
    commit_nested(history, widths)
    done = CliRunner().invoke(codeshare, ["--db", str(database), "mine", *option, str(history.path)])
    assert isinstance(done.exception, CannotKnow), done.output
    assert f"({option[0]}) is reached" in str(done.exception)
    assert time.monotonic() - began < 60
    assert content(database) == before


@pytest.mark.long
@pytest.mark.parametrize(
    ("chunk", "times", "landed"),
    [
        (b"x" * 99 + b"\n", (1000, 100, 110), 3),
        (b"\0" * 1000, (1000, 1100), 3),
        (b"text\n" * 200, (1000, 8), 1_600_003),
    ],
    ids=["1.1 GB of text, binary for git", "1.1 GB of zeros", "8 MB of text in a pack of 1 kB"],
)
def test_deltas_of_deltas_are_counted_as_git_counts_them(
    history: History, tmp_path: Path, chunk: bytes, times: tuple[int, ...], landed: int
) -> None:
    first = history.commit({"a.py": "a = 1\n"})
    small, blob = history.git("rev-parse", "HEAD:a.py"), grown_blob(history, chunk, times)
    commit_tree(history, {"a.py": small, "data.txt": blob})
    commit_tree(history, {"a.py": small, "b.py": small, "data.txt": blob, "more.txt": small})
    (outcome,) = mine([Target(str(history.path))], tmp_path / "x.duckdb", Config(), jobs=2)
    assert (outcome.commits, outcome.unknown_commits) == (3, 0)
    assert rows(tmp_path / "x.duckdb", "select sum(lines)::int from landed_lines") == [(landed,)]
    counted = history.git("diff-tree", "-r", "--numstat", f"{first}..HEAD", "--", "data.txt").split("\t")[0]
    assert (counted == "-") == (landed == 3)
