from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.config import Config
from codeshare.conformance.comparison import Compared
from codeshare.conformance.git_ai import compare_git_ai
from codeshare.errors import CannotKnow, ExportError
from codeshare.mining.run import Target, mine
from tests.git.notes import add_note
from tests.histories import History

HEAD = {
    "schema_version": "authorship/3.0.0",
    "sessions": {"s_0a1b2c3d4e5f60": {"agent_id": {"tool": "claude", "id": "1", "model": "claude-opus-4-5"}, "human_author": None}},
    "humans": {"h_0a1b2c3d4e5f60": {"name": "Ann Lee", "email": "ann@example.org"}},
    "prompts": {},
}  # fmt: skip
STATS: dict[str, Any] = {
    "human_additions": 1, "unknown_additions": 1, "ai_additions": 3, "ai_accepted": 3, "git_diff_deleted_lines": 0, "git_diff_added_lines": 5,
    "tool_model_breakdown": {"claude::claude-opus-4-5": {"ai_additions": 3, "ai_accepted": 3}},
}  # fmt: skip


@pytest.fixture
def compare(history: History, mined_once: Callable[..., Path], tmp_path: Path) -> Callable[..., Compared]:
    """Two lines before, then five with a record of four, and a lock file that git-ai does not look at."""
    history.commit({"a.py": "a\nb\n"})
    sha = history.commit({"a.py": "a\nb\nc\nd\ne\nf\ng\n", "sub/yarn.lock": "x\ny\n"})
    note = "a.py\n  s_0a1b2c3d4e5f60::t_1a2b3c4d5e6f70 3-5\n  h_0a1b2c3d4e5f60 6\n---\n" + json.dumps(HEAD)
    add_note(history, sha, note)
    database = mined_once(history)

    def run(*values: Any, **options: Any) -> Compared:
        (tmp_path / "stats.json").write_text("\n".join(map(json.dumps, values)))
        with duckdb.connect(str(database), read_only=True) as connection:
            return compare_git_ai(connection, "project", tmp_path / "stats.json", **options)

    return run


def test_what_git_ai_counts_is_what_was_mined(compare: Callable[..., Compared]) -> None:
    compared = compare(STATS)
    assert compared.verdicts() == {"equal": 6}
    assert {figure.name for figure in compared.figures} >= {"ai_additions of claude::claude-opus-4-5", "unknown_additions"}  # fmt: skip


def test_a_difference_is_told_with_its_reason(compare: Callable[..., Compared]) -> None:
    compared = compare(STATS | {"ai_additions": 9, "tool_model_breakdown": {}})
    (row,) = [row for row in compared.rows() if row["verdict"] == "different"]
    assert (row["figure"], row["published"], row["ours"]) == ("ai_additions", 9, 3)
    assert "more than once" in str(row["why"])


def test_commits_are_named_in_lines_and_unknown_ones_are_unknown(
    compare: Callable[..., Compared], history: History
) -> None:
    compared = compare({"commit": history.head(), "stats": STATS}, {"commit": "e" * 40, "stats": STATS})
    assert compared.verdicts() == {"equal": 6, "unknown": 5}


def test_further_ignored_files(compare: Callable[..., Compared]) -> None:
    empty = dict.fromkeys(STATS, 0) | {"tool_model_breakdown": {}}
    assert compare(empty, ignored=["*.py"]).verdicts() == {"equal": 5}


@pytest.mark.parametrize(
    "value", [{"a": 1}, [1], {"range_stats": STATS, "authorship_stats": {}}, {"commit": "x", "stats": {}}]
)
def test_another_form_is_refused(compare: Callable[..., Compared], value: Any) -> None:
    with pytest.raises(ExportError):
        compare(value)


def test_without_lines_nothing_can_be_known(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a\n"})
    mine([Target(str(history.path))], tmp_path / "x.duckdb", Config(), lines=False)
    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as connection, pytest.raises(CannotKnow):
        compare_git_ai(connection, "project", tmp_path / "none.json")
