"""When a monthly series changed its level: notes beside the charts that draw it."""

from __future__ import annotations

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
    said = "; ".join(_step(row) for row in drawn)
    return (
        f"**When it changed.** The level of {name}, by month: {said}. Brackets: 95{NBSP}% intervals. What "
        "coincides need not be a cause. Run `codeshare query change_points`.",
    )


def _step(row: Row) -> str:
    about = dates.month(row["changed_on"])
    if row["low_on"] != row["high_on"]:
        about += f" ({dates.short_month(row['low_on'])} to {dates.short_month(row['high_on'])})"
    near = []
    if row["release"] is not None:
        near.append(f"{row['release']} ({dates.day(row['release_on'])})")
    if row["first_ai_on"] is not None:
        near.append(f"the first commit with AI evidence ({dates.day(row['first_ai_on'])})")
    said = f"from about {about} {_size(row)}"
    return said + (f", which coincides with {' and '.join(near)}" if near else "")


def _size(row: Row) -> str:
    if row["unit"] == "share":
        size, low, high = (_points(row[name]) for name in ("size", "size_low", "size_high"))
        return f"{size} points ({low} to {high})"
    return (
        f"{times(row['size'])} times the one before ({times(row['size_low'])} to {times(row['size_high'])})"
    )


def _points(share: float) -> str:
    return f"{share * 100:+.0f}".replace("-", MINUS)
