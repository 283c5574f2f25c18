"""Lines merged per engineer and working day, a bar a quarter, with releases of AI models above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from codeshare.report import dates
from codeshare.report.axes import quarter_axis, spread, text_width, ticks
from codeshare.report.charts.releases import flags
from codeshare.report.charts.stack import CLASSES, class_word, shares_of, stack, text_fill
from codeshare.report.charts.volume_layout import edges, fit, tick_length
from codeshare.report.design import Size, colour, hatch
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.inline import KEYS
from codeshare.report.measure import Bar, Measure
from codeshare.report.numbers import TIMES, amount, percent, ratio
from codeshare.report.skyline import Block, Placed


def volume_chart(
    bars: Sequence[Bar], events: Sequence[Row], measure: Measure, baseline: str, as_of: date, size: Size,
    *, by_class: bool = True,
) -> Drawing:  # fmt: skip
    """Draw quarters, oldest first; those without a value have no bar."""
    bars = [bar for bar in bars if bar.value is not None]
    first, last = (dates.month_start(bars[k].row["quarter"]) for k in (0, -1))
    domain = (first, last + 0.25)
    drawing = Drawing(size, _margins(size, bars, measure, by_class), domain, (0, 1))
    flagged = flags(events, drawing.x, size)
    high, placed, values, one = fit(drawing, bars, flagged, measure, baseline)
    drawing.y_domain = (0, high)
    _axis(drawing, bars, measure)
    _bars(drawing, bars, measure, by_class)
    if measure.is_ratio:
        drawing.rules(
            [{"x": domain[0], "x2": domain[1], "y": 1, "y2": 1}], stroke=colour("ink"), strokeWidth=1.3
        )
    _intervals(drawing, bars)
    _means(drawing, bars)
    for bar, box in values:
        _value(drawing, bar, box, measure, is_last=bar is bars[-1])
    if one is not None:
        words = f"{baseline} = 1{TIMES}"
        drawing.text(
            words, drawing.x.value(one.left), _up(drawing, one.top - size.text * 0.6), weight=600, fill="ink"
        )
    _releases(drawing, placed)
    _name_last(drawing, bars[-1], measure, as_of, by_class)
    drawing.time_labels(quarter_axis([bar.row["quarter"] for bar in bars], drawing.x, size.text))
    return drawing


def _margins(size: Size, bars: Sequence[Bar], measure: Measure, by_class: bool) -> Margins:
    labels = [label for _, label in _marks(bars, measure)]
    left = max(text_width(label, size.text) for label in labels) + 9
    last = text_width(measure.format(bars[-1].value or 0), size.headline, bold=True) / 2
    beside = max(last, 32.0)
    if size.is_phone:
        return Margins(left=max(left, 32), right=max(26, last + 2), top=6, bottom=40)
    return Margins(left=max(left, 46), right=beside + 126 if by_class else beside + 90, top=6, bottom=28)


def _marks(bars: Sequence[Bar], measure: Measure) -> list[tuple[float, str]]:
    """Return the scale's lines and their labels."""
    high = max(max(bar.top for bar in bars), 1.0 if measure.is_ratio else 0.1)
    return [(v, f"{v:,.6g}{TIMES}" if measure.is_ratio else f"{v:,.6g}") for v in ticks(high)]


def _up(drawing: Drawing, px: float) -> float:
    """Return the value that stands ``px`` pixels above the plot's foot."""
    return drawing.y.value(drawing.plot_height - px)


def _axis(drawing: Drawing, bars: Sequence[Bar], measure: Measure) -> None:
    """Draw the scale; 1× has a line of its own, and a label where there is room above 0×."""
    marks = _marks(bars, measure)
    drawing.grid(marks)
    has_room = drawing.y.px(0) - drawing.y.px(1) > drawing.size.text * 1.3
    if measure.is_ratio and has_room and all(v != 1 for v, _ in marks):
        drawing.text(f"1{TIMES}", drawing.x_domain[0], 1, dx=-7, align="right")


def _bars(drawing: Drawing, bars: Sequence[Bar], measure: Measure, by_class: bool) -> None:
    solid: list[dict[str, Any]] = []
    outlines: list[dict[str, Any]] = []
    for bar in bars:
        left, right = edges(drawing, bar.row)
        place, value = {"x": left, "x2": right}, bar.value or 0.0
        hatched = bool(bar.row["is_running"] or bar.row.get("is_incomplete"))
        said = describe(bar, measure)
        parts = shares_of(bar.row) if by_class else {"ink": 1.0}
        for piece in stack(parts, value, hatched=hatched):
            name = KEYS.get(piece.pop("class"))
            part = f"{name}: {percent(parts[_class_of(piece['fill'], parts)])} of lines. " if name else ""
            solid.append({**place, **piece, "d": f"{part}{said}"})
        if bar.row["is_running"]:
            outlines.append({**place, "y": 0, "y2": value})
    drawing.rects(solid, stroke=colour("paper"), strokeWidth=0.8)
    outline = colour("ai" if by_class else "ink")
    drawing.rects(outlines, aria=False, filled=False, stroke=outline, strokeWidth=1.3)


def _class_of(fill: str, parts: dict[str, float]) -> str:
    return next(name for name in parts if fill in (colour(name), hatch(name)))


