from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from codeshare import mining
from codeshare.cli.main import codeshare
from codeshare.cli.size import Size
from codeshare.errors import CannotKnow
from codeshare.git import shadow
from codeshare.mining.limits import limits, memory_left, memory_used
from tests.faults.kills import processes_of
from tests.faults.project import build
from tests.histories import History
from tests.stored import content


@pytest.mark.parametrize(("text", "size"), [("500M", 500 << 20), ("1.5G", 3 << 29), ("2GiB", 2 << 30), ("64kb", 64 << 10), ("123", 123)])  # fmt: skip
def test_sizes(text: str, size: int) -> None:
    assert Size().convert(text, None, None) == size


@pytest.mark.parametrize("text", ["", "0", "-1G", "much", "1Q"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(click.BadParameter, match="500M or 2G"):
        Size().convert(text, None, None)


def test_time_that_is_up_ends_the_work_and_the_processes_it_waits_for(history: History) -> None:
    history.commit({"a.py": "1\n"})
    began = time.monotonic()
    command = (history.path / ".git", ("cat-file", "--batch"))
    with shadow.start(*command, subprocess.PIPE, subprocess.PIPE, subprocess.PIPE) as waiting:
        with pytest.raises(CannotKnow, match=r"time limit of 0.3 s \(--timeout\)"), limits(seconds=0.3):
            waiting.wait()
        # Its input is open, so nothing but a signal ends it. Which one, Popen forgets when it is interrupted
        # between the kernel's answer and keeping it.
        waiting.wait(5)
    assert time.monotonic() - began < 10


def test_memory_of_all_processes_counts() -> None:
    size = 60 << 20
    before = memory_used()
    hold = f"x = bytearray({size}); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert memory_used() - before > size * 0.9
        with pytest.raises(CannotKnow, match=r"memory limit of .* MB \(--max-memory\)"), limits(memory=before + size // 2):  # fmt: skip
            time.sleep(10)
        child.communicate(b"\n")


def test_a_file_that_git_writes_to_in_memory_counts() -> None:
    before = memory_used()
    with shadow.scratch() as file:
        file.write(bytes(50 << 20))
        file.flush()
        assert memory_used() - before > 49 << 20


def _deaf(times: int) -> None:
    """Go on so many times, as what Python does between two objects does."""
    for _ in range(times):
        with suppress(KeyboardInterrupt):
            time.sleep(10)


def test_who_did_not_hear_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mining.limits, "_AGAIN", 0.2)
    began = time.monotonic()
    with limits(seconds=0.1):
        _deaf(3)
    assert time.monotonic() - began < 5


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    with limits(60, 1 << 40):
        found = sum(range(1000))
    assert found == 499500


def test_the_end_of_the_memory_of_a_machine_is_seen_before_the_kernel_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, whole = memory_left()
    assert 0 < left < whole
    monkeypatch.setattr(mining.limits, "memory_left", lambda: (memory_used() // 20, memory_used()))
    with pytest.raises(CannotKnow, match=r"this machine runs out of memory: .* MB are left"), limits():
        time.sleep(10)


def test_a_container_has_less_memory_than_its_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"memory.max": "1000000\n", "memory.current": "900000\n", "memory.stat": "anon 1\ninactive_file 5000\n"}.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(mining.limits, "_CONTAINER", tmp_path)
    assert memory_left() == (105_000, 1_000_000)
    (tmp_path / "memory.max").write_text("max\n")
    assert memory_left()[1] > 1_000_000


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # told again after a while
def test_every_command_keeps_to_its_limits(
    history: History, mined: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({"a.py": "1\n"})
    history.commit({"a.py": "1\n2\n"})
    database = str(mined(history))
    monkeypatch.chdir(history.path)
    monkeypatch.setattr(mining.limits, "_PAUSE", 0.001)
    monkeypatch.setattr(mining.limits, "_AGAIN", 2.0)
    for command in ("share", "report", "estimate", "doctor", "blame a.py", "share --range HEAD~1..HEAD", "sql from:commits"):  # fmt: skip
        words = [word.replace(":", " ") for word in command.split()]
        done = CliRunner().invoke(codeshare, ["--db", database, *words, "--max-memory", "1M"])
        assert isinstance(done.exception, CannotKnow), command
        assert "memory limit" in str(done.exception), command
    assert {each.name for each in history.path.iterdir()} == {".git", "a.py"}


def test_nobody_waits_for_threads_whose_work_is_no_longer_wanted() -> None:
    busy = "import threading, time; threading.Thread(target=time.sleep, args=[60]).start()"
    limit = "import sys, codeshare.cli.main as main; main._run = lambda: (print('told'), 3)[1]; main.main()"
    done = subprocess.run([sys.executable, "-c", f"{busy}; {limit}"], capture_output=True, text=True, timeout=30, check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "told\n"), done.stderr


@pytest.mark.parametrize(
    ("option", "words"),
    [(("--timeout", "0.001"), "time limit"), (("--max-memory", "1M"), "memory limit")],
    ids=["time", "memory"],
)
def test_a_mine_at_its_limit_is_one_line_and_loses_nothing(
    tmp_path: Path, option: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mining.limits, "_PAUSE", 0.01)
    history, database = build(tmp_path / "project"), tmp_path / "x.duckdb"
    command = ["--db", str(database), "mine", str(history.path)]
    assert CliRunner().invoke(codeshare, command).exit_code == 0
    before = content(database)
    history.commit({"more.py": "more\n" * 50_000})
    done = CliRunner().invoke(codeshare, [*command, "--again", *option])
    assert isinstance(done.exception, CannotKnow), done.output
    assert words in str(done.exception)
    assert done.exception.exit_status == 3
    assert content(database) == before
    assert not [line for line in processes_of(os.getsid(0)).values() if str(tmp_path) in line]
