"""Net volume: lines still alive 90 days after landing, per engineer and working day, with intervals over persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from codeshare.estimates.away import Do, here
from codeshare.estimates.table import Estimate
from codeshare.metrics.bootstrap import METHOD, SEED, Floats, Resampling, average, interval, ratio
from codeshare.metrics.variants import Row, positions, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AFTER_DAYS = 90.0


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Compute ``net_volume_median``, ``net_volume_mean``, ``net_ratio_median`` and ``net_ratio_mean`` by quarter.

    Only of quarters that ended 90 days or more before ``as_of``; the values are those of
    ``net_volume_quarterly``. ``n``: persons active in the quarter. No interval for fewer than
    ``minimum_engineers``, of a ratio also in the baseline.
    """
    rows = rows_of(connection, "from net_volume_by_engineer where is_complete order by quarter, person")
    (minimum,) = connection.execute("select minimum_engineers from scope_settings").fetchone() or (0,)
    return do(_of, rows, minimum)


def _of(rows: list[Row], minimum: int) -> Iterator[Estimate]:
    places = {person: place for place, person in enumerate(sorted({row["person"] for row in rows}))}
    resampling = Resampling.draw(len(places))
    quarters = {quarter: list(part) for quarter, part in groupby(rows, itemgetter("quarter"))}
    behind = len({row["person"] for row in rows if row["is_baseline"]})
    for name in ("median", "mean"):
        volumes = {quarter: _volumes(name, part, places, resampling) for quarter, part in quarters.items()}
        base = average([volumes[quarter] for quarter, part in quarters.items() if part[0]["is_baseline"]])
        for quarter, part in quarters.items():
            people = len(part)
            figures = (
                (f"net_volume_{name}", "lines per working day", volumes[quarter], people),
                (f"net_ratio_{name}", "ratio", ratio(volumes[quarter], base), min(people, behind)),
            )
            for metric, unit, values, fewest in figures:
                if values is not None and not np.isnan(values[0]):
                    low, high = (interval(values) if fewest >= minimum else None) or (None, None)
                    yield Estimate(
                        metric, float(values[0]), people, unit, METHOD, period=quarter, at_days=_AFTER_DAYS,
                        low=low, high=high, seed=SEED,
                    )  # fmt: skip


def _volumes(name: str, rows: list[Row], places: dict[str, int], resampling: Resampling) -> Floats:
    persons = positions((row["person"] for row in rows), places)
    values = np.array([row["net_lines"] / row["working_days"] for row in rows], dtype=np.float64)
    return resampling.medians(persons, values) if name == "median" else resampling.means(persons, values)
