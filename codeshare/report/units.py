"""Values of the table ``estimates`` and their differences, each as its unit reads."""

from __future__ import annotations

import math

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
_DECIMAL = ("share", "ratio", "per 1,000 lines")


def value_in(unit: str, value: float, beside: float = math.inf) -> str:
    """``5.1 %``, ``12 days``, ``3.4``: what has a share's unit with one decimal, never 0 unless it is.

    Args:
        beside: the value that it is compared with; two below 1 are told apart by a second decimal.
    """
    if unit == "share" and 0 < value < 0.0005:
        return f"under{NBSP}0.1{NBSP}%"
    largest = max(abs(value), abs(beside)) * (100 if unit == "share" else 1)
    return f"{_plain(unit, value, 2 if 0 < largest < 1 and value else 1)}{_AFTER.get(unit, '')}"


def interval_in(unit: str, low: float, high: float) -> str:
    """``0.2 to 1.6``, without the unit, which stands before it."""
    decimals = _decimals(unit, low, high)
    return f"{_plain(unit, low, decimals)} to {_plain(unit, high, decimals)}"


def difference_in(unit: str, value: float, low: float | None = None, high: float | None = None) -> str:
    """``+0.9 points (0.2 to 1.6)``: as exact as it takes to see on which side of 0 each number lies."""
    ends = [end for end in (low, high) if end is not None]
    decimals = _decimals(unit, value, *ends)
    text = _plain(unit, value, decimals)
    sign = "+" if not text.startswith(MINUS) and text.strip("0.") else ""
    said = f"{sign}{text}{_DIFFERENCE.get(unit, '')}"
    if len(ends) == 2:
        said += f" ({_plain(unit, ends[0], decimals)} to {_plain(unit, ends[1], decimals)})"
    return said


def _decimals(unit: str, *values: float) -> int:
    shown = [abs(value) * (100 if unit == "share" else 1) for value in values]
    return 2 if any(0 < value < 0.05 for value in shown) else 1


def _plain(unit: str, value: float, decimals: int = 1) -> str:
    if unit not in _DECIMAL:
        text = amount(abs(value))
    else:
        text = f"{abs(value) * (100 if unit == 'share' else 1):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.") else text
