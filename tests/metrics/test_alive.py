"""The lines that are there, by attribution, at the tip and before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.config import Config
from codeshare.errors import CannotKnow, EmptyHistory, NoSuchRevision, NotARepository
from codeshare.git.blame import blame_file
from codeshare.git.repository import open_repository, tree_files
from codeshare.metrics.alive import alive, alive_row
from codeshare.metrics.at_hand import open_named
from codeshare.mining.run import Target, mine
from tests.histories import ANN, START, History

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
Mine = Callable[..., Path]


@contextmanager
def reading(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def lines(name: str, count: int) -> str:
    return "".join(f"{name}_{n} = {n}\n" for n in range(count))


@pytest.fixture
def project(history: History) -> History:
    """A person's ten lines, an agent's thirty; the agent replaces four, a person takes two of the agent's away, in a merge."""
    history.commit({"src/a.py": lines("a", 10), "package-lock.json": "{}\n" * 5}, "by a person")
    history.git("tag", "start")
    history.commit({"src/b.py": lines("b", 30)}, "by an agent", trailers=[CLAUDE])
    history.commit({"src/a.py": lines("a", 6) + lines("new", 4)}, "by an agent", trailers=[CLAUDE])
    history.git("tag", "-m", "annotated", "middle", env=history.identity(ANN))
    history.switch("topic")
    history.commit({"src/b.py": lines("b", 28)}, "take two away")
    history.commit({"src/b.py": None, "lib/b.py": lines("b", 28)}, "move it")
    history.switch("main")
    history.commit({"README.md": "words\n"}, "by a person")
    history.merge("topic")
    return history


@pytest.mark.parametrize(
    ("rev", "path", "expected"),
    [
        (None, None, {"ai": 32, "human": 7, "denominator": 39, "numerator": 32, "strict_denominator": 44}),
        ("start", None, {"ai": 0, "human": 10, "denominator": 10, "strict_denominator": 15}),
        ("middle", None, {"ai": 34, "human": 6, "denominator": 40}),
        ("middle", "src/b.py", {"ai": 30, "human": 0}),
        ("HEAD~1", "src", {"ai": 34, "human": 6}),
        (None, "src", {"ai": 4, "human": 6}),
        (None, "lib/*", {"ai": 28, "human": 0}),
        ("2026-01-05", "*.py", {"ai": 32, "human": 6}),
        ("2031-01-01", None, {"denominator": 39}),
    ],
)
def test_lines_there_by_attribution(
    project: History, mined_once: Mine, rev: str | None, path: str | None, expected: dict[str, int]
) -> None:
    with reading(mined_once(project)) as connection:
        row = alive(connection, rev, path=path, at_hand=open_named(str(project.path))).iloc[0]
        assert {name: int(row[name]) for name in expected} == expected
        assert row["share"] == row["numerator"] / row["denominator"]


def test_every_landing_holds_the_lines_that_git_blames(project: History, mined_once: Mine) -> None:
    agents = set(project.git("log", "--all", "--format=%H", "--grep=Claude").split())
    with reading(mined_once(project)) as connection, open_repository(str(project.path)).shadow() as shadow:
        for sha in project.git("rev-list", "--first-parent", "main").split():
            by: Counter[bool] = Counter()
            for path, _ in tree_files(shadow, sha):
                if path != b"package-lock.json":
                    by.update(each.sha in agents for each in blame_file(shadow, sha, path) or [])
            row = alive(connection, sha).iloc[0]
            assert (row["ai"], row["human"], row["rev"]) == (by[True], by[False], sha)


def test_a_record_has_what_a_share_has_and_more(project: History, mined_once: Mine) -> None:
    with reading(mined_once(project)) as connection:
        row: dict[str, Any] = dict(alive_row(connection, "2026-01-05"))
    wanted = {
        "repo": "project", "branch": "main", "tip": project.head(), "rev": project.head(), "period": "2026-01-05",
        "basis": "landed", "numerator": 32, "denominator": 39, "ai": 32, "human": 7, "unknown": 0.0, "not_new_work": 0,
    }  # fmt: skip
    assert {key: row[key] for key in wanted} == wanted
    assert row["share"] == row["share_new_work"] == 32 / 39
    assert row["share_min"] <= row["share"] <= row["share_high"] <= row["share_max"]
    assert row["share_strict"] == 32 / 44


def test_what_was_only_reformatted_keeps_its_attribution(history: History, mined_once: Mine) -> None:
    history.commit({"a.py": lines("a", 20)}, "by an agent", trailers=[CLAUDE])
    history.commit({"b.py": lines("b", 20)}, "by a person")
    shifted = history.commit(
        {f"{x}.py": "".join(f"    {x}_{n} = {n}\n" for n in range(20)) for x in "ab"}, "indent"
    )
    with reading(mined_once(history)) as connection:
        row = alive(connection).iloc[0]
        assert (row["ai"], row["human"], row["not_new_work"]) == (20, 20, 40)
        assert alive_row(connection)["share_new_work"] is None
        assert {sha for (sha,) in connection.execute("select sha from tip_blame").fetchall()} == {shifted}


