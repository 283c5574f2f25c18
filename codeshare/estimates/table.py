"""Rows of the table ``estimates``: one figure each, with its interval, sample, method and seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from codeshare.store.writer import append

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

ALL_TIME = date(1970, 1, 1)


class Estimate(NamedTuple):  # tens of thousands of them come from other processes
    """One figure; the fields are the columns of ``estimates``.

    Attributes:
        value: None where it cannot be known; it is then no 0.
        n: size of the sample, in what ``method`` resamples or fits: commits, persons, months.
        unit: of value, low and high: share, days, lines, lines per working day, ratio, per 1,000 lines.
        scope: which part of the data: ``all``, else ``repository/NAME``, ``team/NAME``, ``tool/NAME``,
            ``class/NAME``, ``cohort/2024-04-01`` (merged in that quarter) or ``since/2024-04-01`` (since then).
        part: whose lines or commits: an attribution, ``all``, or a comparison, ``ai - human`` or ``ai / human``.
        at_days: the age that the figure is for, days; None: for none.
        low: lower end of the 95 % interval; None: the sample is too small for one.
    """

    metric: str
    value: float | None
    n: int
    unit: str
    method: str
    scope: str = "all"
    part: str = "all"
    period: date = ALL_TIME
    at_days: float | None = None
    low: float | None = None
    high: float | None = None
    seed: int | None = None


def replace_estimates(connection: DuckDBPyConnection, found: Iterable[Estimate]) -> None:
    """Write the table anew."""
    connection.execute("delete from estimates")
    append(connection, "estimates", _table(list(found)))


def _table(found: Sequence[Estimate]) -> pa.Table:
    import pyarrow as pa

    kinds = {"period": pa.date32(), "n": pa.int64(), "seed": pa.int32()}
    columns = dict(zip(Estimate._fields, zip(*found, strict=True), strict=True)) if found else {}
    for name in ("value", "at_days", "low", "high") if found else ():
        kinds[name] = pa.float64()
        # some are decimals, as SQL gave them
        columns[name] = tuple(None if each is None else float(each) for each in columns[name])
    return pa.table(
        {name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()}
    )
