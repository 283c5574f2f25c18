"""Views that are made in a third of the time: others stand in for those that many of them read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WORD = re.compile(r"\w+")
_VIEW = re.compile(r"create or replace view (\w+)")
_MANY = 3


def create_views(connection: DuckDBPyConnection, statements: Iterable[str]) -> None:
    """Make views and macros, each after those that it is made of.

    DuckDB plans a view with all that is behind it, and keeps but its text and its columns. Where many read
    one, an empty temporary table of its columns stands in for it while they are made: names are looked for
    among those first. Nothing may be asked of the views meanwhile.
    """
    statements = list(statements)
    readers = Counter(word for statement in statements for word in set(_WORD.findall(statement)))
    made: list[str] = []
    for statement in statements:
        connection.execute(statement)
        view = _VIEW.match(statement)
        if view and readers[view[1]] > _MANY:
            connection.execute(f"create temp table {view[1]} as from {view[1]} limit 0")
            made.append(view[1])
    for name in made:
        connection.execute(f"drop table temp.{name}")
