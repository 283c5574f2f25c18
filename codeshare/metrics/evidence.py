"""How far the evidence carries: the state that decides how the headline is worded."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

HIGH_COVERAGE = 0.80
LOW_COVERAGE = 0.25
NARROW_RANGE = 0.20
SINGLE_DIGITS = 0.10
WIDE_BOUNDS = 0.50


class EvidenceState(StrEnum):
    """What the last full month's evidence allows to be said."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    EMPTY = "empty"


def state(coverage: float | None, strict: float | None, high: float | None) -> EvidenceState:
    """Judge one period by its coverage, ``share_strict`` and ``share_high``; NaN counts as None."""
    if coverage is None or strict is None or high is None or math.isnan(coverage):
        return EvidenceState.EMPTY
    if coverage < LOW_COVERAGE:
        return EvidenceState.LOW
    # rounded: 0.9 - 0.7 is a hair above 0.2 in floating point
    if coverage >= HIGH_COVERAGE and round(high - strict, 9) <= NARROW_RANGE:
        return EvidenceState.HIGH
    return EvidenceState.MEDIUM


def last_full_month(monthly: pd.DataFrame) -> pd.Series | None:
    """Return the last row of ``ai_share_monthly`` whose month is over, empty or not; None without one."""
    over = monthly[~monthly["is_running"].astype(bool)]
    return None if over.empty else over.iloc[-1]


def evidence_state(monthly: pd.DataFrame) -> EvidenceState:
    """Judge the last full month of ``ai_share_monthly``."""
    month = last_full_month(monthly)
    if month is None:
        return EvidenceState.EMPTY
    return state(month["coverage"], month["share_strict"], month["share_high"])


def bounds_settle(share_min: float, share_max: float) -> bool:
    """Whether the bounds are near enough to say something; else git alone cannot settle the share."""
    return share_max - share_min <= WIDE_BOUNDS
