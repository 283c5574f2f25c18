"""Put series from elsewhere into the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import astuple

from codeshare.errors import ScopeError
from codeshare.exports.metrics import COLUMNS, OutsideValue
from codeshare.nearest import named, nearest
from codeshare.store.database import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def import_metrics(connection: DuckDBPyConnection, values: Sequence[OutsideValue]) -> dict[str, int]:
    """Store series, each in the place of what was stored under its name: all of them or none.

    Returns:
        By series how many values were stored.
    """
    stored = Counter(each.series for each in values)
    marks = ", ".join("?" for _ in COLUMNS)
    with transaction(connection):
        connection.execute("delete from external_metrics where series in (select unnest(?))", [list(stored)])
        for each in values:
            connection.execute(
                f"insert into external_metrics ({', '.join(COLUMNS)}) values ({marks})", list(astuple(each))
            )
    return dict(sorted(stored.items()))


def remove_metrics(connection: DuckDBPyConnection, series: str) -> int:
    """Remove a series; returns how many values it had.

    Raises:
        ScopeError: there is none of that name; the nearest is named.
    """
    rows = connection.execute("select distinct series from external_metrics order by series").fetchall()
    names = [name for (name,) in rows]
    if series not in names:
        meant = nearest(series, names, f"there are {named(names) or 'none'}.")
        raise ScopeError(f"{series}: no series of that name; {meant}")
    (removed,) = connection.execute("delete from external_metrics where series = ?", [series]).fetchone() or (
        0,
    )
    return int(removed)
