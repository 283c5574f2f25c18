"""When Python may look for cycles: not while what it would walk over is in use, nor over it afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Millions of objects live long and in no cycle: the collector would only walk over them.

    Afterwards they count as old, and are seldom looked through. Where somebody has frozen objects, which are not to be
    thawed, the collector walks over all of them once.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # into the oldest generation
            gc.enable()
