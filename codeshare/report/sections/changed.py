"""When a monthly series changed its level: notes beside the charts that draw it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from codeshare.report import dates
from codeshare.report.context import Context
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import MINUS, NBSP, times

MOST = 3
_NAMES = {
    "volume": "lines merged per working day",
    "engineer": "lines merged per engineer and working day",
    "share": "the AI share",
}


def change_notes(context: Context, series: str, since: date) -> tuple[str, ...]:
    """Say when a series of all repositories changed from ``since`` on, the latest last; or that it did not.

    Nothing where it cannot be told, or where the last change lies before what is drawn.
    """
    frame = context.figures.worth.get("change_points")
    own = [] if frame is None else [r for r in rows(frame) if (r["scope"], r["series"]) == ("all", series)]
    if not own or own[0]["found"] is None:
        return ()
    name = _NAMES[series]
    if not own[0]["found"]:
        return (f"**When it changed.** In {own[0]['months']:.0f} months the level of {name} shows no change that stands out from the noise.",)  # fmt: skip
    drawn = [row for row in own if row["changed_on"] >= since][-MOST:]
    if not drawn:
        return ()
    steps = [_step(row) for row in drawn]
    said = ", ".join(steps[:-1]) + " and " * (len(steps) > 1) + steps[-1]
    cause = "; close in time is no cause" if any(_near(row) for row in drawn) else ""
    return (
        f"**When it changed.** The level of {name} changed about {said}. Brackets: 95{NBSP}% interval of the step{cause}. "
        "More: `codeshare query change_points`.",
    )


def _step(row: Row) -> str:
    near = f", close to {' and '.join(_near(row))}" if _near(row) else ""
    return f"{dates.month(row['changed_on'])} ({_size(row)}{near})"


def _near(row: Row) -> list[str]:
    """What the step coincides with."""
    first = ["the first commit with AI evidence"] if row["first_ai_on"] is not None else []
    return ([str(row["release"])] if row["release"] is not None else []) + first


def _size(row: Row) -> str:
    if row["unit"] == "share":
        return f"{_ends(row, _points)} points"
    return f"{_ends(row, times)} times the level before"


def _ends(row: Row, form: Callable[[float], str]) -> str:
    low, high = form(row["size_low"]), form(row["size_high"])
    return low if low == high else f"{low} to {high}"


def _points(share: float) -> str:
    return f"{share * 100:+.0f}".replace("-", MINUS)
