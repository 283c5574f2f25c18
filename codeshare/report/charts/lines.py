"""Lines merged by month, stacked by attribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codeshare.report import dates
from codeshare.report.axes import spread, ticks, time_axis
from codeshare.report.charts.share import month_margins
from codeshare.report.charts.stack import (
    ALL_CLASSES,
    CLASSES,
    class_word,
    lines_of,
    shares_of,
    stack,
    text_fill,
)
from codeshare.report.design import Size, colour, hatch
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row
from codeshare.report.inline import KEYS
from codeshare.report.numbers import count, percent

WIDEST = 72
"""Pixels of the widest bar."""


def lines_chart(months: Sequence[Row], size: Size, *, by_class: bool = True, what: str = "lines") -> Drawing:
    """Draw months, oldest first; running and incomplete ones hatched.

    Args:
        by_class: off: one bar in ink.
        what: what is counted.
    """
    first, last = months[0]["period"], months[-1]["period"]
    domain = dates.month_start(first), dates.month_start(dates.next_month(last))
    highest = max((total(m) for m in months), default=0) or 1
    drawing = Drawing(size, month_margins(size), domain, (0, highest * 1.03))
    drawing.grid([(v, _axis_count(v, size)) for v in ticks(highest, 5, smallest=1)])
    bars = [bar for month in months for bar in _bars(drawing, month, by_class, what)]
    drawing.rects(
        bars, stroke=colour("paper"), strokeWidth=0.8 if drawing.plot_width / len(months) > 5 else 0
    )
    full = [m for m in months if not m["is_running"]]
    if by_class and full and total(full[-1]):
        _labels(drawing, full[-1])
    drawing.time_labels(time_axis(drawing.x, size.text))
    return drawing


def total(month: Row) -> float:
    """All lines of a month, bots' and unknown ones too."""
    return sum(lines_of(month, name) for name in ALL_CLASSES)


def _bars(drawing: Drawing, month: Row, by_class: bool, what: str) -> list[dict[str, Any]]:
    left, right = dates.month_start(month["period"]), dates.month_start(dates.next_month(month["period"]))
    gap = min((right - left) * 0.08, drawing.x.per_pixel)
    half, middle = min((right - left) / 2 - gap, WIDEST / 2 * drawing.x.per_pixel), (left + right) / 2
    place = {"x": middle - half, "x2": middle + half}
    hatched = bool(month["is_running"] or month["is_incomplete"])
    name = dates.month(month["period"])
    if hatched:
        name += " (running)" if month["is_running"] else " (incomplete)"
    if not by_class:
        fill = hatch("ink") if hatched else colour("ink")
        return [
            {**place, "y": 0, "y2": total(month), "fill": fill, "d": f"{name}: {count(total(month))} {what}"}
        ]
    return [
        {**place, "y": piece["y"], "y2": piece["y2"], "fill": piece["fill"], "d": _describe(name, month, piece["class"], what)}
        for piece in stack(shares_of(month, ALL_CLASSES), total(month), hatched=hatched)
    ]  # fmt: skip


def _describe(name: str, month: Row, class_: str, what: str) -> str:
    return f"{name}, {KEYS[class_]}: {count(lines_of(month, class_))} of {count(total(month))} {what}"


def _labels(drawing: Drawing, month: Row) -> None:
    """Name the classes beside the last full month, with their part of its lines."""
    size, parts = drawing.size, shares_of(month, ALL_CLASSES)
    shown = [name for name in ALL_CLASSES if parts[name] and (name in CLASSES or parts[name] >= 0.02)]
    middles, low = [], 0.0
    for name in shown:
        middles.append(drawing.y.px((low + parts[name] / 2) * total(month)))
        low += parts[name]
    if size.is_phone:
        return
    places = spread(middles, size.text * 2.5, size.text, drawing.plot_height - size.text * 1.1)
    for name, place in zip(shown, places, strict=True):
        at = drawing.x_domain[1], drawing.y.value(place)
        drawing.text(class_word(name), *at, dx=8, dy=-size.text * 0.6, weight=600, fill=text_fill(name))
        drawing.text(percent(parts[name]), *at, dx=8, dy=size.text * 0.6)


def _axis_count(value: float, size: Size) -> str:
    if size.is_phone and value >= 1000:
        return f"{value / 1000:g}k"
    return f"{value:,.0f}" if value < 1e6 else f"{value / 1e6:g}m"
