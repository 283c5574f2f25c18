"""Values measured elsewhere, hollow, beside our own, filled and with their intervals: a row each."""

from __future__ import annotations

from collections.abc import Sequence

from codeshare.report.axes import text_width, ticks
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import TIMES, ratio


def outside_chart(found: Sequence[Row], size: Size) -> Drawing:
    """Draw one row a value, in the order given; labels at the left, on a phone above."""
    longest = max(text_width(row["label"], size.text) for row in found)
    step = 44.0 if size.is_phone else 30.0
    if size.name != "slide":
        size = Size(size.name, size.width, 48 + step * len(found), size.text, size.headline)
    left = 8.0 if size.is_phone else float(round(min(longest + 20, size.inner_width * 0.48)))
    right = float(round(max(text_width(_values(row, size), size.text) for row in found) + 14))
    drawing = Drawing(size, Margins(left, right=right, top=26, bottom=10), (0, 1), (0, len(found)))
    highest = max([1.2, *(max(r["value"], r["own_value"], r["own_high"] or 0) for r in found)])
    drawing.x_domain = (0, highest * 1.03)
    _scale(drawing, highest)
    _rows(drawing, found)
    return drawing


def _scale(drawing: Drawing, highest: float) -> None:
    top, size = drawing.y_domain[1], drawing.size
    marks = [
        m for m in ticks(highest, 5) if abs(drawing.x.px(m) - drawing.x.px(1)) > 2.2 * size.text or m == 1
    ]
    spans = [(k, k + 0.5) for k in range(int(top))] if size.is_phone else [(0.0, top)]
    drawing.rules(
        [{"x": m, "x2": m, "y": a, "y2": b} for m in marks if m != 1 for a, b in spans],
        stroke=colour("faint"),
    )
    drawing.rules(
        [{"x": 1, "x2": 1, "y": a, "y2": b} for a, b in spans], stroke=colour("ink"), strokeWidth=1.2
    )
    for mark in [*marks, *([1.0] if 1 not in marks else [])]:
        drawing.text(f"{mark:g}{TIMES}", mark, top, dy=-12, align="center", size=size.small(0.5))


def _rows(drawing: Drawing, found: Sequence[Row]) -> None:
    size, count = drawing.size, len(found)
    intervals, own, elsewhere = [], [], []
    for k, row in enumerate(found):
        y = count - k - (0.68 if size.is_phone else 0.5)
        if row["own_low"] is not None and row["own_high"] is not None:
            intervals.append({"x": row["own_low"], "x2": row["own_high"], "y": y, "y2": y})
        own.append({"x": row["own_value"], "y": y, "d": _said(row)})
        elsewhere.append({"x": row["value"], "y": y, "d": _said(row)})
        drawing.text(
            _values(row, size),
            drawing.x_domain[1],
            y,
            dx=9,
            fill="ink",
        )
        if size.is_phone:
            drawing.text(
                f"{row['label']}; elsewhere {ratio(row['value'])}", 0, y, dy=-size.text * 1.35, fill="ink"
            )
        else:
            drawing.text(row["label"], 0, y, dx=-drawing.margins.left, fill="ink")
    drawing.rules(intervals, stroke=colour("rule"), strokeWidth=5, strokeCap="round")
    drawing.points(own, size=50, filled=True, color=colour("ink"), opacity=1)
    drawing.points(elsewhere, size=130, filled=False, color=colour("ink"), strokeWidth=1.5, opacity=1)


def _values(row: Row, size: Size) -> str:
    if size.is_phone:
        return ratio(row["own_value"])
    return f"{ratio(row['own_value'])}, elsewhere {ratio(row['value'])}"


def _said(row: Row) -> str:
    said = f"{row['label']}: {ratio(row['own_value'])} here"
    if row["own_low"] is not None and row["own_high"] is not None:
        said += f", 95 % interval {row['own_low']:.1f} to {row['own_high']:.1f}"
    return f"{said}; {ratio(row['value'])} elsewhere, by other definitions"
