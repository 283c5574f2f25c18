"""When Python may look for cycles: not while what it would walk over is in use, nor over it afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Millions of objects live long and in no cycle: the collector would only walk over them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            turn_on()


def turn_on() -> None:
    """Let the collector begin with what is made from now on; all else counts as old, and is seldom looked through.

    Turned on alone it would walk over everything that was made meanwhile, as soon as one object more is. Where
    somebody has frozen objects, it does: they are not to be thawed.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()  # into the oldest generation
    gc.enable()
