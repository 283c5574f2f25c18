from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.ci.events import cache_key, find_job
from codeshare.config import Config
from codeshare.errors import CannotKnow, ConfigError
from codeshare.mining.run import Target, mine
from tests.ci.forge import ZERO, Forge, github, make_forge
from tests.ci.runner import read_outputs
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    return make_forge(tmp_path_factory.mktemp("forge"))


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., dict[str, str]]:
    return lambda event, name, **more: github(event, name, tmp_path / "runner", **more)


def test_a_request_begins_where_the_forge_would_merge_it(made: Forge, tmp_path: Path, job: Any) -> None:
    clone = made.checkout(tmp_path / "clone")
    found = find_job(job(made.request_event(), "pull_request"), str(clone))
    # Not `before`, which the payload names: the request has taken in what main added since.
    assert (found.span, found.branch, found.is_request) == (f"{made.base}..{made.head}", "main", True)
    assert found.settings_at == made.base


def test_a_request_checked_out_at_its_head(made: Forge, tmp_path: Path, job: Any) -> None:
    clone = made.checkout(tmp_path / "clone")
    made_clone = tmp_path / "clone"
    (made_clone / ".git" / "HEAD").write_text(f"{made.head}\n")
    assert find_job(job(made.request_event(), "pull_request"), str(clone)).span == f"{made.base}..{made.head}"


def test_a_clone_of_depth_one_has_only_the_payload(made: Forge, tmp_path: Path, job: Any) -> None:
    clone = made.checkout(tmp_path / "clone", depth=1)
    found = find_job(job(made.request_event(), "pull_request"), str(clone))
    assert found.span == f"{made.before}..{made.head}"


def test_a_head_that_feigns_a_merge_begins_nowhere_else(made: Forge, tmp_path: Path, job: Any) -> None:
    """A request whose last commit is a merge with a parent of its own choice as the first."""
    clone = made.checkout(tmp_path / "clone")
    history = made.history
    history.git("switch", "--quiet", "--detach", made.head)
    feigned = history.git(
        *("commit-tree", f"{made.head}^{{tree}}", "-p", made.head, "-p", made.base, "-m", "Merge"),
        env=history.identity("Eve <eve@example.org>"),
    )
    history.git("push", "--quiet", str(clone), f"{feigned}:refs/heads/feigned")
    (clone / ".git" / "HEAD").write_text(f"{feigned}\n")
    event = made.request_event(head={"ref": "topic", "sha": feigned})
    assert find_job(job(event, "pull_request"), str(clone)).span == f"{made.base}..{feigned}"


GROUP = {"base_ref": "refs/heads/main", "base_sha": "1" * 40, "head_ref": "x", "head_sha": "2" * 40}
REPOSITORY = {"default_branch": "main"}


@pytest.mark.parametrize(
    ("name", "event", "span", "branch"),
    [
        ("merge_group", {"merge_group": GROUP}, f"{'1' * 40}..{'2' * 40}", "main"),
        ("push", {"ref": "refs/heads/main", "before": "3" * 40, "after": "4" * 40, "repository": REPOSITORY}, f"{'3' * 40}..{'4' * 40}", "main"),
        ("push", {"ref": "refs/heads/topic", "before": ZERO, "after": "4" * 40, "repository": REPOSITORY}, f"{ZERO}..{'4' * 40}", "main"),
        ("push", {"ref": "refs/heads/topic", "before": "3" * 40, "after": ZERO, "deleted": True}, None, None),
        ("push", {"ref": "refs/heads/main", "before": ZERO, "after": "4" * 40, "repository": REPOSITORY}, None, "main"),
        ("schedule", {"schedule": "0 5 * * 1"}, None, None),
        ("workflow_dispatch", {}, None, None),
    ],
    ids=["merge queue", "push", "new branch", "deleted branch", "first push", "schedule", "by hand"],
)  # fmt: skip
def test_github_events(name: str, event: dict[str, Any], span: str | None, branch: str | None, job: Any, tmp_path: Path) -> None:  # fmt: skip
    found = find_job(job(event, name), str(tmp_path))
    assert (found.span, found.branch) == (span, branch)
    assert found.is_request == (name == "merge_group")


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (
            {"pull_request": {"base": {"ref": "main", "sha": "x; rm -rf /"}, "head": {"sha": "1" * 40}}},
            CannotKnow,
        ),
        (
            {"pull_request": {"base": {"ref": "main", "sha": "1" * 40}, "head": {"sha": "--upload-pack=x"}}},
            CannotKnow,
        ),
        ({"pull_request": "no"}, ConfigError),
        ([], ConfigError),
    ],
    ids=["base is none", "head is none", "no object", "no event"],
)
def test_an_event_that_makes_no_sense(event: Any, error: type[Exception], job: Any, tmp_path: Path) -> None:
    with pytest.raises(error, match="--range"):
        find_job(job(event, "pull_request"), str(tmp_path))


A, B, C = "a" * 40, "b" * 40, "c" * 40
REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "1",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": A,
    "CI_COMMIT_BEFORE_SHA": ZERO,
    "CI_COMMIT_SHA": B,
}


