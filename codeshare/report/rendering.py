"""Processes that render drawings beside the one that makes them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

MOST = 4
"""Beyond it, starting them takes longer than what they save."""


@contextmanager
def renderers() -> Iterator[Executor]:
    """Start a process a processor, for the functions of ``svg``; they warm up while the caller goes on."""
    count = min(os.cpu_count() or 1, MOST)
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
    try:
        for _ in range(count):
            pool.submit(_warm_up)
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _warm_up() -> None:
    """Load the renderer and have it start its engine, a third of a second."""
    from codeshare.report import svg

    svg.rendered({"mark": "point", "data": {"values": [{}]}})
