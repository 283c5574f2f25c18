from __future__ import annotations

import signal
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
