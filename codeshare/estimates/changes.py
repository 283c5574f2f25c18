"""When it changed: change points of monthly volume, all together and per engineer, and of the share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from codeshare.estimates.away import Do, here
from codeshare.estimates.resampling import SEED, Floats
from codeshare.estimates.segments import Change, changes
from codeshare.estimates.table import Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MINIMUM_MONTHS = 18
METHOD = "least squares levels, penalty from permuted blocks, block bootstrap"
TOO_SHORT = f"fewer than {MINIMUM_MONTHS} months"
SMALLEST_STEP = 0.01
"""Changes of the share of less than a point are not reported, however sure."""
_DAY_0 = date(1970, 1, 1)


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Find the change points of every series of the view ``monthly_series``.

    Returns:
        Of each scope and series ``change_points_SERIES``, how many there are (0 is an answer; None with fewer
        than ``MINIMUM_MONTHS`` months), and for each of them ``change_date_SERIES`` (days since 1970-01-01) and
        ``change_size_SERIES`` (a ratio of volumes, a difference of shares), both with the month as their period.
        ``n``: months.
    """
    rows = connection.execute(
        "select scope, series, month, value from monthly_series where value is not null and not is_left_out"
        " order by scope, series, month"
    ).fetchall()
    return do(_of, rows)


def _of(rows: list[tuple[str, str, date, float]]) -> Iterator[Estimate]:
    for (scope, series), part in groupby(rows, itemgetter(0, 1)):
        months = list(part)
        days = [month for _, _, month, _ in months]
        values = np.array([value for *_, value in months], dtype=np.float64)
        yield from _of_series(scope, series, days, values)


def _of_series(scope: str, series: str, days: list[date], values: Floats) -> Iterator[Estimate]:
    count = len(days)
    if count < MINIMUM_MONTHS:
        yield Estimate(f"change_points_{series}", None, count, "change points", TOO_SHORT, scope)
        return
    is_share = series == "share"
    found = (
        [(change, *_difference(change)) for change in changes(np.arcsin(np.sqrt(values)))]
        if is_share
        else [(change, *_factor(change)) for change in changes(np.log1p(values))]
    )
    found = [each for each in found if not is_share or abs(each[1]) >= SMALLEST_STEP]
    yield Estimate(f"change_points_{series}", len(found), count, "change points", METHOD, scope, seed=SEED)
    for change, value, drawn in found:
        period = days[change.at]
        yield Estimate(
            f"change_date_{series}", _ordinal(period), count, "days since 1970-01-01", METHOD, scope,
            period=period, low=_ordinal(days[change.low]), high=_ordinal(days[change.high]), seed=SEED,
        )  # fmt: skip
        low, high = np.quantile(drawn, [0.025, 0.975])
        yield Estimate(
            f"change_size_{series}", value, count, "share" if is_share else "ratio", METHOD, scope,
            period=period, low=float(low), high=float(high), seed=SEED,
        )  # fmt: skip


def _factor(change: Change) -> tuple[float, Floats]:
    """Volume after / before, of the typical month."""
    drawn = np.expm1(change.after_drawn) / np.maximum(np.expm1(change.before_drawn), 0.1)
    return float(np.expm1(change.after) / max(np.expm1(change.before), 0.1)), drawn


def _difference(change: Change) -> tuple[float, Floats]:
    """Share after - before, of the typical month."""
    drawn: Floats = _share(change.after_drawn) - _share(change.before_drawn)
    (value,) = _share(np.array([change.after])) - _share(np.array([change.before]))
    return float(value), drawn


def _share(angles: Floats) -> Floats:
    shares: Floats = np.sin(np.clip(angles, 0, np.pi / 2)) ** 2
    return shares


def _ordinal(day: date) -> float:
    return float((day - _DAY_0).days)
