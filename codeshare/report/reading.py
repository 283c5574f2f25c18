"""The month that a report speaks of, and what its evidence allows to say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.metrics.evidence import EvidenceState, bounds_settle, state
from codeshare.report import dates
from codeshare.report.frames import Row, as_date, rows

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures


class Reading(Struct, frozen=True):
    """One month of ``ai_share_monthly`` and the state of its evidence: high, medium, low or empty."""

    row: Row
    state: EvidenceState
    as_of: date

    @property
    def month(self) -> date:
        """First day of the month."""
        return as_date(self.row["period"])

    @property
    def name(self) -> str:
        """The month in words; a running one with the last day counted."""
        if self.row["is_running"]:
            return f"{dates.month(self.month)}, up to {dates.short_day(self.as_of)}"
        return dates.month(self.month)

    def value(self, column: str) -> float:
        """Return a number of the month, 0 where there is none."""
        return float(self.row[column] or 0)

    @property
    def is_by_class(self) -> bool:
        """Whether anything may be drawn by attribution."""
        return self.state is not EvidenceState.LOW

    @property
    def are_bounds_apart(self) -> bool:
        """Whether git alone cannot settle the share."""
        return not bounds_settle(self.value("share_min"), self.value("share_max"))


def read_month(figures: Figures) -> Reading | None:
    """Return the last full month; of a history younger than that, its running month; of none, nothing."""
    months = rows(figures.share_monthly)
    if not months:
        return None
    row = next((m for m in months if m["period"] == figures.month), months[-1])
    judged = state(row["coverage"], row["share_strict"], row["share_high"])
    return Reading(row, judged, as_date(figures.as_of))
