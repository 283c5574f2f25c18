"""Values of the table ``estimates`` and their differences, each as its unit reads."""

from __future__ import annotations

from codeshare.report.numbers import MINUS, NBSP, TIMES, amount

_AFTER = {
    "share": f"{NBSP}%",
    "ratio": TIMES,
    "days": f"{NBSP}days",
    "hours": f"{NBSP}h",
}
_DIFFERENCE = {
    "share": f"{NBSP}points",
    "ratio": TIMES,
    "days": f"{NBSP}days",
    "hours": f"{NBSP}h",
    "per 1,000 lines": f"{NBSP}per{NBSP}1,000",
    "lines per working day": f"{NBSP}lines",
}


def value_in(unit: str, value: float) -> str:
    """``5.1 %``, ``12 days``, ``3.4``: what has a share's unit with one decimal, never 0 unless it is."""
    if unit == "share" and 0 < value < 0.0005:
        return f"under{NBSP}0.1{NBSP}%"
    return f"{_plain(unit, value)}{_AFTER.get(unit, '')}"


def difference_in(unit: str, value: float) -> str:
    """``+0.9 points``, ``−3.2 per 1,000``."""
    return f"{_signed(unit, value)}{_DIFFERENCE.get(unit, '')}"


def interval_in(unit: str, low: float, high: float) -> str:
    """``0.2 to 1.6``, without the unit, which stands before it."""
    return f"{_plain(unit, low)} to {_plain(unit, high)}"


def _plain(unit: str, value: float) -> str:
    if unit == "share":
        value *= 100
    if unit in ("share", "ratio", "per 1,000 lines"):
        text = f"{value:,.1f}"
    elif value < 0:
        text = f"-{amount(-value)}"
    else:
        text = amount(value)
    bare = text.lstrip("-")
    return f"{MINUS}{bare}" if text.startswith("-") and bare.strip("0.") else bare


def _signed(unit: str, value: float) -> str:
    text = _plain(unit, value)
    return text if text.startswith(MINUS) or not text.strip("0.") else f"+{text}"
