"""Files at earlier landings, rebuilt from the database, against ``git blame``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings

from codeshare.config import Config
from codeshare.git.blame import blame_file
from codeshare.git.quoting import text_of
from codeshare.git.repository import open_repository, tree_files
from codeshare.git.shadow import Shadow
from codeshare.metrics.past import Place, lines_at, lines_at_tip
from codeshare.mining.run import Target, mine
from tests.git.random_histories import build, plans
from tests.histories import ANN, History

Mine = Callable[..., Path]


def by_git(shadow: Shadow, sha: str, path: bytes) -> list[Place]:
    return [Place(each.sha, text_of(each.path), each.number) for each in blame_file(shadow, sha, path) or []]


def landings(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    return connection.execute(
        "select sha, ordinal from commits where is_mainline and merge_sha = sha order by ordinal"
    ).fetchall()


def compare(database: Path, history: History) -> tuple[int, int]:
    """Compare every file at every landing: how many could be rebuilt, of how many; fails where one is wrong."""
    rebuilt = files = 0
    with (
        duckdb.connect(str(database), read_only=True) as connection,
        open_repository(str(history.path)).shadow() as shadow,
    ):
        for sha, ordinal in landings(connection):
            for path, blob in tree_files(shadow, sha):
                content = shadow.run("cat-file", "blob", blob.decode())
                if b"\0" in content:
                    continue  # no text, though blame counts its lines
                files += 1
                found = lines_at(connection, history.path.name, text_of(path), ordinal)
                if found is not None:
                    rebuilt += 1
                    assert found == by_git(shadow, sha, path), (sha, path)
    return rebuilt, files


def spaced(history: History, *changes: dict[str, str | bytes | None]) -> None:
    for change in changes:
        history.commit(change)


LINES = [f"line {n}\n" for n in range(12)]


def text(*numbers: int | str) -> str:
    return "".join(LINES[n] if isinstance(n, int) else f"{n}\n" for n in numbers)


def edits(history: History) -> None:
    spaced(
        history,
        {"a.py": text(0, 1, 2, 3, 4, 5)},
        {"a.py": text("new", 0, 1, 3, 4, 5)},
        {"a.py": text("new", 0, "x", "y", 4, 5, 6)},
        {"a.py": text(6, 5, 4)},
    )


def renames(history: History) -> None:
    spaced(
        history,
        {"a.py": text(*range(8))},
        {"a.py": None, "b.py": text(*range(8), "more")},
        {"b.py": text(*range(2, 8), "more")},
        {"b.py": None, "dir/c.py": text("top", *range(2, 8), "more")},
        {"dir/c.py": text("top", *range(4, 8), "more")},
    )


def gone_and_back(history: History) -> None:
    spaced(
        history,
        {"a.py": text(*range(6)), "b.py": text(*"qrstuvwxyz")},
        {"a.py": None},
        {"c.py": "c\n"},
        {"a.py": text(*range(6))},
        {"a.py": None},
        {"b.py": None, "a.py": text(*"qrstuvwxyz", "end")},
        {"b.py": text(0, 1)},
    )


def emptied(history: History) -> None:
    spaced(
        history,
        {"a.py": text(0, 1), "b.py": ""},
        {"a.py": ""},
        {"a.py": text(1), "b.py": text(2)},
        {"a.py": "no newline"},
    )


def merged(history: History) -> None:
    spaced(history, {"a.py": text(*range(10))})
    history.switch("topic")
    spaced(
        history,
        {"a.py": text(*range(9), "topic")},
        {"a.py": text(*range(9), "topic", "again"), "t.py": text(0)},
    )
    history.switch("main")
    spaced(history, {"a.py": text("main", *range(10))})
    history.merge("topic")
    spaced(history, {"a.py": text("main", *range(5), "topic", "again"), "t.py": None})


def merged_renames(history: History) -> None:
    spaced(history, {"a.py": text(*range(10)), "z.py": text(*"abcdefgh")})
    history.switch("topic")
    spaced(history, {"a.py": None, "moved/a.py": text(*range(10))}, {"moved/a.py": text(*range(10), "more")})
    history.switch("main")
    spaced(history, {"a.py": text("main", *range(10))})
    history.merge("topic")
    spaced(history, {"moved/a.py": text("main", *range(3))})


@pytest.mark.parametrize("tell", [edits, renames, gone_and_back, emptied, merged, merged_renames])
def test_every_file_at_every_landing_is_as_git_blames_it(
    tell: Callable[[History], None], history: History, mined: Mine
) -> None:
    tell(history)
    rebuilt, files = compare(mined(history), history)
    assert rebuilt == files > 0


@pytest.mark.thorough
@settings(max_examples=4)
@given(plans)
@example([("rename", ("a.txt", "b.py")), ("rename", ("b.py", "a.txt"))])
@example([("write", {"a.txt": b"x\n" * 5}), ("rename", ("a.txt", "b.py")), ("revert", None)])
def test_what_is_rebuilt_is_never_wrong(plan: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = build(Path(folder) / "project", plan)
        database = Path(folder) / "mined.duckdb"
        mine([Target(str(history.path))], database, Config(), jobs=1)
        compare(database, history)


def test_the_tip_is_as_git_blames_it(history: History, mined: Mine) -> None:
    merged_renames(history)
    database = mined(history)
    with (
        duckdb.connect(str(database), read_only=True) as connection,
        open_repository(str(history.path)).shadow() as shadow,
    ):
        for path, _ in tree_files(shadow, history.head()):
            assert lines_at_tip(connection, "project", os.fsdecode(path)) == by_git(
                shadow, history.head(), path
            )
            assert lines_at(connection, "project", os.fsdecode(path), landings(connection)[-1][1]) == by_git(
                shadow, history.head(), path
            )


def test_what_the_database_alone_cannot_tell_has_no_answer(history: History, mined: Mine) -> None:
    spaced(history, {"a.py": text(*range(4))}, {"a.py": text(*range(2))})
    database = mined(history)
    with duckdb.connect(str(database)) as connection:
        first = landings(connection)[0][1]
        assert lines_at(connection, "project", "a.py", first) is not None
        connection.execute("update line_spans set died_line = 9 where died_line is not null")
        assert lines_at(connection, "project", "a.py", first) is None


@pytest.mark.xfail(strict=True, reason="that the mainline was without a line for a while is not stored")
def test_lines_that_a_merge_brings_back_were_gone_before(history: History, mined: Mine) -> None:
    spaced(history, {"a.py": text(*range(10))})
    history.switch("topic")
    spaced(history, {"t.py": "t\n"})
    history.switch("main")
    spaced(history, {"a.py": text(*range(5))})
    history.git("merge", "--no-ff", "--no-commit", "topic", env=history.identity(ANN))
    history.commit({"a.py": text(*range(10))}, "Merge, and bring back")
    compare(mined(history), history)
