"""Ctrl-C, told to Python where it can hear it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_MOMENT = 0.05  # seconds
_at_work: list[object] = []
_put_off: list[threading.Timer] = []


def interrupt(number: int, frame: FrameType | None) -> None:
    """Handle a signal: raise KeyboardInterrupt, a moment later amid an import or what is `undisturbed`."""
    if not must_wait(frame):
        _put_off.clear()
        raise KeyboardInterrupt
    main = threading.main_thread().ident
    assert main is not None
    again = threading.Timer(_MOMENT, signal.pthread_kill, (main, number))
    again.daemon = True
    again.start()
    _put_off.append(again)


def was_put_off() -> bool:
    """Whether an interrupt came that nobody has been told of yet; now somebody is, and it does not come again.

    A Ctrl-C on a terminal ends all processes of a command: what fails then fails for that reason.
    """
    came = [again for again in _put_off if again.is_alive()]
    for again in came:
        again.cancel()
    _put_off.clear()
    return bool(came)


def must_wait(frame: FrameType | None) -> bool:
    """Whether an interrupt would do harm: in what is `undisturbed`, and while Python imports anything.

    What is raised in an import may be dropped in a callback, and its lock is then held for ever: every thread that
    imports anything waits for it, and who waits for that thread does, too (Python 3.11, `_get_module_lock`).
    What is raised in a module of compiled code that is half made may end the process (DuckDB's do).
    """
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return bool(_at_work) or frame is not None


@contextmanager
def undisturbed() -> Iterator[None]:
    """A block of this process's main thread, short, that `interrupt` lets come to its end.

    To block signals does not do: another thread may take one, and Python hands it to the main thread all the same.
    """
    _at_work.append(None)
    try:
        yield
    finally:
        _at_work.pop()
