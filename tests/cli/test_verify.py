from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.histories import History

STATS = {"human_additions": 0, "unknown_additions": 2, "ai_additions": 0, "git_diff_deleted_lines": 0, "git_diff_added_lines": 2}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "status", "words"),
    [
        (STATS, 0, "5 figures: 5 equal"),
        (STATS | {"git_diff_added_lines": 3}, 1, "1 of 5 figures differ"),
        ({"commit": "e" * 40, "stats": STATS}, 3, "none of these figures can be computed here"),
        ({"x": 1}, 2, "no statistics of git-ai"),
    ],
    ids=["equal", "different", "unknown", "other"],
)
def test_the_exit_status_tells(
    tmp_path: Path,
    history: History,
    run: Run,
    mined_once: Callable[..., Path],
    value: object,
    status: int,
    words: str,
) -> None:
    history.commit({"a.py": "1\n2\n"})
    (tmp_path / "stats.json").write_text(json.dumps(value))
    verify = partial(run, "--db", str(mined_once(history)), "verify", "--against", "git-ai", "stats.json")
    done = verify()
    assert done.returncode == status, done.stderr
    assert words in done.stdout + done.stderr
    if status < 2:
        found = json.loads(verify("--format", "json").stdout)
        assert sum(found["verdicts"].values()) == len(found["figures"]) == 5
