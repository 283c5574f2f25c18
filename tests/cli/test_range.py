"""``share --range`` and ``check --range`` as a CI job meets them: clones of all kinds, with what a runner sets."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.errors import CannotKnow
from codeshare.git.ranges import commits_of, find_range, walk_range
from codeshare.git.repository import open_repository
from tests.cli.conftest import Run
from tests.git.random_histories import build, plans
from tests.histories import BOB, History, clean_environment

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
ZERO = "0" * 40


def lines(count: int, word: str = "x") -> str:
    return "".join(f"{word}_{n} = {n}\n" for n in range(count))


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def forge(history: History) -> History:
    """A repository with request 7: three commits, thirty lines of an agent's and ten of a person's, and its trial merge."""
    for n in range(6):
        history.commit({f"m{n}.py": lines(5)}, f"main {n}")
    history.switch("topic", at="HEAD~2")
    history.commit({"one.py": lines(10)}, "one", author=BOB)
    history.commit({"two.py": lines(20)}, "two", trailers=[CLAUDE])
    history.commit({"src/three.py": lines(10)}, "three", trailers=[CLAUDE])
    history.git("update-ref", "refs/pull/7/head", "topic")
    history.git("switch", "--quiet", "--detach", "main")
    history.merge("topic", message=f"Merge {history.git('rev-parse', 'topic')} into {history.head()}")
    history.git("update-ref", "refs/pull/7/merge", "HEAD")
    history.git("switch", "--quiet", "main")
    return history


def checkout(forge: History, folder: Path, ref: str, depth: int | None, *also: str) -> Path:
    """What actions/checkout does: an empty repository, one fetch, a detached HEAD; no origin/HEAD."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "remote", "add", "origin", f"file://{forge.path}")
    limit = [f"--depth={depth}"] if depth else []
    git(folder, "fetch", "--quiet", "--no-tags", *limit, "origin", f"+{ref}:refs/remotes/{ref.removeprefix('refs/')}", *also)  # fmt: skip
    git(folder, "checkout", "--quiet", "--detach", f"refs/remotes/{ref.removeprefix('refs/')}")
    return folder


def share(run: Run, where: Path, span: str, *args: str, **env: str) -> Any:
    done = run(
        "--db", "../none.duckdb", "share", "--range", span, "--format", "json", *args, cwd=where, **env
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_request_in_a_runners_checkout(run: Run, forge: History, tmp_path: Path) -> None:
    where = checkout(forge, tmp_path / "work", "refs/pull/7/merge", None)
    environment = {"CI": "true", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "topic"}
    answers = {
        span: share(run, where, span, **environment) for span in ("HEAD^1..HEAD", "HEAD^1...HEAD", "HEAD^1..")
    }
    for answer in answers.values():
        assert (answer["numerator"], answer["denominator"], answer["basis"]) == (30, 40, "landed")
    by_file = share(run, where, "HEAD^1..HEAD", "--by", "file")
    assert [(row["path"], row["numerator"], row["denominator"]) for row in by_file] == [
        ("two.py", 20, 20), ("one.py", 0, 10), ("src/three.py", 10, 10)
    ]  # fmt: skip
    by_commit = share(run, where, "HEAD^1..HEAD", "--by", "commit")
    assert [(row["sha"], row["denominator"]) for row in by_commit if row["denominator"]] == [
        (forge.git("rev-parse", "topic~1"), 20),
        *sorted([(forge.git("rev-parse", "topic~2"), 10), (forge.git("rev-parse", "topic"), 10)]),
    ]


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6, 7])
def test_a_shallow_clone_tells_the_whole_or_nothing(
    run: Run, forge: History, tmp_path: Path, depth: int
) -> None:
    where = checkout(forge, tmp_path / "work", "refs/pull/7/merge", depth)
    base = forge.git("rev-parse", "main")
    done = run("share", "--range", f"{base}..HEAD", "--format", "json", cwd=where)
    if depth < 5:  # the merge, the three commits, and what they begin from
        assert (done.returncode, json.loads(done.stdout)["denominator"]) == (3, None)
        assert "fetch-depth: 0" in done.stderr
        assert "git fetch --unshallow" in done.stderr
        assert done.stderr.count("\n") <= 2  # beside the name of the database
    else:
        assert json.loads(done.stdout)["denominator"] == 40


@pytest.mark.parametrize("base", ["origin/main", "main", "0123456789" * 4], ids=["branch", "short", "id"])
def test_a_base_that_was_not_fetched(run: Run, forge: History, tmp_path: Path, base: str) -> None:
    where = checkout(forge, tmp_path / "work", "refs/pull/7/merge", None if base != "main" else 1)
    done = run("share", "--range", f"{base}..HEAD", cwd=where)
    assert (done.returncode, done.stdout) == (3, "")
    assert "fetch" in done.stderr.lower()


def test_a_misspelt_base_is_wrong_use(run: Run, forge: History) -> None:
    done = run("share", "--range", "mian..HEAD", cwd=forge.path)
    assert done.returncode == 2
    for span in ("main", "..HEAD", "a..b..c", "main....HEAD"):
        assert run("share", "--range", span, cwd=forge.path).returncode == 2, span