def describe(bar: Bar, measure: Measure) -> str:
    """Say a quarter in words: what a pointer over its bar shows."""
    row, value = bar.row, bar.value or 0.0
    name = dates.quarter(row["quarter"]) + (" (running)" if row["is_running"] else "")
    name += " (incomplete)" if row.get("is_incomplete") else ""
    who = "median engineer" if measure.is_per_engineer else "whole repository"
    if not measure.is_ratio:
        return f"{name}: {amount(value)} lines a working day, {who}"
    said = (
        f"{name}: {ratio(value)} the baseline, {who}, {amount(row[measure.column] or 0)} lines a working day"
    )
    if bar.low is not None and bar.high is not None:
        said += f"; 95 % interval {bar.low:.1f} to {bar.high:.1f}"
    return said + (f"; mean {ratio(bar.mean)}" if bar.mean is not None else "")


def _intervals(drawing: Drawing, bars: Sequence[Bar]) -> None:
    above, inside = [], []
    for bar in bars:
        if bar.low is None or bar.high is None or bar.value is None:
            continue
        middle = sum(edges(drawing, bar.row)) / 2
        above.append({"x": middle, "x2": middle, "y": max(bar.value, bar.low), "y2": bar.high})
        if bar.low < bar.value:
            inside.append({"x": middle, "x2": middle, "y": bar.low, "y2": bar.value})
    drawing.rules(inside, stroke=colour("paper"), strokeWidth=1.3)
    drawing.rules(above, stroke=colour("ink"), strokeWidth=1.1)


def _means(drawing: Drawing, bars: Sequence[Bar]) -> None:
    """The mean engineer: a tick at the bar's right side, where no fill hides it."""
    rows = []
    for bar in bars:
        if bar.mean is not None:
            right = edges(drawing, bar.row)[1]
            rows.append({"x": right, "x2": right + tick_length(drawing), "y": bar.mean, "y2": bar.mean})
    drawing.rules(rows, stroke=colour("ink"), strokeWidth=1.6)


def _value(drawing: Drawing, bar: Bar, box: Block, measure: Measure, *, is_last: bool) -> None:
    size = drawing.size.headline if is_last else drawing.size.text
    drawing.text(
        measure.format(bar.value or 0), drawing.x.value((box.left + box.right) / 2), _up(drawing, box.top - size * 0.6),
        align="center", size=size, weight=700 if is_last else 500, fill="ink",
    )  # fmt: skip


def _releases(drawing: Drawing, placed: Sequence[Placed]) -> None:
    size = drawing.size.small(0.5)
    leaders = []
    for p in placed:
        x = drawing.x.value(p.flag.x)
        leaders.append({"x": x, "x2": x, "y": _up(drawing, p.foot), "y2": _up(drawing, p.top)})
        drawing.text(
            p.flag.text, x, _up(drawing, (p.bottom + p.top) / 2), size=size,
            dx=5 if p.is_right else -5, align="left" if p.is_right else "right",
        )  # fmt: skip
    drawing.rules(leaders, stroke=colour("rule"), strokeWidth=1)


def _name_last(drawing: Drawing, bar: Bar, measure: Measure, as_of: date, by_class: bool) -> None:
    """Say which quarter the last bar is and what its classes are."""
    size, right = drawing.size, edges(drawing, bar.row)[1]
    name = dates.quarter(bar.row["quarter"])
    until = f"to {dates.short_day(as_of)}" if bar.row["is_running"] else ""
    if size.is_phone:
        words = f"{name[5:]} {until}" if until else name
        drawing.text(words, drawing.x_domain[1], 0, dx=14, dy=12 + size.text * 1.7, align="right")
        return
    items: list[tuple[str, str, str, float]] = []
    parts, low = shares_of(bar.row) if by_class else {}, 0.0
    for class_ in [c for c in CLASSES if parts.get(c)]:
        middle = drawing.y.px((low + parts[class_] / 2) * (bar.value or 0))
        items.append((class_word(class_), f"{percent(parts[class_])} of lines", text_fill(class_), middle))
        low += parts[class_]
    highest = min((item[3] for item in items), default=drawing.plot_height) - 1
    items.append((name, until, "ink", min(drawing.y.px(bar.value or 0) + size.text, highest)))
    if bar.mean is not None:
        items.append((f"Mean {measure.format(bar.mean)}", "", "muted", drawing.y.px(bar.mean)))
    half = text_width(measure.format(bar.value or 0), size.headline, bold=True) / 2
    ends = drawing.x.px(sum(edges(drawing, bar.row)) / 2) + half, drawing.plot_width
    left = max(14.0, max(ends) + 4 - drawing.x.px(right))
    places = spread(
        [i[3] for i in items], size.text * 2.6, size.text * 1.2, drawing.plot_height - size.text * 1.1
    )
    for (head, tail, fill, _), place in zip(items, places, strict=True):
        at = right, drawing.y.value(place)
        is_mean = fill == "muted"
        drawing.text(
            head, *at, dx=left, dy=-size.text * 0.6 if tail else 0, weight=400 if is_mean else 600, fill=fill
        )
        if tail:
            drawing.text(tail, *at, dx=left, dy=size.text * 0.6)
        if is_mean:
            _stub(drawing, right, bar.mean or 0.0, left, at[1])


def _stub(drawing: Drawing, right: float, mean: float, left: float, y: float) -> None:
    """Lead from the mean's tick to its words."""
    start, end = right + tick_length(drawing), right + (left - 3) * drawing.x.per_pixel
    if end > start:
        drawing.rules([{"x": start, "x2": end, "y": mean, "y2": y}], stroke=colour("rule"))
