"""Volume per engineer with intervals: what the table ``estimates`` is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from codeshare.metrics.bootstrap import METHOD, REPLICATES, SEED, Floats, Resampling, average, interval, ratio
from codeshare.metrics.variants import compared, positions, replicate_variants

if TYPE_CHECKING:
    import duckdb

COLUMNS = ["metric", "scope", "period", "value", "low", "high", "n", "method", "seed"]
_FIRST_DAYS = 15  # a running quarter has no ratio before


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """A quarter, or a baseline quarter cut: median and mean volume in each replicate."""

    quarter: pd.Timestamp
    is_cut: bool
    is_baseline: bool
    is_early: bool
    persons: frozenset[str]
    volumes: dict[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class _Estimate:
    """A figure in each replicate, and the fewest engineers behind it: of a ratio, now or in the baseline."""

    metric: str
    period: pd.Timestamp
    engineers: int
    replicates: Floats | None


def estimate(
    connection: duckdb.DuckDBPyConnection, replicates: int = REPLICATES, seed: int = SEED
) -> pd.DataFrame:
    """Compute medians, means, ratios and variants with their 95 % intervals.

    Args:
        connection: a database whose tables are filled; nothing is written to it.
        replicates: how often persons are resampled.
        seed: the same seed gives the same intervals.

    Returns:
        Rows for the table ``estimates``: ``volume_median``, ``volume_mean``, ``ratio_median`` and
        ``ratio_mean`` per quarter, ``variant_…`` for the latest quarter with a ratio. The values are
        those of the views. ``low`` and ``high`` are null with fewer engineers than ``minimum_engineers``,
        of a ratio also in the baseline.
        ``n``: persons resampled. Empty where nobody merged anything.
    """
    rows = connection.execute(
        "from volume_by_window where lines_per_day is not null order by quarter, is_cut, person"
    ).df()
    places = {person: place for place, person in enumerate(sorted(set(rows["person"])))}
    resampling = Resampling.draw(len(places), replicates, seed)
    windows = [_window(part, places, resampling) for _, part in rows.groupby(["quarter", "is_cut"])]
    (minimum,) = connection.execute("select minimum_engineers from scope_settings").fetchone() or (0,)
    figures = [*_quarters(windows, _short(connection)), *_variants(connection, places, resampling)]
    found = [_row(figure, minimum) for figure in figures if figure.replicates is not None]
    frame = pd.DataFrame(found, columns=["metric", "period", "value", "low", "high"]).dropna(subset="value")
    frame = frame.assign(scope="all", n=len(places), method=METHOD, seed=seed)
    return frame[COLUMNS].astype({"value": "float64", "low": "float64", "high": "float64"})


def _window(part: pd.DataFrame, places: dict[str, int], resampling: Resampling) -> _Window:
    persons = positions(part["person"], places)
    values = part["lines_per_day"].to_numpy(dtype=np.float64)
    first = part.iloc[0]
    return _Window(
        quarter=first["quarter"],
        is_cut=bool(first["is_cut"]),
        is_baseline=bool(first["is_baseline"]),
        is_early=bool(first["is_running"]) and int(first["working_days"]) < _FIRST_DAYS,
        persons=frozenset(part["person"]),
        volumes={"median": resampling.medians(persons, values), "mean": resampling.means(persons, values)},
    )


def _short(connection: duckdb.DuckDBPyConnection) -> pd.Timestamp | None:
    """The running quarter while working days are left of it."""
    found = connection.execute(
        "select quarter from working_days where is_running and days_elapsed < days"
    ).fetchone()
    return pd.Timestamp(found[0]) if found else None


def _quarters(windows: list[_Window], short: pd.Timestamp | None) -> Iterator[_Estimate]:
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
    if not rows.empty:
        quarter = rows.loc[rows["is_now"], "quarter"].iloc[0]
        for variant in replicate_variants(rows, places, resampling):
            engineers = min(variant.engineers, variant.baseline_engineers)
            yield _Estimate(f"variant_{variant.name}", quarter, engineers, variant.ratios)


def _row(figure: _Estimate, minimum: int) -> tuple[str, pd.Timestamp, float, float | None, float | None]:
    replicates = figure.replicates if figure.replicates is not None else np.array([np.nan])
    low, high = (interval(replicates) if figure.engineers >= minimum else None) or (None, None)
    return figure.metric, figure.period, float(replicates[0]), low, high
