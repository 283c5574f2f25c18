"""The latest quarter's ratio, counted in other ways: does the headline hold?

``queries/volume_variants.sql`` gives the values and the words, this module their intervals. Each
variant is a median over engineers of a numerator by a denominator, in the latest quarter with a
ratio and in the baseline quarters as they are compared with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codeshare.metrics.bootstrap import Floats, Places, Resampling, average, ratio

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

COMPARED = "from volume_compared"


@dataclass(frozen=True, slots=True)
class Variant:
    """Columns of ``volume_compared`` that make one way of counting; ``only``: rows where it is true."""

    name: str
    lines: str = "lines"
    days: str = "working_days"
    only: str | None = None


VARIANTS = (
    Variant("cohort", only="is_cohort"),
    Variant("regulars", only="is_regular"),
    Variant("tenure", days="tenure_days"),
    Variant("outliers", lines="lines_without_outliers"),
    Variant("moved", lines="lines_without_moved"),
)


@dataclass(frozen=True, slots=True, eq=False)
class VariantReplicates:
    """A variant's ratio in each replicate, and how many engineers it counts, now and in the baseline."""

    name: str
    engineers: int
    baseline_engineers: int
    ratios: Floats | None


def compared(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the rows of ``volume_compared``; empty where no quarter has a ratio."""
    return connection.execute(COMPARED).df()


def replicate_variants(
    rows: pd.DataFrame, places: dict[str, int], resampling: Resampling
) -> list[VariantReplicates]:
    """Compute every variant's ratio in each replicate; ``places`` maps persons to rows of the weights."""
    return [_replicates(variant, rows, places, resampling) for variant in VARIANTS]


def _replicates(
    variant: Variant, rows: pd.DataFrame, places: dict[str, int], resampling: Resampling
) -> VariantReplicates:
    if variant.only:
        rows = rows[rows[variant.only]]
    before, now = rows[rows["is_baseline"]], rows[rows["is_now"]]
    baseline = [_medians(variant, part, places, resampling) for _, part in before.groupby("quarter")]
    medians = _medians(variant, now, places, resampling)
    return VariantReplicates(
        variant.name, len(now), before["person"].nunique(), ratio(medians, average(baseline))
    )


def positions(persons: pd.Series[str], places: dict[str, int]) -> Places:
    """Return each person's row of the weights."""
    return np.array([places[person] for person in persons], dtype=np.intp)


def _medians(variant: Variant, rows: pd.DataFrame, places: dict[str, int], resampling: Resampling) -> Floats:
    persons = positions(rows["person"], places)
    values = (rows[variant.lines] / rows[variant.days]).to_numpy(dtype=np.float64)
    return resampling.medians(persons, values)
