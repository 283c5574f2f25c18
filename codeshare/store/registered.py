"""Tables, Arrow's and our own, and data frames as relations of a connection, for as long as they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def registered(connection: DuckDBPyConnection, **relations: Any) -> Iterator[None]:
    """Relations by name, in the block."""
    import duckdb

    with ExitStack() as made:
        for name, relation in relations.items():
            connection.register(name, _readable(relation, made))
        try:
            yield
        finally:
            # In a transaction that has failed DuckDB refuses this too, and would hide why it failed.
            with suppress(duckdb.Error):
                for name in relations:
                    connection.unregister(name)


def _readable(relation: Any, made: ExitStack) -> Any:
    from codeshare.store.tables import Table

    if not isinstance(relation, Table):
        return relation
    from codeshare.store.arrow import Batches

    return made.enter_context(closing(Batches((relation,))))
