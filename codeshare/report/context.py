"""What all sections of one report share: rows read once, the month, the measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from codeshare.report.baseline import baseline_name
from codeshare.report.charts.share import last_full
from codeshare.report.frames import Row, as_date, rows
from codeshare.report.measure import Bar, Measure, choose_measure
from codeshare.report.reading import Reading, read_month
from codeshare.report.window import first_month, first_quarter, quarter_of

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures


@dataclass(frozen=True)
class Context:
    """The figures and what several sections derive from them."""

    figures: Figures

    @cached_property
    def reading(self) -> Reading | None:
        """The month that the report speaks of."""
        return read_month(self.figures)

    @cached_property
    def all_months(self) -> list[Row]:
        """Every month, the running one too."""
        return rows(self.figures.share_monthly)

    @cached_property
    def months(self) -> list[Row]:
        """Months up to the one that the report speaks of."""
        return last_full(self.all_months, self.reading.month) if self.reading else []

    @cached_property
    def quarters(self) -> list[Row]:
        """Every quarter's volume."""
        return rows(self.figures.volume_quarterly)

    @cached_property
    def measure(self) -> Measure:
        """Which volume is shown."""
        return choose_measure(self.figures, self.quarters)

    @cached_property
    def bars(self) -> list[Bar]:
        """The quarters that have a value."""
        bars = [self.measure.bar(row) for row in self.quarters]
        return [bar for bar in bars if bar.value is not None]

    @cached_property
    def drawn_since(self) -> date:
        """The first quarter that the volume chart draws: of a long history the last ones, the baseline's included."""
        first = first_quarter(self.quarters[-1]["quarter"], as_date(self.figures.baseline_since))
        since = self.figures.filter.since
        return max(first, quarter_of(since)) if since else first

    @cached_property
    def drawn_bars(self) -> list[Bar]:
        """The quarters that the volume chart draws."""
        return [bar for bar in self.bars if bar.row["quarter"] >= self.drawn_since]

    @cached_property
    def months_since(self) -> date:
        """The first month that charts by month draw."""
        return first_month(self.all_months[-1]["period"])

    @property
    def is_by_class(self) -> bool:
        """Whether lines may be split by attribution."""
        return self.reading is not None and self.reading.is_by_class

    @property
    def baseline(self) -> str:
        """The baseline's name."""
        return baseline_name(self.figures)

    @property
    def as_of(self) -> date:
        """The last day counted."""
        return as_date(self.figures.as_of)

    @property
    def merged_lines(self) -> str:
        """What a merged line is in this report, as a grey line names it."""
        if self.figures.basis == "landed":
            return "handwritten lines merged"
        return "handwritten lines added by merged commits"

    @property
    def basis_note(self) -> str:
        """The sentence that says so where a figure is explained."""
        if self.figures.basis == "landed":
            return "Counted are lines that reached the branch (basis: landed)."
        return (
            "Counted are all lines that merged commits added, also those that were gone again when they reached the "
            "branch (basis: added)."
        )


def first_upper(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]
