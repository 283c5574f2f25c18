"""``mine --quality``: PyDriller's values, nothing of the repository runs, mining on keeps what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydriller import Repository as Drilled

from codeshare.config import Config
from codeshare.mining import maintainability
from codeshare.mining.comments import comment_lines
from codeshare.mining.duplication import blocks
from codeshare.mining.maintainability import Quality
from codeshare.mining.run import Target, mine
from tests.histories import History, clean_environment
from tests.mining.test_mine import CLAUDE

SHORT = "def f(a):\n    return a\n"
LONG = (
    "def g(a, b, c):\n"
    + "".join(f"    if a == {n}:\n        return b\n" for n in range(10))
    + "    return c\n"
)


def measured(history: History, database: Path, size: int = 50) -> list[dict[str, Any]]:
    """Mine with --quality, and the rows by sha."""
    mine([Target(str(history.path), "project")], database, Config(), jobs=1, quality=size)
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute("from quality order by sha")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def written(history: History) -> list[str]:
    """Commits of people and of an agent that make functions better and worse."""
    return [
        history.commit({"a.py": SHORT, "README.md": "# A\n"}),
        history.commit({"a.py": SHORT + "\n\n" + LONG}, trailers=[CLAUDE]),
        history.commit({"a.py": SHORT, "b.c": "int f(int a) { return a; }\n"}),
        history.commit({"README.md": "# B\n"}, trailers=[CLAUDE]),
        history.commit({"a.py": None}, trailers=[CLAUDE]),
    ]


def test_the_values_are_pydrillers(history: History, tmp_path: Path) -> None:
    shas = written(history)
    found = {row["sha"]: row for row in measured(history, tmp_path / "db")}
    assert set(found) == set(shas) - {shas[3]}  # documents alone are not measured
    direct = {commit.hash: commit for commit in Drilled(str(history.path)).traverse_commits()}
    for sha, row in found.items():
        ours = row["unit_size"], row["complexity"], row["interfacing"], row["why"], row["weight"]
        theirs = direct[sha]
        assert ours == (
            theirs.dmm_unit_size,
            theirs.dmm_unit_complexity,
            theirs.dmm_unit_interfacing,
            None,
            1.0,
        )
    assert found[shas[1]]["unit_size"] == 0.0
    assert found[shas[2]]["unit_size"] == 1.0


def test_nothing_of_the_repository_runs(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "ran"
    history.commit({"a.py": SHORT, ".gitattributes": "* diff=evil filter=evil\n"})
    history.commit({"a.py": SHORT + LONG}, trailers=[CLAUDE])
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    program.chmod(0o755)
    for key in ("diff.evil.textconv", "diff.evil.command", "diff.external", "filter.evil.smudge", "filter.evil.clean", "core.fsmonitor", "core.pager", "core.sshCommand"):  # fmt: skip
        history.git("config", key, str(program))
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        (history.path / ".git" / "hooks" / hook).write_text(program.read_text())
        (history.path / ".git" / "hooks" / hook).chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[diff]\n\texternal = {program}\n[core]\n\tfsmonitor = {program}\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(program))
    before = {path: path.read_bytes() for path in (history.path / ".git").rglob("*") if path.is_file()}
    rows = measured(history, tmp_path / "db")
    assert [row["why"] for row in rows] == [None, None]
    assert sorted(row["unit_size"] for row in rows) == [0.0, 1.0]
    assert not mark.exists()
    after = {path: path.read_bytes() for path in (history.path / ".git").rglob("*") if path.is_file()}
    assert after == before


def test_mining_on_measures_only_what_is_new(history: History, tmp_path: Path) -> None:
    database = tmp_path / "db"
    written(history)
    first = measured(history, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update quality set unit_size = 0.125")  # what is measured anew would lose it
    new = history.commit({"c.py": SHORT}, trailers=[CLAUDE])
    mine([Target(str(history.path), "project")], database, Config(), jobs=1, again=True)
    second = {row["sha"]: row for row in measured(history, database)}
    assert second.keys() == {row["sha"] for row in first} | {new}
    assert [sha for sha, row in second.items() if row["unit_size"] != 0.125] == [new]


@pytest.mark.thorough
def test_rows_of_commits_that_are_gone_go_and_the_sample_stays_the_same(
    history: History, tmp_path: Path
) -> None:
    shas = written(history)
    small = measured(history, tmp_path / "one", size=2)
    assert small == measured(history, tmp_path / "two", size=2)
    measured(history, tmp_path / "one")
    again = measured(history, tmp_path / "one", size=2)
    assert [row for row in again if row["weight"] is not None] == small
    assert len(again) == 4
    history.git("reset", "--quiet", "--hard", shas[2])
    assert {row["sha"] for row in measured(history, tmp_path / "one")} == set(shas[:3])


def test_merges_and_outliers_are_left_out(history: History, tmp_path: Path) -> None:
    history.commit({"large.py": "x = 1\n" * 5001}, trailers=[CLAUDE])
    first = history.commit({"a.py": SHORT})
    history.switch("topic")
    second = history.commit({"b.py": SHORT}, trailers=[CLAUDE])
    history.switch("main")
    third = history.commit({"c.py": SHORT})
    history.merge("topic")
    assert {row["sha"] for row in measured(history, tmp_path / "db")} == {first, second, third}


def worker(history: History) -> None:
    """Make this process a worker, but for the closed environment."""
    from pydriller import Git

    from codeshare.mining.duplication import Trees

    code = frozenset({b"a.py", b"b.py"})
    trees = Trees(history.path / ".git", code)
    maintainability._worker = maintainability._Worker(Git(str(history.path)), trees, code)


@pytest.fixture
def _no_worker_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintainability, "_worker", None)


@pytest.mark.usefixtures("_no_worker_after")
def test_a_commit_that_fails_or_takes_too_long_says_why(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = history.commit({"a.py": SHORT})
    worker(history)
    absent = maintainability.measure(["1" * 40])[0]
    assert absent.sha == "1" * 40
    assert absent.unit_size is None
    assert absent.why

    def for_ever(sha: str) -> Quality:
        while True:
            pass

    monkeypatch.setattr(maintainability, "_quality", for_ever)
    assert maintainability.measure([sha], limit=0.05)[0].why == "took more than 0.05 seconds"


@pytest.mark.usefixtures("_no_worker_after")
def test_comments_and_duplicated_lines_by_hand(history: History) -> None:
    block = "".join(f"x{n} = {n}\n" for n in range(6))
    first = history.commit({"a.py": '"""What it is."""\n\n# why\n' + block + "y = 1  # not alone\n"})
    # b.py repeats the six lines of a.py with other whitespace, a comment among its own lines
    second = history.commit({"b.py": "z = 0\n# more\n" + block.replace("\n", "\n\n").replace(" = ", "  =  ")})
    worker(history)
    found = maintainability.measure([first, second])
    assert [(each.added, each.comments, each.duplicated) for each in found] == [(9, 2, 0), (8, 1, 6)]


@pytest.mark.usefixtures("_no_worker_after")
def test_moved_lines_and_five_lines_are_no_duplicates(history: History) -> None:
    block = "".join(f"x{n} = {n}\n" for n in range(6))
    history.commit({"a.py": block + "last = 1\n"})
    moved = history.commit({"a.py": "last = 1\n", "b.py": "first = 1\n" + block})
    five = history.commit({"a.py": "last = 1\n" + block[: -len("x5 = 5\n")]})
    worker(history)
    assert [each.duplicated for each in maintainability.measure([moved, five])] == [0, 0]


def test_a_run_of_equal_lines_is_no_duplicate_of_itself() -> None:
    assert len(blocks(b"0,\n" * 30).hashes) == 25
    assert len(blocks(b"0,\n" * 30).alone()) == 1
    assert len(blocks(b"a\nb\nc\nd\ne\nf\n" * 2).alone()) == 7


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.py", '# one\nx = 1  # two\n"""three\nfour"""\n\n', {1, 3, 4}),
        ("a.go", "// one\nx := 1 /* two */\n/* three\n\nfour */\n", {1, 3, 5}),
        ("a.c", "#include <a.h>\n/* one */\n", {2}),
        ("a.zzz", "# one\n", None),
    ],
    ids=["python", "go", "preprocessor", "no lexer"],
)
def test_comments(name: str, text: str, expected: set[int] | None) -> None:
    assert comment_lines(name, text) == expected


def test_the_clone_is_quick_and_whole(history: History) -> None:
    import subprocess

    from codeshare.git.repository import open_repository

    tip = history.commit({"a.py": SHORT})
    with open_repository(str(history.path)).shadow() as shadow:
        folder = shadow.clone()
        out = subprocess.run(["git", "cat-file", "-t", tip], cwd=folder, env=clean_environment(), capture_output=True, check=True)  # fmt: skip
        assert out.stdout == b"commit\n"
        assert [path.name for path in folder.iterdir()] == [".git"]
    assert not folder.exists()
