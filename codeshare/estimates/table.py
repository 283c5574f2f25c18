"""Rows of the table ``estimates``: one figure each, with its interval, sample, method and seed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from codeshare.store.writer import append

if TYPE_CHECKING:
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
    from codeshare.store.columns import Rows
    from codeshare.store.tables import BIGINT, DATE, DOUBLE, INTEGER, VARCHAR

    kinds = dict.fromkeys(Estimate._fields, VARCHAR)
    kinds |= {"period": DATE, "n": BIGINT, "seed": INTEGER}
    kinds |= dict.fromkeys(("value", "at_days", "low", "high"), DOUBLE)
    connection.execute("delete from estimates")
    append(connection, "estimates", Rows(list(found), kinds))
