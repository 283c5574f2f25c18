"""Worker processes that end with whoever started them, however that one ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any


@contextmanager
def workers(
    count: int,
    begin: Callable[..., object] | None = None,
    args: tuple[Any, ...] = (),
    end: Callable[[], object] | None = None,
) -> Iterator[Executor]:
    """Start processes; at the end of the block they are gone, whatever they were at.

    Args:
        begin: run in each first, with ``args``.
        end: run in each last, should it have to end in the middle of something.
    """
    context = multiprocessing.get_context("spawn")
    # Nothing is ever sent: the pipe's other end closes with this process, also when it is killed.
    alive, held = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(count, context, _begin, (alive, begin, args, end))
    try:
        _start(pool, count)
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        held.close()


def _start(pool: Executor, count: int) -> None:
    """Start the processes now, deaf to a Ctrl-C: that is for whoever started them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(count):
            pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(
    alive: Connection,
    begin: Callable[..., object] | None,
    args: tuple[Any, ...],
    end: Callable[[], object] | None,
) -> None:
    threading.Thread(target=_end_with, args=(alive, end), daemon=True).start()
    if begin is not None:
        begin(*args)


def _end_with(alive: Connection, end: Callable[[], object] | None) -> None:
    alive.poll(None)
    if end is not None:
        end()
    os._exit(1)
