"""What stands beside a file that cannot be read is read as ever."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.git.lines import read_changed_text
from codeshare.git.repository import open_repository
from codeshare.mining.run import Target, mine
from tests.faults.damage import flipped
from tests.faults.project import LINES, Project, edited
from tests.histories import History
from tests.stored import rows


@pytest.fixture
def project(history: History) -> Project:
    """A merge whose result has lines of both parents in two files."""
    history.commit({"a.py": edited(), "b.py": edited(_0="b")})
    history.switch("topic")
    history.commit({"a.py": edited(_1="topic"), "b.py": edited(_0="b", _1="topic")})
    history.switch("main")
    history.commit({"a.py": edited(_9="main"), "b.py": edited(_0="b", _9="main")})
    history.merge("topic")
    return Project(history.path, history.path.parent / "copy")


@pytest.mark.parametrize("how", ["absent", "damaged"])
def test_a_merge_loses_only_the_file_that_cannot_be_read(project: Project, tmp_path: Path, how: str) -> None:
    if how == "absent":
        project.lose("main:a.py")
    else:
        flipped(project.loose("main:a.py"))
    (outcome,) = mine([Target(str(project.path), "project", "main")], tmp_path / "x.duckdb", Config(), jobs=2)
    assert (outcome.unknown_commits, outcome.unknown_files) == (1, 1)
    sql = "select path, sum(line_count)::int from tip_blame group by all"
    assert rows(tmp_path / "x.duckdb", sql) == [("b.py", len(LINES))]


@pytest.mark.parametrize("merged", [False, True], ids=["on the branch itself", "merged"])
def test_lines_that_were_lost_from_sight_are_neither_gone_nor_alive(
    history: History, tmp_path: Path, merged: bool
) -> None:
    history.commit({"a.py": edited(), "b.py": edited()})
    history.tick(timedelta(days=1))
    if merged:
        history.switch("topic")
    unread = history.commit({"a.py": edited(_3="unread")})
    if merged:
        history.switch("main")
        history.merge("topic")
    history.commit({"b.py": edited(_1="gone")})
    history.tick(timedelta(days=100))
    history.commit({"c.py": "last\n"})
    project = Project(history.path, tmp_path / "copy")
    project.lose(f"{unread}:a.py")
    database = tmp_path / "x.duckdb"
    mine([Target(str(project.path), "project", "main")], database, Config(), jobs=2)
    lives = "select path, age_days, is_dead, sum(lines)::int from line_lives where quarter = '2026-01-01' group by all order by all"  # fmt: skip
    assert rows(database, lives) == [
        ("a.py", 1, False, 12),
        ("b.py", 2, True, 1),
        ("b.py", 100, False, 1),
        ("b.py", 101, False, 11),
    ]
    churn = "select lines, gone_14, gone_90 from churn_monthly where attribution = 'all' and gone_90 > 0"
    assert rows(database, churn) == [(13, 1, 1)]
    assert rows(database, "select sum(line_count)::int from seen_spans where lost_at is not null") == [(12,)]


def test_a_commit_that_cannot_be_read_leaves_the_text_of_the_others(project: Project) -> None:
    shas = dict(enumerate(project.git("rev-list", "--reverse", "--no-merges", "main").split()))
    project.lose("topic:a.py")
    with open_repository(str(project.path)).shadow() as shadow:
        found = read_changed_text(shadow.path, shas)
    lost = project.id_of("topic")
    assert {shas[i] for i in found} == set(shas.values()) - {lost}
    assert sorted(len(text.added) for text in found.values()) == [2, 24]
