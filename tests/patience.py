"""How long a test waits: what would take for ever fails."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StillWaiting(BaseException):
    """Time is up. No exception of the usual kind: what is tried would take it for a fault around it."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """End what is done in the block when it takes longer; for the main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StillWaiting(f"more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
