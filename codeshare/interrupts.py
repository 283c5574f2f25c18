"""Ctrl-C, told to Python where it can hear it."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_MOMENT = 0.05  # seconds


def interrupt(number: int, frame: FrameType | None) -> None:
    """Handle a signal: raise KeyboardInterrupt, a moment later where a module is being looked up."""
    if not is_importing(frame):
        raise KeyboardInterrupt
    main = threading.main_thread().ident
    assert main is not None
    again = threading.Timer(_MOMENT, signal.pthread_kill, (main, number))
    again.daemon = True
    again.start()


def is_importing(frame: FrameType | None) -> bool:
    """Whether Python's import system is at work, which may hold its lock.

    What is raised there may be dropped in a callback, and the lock is then held for ever: every thread that
    imports anything waits for it, and who waits for that thread does, too (Python 3.11, `_get_module_lock`).
    """
    return frame is not None and frame.f_code.co_filename.startswith("<frozen importlib")
