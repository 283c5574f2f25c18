"""Worker processes of our own, all started here; they end with whoever started them, however that one ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from codeshare.interrupts import undisturbed

_SAFE_PATH = "PYTHONSAFEPATH"


class _Worker(SpawnProcess):
    def start(self) -> None:
        with _safe_path():
            super().start()


class _Context(SpawnContext):
    Process = _Worker


@contextmanager
def worker_pool(
    count: int,
    begin: Callable[..., object] | None = None,
    args: tuple[Any, ...] = (),
    end: Callable[[], object] | None = None,
) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes that start by ``spawn``; at the end of the block they are gone, whatever they were at.

    None of them looks for modules in the current directory, which may be a repository of strangers: Python
    would import its ``multiprocessing.py`` before anything of ours.

    Args:
        begin: run in each first, with ``args``.
        end: run in each last, should it have to end in the middle of something.
    """
    context = _Context()
    # Nothing is ever sent: the pipe's other end closes with this process, also when it is killed.
    alive, held = context.Pipe(duplex=False)
    with _safe_path():  # a process that watches over them starts here
        pool = ProcessPoolExecutor(count, context, _begin, (alive, begin, args, end))
    manager: threading.Thread | None = None
    try:
        _start(pool, count)
        manager = getattr(pool, "_executor_manager_thread", None)
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        held.close()
        if manager is not None:  # should the process end before it, Python says that semaphores leaked
            manager.join(1)


def _start(pool: ProcessPoolExecutor, count: int) -> None:
    """Start the processes now, deaf to a Ctrl-C: that is for whoever started them, and must not catch it half-way."""
    with undisturbed():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
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
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with, args=(alive, end), daemon=True).start()
    if begin is not None:
        begin(*args)


def _end_with(alive: Connection, end: Callable[[], object] | None) -> None:
    alive.poll(None)
    if end is not None:
        end()
    os._exit(1)


@contextmanager
def _safe_path() -> Iterator[None]:
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before
