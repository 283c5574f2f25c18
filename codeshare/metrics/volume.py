"""Volume per engineer with intervals: what the table ``estimates`` is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from codeshare.metrics.bootstrap import (
    METHOD,
    REPLICATES,
    SEED,
    Floats,
    Resampling,
    average,
    intervals,
    ratio,
)
from codeshare.metrics.variants import Row, compared, positions, replicate_variants, rows_of

if TYPE_CHECKING:
    import duckdb
COLUMNS = ("metric", "scope", "period", "value", "low", "high", "n", "unit", "method", "seed")
_READ = ("quarter", "is_cut", "is_baseline", "is_running", "working_days", "person", "lines_per_day")
_FIRST_DAYS = 15  # a running quarter has no ratio before


class _Window(Struct, frozen=True, eq=False):
    """A quarter, or a baseline quarter cut: median and mean volume in each replicate."""

    quarter: date
    is_cut: bool
    is_baseline: bool
    is_early: bool
    persons: frozenset[str]
    volumes: dict[str, Floats]


class _Estimate(Struct, frozen=True, eq=False):
    """A figure in each replicate, and the fewest engineers behind it: of a ratio, now or in the baseline."""

    metric: str
    period: date
    engineers: int
    replicates: Floats | None


def estimate(
    connection: duckdb.DuckDBPyConnection, replicates: int = REPLICATES, seed: int = SEED
) -> list[Row]:
    """Compute medians, means, ratios and variants with their 95 % intervals.

    Args:
        connection: a database whose tables are filled; nothing is written to it.
        replicates: how often persons are resampled.
        seed: the same seed gives the same intervals.

    Returns:
        Rows for the table ``estimates``: ``volume_median``, ``volume_mean``, ``ratio_median`` and
        ``ratio_mean`` per quarter, ``variant_…`` for the latest quarter with a ratio. The values are
        those of the views. ``low`` and ``high`` are None with fewer engineers than ``minimum_engineers``,
        of a ratio also in the baseline.
        ``n``: persons resampled. None where nobody merged anything.
    """
    rows = rows_of(
        connection,
        f"select {', '.join(_READ)} from volume_by_window where lines_per_day is not null"
        " order by quarter, is_cut, person",
    )
    places = {person: place for place, person in enumerate(sorted({row["person"] for row in rows}))}
    resampling = Resampling.draw(len(places), replicates, seed)
    windows = [
        _window(list(part), places, resampling) for _, part in groupby(rows, itemgetter("quarter", "is_cut"))
    ]
    (minimum,) = connection.execute("select minimum_engineers from scope_settings").fetchone() or (0,)
    figures = [*_quarters(windows, _short(connection))]
    if any(window.is_baseline for window in windows):
        figures += _variants(connection, places, resampling)
    known = [(figure, figure.replicates) for figure in figures if figure.replicates is not None]
    enough = [values[1:] for figure, values in known if figure.engineers >= minimum]
    ends = iter(intervals(np.stack(enough, axis=1)) if enough else ())
    found = [
        _row(figure, float(values[0]), next(ends) if figure.engineers >= minimum else None)
        for figure, values in known
    ]
    same = {"scope": "all", "n": len(places), "method": METHOD, "seed": seed}
    return [row | same for row in found if not np.isnan(row["value"])]


def _window(part: Sequence[Row], places: dict[str, int], resampling: Resampling) -> _Window:
    people = [row["person"] for row in part]
    persons = positions(people, places)
    values = np.array([row["lines_per_day"] for row in part], dtype=np.float64)
    first = part[0]
    return _Window(
        quarter=first["quarter"],
        is_cut=first["is_cut"],
        is_baseline=first["is_baseline"],
        is_early=first["is_running"] and first["working_days"] < _FIRST_DAYS,
        persons=frozenset(people),
        volumes={"median": resampling.medians(persons, values), "mean": resampling.means(persons, values)},
    )


def _short(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The running quarter while working days are left of it."""
    found = connection.execute(
        "select quarter from working_days where is_running and days_elapsed < days"
    ).fetchone()
    return found[0] if found else None


def _quarters(windows: list[_Window], short: date | None) -> Iterator[_Estimate]:
    """Figures of every quarter; the shorter running quarter meets the baseline cut to its length."""
    bases = {is_cut: [w for w in windows if w.is_baseline and w.is_cut == is_cut] for is_cut in (False, True)}
    behind = {is_cut: len(frozenset().union(*(w.persons for w in base))) for is_cut, base in bases.items()}
    for name in ("median", "mean"):
        averages = {is_cut: average([w.volumes[name] for w in base]) for is_cut, base in bases.items()}
        for window in windows:
            if not window.is_cut:
                volumes, engineers, is_short = (
                    window.volumes[name],
                    len(window.persons),
                    window.quarter == short,
                )
                yield _Estimate(f"volume_{name}", window.quarter, engineers, volumes)
                if not window.is_early:
                    ratios = ratio(volumes, averages[is_short])
                    yield _Estimate(f"ratio_{name}", window.quarter, min(engineers, behind[is_short]), ratios)


def _variants(
    connection: duckdb.DuckDBPyConnection, places: dict[str, int], resampling: Resampling
) -> Iterator[_Estimate]:
    rows = compared(connection)
    if rows:
        quarter = next(row["quarter"] for row in rows if row["is_now"])
        for variant in replicate_variants(rows, places, resampling):
            engineers = min(variant.engineers, variant.baseline_engineers)
            yield _Estimate(f"variant_{variant.name}", quarter, engineers, variant.ratios)


def _row(figure: _Estimate, value: float, ends: tuple[float, float] | None) -> Row:
    low, high = ends or (None, None)
    unit = "lines per working day" if figure.metric.startswith("volume") else "ratio"
    return {
        "metric": figure.metric,
        "period": figure.period,
        "value": value,
        "low": low,
        "high": high,
        "unit": unit,
    }
