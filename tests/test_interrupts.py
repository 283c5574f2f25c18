from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import pytest

from codeshare.interrupts import interrupt, undisturbed

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
