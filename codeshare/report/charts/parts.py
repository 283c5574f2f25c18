"""One panel a part: its share of AI by period, with the range of the evidence, all on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from codeshare.report import dates
from codeshare.report.axes import Scale, ticks, time_axis
from codeshare.report.charts.agents import Grid, gap_of, name_lines, percent_tick
from codeshare.report.charts.share import is_thin
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import count, percent, percent_number

COLUMNS = {"wide": 4, "slide": 6, "medium": 3, "phone": 2}


class Part(Struct, frozen=True):
    """A part's rows of ``ai_share_parts``, one a period; a share is none where nothing merged, or nothing is shown."""

    name: str
    rows: tuple[Row, ...]

    @property
    def runs(self) -> list[list[Row]]:
        """Its periods, split at those without a share."""
        runs: list[list[Row]] = [[]]
        for row in self.rows:
            if row["share"] is None:
                runs.append([])
            else:
                runs[-1].append(row)
        return [run for run in runs if run]


def parts_chart(shown: Sequence[Part], period: str, size: Size) -> Drawing:
    """Draw the panels; x of the drawing is pixels, y is pixels up, each panel has its own scales."""
    columns = min(COLUMNS[size.name], max(len(shown), 2))
    rows = math.ceil(len(shown) / columns)
    room = (size.inner_width - 52 - (columns - 1) * gap_of(size)) / columns + 8
    above = 14.0 * (max(len(name_lines(part.name, room, size)) for part in shown) - 1)
    if size.name != "slide":
        size = Size(size.name, size.width, _height(size, rows) + rows * above, size.text, size.headline)
    drawing = Drawing(size, Margins(left=44, right=8, top=44 + above, bottom=24), (0, 1), (0, 1))
    width, height = drawing.plot_width, drawing.plot_height
    drawing.x_domain, drawing.y_domain = (0, width), (0, height)
    gap_x, gap_y = gap_of(size), 70 + above
    panel = ((width - (columns - 1) * gap_x) / columns, (height - (rows - 1) * gap_y) / rows)
    grid = Grid(columns, rows, *panel, panel[0] + gap_x, panel[1] + gap_y)
    every = [row for part in shown for row in part.rows]
    x = Scale(
        dates.month_start(min(row["period"] for row in every)),
        dates.month_start(_next(max(row["period"] for row in every), period)),
        grid.width,
    )
    top = max((row["share_high"] for row in every if row["share_high"] is not None), default=1.0)
    y = Scale(0, max(top, 0.02) * 1.02, grid.height)
    for k, part in enumerate(shown):
        left, above_it = grid.origin(k)
        _panel(drawing, part, left, height - above_it - grid.height, x, y, period, is_first=k % columns == 0)
    return drawing


def _panel(
    drawing: Drawing, part: Part, left: float, base: float, x: Scale, y: Scale, period: str, *, is_first: bool
) -> None:
    small = drawing.size.small(0.5)
    lines = []
    for value in ticks(y.high, 3):
        at = base + y.px(value)
        lines.append({"x": left, "x2": left + x.pixels, "y": at, "y2": at})
        if is_first:
            drawing.text(percent_tick(value), left, at, dx=-6, align="right", size=small)
    drawing.rules(lines, stroke=colour("faint"))
    _heading(drawing, part, left, base + y.pixels, x.pixels + 8)
    for label in time_axis(x, small).labels:
        drawing.text(label.text, left + x.px(label.at), base, dy=14, align="center", size=small)

    def place(row: Row, column: str) -> dict[str, float]:
        return {"x": left + x.px(_centre(row["period"], period)), "y": base + y.px(row[column])}

    band = [
        {**place(row, "share_strict"), "y2": base + y.px(row["share_high"]), "g": g}
        for g, run in enumerate(part.runs)
        for row in run
        if row["share_strict"] is not None
    ]
    drawing.area(band, color=colour("ai"), fillOpacity=0.16)
    for thin in (True, False):
        pairs = [
            {**place(row, "share"), "g": f"{g}.{k}"}
            for g, run in enumerate(part.runs)
            for k, (one, two) in enumerate(pairwise(run))
            if is_thin(one) == thin
            for row in (one, two)
        ]
        dash = {"strokeDash": [3, 3]} if thin else {"strokeCap": "round"}
        drawing.line(pairs, stroke=colour("ai"), strokeWidth=1.6 if thin else 2.2, **dash)
    alone = [place(run[0], "share") for run in part.runs if len(run) == 1]
    drawing.points(alone, size=14, filled=True, color=colour("ai"), opacity=1, aria=False)
    drawing.points(
        [{**place(row, "share"), "d": describe(part.name, row, period)} for run in part.runs for row in run],
        size=90, filled=True, opacity=0,
    )  # fmt: skip


def _heading(drawing: Drawing, part: Part, left: float, top: float, room: float) -> None:
    size = drawing.size.small(0.5)
    step = max(15.0, size * 1.2)
    for k, line in enumerate(reversed(name_lines(part.name, room, drawing.size))):
        drawing.text(line, left, top, dy=-16 - step - (step - 1) * k, weight=600, fill="ink", size=size)
    drawing.text(_value(part, is_short=drawing.size.is_phone), left, top, dy=-16, size=size)


def _value(part: Part, *, is_short: bool) -> str:
    last = part.rows[-1]
    if last["denominator"] is None:
        return "not shown: too few people"
    if last["share"] is None:
        return "nothing merged"
    if is_short:
        return f"{percent_number(last['share'])}\N{NO-BREAK SPACE}%"
    return f"{percent(last['share'])} of {count(last['denominator'])} lines"


def describe(name: str, row: Row, period: str) -> str:
    """Say a part's period in words."""
    said = f"{name}, {name_of(row['period'], period)}: {percent(row['share'])} AI, "
    if row["share_strict"] is not None:
        said += f"{percent(row['share_strict'])} on the strictest reading, "
    said += f"{percent(row['share_high'])} with every trace; "
    return said + f"{count(row['numerator'])} of {count(row['denominator'])} lines"


def name_of(first: date, period: str) -> str:
    """``May 2026`` or ``2026 Q2``."""
    return dates.month(first) if period == "month" else dates.quarter(first)


def _centre(first: date, period: str) -> float:
    return dates.month_centre(first) if period == "month" else dates.month_start(first) + 0.125


def _next(first: date, period: str) -> date:
    for _ in range(1 if period == "month" else 3):
        first = dates.next_month(first)
    return first


def _height(size: Size, rows: int) -> float:
    return 68 + rows * (84 if size.is_phone else 110) + (rows - 1) * 70