def test_imports_count_and_are_told(history: History, mined_once: Mine) -> None:
    history.commit({"old.py": lines("old", 10_001)}, "import")
    history.commit({"b.py": lines("b", 99)}, "by an agent", trailers=[CLAUDE])
    history.commit({"c.py": lines("c", 1)}, "by a person")
    with reading(mined_once(history)) as connection:
        row = alive(connection).iloc[0]
    assert (row["denominator"], row["not_new_work"], row["share"], row["share_new_work"]) == (
        10_101,
        10_001,
        99 / 10_101,
        0.99,
    )


def test_a_day_goes_for_several_repositories(project: History, mined_once: Mine, tmp_path: Path) -> None:
    other = History(tmp_path / "other")
    other.commit({"c.py": lines("c", 3)})
    with reading(mined_once(project, other)) as connection:
        assert alive(connection)["denominator"].tolist() == [42]
        assert alive(connection, "2026-01-05")["repo"].tolist() == ["other, project"]
        assert alive(connection, repos=["other"])["human"].tolist() == [3]
        assert alive(connection, "start", repos=["project"], at_hand=open_named(str(project.path)))[
            "human"
        ].tolist() == [10]
        with pytest.raises(NotARepository, match="Name one of them with --repo"):
            alive(connection, "start")
        with pytest.raises(CannotKnow, match="Name one with --repo"):
            alive(connection, "start", repos=["project", "other"])


def test_what_cannot_be_known_is_said(project: History, mined_once: Mine, tmp_path: Path) -> None:
    at_hand = open_named(str(project.path))
    with reading(mined_once(project)) as connection:
        side = project.git("rev-parse", "main^2~1")
        with pytest.raises(CannotKnow, match=rf"it landed with {project.head()[:10]}: name that"):
            alive(connection, side)
        project.switch("later")
        project.commit({"x.py": "x\n"})
        with pytest.raises(CannotKnow, match="it is not merged"):
            alive(connection, "later", at_hand=at_hand)
        with pytest.raises(EmptyHistory, match="nothing had been merged by 2020-01-01"):
            alive(connection, "2020-01-01")
        with pytest.raises(CannotKnow, match="nothing/: no line was there"):
            alive(connection, path="nothing/")
        with pytest.raises(NoSuchRevision, match="the calendar has no such day"):
            alive(connection, "2026-02-30")
        with pytest.raises(NoSuchRevision, match="neither a day nor a commit of project"):
            alive(connection, "start")
    mine([Target(str(project.path))], tmp_path / "added.duckdb", Config(), lines=False)
    with (
        reading(tmp_path / "added.duckdb") as connection,
        pytest.raises(CannotKnow, match="Mine it again without --no-lines"),
    ):
        alive(connection)


def test_as_of_is_the_end(project: History, tmp_path: Path) -> None:
    project.commit({"z.py": lines("z", 9)}, at=START.replace(month=6))
    mine([Target(str(project.path))], tmp_path / "x.duckdb", Config(), as_of="2026-02-01")
    with reading(tmp_path / "x.duckdb") as connection:
        assert alive(connection)["denominator"].tolist() == [39]
        assert alive(connection, project.head())["denominator"].tolist() == [48]


def test_lines_of_the_tip_by_the_file_that_holds_them(project: History, mined_once: Mine) -> None:
    with reading(mined_once(project)) as connection:
        found = connection.execute(
            "select path, attribution, tool, is_handwritten, sum(lines) from tip_lines group by all order by path, attribution"
        ).fetchall()
        (at_the_tip,) = connection.execute("select sum(line_count) from tip_blame").fetchone() or (None,)
    assert found == [
        ("README.md", "human", None, True, 1),
        ("lib/b.py", "ai", "Claude Code", True, 28),
        ("package-lock.json", "human", None, False, 5),
        ("src/a.py", "ai", "Claude Code", True, 4),
        ("src/a.py", "human", None, True, 6),
    ]
    assert at_the_tip == 44


def test_lines_of_the_tip_that_could_not_be_read_are_unknown(project: History, mined_once: Mine) -> None:
    database = mined_once(project)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update tip_blame set sha = null, orig_path = null where path = 'lib/b.py'")
        found = connection.execute(
            "select path, sum(lines) from tip_lines where attribution = 'unknown' group by path"
        ).fetchall()
    assert found == [("lib/b.py", 28)]
