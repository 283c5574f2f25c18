"""A repository cannot run, fetch or write anything, whatever its settings, hooks, attributes and files say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from codeshare.git.repository import open_repository
from tests.cli.conftest import Run
from tests.histories import History, clean_environment
from tests.hostile.canary import Canary
from tests.hostile.repositories import arm, arm_folder, hostile_history, snapshot
from tests.hostile.settings import ENVIRONMENT, HOOKS, SETTINGS, Setting

Count = Callable[[str, int], None]
COMMANDS: tuple[tuple[tuple[str, ...], set[int]], ...] = (
    (("mine", "."), {0}),
    (("share", "--range", "HEAD~3..HEAD"), {0}),
    (("share", "--alive", "--rev", "main~1", "--format", "json"), {0}),
    (("blame", "a.py"), {0}),
    (("blame", "a.py", "--rev", "topic"), {0}),
    (("blame", "--", "--upload-pack=x"), {0}),
    (("explain", "HEAD"), {0}),
    (("explain", "a.py:1"), {0}),
    (("doctor",), {0}),
    (("doctor", "--prove", "."), {0}),
    (("check", "--range", "HEAD~3..HEAD", "--at-most", "1"), {0}),
    (("report", ".", "--format", "json"), {0}),
    (("mine", ".", "--fetch-requests", "--again"), {0, 2}),
)


def plain_git(history: History, *args: str) -> None:
    subprocess.run(
        ["git", *args],
        cwd=history.path,
        env=clean_environment() | {"GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        check=False,
        timeout=60,
        input=b"protocol=https\nhost=forge.invalid\n\n",
    )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> History:
    """The history without hostile settings: each test arms a copy."""
    folder = tmp_path_factory.mktemp("pristine")
    with Canary(folder / "canary") as canary:
        return hostile_history(folder / "project", canary)


@pytest.fixture
def hostile(pristine: History, tmp_path: Path) -> History:
    copy = History.__new__(History)
    copy.__dict__ |= pristine.__dict__ | {"path": tmp_path / "project"}
    subprocess.run(["cp", "-a", str(pristine.path), str(copy.path)], check=True)
    return copy


@pytest.mark.parametrize("setting", [each for each in SETTINGS if each.springs], ids=lambda each: each.name)
def test_a_setting_is_a_trap_for_git_and_none_for_us(
    hostile: History, canary: Canary, setting: Setting, count: Count
) -> None:
    if setting.name == "core.hooksPath":
        arm_folder(hostile, canary)
    if setting.name == "core.alternateRefsCommand":
        other = History(canary.home / "other").path / ".git" / "objects"
        (hostile.path / ".git" / "objects" / "info" / "alternates").write_text(f"{other}\n")
    arm(hostile, canary, [setting])
    tip = open_repository(str(hostile.path)).tip
    with open_repository(str(hostile.path)).shadow() as shadow:
        shadow.run("log", "-p", "-m", "--show-signature", tip)
        shadow.run("status", ok=(0, 128))
        shadow.run("cat-file", "-e", "1234567890" * 4, ok=(1, 128))
    assert canary.disturbed() == []
    plain_git(hostile, *setting.springs)
    assert canary.disturbed() != [], "this is no trap"
    count("settings that plain git obeys", 1)


def test_everything_at_once(hostile: History, canary: Canary, run: Run, tmp_path: Path, count: Count) -> None:
    arm_folder(hostile, canary)
    arm(hostile, canary)
    before = snapshot(hostile.path)
    wrong = {}
    for command, allowed in COMMANDS:
        done = run("--db", str(tmp_path / "x.duckdb"), *command, cwd=hostile.path)
        if done.returncode not in allowed or canary.disturbed():
            wrong[command] = (done.returncode, canary.disturbed(), done.stderr[-500:])
            canary.forget()
    assert wrong == {}
    assert snapshot(hostile.path) == before
    assert {each.name for each in tmp_path.iterdir()} == {"canary", "project", "x.duckdb"}
    count("configurations", len(SETTINGS))
    count("hooks", len(HOOKS))
    count("commands", len(COMMANDS))


def test_variables_of_the_caller_lead_nowhere(
    hostile: History, canary: Canary, tmp_path: Path, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a hook or somebody's shell hands them on: the repository that was named is read, and nothing else."""
    tip = open_repository(str(hostile.path)).tip
    (canary.home / "included").write_text(f"[core]\n\tfsmonitor = {canary.command('included')}\n")
    arm_folder(hostile, canary)
    History(canary.home / "other").commit({"other.py": "1\n"})
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value.format(**canary.words(name)))
    opened = open_repository(str(hostile.path))
    with opened.shadow() as shadow:
        shadow.run("log", "-p", opened.tip)
    assert (opened.tip, canary.disturbed()) == (tip, [])
    count("variables", len(ENVIRONMENT))


@pytest.mark.parametrize("path", ["", ".:", ":{}", "bin::{}"], ids=["first", "dot", "last", "relative"])
def test_programs_are_not_looked_for_where_one_stands(
    hostile: History, canary: Canary, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arm_folder(hostile, canary)
    canary.command("git", hostile.path / "bin")
    monkeypatch.setenv("PATH", path.format("/nowhere") + ":" + clean_environment()["PATH"])
    monkeypatch.chdir(hostile.path)
    with open_repository(".").shadow() as shadow:
        assert shadow.run("cat-file", "-t", "HEAD", ok=(0, 128)) == b""
    assert canary.disturbed() == []


def test_modules_are_not_taken_from_where_one_stands(
    hostile: History, canary: Canary, tmp_path: Path
) -> None:
    """Worker processes begin with an import, and Python would look in the current directory first."""
    arm_folder(hostile, canary)
    script = tmp_path / "script.py"
    script.write_text(
        "if __name__ == '__main__':\n"
        " from codeshare.workers import worker_pool\n"
        " with worker_pool(2) as executor: print(sum(executor.map(abs, [-1, 2])))\n"
    )
    environment = clean_environment() | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=hostile.path, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert (done.stdout, canary.disturbed()) == ("3\n", []), done.stderr


def test_a_read_only_file_system_will_do(hostile: History, tmp_path: Path) -> None:
    """With a lock of another git, too, and neither a home nor a folder for temporary files within the repository."""
    (hostile.path / ".git" / "index.lock").touch()
    where, database = str(hostile.path), str(tmp_path / "out" / "x.duckdb")
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && ! touch "$1/x" && cd "$1" && exec "$2" -m codeshare.cli.main --db "$3" mine .'
    environment = clean_environment() | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", where, sys.executable, database], env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "unshare failed" in done.stderr or "permission denied" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.returncode == 0, done.stderr
    assert "mined, 6 commits" in done.stderr
