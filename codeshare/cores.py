"""The processors there are, and work cut into parts for them; what starts processes is `codeshare.workers`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TypeVar

_Each = TypeVar("_Each")


def available_cpus() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parts(
    whole: Sequence[_Each], jobs: int, bounds: tuple[int, int], each: int = 8
) -> Iterator[Sequence[_Each]]:
    """Hand out pieces of work: so many parts or more for ``each`` worker, of sizes within ``bounds``.

    The last ones are smaller, so that the workers end together.
    """
    least, most = bounds
    size = min(max(len(whole) // (jobs * each) + 1, least), most)
    at = 0
    while at < len(whole):
        left = len(whole) - at
        step = size if left > 2 * jobs * size else max(left // (2 * jobs), min(size, least))
        yield whole[at : at + step]
        at += step
