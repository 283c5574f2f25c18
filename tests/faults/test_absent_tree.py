"""Commits whose tree is absent: a file that is the same afterwards is seen again, all other lines are lost from sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.faults.project import LINES, Project, build, edited
from tests.histories import History
from tests.stored import content, rows

FATES = """
select path, merged_at::date - date '2026-01-05', died_at::date - date '2026-01-05', lost_at::date - date '2026-01-05', sum(line_count)::int
from seen_spans where landed group by all order by all
"""
"""Path; days from the first commit until its lines landed, died, were lost from sight; how many."""


def _mine(path: Path, database: Path) -> Path:
    mine([Target(str(path), "project", "main")], database, Config(), jobs=2)
    return database


def _mine_without(history: History, tmp_path: Path, *lost: str) -> Path:
    project = Project(history.path, tmp_path / "copy")
    project.lose(*lost)
    return _mine(project.path, tmp_path / "x.duckdb")


@pytest.fixture
def begun(history: History) -> History:
    """Three files; a commit each day."""
    history.commit({"a.py": edited(), "b.py": edited(), "lib/c.py": edited()})
    history.tick(timedelta(days=1))
    return history


def _go_on(history: History) -> None:
    """Change what the tree that is lost had changed, far down, and other files."""
    for files in ({"d.py": "d\n"}, {"a.py": "new\n" * 5 + edited(_9="nine"), "b.py": edited(_6="six")}):
        history.tick(timedelta(days=1))
        history.commit(files)


def test_lines_that_cannot_be_followed_past_a_tree_are_lost_from_sight(
    begun: History, tmp_path: Path
) -> None:
    begun.commit({"a.py": "new\n" * 5 + edited()})
    _go_on(begun)
    assert rows(_mine_without(begun, tmp_path, "main~2^{tree}"), FATES) == [
        ("a.py", 0, None, 1, 12),
        ("a.py", 3, None, None, 1),
        ("b.py", 0, 3, None, 1),
        ("b.py", 0, None, None, 11),
        ("b.py", 3, None, None, 1),
        ("lib/c.py", 0, None, None, 12),
    ]


def test_of_a_branch_its_landing_loses_them(begun: History, tmp_path: Path) -> None:
    begun.switch("topic")
    begun.commit({"a.py": "new\n" * 5 + edited()})
    begun.commit({"lib/c.py": edited(_1="one")})
    begun.switch("main")
    begun.commit({"b.py": edited(_1="one")})
    begun.merge("topic")
    _go_on(begun)
    found = rows(_mine_without(begun, tmp_path, "topic~1^{tree}"), FATES)
    assert [row for row in found if row[3] is not None] == [
        ("a.py", 0, None, 1, 12),
        ("lib/c.py", 0, None, 1, 12),
    ]
    assert [row for row in found if row[0] == "b.py"] == [
        ("b.py", 0, 1, None, 1), ("b.py", 0, 3, None, 1), ("b.py", 0, None, None, 10), ("b.py", 1, 3, None, 1), ("b.py", 3, None, None, 2),
    ]  # fmt: skip


def test_a_merge_without_its_tree_is_seen_again_from_both_sides(begun: History, tmp_path: Path) -> None:
    begun.switch("topic")
    begun.commit({"a.py": edited(_1="topic")})
    begun.switch("main")
    begun.commit({"b.py": edited(_1="main")})
    begun.merge("topic")
    begun.tick(timedelta(days=1))
    begun.commit({"d.py": "d\n"})
    found = rows(_mine_without(begun, tmp_path, "main~1^{tree}"), FATES)
    assert found == [
        ("a.py", 0, 1, None, 1),  # by the commit on the branch
        ("a.py", 0, None, None, 11),
        ("a.py", 2, None, None, 1),
        ("b.py", 0, 1, None, 1),
        ("b.py", 0, None, None, 11),
        ("b.py", 1, None, None, 1),
        ("lib/c.py", 0, None, None, 12),
    ]


def test_a_tip_without_its_tree_shows_nothing(begun: History, tmp_path: Path) -> None:
    begun.commit({"a.py": None})
    database = _mine_without(begun, tmp_path, "main^{tree}")
    assert rows(database, FATES) == [(path, 0, None, 1, len(LINES)) for path in ("a.py", "b.py", "lib/c.py")]
    assert rows(database, "select count(*) from tip_blame") == [(0,)]


def test_a_merge_without_its_tree_that_comes_later_is_no_addition(begun: History, tmp_path: Path) -> None:
    """What is stored cannot be gone on from; the rows are those of a mine from nothing."""
    project = Project(begun.path, tmp_path / "copy")
    _mine(project.path, tmp_path / "later.duckdb")
    project.now = begun.now
    project.switch("topic")
    project.commit({"a.py": edited(_1="topic")})
    project.switch("main")
    project.commit({"b.py": edited(_1="main")})
    project.merge("topic")
    project.lose("main^{tree}")
    tables = [content(_mine(project.path, tmp_path / f"{name}.duckdb")) for name in ("later", "new")]
    assert tables[0]["line_spans"] == tables[1]["line_spans"]
    assert tables[0]["tip_blame"] == tables[1]["tip_blame"] == []


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    build(folder / "project")
    _mine(folder / "project", folder / "whole.duckdb")
    return folder


_TREES = ("", "lib", "docs")
_AT = [f"{branch}~{n}" for branch, many in (("main", 9), ("topic", 2)) for n in range(many)]
_OFTEN = ("main~3^{tree}", "main~4^{tree}", "topic~1:lib")


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(name, marks=() if name in _OFTEN else pytest.mark.long)
        for at in _AT
        for name in (f"{at}^{{tree}}", f"{at}:lib", f"{at}:docs")
    ],
)
def test_nothing_is_said_that_is_not_so(tree: str, whole: Path, tmp_path: Path) -> None:
    """Held against the whole repository: whoever is alive is, whoever died did by then, the others were there until lost."""
    project = Project(whole / "project", tmp_path / "project")
    project.lose(tree)
    database = _mine(project.path, tmp_path / "x.duckdb")
    lines, truth = dict(_fates(database)), dict(_fates(whole / "whole.duckdb"))
    assert len(lines) > 5
    for line, (landed, died, lost) in lines.items():
        really_landed, really_died, _ = truth[line]
        if landed is not None:
            end = really_died or datetime.max
            assert (really_landed or datetime.max) <= landed
            assert died is None or end <= died
            assert lost is None or end >= lost
            assert (died or lost) is not None or really_died is None
    blamed = "select path, unnest(range(line_start, line_start + line_count)), sha from tip_blame where sha is not null"
    assert {*rows(database, blamed)} <= {*rows(whole / "whole.duckdb", blamed)}


def _fates(
    database: Path,
) -> Iterator[tuple[tuple[str, str, int], tuple[datetime | None, datetime | None, datetime | None]]]:
    sql = "select sha, path, line_start, line_count, landed, merged_at, died_at, lost_at from seen_spans"
    for sha, path, start, count, landed, at, died, lost in rows(database, sql):
        for number in range(start, start + count):
            yield (sha, path, number), (at if landed else None, died, lost)
