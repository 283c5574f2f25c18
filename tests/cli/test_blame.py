"""``codeshare blame`` and ``share --alive`` as processes, against ``git blame``."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.cli.conftest import Run
from tests.histories import ANN, BOB, History, clean_environment

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    """The command line on the database of this test."""
    return partial(run, "--db", str(tmp_path / "x.duckdb"))


@pytest.fixture
def project(history: History, mined_once: Callable[..., Path]) -> History:
    history.commit({"src/a.py": "one = 1\ntwo = 2\nthree = 3\n"}, "by a person")
    history.git("tag", "-m", "annotated", "v1", env=history.identity(ANN))
    history.commit(
        {"src/a.py": "one = 1\nsecond = 2\nthree = 3\n\tfour\x1b[31m\n"},
        "by an agent",
        author=BOB,
        trailers=[CLAUDE],
    )
    history.commit(
        {"src/a.py": None, "lib/a.py": "one = 1\nsecond = 2\nthree = 3\n\tfour\x1b[31m\n"}, "move it"
    )
    mined_once(history, name="x.duckdb")
    return history


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def by_git(history: History, rev: str, path: str) -> list[tuple[str, str, int, str]]:
    result = []
    entry: list[str] = []
    for line in history.git("blame", "--line-porcelain", rev, "--", path).split("\n"):
        if line.startswith("\t"):
            name = next(each for each in entry if each.startswith("filename ")).removeprefix("filename ")
            sha, number = entry[0].split()[:2]
            result.append((sha, name, int(number), line[1:]))
            entry = []
        else:
            entry.append(line)
    return result


def told(found: list[dict[str, Any]]) -> list[tuple[str, str, int, str]]:
    return [(row["sha"], row["orig_path"], row["orig_line"], row["text"]) for row in found]


@pytest.mark.parametrize(
    ("rev", "path"),
    [
        (None, "lib/a.py"),
        ("v1", "src/a.py"),
        ("HEAD~1", "src/a.py"),
        ("main", "lib/a.py"),
        ("2026-01-05", "lib/a.py"),
    ],
)
def test_every_line_is_as_git_blames_it(run: Run, project: History, rev: str | None, path: str) -> None:
    done = run("blame", path, "--format", "json", *(["--rev", rev] if rev else []), cwd=project.path)
    assert told(rows(done)) == by_git(project, rev if rev and not rev.startswith("20") else "main", path)
    assert done.stderr == ""


def test_what_a_line_tells(run: Run, project: History) -> None:
    found = rows(run("blame", "lib/a.py", "--format", "json", cwd=project.path))
    assert found[0] == {
        "line": 1, "sha": project.git("rev-parse", "v1^{}"), "merged_at": "2026-01-05 09:00:00", "engineer": "Ann Lee",
        "attribution": "human", "confidence": "low", "tool": None, "rule": "no-evidence", "orig_path": "src/a.py",
        "orig_line": 1, "text": "one = 1",
    }  # fmt: skip
    assert [(row["attribution"], row["tool"]) for row in found] == [
        ("human", None), ("ai", "Claude Code"), ("human", None), ("ai", "Claude Code"),
    ]  # fmt: skip


def test_a_path_is_relative_to_where_one_stands(run: Run, project: History) -> None:
    inside = run("blame", "a.py", "--format", "csv", cwd=project.path / "lib")
    assert [row["line"] for row in csv.DictReader(io.StringIO(inside.stdout))] == ["1", "2", "3", "4"]
    assert run("blame", "../lib/a.py", cwd=project.path / "lib").returncode == 0
    assert run("blame", str(project.path / "lib" / "a.py"), cwd=project.path).returncode == 0
    done = run("blame", "../../a.py", cwd=project.path / "lib")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "lies outside of" in done.stderr


def test_without_the_repository_the_text_is_left_out(run: Run, project: History, tmp_path: Path) -> None:
    done = run("blame", "lib/a.py", "--format", "json")
    assert "text" not in rows(done)[0]
    assert done.stderr.count("\n") == 1
    assert "the text is left out" in done.stderr
    found = rows(run("blame", "src/a.py", "--rev", project.git("rev-parse", "v1^{}")[:8], "--format", "json"))
    assert [row["line"] for row in found] == [1, 2, 3]
    assert run("blame", "src/a.py", "--rev", "v1").returncode == 2
    (tmp_path / "codeshare.toml").write_text('[[repo]]\npath = "project"\n')
    assert told(rows(run("blame", "src/a.py", "--rev", "v1", "--format", "json"))) == by_git(
        project, "v1", "src/a.py"
    )


def test_a_configured_name_finds_its_repository(run: Run, project: History, tmp_path: Path) -> None:
    (tmp_path / "codeshare.toml").write_text('[[repo]]\npath = "project"\nname = "Boats"\n')
    assert run("mine").returncode == 0
    done = run("blame", "lib/a.py")
    assert (done.returncode, done.stderr) == (
        2,
        "error: this database holds Boats, project. Name one of them with --repo.\n",
    )
    assert rows(run("blame", "lib/a.py", "--repo", "Boats", "--format", "json"))[0]["text"] == "one = 1"


def test_commits_that_are_no_landing_are_asked_of_git(run: Run, project: History) -> None:
    project.switch("topic")
    project.commit({"lib/a.py": "zero = 0\none = 1\nsecond = 2\n"}, "not merged", author=BOB)
    done = run("blame", "lib/a.py", "--rev", "topic", "--format", "json", cwd=project.path)
    found = rows(done)
    assert told(found) == by_git(project, "topic", "lib/a.py")
    assert [row["attribution"] for row in found] == ["unknown", "human", "ai"]
    assert (found[0]["merged_at"], found[0]["rule"]) == (None, None)
    project.switch("main")
    project.commit({"b.py": "b = 1\n"})
    side = project.git("rev-parse", "topic")
    project.merge("topic")
    run("mine", str(project.path))
    assert told(
        rows(run("blame", "lib/a.py", "--rev", side, "--format", "json", cwd=project.path))
    ) == by_git(project, side, "lib/a.py")
    done = run("blame", "lib/a.py", "--rev", side)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "Ask inside the repository" in done.stderr


def test_a_tip_that_moved_is_told(run: Run, project: History) -> None:
    project.commit({"lib/a.py": "all = new\n"})
    done = run("blame", "lib/a.py", "--format", "json", cwd=project.path)
    assert told(rows(done)) == by_git(project, "HEAD~1", "lib/a.py")
    assert done.stderr.count("\n") == 1
    assert f"main is at {project.head()[:10]} now" in done.stderr


def test_without_lives_git_tells_and_commits_attribute(run: Run, project: History) -> None:
    assert run("mine", "--no-lines", "--again", str(project.path)).returncode == 0
    found = rows(run("blame", "lib/a.py", "--format", "json", cwd=project.path))
    assert told(found) == by_git(project, "main", "lib/a.py")
    assert [row["attribution"] for row in found] == ["human", "ai", "human", "ai"]
    done = run("blame", "lib/a.py")
    assert (done.returncode, done.stderr.count("--no-lines")) == (3, 1)
    done = run("share", "--alive")
    assert (done.returncode, done.stderr.count("--no-lines")) == (3, 1)


def test_lines_that_came_back_are_asked_of_git_where_the_database_is_wrong(
    run: Run, project: History
) -> None:
    project.switch("topic")
    project.commit({"t.py": "t = 1\n"})
    project.switch("main")
    gap = project.commit({"lib/a.py": "one = 1\n"})
    project.git("merge", "--no-ff", "--no-commit", "topic", env=project.identity(ANN))
    project.commit({"lib/a.py": "one = 1\nsecond = 2\nthree = 3\n"}, "Merge, and bring two back")
    run("mine", str(project.path))
    done = run("blame", "lib/a.py", "--rev", gap, "--format", "json", cwd=project.path)
    assert told(rows(done)) == by_git(project, gap, "lib/a.py")


def test_lines_of_unknown_origin(run: Run, project: History, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute(
            "update tip_blame set sha = null, orig_path = null, orig_line = null where line_start = 2"
        )
    found = rows(run("blame", "lib/a.py", "--format", "json"))
    assert [row["attribution"] for row in found] == ["human", "unknown", "human", "ai"]
    assert (found[1]["sha"], found[1]["merged_at"], found[1]["orig_line"]) == (None, None, None)
    assert found[0]["orig_line"] == 1
    found = rows(run("blame", "lib/a.py", "--format", "json", cwd=project.path))
    assert told(found) == by_git(project, "main", "lib/a.py")
    assert run("blame", "lib/a.py").stdout.splitlines()[2].split() == ["unknown", "2"]


@pytest.mark.thorough
def test_odd_files(run: Run, project: History) -> None:
    project.commit(
        {"empty": "", "binary": b"\0\1\2", "sp ace\té.txt": b"latin \xe9\r\nno newline", "link": "x\n"}
    )
    (project.path / b"\xff.txt".decode("utf-8", "surrogateescape")).write_text("raw\n")
    project.commit()
    run("mine", str(project.path))
    done = run("blame", "empty", "--format", "json", cwd=project.path)
    assert rows(done) == []
    done = run("blame", "binary", cwd=project.path)
    assert (done.returncode, "a binary file" in done.stderr) == (2, True)
    assert [
        row["text"] for row in rows(run("blame", "sp ace\té.txt", "--format", "json", cwd=project.path))
    ] == ["latin \ufffd\r", "no newline"]
    raw = subprocess.run(
        [sys.executable.encode(), b"-m", b"codeshare.cli.main", b"--db", b"../x.duckdb", b"blame", b"\xff.txt"],
        cwd=project.path, env=clean_environment(), capture_output=True, check=False,
    )  # fmt: skip
    assert raw.stdout.endswith(b"raw\n"), raw.stderr


@pytest.mark.parametrize(
    ("option", "numbers"),
    [("2,3", [2, 3]), ("3,", [3, 4]), (",2", [1, 2]), ("2,+2", [2, 3]), ("4", [4]), ("2,99", [2, 3, 4])],
)
def test_some_lines(run: Run, project: History, option: str, numbers: list[int]) -> None:
    found = rows(run("blame", "lib/a.py", "-L", option, "--format", "json", cwd=project.path))
    assert [row["line"] for row in found] == numbers


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["lib/a.py", "-L", "9,10"], "the file has 4 lines"),
        (["lib/a.py", "-L", "3,2"], "TO is not before FROM"),
        (["lib/a.py", "-L", "x"], "write it as FROM,TO"),
        (["lib/b.py"], "Did you mean lib/a.py?"),
        (["lib"], "no file with lines of text"),
        (["lib/a.py", "--rev", "nothing"], "neither a branch, a tag nor a commit"),
        (["lib/a.py", "--rev", "2020-01-01"], "nothing had been merged"),
        (["lib/a.py", "--repo", "other"], "not in this database"),
    ],
)
def test_wrong_use(run: Run, project: History, args: list[str], words: str) -> None:
    done = run("blame", *args, cwd=project.path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words in done.stderr


def test_a_table_cannot_steer_the_terminal(run: Run, project: History) -> None:
    done = run("blame", "lib/a.py", cwd=project.path)
    head, *lines = done.stdout.splitlines()
    assert head.split()[:4] == ["sha", "merged_at", "engineer", "attribution"]
    assert "orig_path" not in head
    assert lines[1].split()[:2] == [project.git("rev-parse", "HEAD~1")[:10], "2026-01-05"]
    assert lines[3].endswith("4          four\\x1b[31m")
    assert "\x1b" not in done.stdout


def test_share_of_the_lines_alive(run: Run, project: History) -> None:
    answer = json.loads(run("share", "--alive", "--format", "json").stdout)
    assert (answer["share"], answer["numerator"], answer["denominator"], answer["rev"]) == (
        0.5,
        2,
        4,
        project.head(),
    )
    done = run("share", "--alive", "--rev", "v1", "--format", "csv", cwd=project.path)
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["human"], row["ai"], row["share"]) == ("3", "0", "0.0")
    for wrong in (["--alive", "--by", "month"], ["--alive", "--since", "2026-01-01"], ["--rev", "v1"]):
        done = run("share", *wrong, cwd=project.path)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_api_does_the_same(project: History, tmp_path: Path) -> None:
    import codeshare

    with codeshare.open_database(tmp_path / "x.duckdb") as database:
        frame = codeshare.blame(database, "src/a.py", rev="v1", where=project.path)
        assert frame["text"].tolist() == ["one = 1", "two = 2", "three = 3"]
        assert codeshare.blame(database, "lib/a.py")["attribution"].tolist() == ["human", "ai", "human", "ai"]
        assert codeshare.alive(database)["share"].tolist() == [0.5]
        assert codeshare.alive(database, "v1", where=project.path)["human"].tolist() == [3]
