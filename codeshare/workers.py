"""Worker processes of our own, all started here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

_SAFE_PATH = "PYTHONSAFEPATH"


class _Worker(SpawnProcess):
    def start(self) -> None:
        with _safe_path():
            super().start()


class _Context(SpawnContext):
    Process = _Worker


def worker_pool(
    count: int, initializer: Callable[..., object] | None = None, initargs: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """A pool of processes that start by ``spawn``, when there is work for them.

    None of them looks for modules in the current directory, which may be a repository of strangers: Python
    would import its ``multiprocessing.py`` before anything of ours.
    """
    with _safe_path():  # a process that watches over them starts here
        return ProcessPoolExecutor(count, _Context(), initializer, initargs)


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
