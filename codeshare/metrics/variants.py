"""The latest quarter's ratio, counted in other ways: does the headline hold?

``queries/volume_variants.sql`` gives the values and the words, this module their intervals. Each
variant is a median over engineers of a numerator by a denominator, in the latest quarter with a
ratio and in the baseline quarters as they are compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from codeshare.metrics.bootstrap import Floats, Places, Resampling, average, ratio

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
"""A row of a view, by column."""


class Variant(Struct, frozen=True):
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


class VariantReplicates(Struct, frozen=True, eq=False):
    """A variant's ratio in each replicate, and how many engineers it counts, now and in the baseline."""

    name: str
    engineers: int
    baseline_engineers: int
    ratios: Floats | None


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Return the rows of a query; mining writes estimates and does without the weight of pandas."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def compared(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return the rows of ``volume_compared`` by quarter; none where no quarter has a ratio."""
    return rows_of(connection, "from volume_compared order by quarter, person")


def replicate_variants(
    rows: Sequence[Row], places: dict[str, int], resampling: Resampling
) -> list[VariantReplicates]:
    """Compute every variant's ratio in each replicate; ``places`` maps persons to rows of the weights."""
    return [_replicates(variant, rows, places, resampling) for variant in VARIANTS]


def _replicates(
    variant: Variant, rows: Sequence[Row], places: dict[str, int], resampling: Resampling
) -> VariantReplicates:
    rows = [row for row in rows if variant.only is None or row[variant.only]]
    before, now = ([row for row in rows if row[which]] for which in ("is_baseline", "is_now"))
    baseline = [
        _medians(variant, list(part), places, resampling)
        for _, part in groupby(before, itemgetter("quarter"))
    ]
    medians = _medians(variant, now, places, resampling)
    people = {row["person"] for row in before}
    return VariantReplicates(variant.name, len(now), len(people), ratio(medians, average(baseline)))


def positions(persons: Iterable[str], places: dict[str, int]) -> Places:
    """Return each person's row of the weights."""
    return np.array([places[person] for person in persons], dtype=np.intp)


def _medians(variant: Variant, rows: Sequence[Row], places: dict[str, int], resampling: Resampling) -> Floats:
    persons = positions((row["person"] for row in rows), places)
    lines, days = (
        np.array([row[name] for row in rows], dtype=np.float64) for name in (variant.lines, variant.days)
    )
    return resampling.medians(persons, lines / days)
