"""The same ratio counted in other ways: a dot and its interval each."""

from __future__ import annotations

from collections.abc import Sequence

from codeshare.report.axes import text_width, ticks
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import TIMES, ratio


def variants_chart(variants: Sequence[Row], size: Size) -> Drawing:
    """Draw one row a variant, in the order given; labels at the left, on a phone above."""
    longest = max(text_width(v["label"], size.text) for v in variants)
    step = 44.0 if size.is_phone else 33.0
    if size.name != "slide":
        size = Size(size.name, size.width, 48 + step * len(variants), size.text, size.headline)
    left = 8.0 if size.is_phone else min(longest + 20, size.inner_width * 0.48)
    drawing = Drawing(size, Margins(left, right=58, top=26, bottom=10), (0, 1), (0, len(variants)))
    highest = max([1.2, *(max(v["value"], v["high"] or 0, v.get("headline") or 0) for v in variants)])
    drawing.x_domain = (0, highest * 1.03)
    _scale(drawing, highest)
    _rows(drawing, variants)
    return drawing


def _scale(drawing: Drawing, highest: float) -> None:
    top, size = drawing.y_domain[1], drawing.size
    marks = [
        m for m in ticks(highest, 5) if abs(drawing.x.px(m) - drawing.x.px(1)) > 2.2 * size.text or m == 1
    ]
    # On a phone the labels stand in the plot, so the lines are broken where a label is.
    spans = [(k, k + 0.5) for k in range(int(top))] if size.is_phone else [(0.0, top)]
    lines = [{"x": m, "x2": m, "y": a, "y2": b} for m in marks if m != 1 for a, b in spans]
    drawing.rules(lines, stroke=colour("faint"))
    ones = [{"x": 1, "x2": 1, "y": a, "y2": b} for a, b in spans]
    drawing.rules(ones, stroke=colour("ink"), strokeWidth=1.2)
    for mark in [*marks, *([1.0] if 1 not in marks else [])]:
        drawing.text(f"{mark:g}{TIMES}", mark, top, dy=-12, align="center", size=size.small(0.5))


def _rows(drawing: Drawing, variants: Sequence[Row]) -> None:
    size, count = drawing.size, len(variants)
    intervals, dots, hollow = [], [], []
    for k, row in enumerate(variants):
        y = count - k - (0.68 if size.is_phone else 0.5)
        has_interval = row["low"] is not None and row["high"] is not None
        if has_interval:
            intervals.append({"x": row["low"], "x2": row["high"], "y": y, "y2": y})
        dots.append({"x": row["value"], "y": y, "d": describe(row)})
        if row.get("headline") is not None:
            hollow.append(
                {"x": row["headline"], "y": y, "d": f"Headline of the same quarter: {ratio(row['headline'])}"}
            )
        end = max(row["value"], row["high"] if has_interval else 0, row.get("headline") or 0)
        drawing.text(ratio(row["value"]), end, y, dx=9, weight=600, fill="ink")
        if size.is_phone:
            drawing.text(row["label"], 0, y, dy=-size.text * 1.35, fill="ink")
        else:
            drawing.text(row["label"], 0, y, dx=-drawing.margins.left, fill="ink")
    drawing.rules(intervals, stroke=colour("rule"), strokeWidth=5, strokeCap="round")
    drawing.points(
        hollow, size=62, filled=True, color=colour("paper"), stroke=colour("ink"), strokeWidth=1.3, opacity=1
    )
    drawing.points(dots, size=50, filled=True, color=colour("ink"), opacity=1)


def describe(row: Row) -> str:
    """Say a variant in words."""
    said = f"{row['label']}: {ratio(row['value'])}"
    if row["low"] is not None and row["high"] is not None:
        said += f", 95 % interval {row['low']:.1f} to {row['high']:.1f}"
    if row.get("headline") is not None:
        said += f", of all lines of that quarter {ratio(row['headline'])}"
    return said
