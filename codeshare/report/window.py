"""From when on charts draw: a long history would be a smear of bars; its tables keep every row."""

from __future__ import annotations

from datetime import date

from codeshare.report import dates

QUARTERS = 24
MONTHS = 120


def first_quarter(last: date, no_later_than: date | None = None) -> date:
    """Return the first of the last quarters drawn, or an earlier one that has to be seen."""
    first = _months_before(last, 3 * (QUARTERS - 1))
    return min(first, no_later_than or first)


def first_month(last: date) -> date:
    """Return the first of the last months drawn."""
    return _months_before(last, MONTHS - 1)


def quarter_of(day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def since_quarter(first: date, shown: date) -> str:
    """Say where a chart starts, if that is after its data does: `` since 2020 Q4``."""
    return f" since {dates.quarter(shown)}" if first < shown else ""


def since_month(first: date, shown: date) -> str:
    """Say where a chart starts, if that is after its data does: `` since September 2016``."""
    return f" since {dates.month(shown)}" if first < shown else ""


def _months_before(month: date, number: int) -> date:
    index = month.year * 12 + month.month - 1 - number
    return date(index // 12, index % 12 + 1, 1)
