from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.histories import START, History, clean_environment
from tests.stored import rows

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


@pytest.fixture
def treeless(history: History, tmp_path: Path) -> Path:
    """A clone that holds commits alone."""
    history.commit({"a.py": "a = 1\n", ".mailmap": "\n", ".git-blame-ignore-revs": "\n"})
    history.commit({"a.py": "a = 2\n", "b/c.py": "b = 1\n"}, trailers=[CLAUDE])
    history.switch("topic")
    history.commit(message="nothing changed")
    history.commit({"b/c.py": "b = 2\n"})
    history.switch("main")
    history.merge("topic")
    history.git("config", "uploadpack.allowFilter", "true")
    clone = ["git", "clone", "--quiet", "--bare", "--filter=tree:0", f"file://{history.path}", str(tmp_path / "part")]  # fmt: skip
    subprocess.run(clone, check=True, env=clean_environment())
    return tmp_path / "part"


def test_a_clone_without_trees_is_mined_and_unknown(treeless: Path, tmp_path: Path) -> None:
    database = tmp_path / "x.duckdb"
    done = CliRunner().invoke(codeshare, ["--db", str(database), "mine", str(treeless)])
    assert done.exit_code == 0, done.stderr
    warnings = [line for line in done.stderr.splitlines() if line.startswith("warning")]
    assert len(warnings) == 1
    assert "5 commits (0 files) could not be read" in warnings[0]
    assert rows(database, "select commits, unknown_commits, is_partial from repos") == [(5, 5, True)]
    found = rows(
        database, "select distinct attribution, is_unknown, is_merge from commits where not is_merge"
    )
    assert found == [("unknown", True, False)]
    assert rows(database, "select count(*), count(path) from skipped") == [(5, 0)]


def test_a_history_of_the_future_ends_with_itself(history: History, tmp_path: Path) -> None:
    later = datetime(2081, 5, 1, tzinfo=START.tzinfo)
    history.commit({"a.py": "a = 1\n"}, at=later)
    history.commit({"a.py": "a = 2\n"}, at=later + timedelta(days=40))
    mine([Target(str(history.path))], tmp_path / "x.duckdb", Config())
    assert rows(tmp_path / "x.duckdb", "select as_of from scope_settings") == [(datetime(2081, 6, 10),)]
    assert rows(tmp_path / "x.duckdb", "select merged_at from commits order by ordinal") == [
        (datetime(2081, 5, 1),),
        (datetime(2081, 6, 10),),
    ]
