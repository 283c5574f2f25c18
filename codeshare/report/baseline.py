"""What is to be said of the baseline: its name, and where it is thin or has holes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.report import dates
from codeshare.report.frames import Row, as_date, rows
from codeshare.report.measure import choose_measure
from codeshare.report.numbers import plural, word

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures

THIN_BASELINE = 1000
"""Lines of the whole baseline below which a ratio to it says little."""


def baseline_name(figures: Figures) -> str:
    """Name the baseline: ``2024``."""
    return dates.baseline(as_date(figures.baseline_since), as_date(figures.baseline_until))


def thin_baseline(figures: Figures) -> str | None:
    """Say so where the baseline holds next to nothing to compare with."""
    lines = thin_lines(figures)
    return None if lines is None else f"That baseline is thin: {plural(lines, 'line')} in all."


def thin_lines(figures: Figures) -> int | None:
    """Return the baseline's lines where they are too few for a ratio that says much."""
    since, until = as_date(figures.baseline_since), as_date(figures.baseline_until)
    quarters = [q for q in rows(figures.volume_quarterly) if since <= q["quarter"] < until]
    lines = sum((q["all_lines_per_day"] or 0.0) * (q["working_days"] or 0) for q in quarters)
    return round(lines) if lines < THIN_BASELINE else None


def skipped_quarters(figures: Figures) -> str | None:
    """Say which quarters of the baseline are in no mean, for nothing was merged in what is compared of them."""
    measure = choose_measure(figures, rows(figures.volume_quarterly))
    if not measure.is_ratio:
        return None
    compared = rows(figures.baseline_quarters)
    early = [q for q in compared if q["working_days"] is None]
    idle = [q for q in compared if q["working_days"] is not None and not q["engineers"]]
    said = []
    if early:
        said.append(f"{_names(early)} {_lie(early)} before the first merge")
    if idle and measure.is_per_engineer:
        most = max(q["working_days"] for q in idle)
        days = f"the first {plural(most, 'working day')} of " if idle[0]["is_cut"] else ""
        said.append(f"nobody merged anything in {days}{_names(idle)}")
    if not said:
        return None
    left = len(compared) - len(early) - (len(idle) if measure.is_per_engineer else 0)
    sentence, quarter = " and ".join(said), dates.quarter(compared[0]["compared_quarter"])
    return f"{sentence[0].upper()}{sentence[1:]}: {quarter} is compared with {_others(left)}."


def _names(quarters: list[Row]) -> str:
    names = [dates.quarter(q["quarter"]) for q in quarters]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _others(number: int) -> str:
    if number == 0:
        return "nothing"
    return "the other quarter alone" if number == 1 else f"the mean of the other {word(number)} quarters"


def _lie(quarters: list[Row]) -> str:
    return "lies" if len(quarters) == 1 else "lie"
