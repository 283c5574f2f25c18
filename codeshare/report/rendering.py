"""Processes that render drawings beside the one that makes them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from codeshare.cores import available_cpus
from codeshare.workers import worker_pool

MOST = 4
"""Beyond it, starting them takes longer than what they save."""


def processes() -> int:
    """How many `renderers` starts: one for each processor but that of its caller, who draws too."""
    return max(min(available_cpus() - 1, MOST), 1)


@contextmanager
def renderers() -> Iterator[Executor]:
    """Start processes for the functions of ``svg``; they warm up while the caller goes on."""
    with worker_pool(processes(), gc.disable) as pool:
        for _ in range(processes()):
            pool.submit(_warm_up)
        yield pool


def load() -> None:
    """Load what describes a report's drawings, and what writes it."""
    import codeshare.report.write  # noqa: F401


def _warm_up() -> None:
    """Load the renderer and have it start its engine, a third of a second."""
    from codeshare.report import svg

    svg.rendered({"mark": "point", "data": {"values": [{}]}})
