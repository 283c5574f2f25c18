"""How long a test waits: what would take for ever fails."""

from __future__ import annotations

from contextlib import AbstractContextManager

from codeshare.mining.limits import within


class StillWaiting(BaseException):
    """Time is up. No exception of the usual kind: what is tried would take it for a fault around it."""


def patience(seconds: float, *, of_work: bool = False) -> AbstractContextManager[None]:
    """End what is done in the block when it takes longer; for the main thread. ``of_work``: as `within` has it."""
    return within(seconds, StillWaiting(f"more than {seconds:g} seconds"), of_work=of_work)