@pytest.mark.parametrize(
    ("variables", "span", "branch"),
    [
        (REQUEST, f"{A}..{B}", "main"),
        (REQUEST | {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": C, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": A}, f"{C}..{A}", "main"),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "topic", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": A, "CI_COMMIT_SHA": B}, f"{A}..{B}", "main"),
        ({"CI_PIPELINE_SOURCE": "schedule", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": ZERO, "CI_COMMIT_SHA": B}, None, "main"),
    ],
    ids=["request", "merged results", "push", "schedule"],
)  # fmt: skip
def test_gitlab_pipelines(variables: dict[str, str], span: str | None, branch: str, tmp_path: Path) -> None:
    found = find_job(variables | {"GITLAB_CI": "true"}, str(tmp_path))
    assert (found.span, found.branch) == (span, branch)


@pytest.mark.parametrize("before", [ZERO, "3" * 40], ids=["new branch", "force-push"])
def test_a_branch_without_an_old_tip_begins_at_the_default_branch(made: Forge, tmp_path: Path, job: Any, before: str) -> None:  # fmt: skip
    clone = made.checkout_branch(tmp_path / "clone")
    event = {"ref": "refs/heads/topic", "before": before, "after": made.head, "repository": REPOSITORY}
    assert find_job(job(event, "push"), str(clone)).span == f"{made.base}..{made.head}"


def test_a_request_of_gitlab_begins_at_the_target_branch(made: Forge, tmp_path: Path) -> None:
    clone = made.checkout_branch(tmp_path / "clone")
    variables = REQUEST | {"GITLAB_CI": "true", "CI_COMMIT_SHA": made.head}
    assert find_job(variables, str(clone)).span == f"{made.base}..{made.head}"


def test_a_push_hook_of_pre_commit() -> None:
    assert find_job({"PRE_COMMIT_FROM_REF": A, "PRE_COMMIT_TO_REF": B}).span == f"{A}..{B}"
    assert find_job({}).span is None


def test_a_key_names_repository_branch_and_analysed_commit(made: Forge, tmp_path: Path, job: Any) -> None:
    clone = made.checkout(tmp_path / "clone")
    variables = job(made.request_event(), "pull_request")
    assert cache_key(variables, where=str(clone)) == (
        f"codeshare-7-acme_boats-main-{made.base}",
        "codeshare-7-acme_boats-main-",
    )


@pytest.mark.parametrize(
    "branch", ["feature/a,b", "/".join(["x" * 200] * 3), "ünï"], ids=["signs", "long", "letters"]
)
def test_a_key_is_one_that_caches_take(made: Forge, tmp_path: Path, branch: str) -> None:
    clone = made.checkout_branch(tmp_path / "clone")
    file = clone / ".git" / "packed-refs"
    file.write_text(f"{made.base} refs/remotes/origin/{branch}\n", encoding="utf-8")
    key, prefix = cache_key({}, branch, str(clone))
    assert key.startswith(prefix)
    assert len(key) <= 512
    assert not set(key) & set(",/ \n")


def test_the_command_prints_what_later_steps_read(
    run: Run, made: Forge, tmp_path: Path, job: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = made.checkout(tmp_path / "clone")
    variables = job(made.request_event(), "pull_request")
    assert run("ci", "range", cwd=clone, **variables).stdout == f"{made.base}..{made.head}\n"
    assert run("ci", "branch", cwd=clone, **variables).stdout == "main\n"
    assert run("ci", "cache-key", cwd=clone, **variables).stdout.startswith("codeshare-7-acme_boats-main-")
    found = read_outputs(run("ci", "all", cwd=clone, **variables).stdout)
    assert found["range"] == f"{made.base}..{made.head}"
    assert found["settings-at"] == made.base
    assert found["cache-key"].startswith(found["restore-key"])
    named = read_outputs(run("ci", "all", "--range", f"{made.before}..HEAD", cwd=clone, **variables).stdout)
    assert (named["range"], named["settings-at"]) == (f"{made.before}..HEAD", made.before)


def test_the_command_without_a_range_prints_none(run: Run, made: Forge, tmp_path: Path, job: Any) -> None:
    clone = made.checkout_branch(tmp_path / "clone")
    done = run("ci", "range", cwd=clone, **job({}, "schedule"))
    assert (done.returncode, done.stdout) == (0, "")
    assert "note: no range: schedule, which brings no commits." in done.stderr
    assert run("ci", "branch", cwd=clone, **job({}, "schedule")).returncode == 3


def test_a_clone_without_the_branch_has_no_key_and_is_told_why(
    run: Run, made: Forge, tmp_path: Path, job: Any
) -> None:
    clone = made.checkout(tmp_path / "clone", depth=1)
    done = run("ci", "all", cwd=clone, **job(made.request_event(), "pull_request"))
    assert done.returncode == 0
    assert read_outputs(done.stdout)["cache-key"] == ""
    assert "`fetch-depth: 0`" in done.stderr


def test_mining_goes_on_after_a_force_push_with_an_older_database(tmp_path: Path) -> None:
    forge = make_forge(tmp_path)
    clone = forge.checkout_branch(tmp_path / "clone")
    database = tmp_path / "cached.duckdb"
    (first,) = mine([Target(str(clone), branch="main")], database, Config(), jobs=1)
    forge.history.switch("again", at=forge.before)
    forge.history.commit({"e.py": "e = 1\n" * 7}, "Another main")
    forge.base = forge.history.head()
    forge.propose()
    shutil.rmtree(clone)
    fresh = forge.checkout_branch(clone)
    (second,) = mine([Target(str(fresh), branch="main")], database, Config(), jobs=1)
    (whole,) = mine([Target(str(fresh), branch="main")], tmp_path / "whole.duckdb", Config(), jobs=1)
    assert first.commits == 2
    assert (second.commits, whole.commits) == (2, 2)
    assert all(_rows(database))
    assert _rows(database) == _rows(tmp_path / "whole.duckdb")


def _rows(database: Path) -> list[Any]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            connection.execute(f"select * from {table} order by all").fetchall()
            for table in ("commits", "changes", "line_spans")
        ]
