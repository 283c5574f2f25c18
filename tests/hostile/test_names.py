"""Names that were made to be taken for options, programs, other places or markup: of repositories, branches, files, refs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from codeshare.errors import CodeshareError
from codeshare.git.repository import open_repository
from codeshare.git.requests import fetch_requests
from tests.cli.conftest import Run
from tests.histories import History, clean_environment
from tests.hostile.canary import Canary
from tests.hostile.repositories import arm, arm_folder, snapshot

Count = Callable[[str, int], None]
WHERE = [
    "--upload-pack={run}", "-c", "-ccore.sshCommand={run}", "--config=core.fsmonitor={run}", "--", "-",
    "ext::sh -c {run}", "ext::{run} %S x", "fd::17", "transport::address", "file::{home}",
    "ssh://-oProxyCommand={run}/x", "ssh://host/-x;{run}", "-oProxyCommand={run}@host:x", "git@-oProxyCommand={run}:x",
    "git://-oProxyCommand={run}/x", "http://127.0.0.1:1/--upload-pack={run}", "file://{home}/--upload-pack={run}", "file:///dev/zero", "file://{home}/pipe",
    "https://", "https://\u202e/x", "ssh://" + "h" * 5000 + "/x", "https://127.0.0.1:1/" + "n" * 5000, "git@127.0.0.1:" + "n" * 300,
    "a\nb", "$(touch {home}/written/x)", "`{run}`", "; {run}", "| {run}", "~nobody/x", "$HOME/x", "{pipe}", "/dev/zero", "/etc/passwd", "n" * 5000, "..", "x" * 255 + "/y",
]  # fmt: skip
NAMES = ["--upload-pack=x", "-c", "--help", ":(glob)**", ":/x", "a b", "a\tb", "\u202e gpj", "HEAD", "@{-1}", "a..b", "../x", "a\nb", "a\0b", "", "x" * 5000, "main^{/x}", "*"]  # fmt: skip


@pytest.mark.parametrize("where", WHERE, ids=range(len(WHERE)))
def test_a_repository_called_like_an_option_or_program(
    canary: Canary, run: Run, tmp_path: Path, where: str, count: Count
) -> None:
    done = run("--db", str(tmp_path / "x.duckdb"), "mine", "--", where.format(**canary.words("where")), GIT_SSH_COMMAND="false")  # fmt: skip
    assert (done.returncode, canary.disturbed()) == (2, [])
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("error: ")
    count("names", 1)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> History:
    history = History(tmp_path_factory.mktemp("names") / "project")
    history.commit({"a.py": "a = 1\n"})
    history.commit({"a.py": "a = 2\n"})
    return history


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_branch_or_commit_called_like_an_option(
    project: History, name: str, run: Run, count: Count
) -> None:
    with pytest.raises(CodeshareError):
        open_repository(str(project.path), branch=name)
    if "\0" not in name:
        done = run("--db", "x.duckdb", "share", f"--range={name}...HEAD", cwd=project.path)
        assert done.returncode == (3 if name == "HEAD" else 2), done.stderr
        assert done.stderr.count("\n") == 1
    count("names", 1)


def test_files_called_like_options_are_files(
    project: History, run: Run, tmp_path: Path, count: Count
) -> None:
    files = ["--upload-pack=x", "-c", ":(glob)a", ":!a", "$(x)", "`x`", "a\tb", "a\nb", "\u202e.py", "\\", '"', "*", "[a]", "x" * 250]  # fmt: skip
    history = History(tmp_path / "files")
    history.commit({name: f"{name!r}\n" for name in files})
    db = ("--db", str(tmp_path / "x.duckdb"))
    assert run(*db, "mine", str(history.path)).returncode == 0
    stored = run(*db, "sql", "select path from changes", "--format", "json").stdout
    assert {row["path"] for row in json.loads(stored)} == set(files)
    for name in files[2:5]:
        done = run(*db, "blame", "--format", "json", "--", name, cwd=history.path)
        assert [row["text"] for row in json.loads(done.stdout)] == [repr(name)]
    count("names", len(files))


@pytest.fixture
def remote(tmp_path: Path, canary: Canary) -> Path:
    """A repository of this machine that lacks an object and would have a program fetch it."""
    history = History(tmp_path / "remote" / "project")
    history.commit({"a.py": "a = 1\n", "b.py": "b = 1\n"})
    history.commit({"a.py": "a = 2\n"})
    blob = history.git("rev-parse", "HEAD~1:a.py")
    (history.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    arm_folder(history, canary)
    arm(history, canary)
    return history.path


def test_a_url_of_this_machine_runs_nothing(
    remote: Path, canary: Canary, run: Run, tmp_path: Path, count: Count
) -> None:
    before = snapshot(remote)
    for scheme in ("file://", "file://localhost"):
        run("--db", str(tmp_path / "x.duckdb"), "mine", f"{scheme}{remote}")
        assert canary.disturbed() == []
    with pytest.raises(CodeshareError):
        fetch_requests(f"file://{remote}", tmp_path / "requests.git", objects=(), tip="")
    assert canary.disturbed() == []
    assert snapshot(remote) == before
    count("remotes", 3)


def test_a_bundle_with_names_that_lead_elsewhere(
    project: History, canary: Canary, tmp_path: Path, count: Count
) -> None:
    tip = project.head()
    names = ["refs/heads/../../../../x", "refs/heads/--upload-pack=x", "refs/heads/a\u2028b", "refs/heads/\x1b[31m", "/etc/x", "refs/heads/main"]  # fmt: skip
    pack = subprocess.run(["git", "pack-objects", "--all", "--stdout", "-q"], cwd=project.path, env=clean_environment(), input=b"", capture_output=True, check=True).stdout  # fmt: skip
    head = "# v2 git bundle\n" + "".join(f"{tip} {name}\n" for name in names) + f"{tip} HEAD\n\n"
    file = tmp_path / ("b" * 240 + ".bundle")
    file.write_bytes(head.encode() + pack)
    opened = open_repository(str(file), cache=tmp_path / "cache")
    assert opened.tip == tip
    assert "a\u2028b" in opened.refs.branches()
    assert {each.name for each in tmp_path.iterdir()} == {"canary", "cache", file.name}
    assert canary.disturbed() == []
    count("names", len(names))
