"""Which volume a report speaks of: the typical engineer's, or, with few of them, all lines of a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from codeshare.report.frames import Row, as_date
from codeshare.report.numbers import amount, ratio

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures


class Bar(Struct, frozen=True):
    """A quarter as the volume chart draws it. ``value`` is none where there is nothing to compare."""

    row: Row
    value: float | None
    low: float | None
    high: float | None
    mean: float | None

    @property
    def reach(self) -> float:
        """The top of the bar and its interval."""
        return max(v for v in (self.value, self.high, 0.0) if v is not None)

    @property
    def is_unclear(self) -> bool:
        """Whether the interval holds 1 though the value reads as more or less."""
        if self.value is None or self.low is None or self.high is None or round(self.value, 1) == 1:
            return False
        return self.low <= 1 <= self.high

    @property
    def top(self) -> float:
        """The highest thing drawn of it."""
        return max(self.reach, self.mean or 0.0)


class Measure(Struct, frozen=True):
    """A column of ``volume_quarterly``, as a ratio to its baseline or, without one, as it is."""

    is_per_engineer: bool
    is_ratio: bool
    minimum: int

    @property
    def column(self) -> str:
        """The absolute volume."""
        return "median" if self.is_per_engineer else "all_lines_per_day"

    @property
    def ratio_column(self) -> str:
        """Its ratio to the baseline."""
        return "ratio_median" if self.is_per_engineer else "ratio_all"

    @property
    def baseline_column(self) -> str:
        """What it is compared with."""
        return "baseline_median" if self.is_per_engineer else "baseline_all"

    def bar(self, row: Row) -> Bar:
        """Read a quarter; with fewer engineers than the minimum it would show persons, so it has no value."""
        if self.is_per_engineer and (row["engineers"] or 0) < self.minimum:
            return Bar(row, None, None, None, None)
        if not self.is_ratio:
            return Bar(row, row[self.column], None, None, row["mean"] if self.is_per_engineer else None)
        if not self.is_per_engineer:
            return Bar(row, row["ratio_all"], None, None, None)
        return Bar(row, row["ratio_median"], row["low_median"], row["high_median"], row["ratio_mean"])

    def format(self, value: float) -> str:
        """Write a value of it."""
        return ratio(value) if self.is_ratio else amount(value)


def choose_measure(figures: Figures, quarters: Sequence[Row]) -> Measure:
    """Choose what the figures allow: engineers enough, now and in the baseline? a baseline at all?"""
    minimum = figures.minimum_engineers
    since, until = as_date(figures.baseline_since), as_date(figures.baseline_until)
    baseline = [q for q in quarters if since <= q["quarter"] < until and q["engineers"]]
    known = [q for q in quarters if q["ratio_all"] is not None] or [q for q in quarters if q["engineers"]]
    are_enough = all((q["engineers"] or 0) >= minimum for q in [*baseline, *known[-1:]])
    measure = Measure(bool(known) and are_enough, True, minimum)
    has_ratio = any(q[measure.ratio_column] is not None for q in quarters)
    return replace(measure, is_ratio=has_ratio)
