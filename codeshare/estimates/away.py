"""Where figures are computed from rows that were read: in this process, or in others beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from typing import ParamSpec, Protocol

from msgspec import Struct

from codeshare.cores import available_cpus
from codeshare.estimates.table import Estimate

_Rows = ParamSpec("_Rows")


class Do(Protocol):
    """Computes estimates from rows, now or by the time that they are looked at."""

    def __call__(
        self, compute: Callable[_Rows, Iterable[Estimate]], *rows: _Rows.args, **more: _Rows.kwargs
    ) -> Iterable[Estimate]:
        """``compute`` is found by its name in other processes, and rows are sent there."""


def here(
    compute: Callable[_Rows, Iterable[Estimate]], *rows: _Rows.args, **more: _Rows.kwargs
) -> list[Estimate]:
    """Compute in this process, now."""
    return list(compute(*rows, **more))


class Beside(Struct, frozen=True):
    """Computes in the processes of ``executor``, while this one goes on reading."""

    executor: Executor

    def __call__(
        self, compute: Callable[_Rows, Iterable[Estimate]], *rows: _Rows.args, **more: _Rows.kwargs
    ) -> Iterable[Estimate]:
        """Begin it; whoever looks at what it gives waits for the end."""
        return _Begun(self.executor.submit(partial(here, compute, *rows, **more)))


def get_ready(executor: Executor) -> None:
    """Have processes that will compute load what they compute with, while this one has nothing for them yet."""
    for _ in range(available_cpus()):  # one that has it already is done with it at once
        executor.submit(_load)


def _load() -> None:
    import scipy.sparse  # noqa: F401


class _Begun(Struct, frozen=True):
    future: Future[list[Estimate]]

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.future.result())