def test_a_new_branch_begins_where_it_left_the_default_one(run: Run, forge: History, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", f"file://{forge.path}", str(clone))
    git(clone, "switch", "--quiet", "topic")
    assert share(run, clone, f"{ZERO}..HEAD")["denominator"] == 40
    git(clone, "remote", "set-head", "origin", "--delete")
    done = run("share", "--range", f"{ZERO}..HEAD", cwd=clone)
    assert done.returncode == 3
    assert "origin/main..HEAD" in done.stderr
    assert share(run, clone, f"{ZERO}..HEAD", CI="true", CI_DEFAULT_BRANCH="main")["denominator"] == 40
    assert run("share", "--range", f"main..{ZERO}", cwd=clone).returncode == 3


def test_a_push_and_a_merge_queue(run: Run, forge: History) -> None:
    before = forge.head()
    forge.merge("topic")
    after = forge.head()
    assert share(run, forge.path, f"{before}..{after}")["denominator"] == 40
    forge.git("switch", "--quiet", "-c", "gh-readonly-queue/main/pr-7", before)
    forge.commit({"one.py": lines(10)}, "one (#7)", author=BOB)
    assert share(run, forge.path, f"{before}..HEAD")["denominator"] == 10


def test_an_empty_or_reversed_range_is_no_answer(run: Run, forge: History) -> None:
    for span in ("main..main", "main..main~1"):
        done = run("check", "--range", span, "--at-most", "0.5", cwd=forge.path)
        assert (done.returncode, done.stdout) == (3, ""), span
        assert "base first" in done.stderr


def test_what_was_forced_away_is_said_to_be_gone(run: Run, forge: History, tmp_path: Path) -> None:
    where = checkout(forge, tmp_path / "work", "refs/heads/main", None)
    done = run("share", "--range", f"{forge.git('rev-parse', 'topic')}..HEAD", cwd=where)
    assert done.returncode == 3
    assert "forced push" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository away")
def test_dubious_ownership(run: Run, forge: History, tmp_path: Path) -> None:
    where = checkout(forge, tmp_path / "work", "refs/pull/7/merge", None)
    for folder, _, files in os.walk(where):
        for each in (folder, *(os.path.join(folder, name) for name in files)):
            os.chown(each, 12345, 12345)
    refused = subprocess.run(["git", "log", "-1"], cwd=where, env=clean_environment(), capture_output=True, check=False)  # fmt: skip
    assert b"dubious ownership" in refused.stderr
    assert share(run, where, "HEAD^1..HEAD")["denominator"] == 40


def test_a_bare_repository(run: Run, forge: History, tmp_path: Path) -> None:
    bare = forge.bare(tmp_path / "bare.git")
    assert share(run, bare, "main..topic")["denominator"] == 40


def test_a_range_has_one_answer_beside_a_database_and_without(run: Run, forge: History) -> None:
    before, topic = forge.head(), forge.git("rev-parse", "topic")
    forge.merge("topic")
    forge.commit({"later.py": lines(50)}, "later")
    run("--db", "../x.duckdb", "mine", cwd=forge.path)
    answers = [
        json.loads(run("--db", database, "share", "--range", f"{before}..topic", "--format", "json", cwd=forge.path).stdout)
        for database in ("../x.duckdb", "../none.duckdb")
    ]  # fmt: skip
    assert answers[0] == answers[1]
    day = forge.git("show", "--no-patch", "--format=%cs", topic)
    assert {name: answers[0][name] for name in ("denominator", "tip", "period")} == {
        "denominator": 40, "tip": topic, "period": f"{day}..{day}"
    }  # fmt: skip
    assert answers[0]["as_of"].startswith(day)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans, depth=st.integers(1, 6), back=st.integers(1, 6))
def test_any_shallow_clone_lists_the_true_range_or_none(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[str, object]], depth: int, back: int
) -> None:
    folder = tmp_path_factory.mktemp("shallow")
    history = build(folder / "project", plan)
    head = history.head()
    everything = history.git("rev-list", head).split()
    base = everything[min(back, len(everything) - 1)]
    git(
        folder,
        "clone",
        "--quiet",
        f"--depth={depth}",
        "--no-single-branch",
        f"file://{history.path}",
        "clone",
    )
    true = set(history.git("rev-list", f"^{base}", head).split())
    repository = open_repository(str(folder / "clone"))
    with repository.shadow() as shadow:
        try:
            span = find_range(repository, shadow, base, head, None)
            walked, edge = walk_range(repository, shadow, span)
        except CannotKnow:
            return
        assert set(walked.shas[edge:]) == true == set(commits_of(shadow, span))


def test_a_trend_has_the_weeks_that_are_over(run: Run, forge: History, tmp_path: Path) -> None:
    for week in range(3):
        forge.tick(timedelta(days=7))
        forge.commit({f"w{week}.py": lines(5)}, trailers=[CLAUDE] if week else [])
    asked = ("--db", "../x.duckdb", "share", "--by", "week", "--append", "../trend.ndjson")
    run("--db", "../x.duckdb", "mine", cwd=forge.path)
    done = run(*asked, cwd=forge.path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "3 added, of 3 that are over." in done.stderr
    # A forced push takes the last two weeks away and brings others.
    forge.git("reset", "--quiet", "--hard", "HEAD~2")
    forge.commit({"z.py": lines(7)})
    forge.tick(timedelta(days=7))
    forge.commit({"y.py": lines(7)})
    run("--db", "../x.duckdb", "mine", cwd=forge.path)
    done = run(*asked, cwd=forge.path)
    rows = [json.loads(line) for line in (tmp_path / "trend.ndjson").read_text().splitlines()]
    assert [(row["period"], row["numerator"], row["denominator"]) for row in rows] == [
        ("2026-W02", 0, 30), ("2026-W03", 0, 5), ("2026-W04", 5, 5), ("2026-W04", 0, 0), ("2026-W05", 0, 7)
    ]  # fmt: skip
    assert "1 added, 1 anew with other figures, of 4 that are over." in done.stderr
    for wrong in (["--by", "all"], ["--by", "path"], ["--by", "week", "--path", "x"]):
        assert run("--db", "../x.duckdb", "share", "--append", "t", *wrong, cwd=forge.path).returncode == 2
