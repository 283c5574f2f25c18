"""What a range repeats or undoes of the work before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.metrics.share import share_rows
from codeshare.mining.opened import find, read
from codeshare.mining.run import Target, mine
from tests.histories import BOB, History

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"


def lines(count: int, word: str = "x") -> str:
    return "".join(f"{word}_{n} = {n}\n" for n in range(count))


def counted(history: History, span: str) -> tuple[int, int]:
    """Numerator and denominator of the share of a range."""
    with find(span, where=str(history.path)) as found, read(found) as opened:
        (row,) = share_rows(opened.connection)
    return row["numerator"], row["denominator"]


@pytest.fixture
def past(history: History) -> History:
    """Work of an agent's that main took back, and `topic` that begins there; `left` is where they parted."""
    history.commit({"a.py": lines(5)}, "root")
    history.commit({"agent.py": lines(20, "agent")}, "Add agent", trailers=[CLAUDE])
    history.git("revert", "--no-edit", "HEAD", env=history.identity(BOB))
    history.tick()
    history.commit({"a.py": lines(6)}, "meanwhile")
    history.git("tag", "left")
    history.switch("topic")
    history.commit({"own.py": lines(7, "own")}, "own", trailers=[CLAUDE])
    return history


def test_what_is_brought_back_is_no_new_work(past: History, tmp_path: Path) -> None:
    past.git("revert", "--no-edit", "main~1", env=past.identity(BOB))
    assert counted(past, "main..topic") == (7, 7)
    past.git("revert", "--no-edit", "HEAD", env=past.identity(BOB))
    past.git("revert", "--no-edit", "HEAD", env=past.identity(BOB))
    assert counted(past, "main..topic") == (7, 7)


def test_what_the_base_has_taken_over_meanwhile_is_no_new_work(past: History) -> None:
    past.commit({"fix.py": lines(9, "fix")}, "fix", author=BOB)
    assert counted(past, "main..topic") == (7, 16)
    past.switch("main")
    past.git("cherry-pick", "topic", env=past.identity(BOB))
    assert counted(past, "main..topic") == (7, 7)


@pytest.mark.parametrize(
    "message",
    ['Revert "meanwhile"', "Small fix\n\nThis reverts commit {left}."],
    ids=["subject", "id"],
)
def test_work_that_calls_itself_a_revert_counts(past: History, tmp_path: Path, message: str) -> None:
    message = message.format(left=past.git("rev-parse", "left"))
    past.commit({"a.py": lines(5) + lines(30, "more")}, message, trailers=[CLAUDE])
    assert counted(past, "main..topic") == (37, 37)
    mine([Target(str(past.path), None, "topic")], tmp_path / "x.duckdb", Config(), jobs=1)
    import duckdb

    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as mined:
        assert mined.execute(
            "select count(*) from commits where added = 30 and reverts is null"
        ).fetchone() == (1,)


def test_what_repeats_and_undoes_says_which(past: History) -> None:
    past.git("revert", "--no-edit", "main~1", env=past.identity(BOB))
    with find("main..topic", where=str(past.path)) as found, read(found) as opened:
        rows = opened.connection.execute(
            "select sha, reverts, attribution from commits where reverts is not null"
        ).fetchall()
    assert rows == [(past.git("rev-parse", "topic"), past.git("rev-parse", "main~1"), "ai")]
