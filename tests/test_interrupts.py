from __future__ import annotations

import signal
import subprocess
import sys
import time
from types import FrameType

import pytest

from codeshare.interrupts import interrupt


def _frame_of(file: str) -> FrameType:
    """A frame as if the code of that file were at work."""
    found: dict[str, FrameType] = {}
    exec(compile("frame = look()", file, "exec"), {"look": lambda: sys._getframe(1)}, found)
    return found["frame"]


@pytest.mark.parametrize("frame", [None, _frame_of("a.py")], ids=["none", "of ours"])
def test_an_interrupt_is_told_at_once(frame: FrameType | None) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt(signal.SIGINT, frame)


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
