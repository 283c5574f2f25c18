from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import pytest

from codeshare.cli import main
from codeshare.errors import CannotKnow
from codeshare.interrupts import interrupt, undisturbed, was_put_off
from tests.histories import History

ROOT = Path(__file__).parent.parent


def _frame_of(file: str) -> FrameType:
    """A frame as if the code of that file were at work."""
    found: dict[str, FrameType] = {}
    exec(compile("frame = look()", file, "exec"), {"look": lambda: sys._getframe(1)}, found)
    return found["frame"]


@pytest.mark.parametrize("file", [None, "a.py"])
def test_an_interrupt_is_told_at_once(file: str | None) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGINT, _frame_of(file) if file else None)


def test_amid_an_import_it_is_told_a_moment_later() -> None:
    """Raised there it may be dropped, and Python's import lock held for ever."""
    # What a shell started in the background ignores it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        interrupt(signal.SIGINT, _frame_of("<frozen importlib._bootstrap>"))
        with pytest.raises(KeyboardInterrupt):
            time.sleep(10)
    finally:
        signal.signal(signal.SIGINT, before)


def test_one_that_was_put_off_is_told_once() -> None:
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        assert not was_put_off()
        interrupt(signal.SIGINT, _frame_of("<frozen importlib._bootstrap>"))
        assert was_put_off()
        assert not was_put_off()
        time.sleep(0.2)  # nor does it come again
        with undisturbed():
            interrupt(signal.SIGINT, None)
        with pytest.raises(KeyboardInterrupt):
            time.sleep(10)
        assert not was_put_off()
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_fails_because_of_a_ctrl_c_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it is for the whole group: git is ended while Python imports what comes next."""

    def command(**settings: object) -> None:
        interrupt(signal.SIGINT, _frame_of("<frozen importlib._bootstrap>"))
        raise CannotKnow("git rev-list was ended by a signal (2).")

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(main.codeshare, "main", command)
    errors: list[str] = []
    monkeypatch.setattr(main, "fail", errors.append)
    try:
        assert main._run() == 130
        time.sleep(0.2)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert errors == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_ctrl_c_while_git_lists_the_history(tmp_path: Path, number: signal.Signals) -> None:
    history = History(tmp_path / "project")
    history.commit({"a.txt": "a\n"})
    programs = tmp_path / "bin"
    programs.mkdir()
    git = programs / "git"
    real = shutil.which("git")
    git.write_text(f'#!/bin/sh\ncase "$*" in *rev-list*) exec sleep 60;; esac\nexec {real} "$@"\n')
    git.chmod(0o755)
    command = [
        sys.executable,
        "-m",
        "codeshare",
        "--db",
        str(tmp_path / "x.duckdb"),
        "mine",
        str(history.path),
    ]
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    for wait in (0.2, 0.3, 0.5):
        with subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        ) as process:  # fmt: skip
            time.sleep(wait)
            os.killpg(process.pid, number)
            _, said = process.communicate(timeout=60)
        # before it listens to anything it ends without a word
        assert process.returncode in (130, -number), said
        assert "error" not in said
        assert not (tmp_path / "x.duckdb").exists()


def test_a_command_that_is_being_loaded_ends_without_a_word() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "codeshare", "definitions"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout
        assert process.stderr
        assert any("click" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        assert not [line for line in process.stderr if not line.startswith("import time:")]
        assert process.stdout.read() == ""
    assert process.returncode == -signal.SIGINT


def test_what_is_undisturbed_comes_to_its_end() -> None:
    before = signal.signal(signal.SIGTERM, interrupt)
    ended = False
    try:
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012  the block is what is looked at
            with undisturbed():
                signal.raise_signal(signal.SIGTERM)
                time.sleep(0.2)
                ended = True
            time.sleep(10)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended


def test_a_module_that_is_being_loaded_comes_to_its_end(tmp_path: Path) -> None:
    """A compiled one may end the process if what it calls raises; this one calls its own function."""
    (tmp_path / "slow.py").write_text("import time\n\n\ndef wait():\n    print('now', flush=True)\n    time.sleep(0.5)\n\n\nwait()\nprint('loaded', flush=True)\n")  # fmt: skip
    program = (
        "import signal, time\nfrom codeshare.interrupts import interrupt\n"
        "signal.signal(signal.SIGINT, interrupt)\nimport slow\ntime.sleep(10)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "loaded\n"
    assert process.returncode == -signal.SIGINT
