"""How dates, months and quarters read, and where they lie on a time axis."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(value: date) -> str:
    """``12 June 2026``."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """``12 June``, where the year stands beside it."""
    return f"{value.day} {_MONTHS[value.month - 1]}"


def month(value: date) -> str:
    """``May 2026``, in full."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """``Feb 2025``."""
    return f"{_MONTHS[value.month - 1][:3]} {value.year}"


def quarter(value: date) -> str:
    """``2026 Q2``."""
    return f"{value.year} Q{(value.month + 2) // 3}"


def year_of(value: date) -> float:
    """The day as a decimal year."""
    first = date(value.year, 1, 1)
    days = (date(value.year + 1, 1, 1) - first).days
    return value.year + (value - first).days / days


def month_start(value: date) -> float:
    """A month's left edge; all months are a twelfth of a year wide."""
    return value.year + (value.month - 1) / 12


def month_centre(value: date) -> float:
    """Where a month's point stands."""
    return month_start(value) + 1 / 24


def next_month(value: date) -> date:
    """First day of the month after."""
    return date(value.year + value.month // 12, value.month % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """Whole months from one month to another."""
    return (last.year - first.year) * 12 + last.month - first.month


def baseline(since: date, until: date) -> str:
    """``2024`` where the baseline is a calendar year, else ``2023 Q3 to 2024 Q2``."""
    if since.month == 1 and until == date(since.year + 1, 1, 1):
        return str(since.year)
    last = date(until.year - (until.month == 1), 12 if until.month == 1 else until.month - 1, 1)
    return quarter(since) if quarter(since) == quarter(last) else f"{quarter(since)} to {quarter(last)}"
