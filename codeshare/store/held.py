"""Views whose rows are held in memory while many queries read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def held(connection: DuckDBPyConnection, views: Sequence[str]) -> Iterator[Callable[[Sequence[str]], None]]:
    """Compute the rows of ``views`` once; queries of this connection then read those, also through other views.

    DuckDB looks for a name among the temporary tables of a connection first, also for those within a view.
    The database's rows must not change meanwhile; the copies are gone afterwards.

    Args:
        connection: an open database, read-only ones too.
        views: in an order in which each comes after those that it reads.

    Yields:
        What holds more views for as long.
    """
    made: list[str] = []

    def hold(more: Sequence[str]) -> None:
        for view in more:
            connection.execute(f"create temp table {view} as from {view}")
            made.append(view)

    try:
        # DuckDB would compress the copies once they are large, which takes longer than computing most of them.
        connection.execute("set checkpoint_threshold = '1 TB'")
        hold(views)
        yield hold
    finally:
        # One that was made within a transaction is gone if that one was.
        dropped = "".join(f"drop table if exists temp.{view};" for view in made)
        connection.execute(f"{dropped} reset checkpoint_threshold")
