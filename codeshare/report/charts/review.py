"""Review: small lines by quarter side by side, and how reviews are spread over those who give them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from codeshare.report import dates
from codeshare.report.axes import Scale, quarter_axis, text_width, ticks
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import NBSP, percent, plural


class Point(Struct, frozen=True):
    """A quarter's value; none where it is not known."""

    quarter: date
    value: float | None
    is_running: bool = False


class Panel(Struct, frozen=True):
    """One small chart. ``form``: how its values are written; ``tick``: how those of its scale are."""

    title: str
    short: str
    points: tuple[Point, ...]
    form: Callable[[float], str]
    tick: Callable[[float], str]

    @property
    def known(self) -> list[Point]:
        """The points that have a value."""
        return [point for point in self.points if point.value is not None]


class _Place(Struct, frozen=True):
    """Where a panel's plot stands, in pixels from the drawing's lower left."""

    left: float
    base: float
    x: Scale
    y: Scale


_GAP, _TITLE, _YEARS, _TICKS = 34.0, 30.0, 26.0, 40.0


def review_chart(panels: Sequence[Panel], size: Size) -> Drawing:
    """Draw the panels side by side, on a phone one below the other; all begin and end in the same quarters."""
    columns = 1 if size.is_phone else len(panels)
    rows = math.ceil(len(panels) / columns)
    if size.is_phone:
        size = Size(size.name, size.width, 150.0 * rows, size.text, size.headline)
    drawing = Drawing(size, Margins(left=8, right=8, top=6, bottom=6), (0, 1), (0, 1))
    width, height = drawing.plot_width, drawing.plot_height
    drawing.x_domain, drawing.y_domain = (0, width), (0, height)
    panel_width = (width - (columns - 1) * _GAP) / columns
    panel_height = min(height / rows, 440.0) - _TITLE - _YEARS
    every = [point.quarter for panel in panels for point in panel.known]
    domain = dates.month_start(min(every)), dates.month_start(max(every)) + 0.25
    for k, panel in enumerate(panels):
        left = (k % columns) * (panel_width + _GAP)
        top = height - (k // columns) * height / rows
        room = Scale(*domain, panel_width - _TICKS)
        highest = max(point.value or 0 for point in panel.known)
        scale = Scale(0, highest * 1.22 if highest > 0 else 1.0, panel_height)
        place = _Place(left + _TICKS, top - _TITLE - panel_height, room, scale)
        is_narrow = text_width(panel.title, size.text, bold=True) > panel_width
        drawing.text(panel.short if is_narrow else panel.title, left, top, dy=8, weight=600, fill="ink")
        _panel(drawing, panel, place)
    return drawing


def _panel(drawing: Drawing, panel: Panel, place: _Place) -> None:
    size, right = drawing.size, place.left + place.x.pixels
    lines = []
    values = ticks(place.y.high, 4)
    for value in values:
        at = place.base + place.y.px(value)
        lines.append({"x": place.left, "x2": right, "y": at, "y2": at})
        # the unit stands once, at the top
        words = panel.tick(value) if value == values[-1] else panel.tick(value).split(NBSP)[0]
        drawing.text(words, place.left, at, dx=-6, align="right", size=size.small(0.5))
    drawing.rules(lines, stroke=colour("faint"))
    known = [(_at(point, place), point) for point in panel.known]
    # quarters without a value break the line
    runs, run = [], 0
    for point in panel.points:
        run += point.value is None
        if point.value is not None:
            x, y = _at(point, place)
            runs.append({"x": x, "y": y, "g": run})
    drawing.line(runs, stroke=colour("ink"), strokeWidth=1.8)
    drawing.points(
        [_mark(panel, at, p) for at, p in known if not p.is_running],
        size=16, filled=True, color=colour("ink"), opacity=1,
    )  # fmt: skip
    drawing.points(
        [_mark(panel, at, p) for at, p in known if p.is_running],
        size=40, filled=True, fill=colour("paper"), stroke=colour("ink"), strokeWidth=1.6, opacity=1,
    )  # fmt: skip
    _ends(drawing, panel, place)
    quarters = [point.quarter for point in panel.points]
    for under in quarter_axis(quarters, place.x, size.small(0.5)).labels:
        at = place.left + place.x.px(under.at)
        drawing.text(under.text, at, place.base, dy=15, align="center", size=size.small(0.5))


def _ends(drawing: Drawing, panel: Panel, place: _Place) -> None:
    """Write the last value, and the first where both have room."""
    first, last = panel.known[0], panel.known[-1]
    (x, _), (end_x, _) = _at(first, place), _at(last, place)
    said, start = panel.form(last.value or 0), panel.form(first.value or 0)
    right = min(end_x + 10, place.left + place.x.pixels)
    size = drawing.size.small(0.5)
    end_left = right - text_width(said, drawing.size.text, bold=True)
    drawing.text(
        said, right, _above(panel, place, end_left, right), dy=-14, align="right", weight=600, fill="ink"
    )
    end = x + text_width(start, size)
    if end + 8 < end_left:
        drawing.text(start, x - 4, _above(panel, place, x, end), dy=-14, size=size)


def _above(panel: Panel, place: _Place, left: float, right: float) -> float:
    """Find the highest point of the line that words between two edges would stand on."""
    points = [_at(point, place) for point in panel.known]
    under = [y for x, y in points if left - 8 <= x <= right + 8]
    return max(under + [_between(*pair, edge) for pair in pairwise(points) for edge in (left, right)])


def _between(a: tuple[float, float], b: tuple[float, float], x: float) -> float:
    """Return how high the line from one point to the next is at x; where it is not, the lower end of both."""
    (left, start), (right, end) = a, b
    return start + (end - start) * (x - left) / (right - left) if left <= x <= right else -math.inf


def _at(point: Point, place: _Place) -> tuple[float, float]:
    x = place.left + place.x.px(dates.month_start(point.quarter) + 0.125)
    return x, place.base + place.y.px(point.value or 0)


def _mark(panel: Panel, at: tuple[float, float], point: Point) -> dict[str, object]:
    name = dates.quarter(point.quarter) + (" (running)" if point.is_running else "")
    return {"x": at[0], "y": at[1], "d": f"{panel.title}, {name}: {panel.form(point.value or 0)}"}


def concentration_chart(groups: Sequence[Row], size: Size) -> Drawing:
    """Draw one block a reviewer, as wide as the mean part of their group, the group of most reviews first."""
    drawing = Drawing(size, Margins(left=8, right=8, top=6, bottom=30), (0, 1), (0, 1))
    if size.name == "slide":
        drawing.margins = Margins(left=8, right=8, top=120, bottom=260)
    pixel = drawing.x.per_pixel
    blocks, at = [], 0.0
    for row in groups:
        part = row["share"] / row["engineers"]
        is_first = row is groups[0] and len(groups) > 1
        said = f"{row['engineers']} reviewers: {row['reviews']:,} of {row['total']:,} reviews"
        for _ in range(row["engineers"]):
            end = at + part
            gap = min(1.4 * pixel, part * 0.3)
            blocks.append({"x": at, "x2": end - gap, "y": 0, "y2": 1, "fill": colour("ink" if is_first else "rule"), "d": said})  # fmt: skip
            at = end
    drawing.rects(blocks)
    first, others = groups[0], groups[0]["reviewers"] - groups[0]["engineers"]
    words = f"{plural(first['engineers'], 'person', 'people')}: {percent(first['share'])} of the reviews"
    drawing.text(words, 0, 0, dy=18, weight=600, fill="ink")
    if others:
        drawing.text(f"the other {others}" if others > 1 else "one other", 1, 0, dy=18, align="right")
    return drawing
