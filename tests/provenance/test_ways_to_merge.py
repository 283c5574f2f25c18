"""One branch merged by a merge commit, by squash and by rebase counts the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.histories import ANN, BOB, History

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
BASE = [f"value_{n} = {n}\n" for n in range(30)]
FIGURES = (
    "select date_trunc('day', merged_at), file_class, language, engineer, attribution, confidence, sum(lines)"
    " from landed_lines group by all having sum(lines) > 0 order by all"
)


def branch() -> list[tuple[dict[str, str | None], str]]:
    """The commits of a branch: lines written twice, moved with their file, taken back."""
    lines = list(BASE)
    lines[3:5] = ["three = 3\n", "four = 4\n"]
    first = "".join(lines)
    lines[3] = "three = 33\n"
    new = "".join(f"n_{n} = 0\n" for n in range(12))
    return [
        ({"a.py": first, "b.py": new}, "one"),
        ({"a.py": "".join(lines), "gone.py": "x = 1\n"}, "two"),
        ({"gone.py": None, "old.py": None, "new.py": "def f():\n    return 1\n" * 8 + "tail = 1\n"}, "three"),
    ]


def by_merge(history: History, author: str, trailers: list[str]) -> None:
    history.switch("topic")
    for files, message in branch():
        history.commit(files, message, author=author, trailers=trailers)
    history.switch("main")
    history.merge("topic", author=author)


def by_squash(history: History, author: str, trailers: list[str]) -> None:
    together: dict[str, str | None] = {}
    for files, _ in branch():
        together |= files
    del together["gone.py"]
    history.tick(timedelta(hours=3))
    history.commit(together, "one and two and three", author=author, trailers=trailers)


def by_rebase(history: History, author: str, trailers: list[str]) -> None:
    history.tick(timedelta(hours=3))
    for files, message in branch():
        history.commit(files, message, author=author, trailers=trailers)
        history.tick(timedelta(seconds=1) - timedelta(hours=1))


WAYS = {"merge": by_merge, "squash": by_squash, "rebase": by_rebase}


@pytest.mark.parametrize(
    "trailers", [pytest.param([], marks=pytest.mark.thorough), [CLAUDE]], ids=["a person", "an agent"]
)
def test_the_way_of_merging_changes_no_figure(tmp_path: Path, trailers: list[str]) -> None:
    found = {}
    for name, way in WAYS.items():
        history = History(tmp_path / name / "project")
        history.commit({"a.py": "".join(BASE), "old.py": "def f():\n    return 1\n" * 8}, author=BOB)
        way(history, ANN, trailers)
        mine([Target(str(history.path))], tmp_path / f"{name}.duckdb", Config())
        with duckdb.connect(str(tmp_path / f"{name}.duckdb"), read_only=True) as connection:
            found[name] = {
                "landed": connection.execute(FIGURES).fetchall(),
                "share": connection.execute(
                    "select * exclude (commits) from ai_share_quarterly order by all"
                ).fetchall(),
                "volume": connection.execute("select * from volume_quarterly order by all").fetchall(),
            }
    assert sum(row[-1] for row in found["merge"]["landed"]) == 30 + 16 + 2 + 12 + 1
    assert found["merge"] == found["squash"]
    assert found["merge"] == found["rebase"]
