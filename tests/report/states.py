"""The states of a report that the tests go through, each by a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pandas as pd
import pytest
from msgspec.structs import replace

from codeshare.metrics.figures import Figures

from .invented import compared, invented, reviewed, without


def _empty_month() -> Figures:
    figures = invented()
    months = figures.share_monthly.copy()
    at = months.index[-2]
    zero = [
        c
        for c in months.columns
        if c.endswith("numerator") or c in ("ai", "assisted", "human", "bot", "denominator")
    ]
    months.loc[at, [*zero, "strict_denominator", "covered", "commits"]] = 0
    months.loc[at, ["share", "share_strict", "share_high", "share_min", "share_max", "coverage"]] = None
    return without(figures, share_monthly=months)


def _incomplete() -> Figures:
    figures = invented()
    months = figures.share_monthly.copy()
    months.loc[months.index[20:24], ["unknown_commits", "unknown", "is_incomplete"]] = [40, 0.3, True]
    return without(figures, share_monthly=months)


def _no_agents() -> Figures:
    figures = invented(top=0.0)
    return without(figures, tools_monthly=figures.tools_monthly.iloc[0:0], events=figures.events.iloc[0:0])


def _datetimes() -> Figures:
    """Days as databases give them: as timestamps."""
    figures = invented(has_baseline=True, basis="added")
    frames = {
        name: getattr(figures, name).assign(**{column: pd.to_datetime(getattr(figures, name)[column])})
        for name, column in [
            ("share_monthly", "period"), ("tools_monthly", "period"), ("evidence_kinds", "period"),
            ("volume_quarterly", "quarter"), ("volume_people", "quarter"), ("volume_groups", "quarter"), ("events", "date"),
        ]
    }  # fmt: skip
    return without(figures, **frames)


STATES: dict[str, Callable[[], Figures]] = {
    "high": invented,
    "medium": lambda: invented(top=0.45, marks=0.3),
    "low": lambda: invented(top=0.05, marks=0.02),
    "empty": _empty_month,
    "few engineers": lambda: invented(engineers=3, repositories=1),
    "no baseline": lambda: invented(since=date(2025, 10, 3), has_baseline=False, engineers=9, repositories=1),
    "one month": lambda: invented(since=date(2026, 6, 1), has_baseline=False, engineers=6, repositories=1),
    "long": lambda: invented(since=date(2005, 4, 1), engineers=70),
    "flat": lambda: invented(growth=1.0, top=0.02, marks=0.9),
    "fell": lambda: invented(growth=0.4),
    "no releases": lambda: invented(events=0),
    "20 releases": lambda: invented(events=20),
    "incomplete": _incomplete,
    "no agents": _no_agents,
    "timestamps": _datetimes,
    "reviewed requests": lambda: reviewed(invented()),
    "few trailers": lambda: reviewed(invented(), requests=False, trailers=True),
    "few reviewers": lambda: reviewed(invented(engineers=9), reviewers=4),
    "reviewed without baseline": lambda: reviewed(
        invented(since=date(2025, 10, 3), has_baseline=False, engineers=9, repositories=1), reviewers=7
    ),
    "review not known": lambda: reviewed(invented(), requests=False),
    "compared": lambda: replace(invented(), comparison=compared()),
    "compared, unclear": lambda: replace(invented(top=0.05, marks=0.02), comparison=compared(is_clear=False)),
}


# Of the others `make check` knows whether all holds of them that holds of these.
_OFTEN = ("high", "low", "empty", "few engineers", "one month", "compared")
FEW_OFTEN = [
    state if state in _OFTEN else pytest.param(state, marks=pytest.mark.thorough) for state in STATES
]


@cache
def figures_in(state: str) -> Figures:
    """Return the figures of a state; they are not to be changed."""
    return STATES[state]()
