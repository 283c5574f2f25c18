"""Rows that are made while they are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from codeshare.store.columns import Rows
    from codeshare.store.tables import Table

    Arriving: TypeAlias = "Table | Rows | Stretches"  # what is to be stored of a table

SIZE = 245_760
"""Rows of a stretch."""
_FEW = 20_000
"""Rows that are made before anything else of their repository could be stored."""


class Stretches(Struct, frozen=True):
    """A table of many rows, stretch after stretch: they are never all in memory.

    ``make``: gives the rows from one number to before another.
    """

    num_rows: int
    make: Callable[[int, int], Table | Rows]

    def __iter__(self) -> Iterator[Table | Rows]:
        """The stretches; each is made while the caller is busy with the one before."""
        with ThreadPoolExecutor(1) as beside:
            made = beside.submit(self.make, 0, SIZE)
            for at in range(SIZE, self.num_rows, SIZE):
                stretch, made = made.result(), beside.submit(self.make, at, at + SIZE)
                yield stretch
                del stretch
            yield made.result()


def of_rows(count: int, make: Callable[[int, int], Table]) -> Arriving:
    """A table of so many rows: made at once where it fits one stretch."""
    return Stretches(count, make) if count > SIZE else make(0, count)


def being_made(count: int, rows: Future[Table]) -> Stretches:
    """A table of so many rows that a thread is making: who stores it waits for that."""
    return Stretches(count, lambda start, stop: rows.result().slice(start, stop - start))


def few_at_once(rows: Stretches) -> Arriving:
    """Wait for what is made before anybody could store something else."""
    return rows if rows.num_rows > _FEW else rows.make(0, rows.num_rows)


def changed(rows: Arriving, change: Callable[[Table | Rows], Table | Rows]) -> Arriving:
    """The same, every stretch changed."""
    if isinstance(rows, Stretches):
        return Stretches(rows.num_rows, lambda start, stop: change(rows.make(start, stop)))
    return change(rows)
