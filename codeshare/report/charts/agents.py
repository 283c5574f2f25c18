"""One panel an agent: its part of the merged lines by month, all on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from codeshare.report import dates
from codeshare.report.axes import Scale, shorten, text_width, ticks, time_axis
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import percent, percent_number

OTHERS = "Others, unnamed"
MOST = 5
"""Panels at most, the others' one included."""
FAINT = 0.01
"""An agent with less than this share in every month has no panel."""


class Agent(Struct, frozen=True):
    """An agent's share of all merged lines, month by month."""

    name: str
    shares: dict[date, float]

    @property
    def since(self) -> date:
        """First month with lines of it."""
        return min(month for month, share in self.shares.items() if share > 0)


def agents(tool_rows: Sequence[Row], until: date) -> list[Agent]:
    """Return the agents to show, in order of first appearance; the small ones together as others, the last."""
    sums: dict[str, float] = {}
    recent: dict[str, float] = {}
    by_tool: dict[str, dict[date, float]] = {}
    for row in tool_rows:
        name = row["tool"] or OTHERS
        if row["period"] > until or not row["lines"]:
            continue
        year = 0 <= dates.months_between(row["period"], until) < 12
        sums[name] = sums.get(name, 0) + row["lines"]
        recent[name] = recent.get(name, 0) + (row["lines"] if year else 0)
        of = by_tool.setdefault(name, {})
        of[row["period"]] = of.get(row["period"], 0) + (row["share"] or 0)
    named = sorted((n for n in by_tool if n != OTHERS), key=lambda n: (-recent[n], -sums[n], n))
    if len(named) + (OTHERS in by_tool) > MOST:
        others = by_tool.setdefault(OTHERS, {})
        for name in named[MOST - 1 :]:
            for month, share in by_tool.pop(name).items():
                others[month] = others.get(month, 0) + share
    shown = [Agent(name, shares) for name, shares in by_tool.items() if any(shares.values())]
    return sorted(shown, key=lambda a: (a.name == OTHERS, a.since, a.name))


def visible(shown: Sequence[Agent]) -> list[Agent]:
    """Return the agents whose panel would not look empty; all where none would be left."""
    return [agent for agent in shown if max(agent.shares.values()) >= FAINT] or list(shown)


class Grid(Struct, frozen=True):
    """Panels side by side in pixels: columns and rows of one size each."""

    columns: int
    rows: int
    width: float
    height: float
    step_x: float
    step_y: float

    def origin(self, k: int) -> tuple[float, float]:
        """Return a panel's left and the top of its plot."""
        return (k % self.columns) * self.step_x, (k // self.columns) * self.step_y


def agents_chart(shown: Sequence[Agent], until: date, size: Size, after: date | None = None) -> Drawing:
    """Draw the panels; x of the drawing is pixels, y is pixels down, each panel has its own scales.

    Args:
        after: where only what came since a day is shown, that day: since when an agent is on record is then
            said only of those that came later.
    """
    columns = {"wide": MOST, "slide": MOST, "medium": 3, "phone": 2}[size.name]
    columns = min(columns, max(len(shown), 3 if columns > 2 else 2))
    rows = math.ceil(len(shown) / columns)
    room = (size.inner_width - 52 - (columns - 1) * gap_of(size)) / columns + 8
    above = 14.0 * (max(len(name_lines(agent.name, room, size)) for agent in shown) - 1)
    if size.name != "slide":
        size = Size(size.name, size.width, _height(size, rows) + rows * above, size.text, size.headline)
    margins = Margins(left=44, right=8, top=44 + above, bottom=24)
    drawing = Drawing(size, margins, (0, 1), (0, 1))
    width, height = drawing.plot_width, drawing.plot_height
    drawing.x_domain, drawing.y_domain = (0, width), (0, height)
    gap_x, gap_y = gap_of(size), 44 + 26 + above
    panel_width = (width - (columns - 1) * gap_x) / columns
    panel_height = (height - (rows - 1) * gap_y) / rows
    if size.name == "slide":
        panel_height = min(panel_height, 330)
    grid = Grid(columns, rows, panel_width, panel_height, panel_width + gap_x, panel_height + gap_y)
    top = max(max(a.shares.values()) for a in shown)
    first = min(a.since for a in shown)
    x_scale = Scale(dates.month_start(first), dates.month_start(dates.next_month(until)), panel_width)
    y_scale = Scale(0, top * 1.02, panel_height)
    _panels(drawing, shown, grid, x_scale, y_scale, until, after)
    return drawing


def gap_of(size: Size) -> float:
    """Return what lies between two panels."""
    return 20.0 if size.is_phone else 24.0


def name_lines(name: str, room: float, size: Size) -> list[str]:
    """Set a name on two lines where one is too short for it."""
    font = size.small(0.5)
    if text_width(name, font, bold=True) <= room or " " not in name:
        return [shorten(name, room, font, bold=True)]
    words = name.split(" ")
    fits = [k for k in range(1, len(words)) if text_width(" ".join(words[:k]), font, bold=True) <= room]
    k = max(fits, default=1)
    return [shorten(" ".join(part), room, font, bold=True) for part in (words[:k], words[k:])]


def _height(size: Size, rows: int) -> float:
    return 68 + rows * (76 if size.is_phone else 95) + (rows - 1) * 70


def _panels(
    drawing: Drawing,
    shown: Sequence[Agent],
    grid: Grid,
    x: Scale,
    y: Scale,
    until: date,
    after: date | None,
) -> None:
    height = drawing.plot_height
    lines, area, words = [], [], drawing.size
    for k, agent in enumerate(shown):
        left, top = grid.origin(k)
        base = height - top - grid.height
        for value in ticks(y.high, 3):
            at = base + y.px(value)
            lines.append({"x": left, "x2": left + grid.width, "y": at, "y2": at})
            if k % grid.columns == 0:
                drawing.text(percent_tick(value), left, at, dx=-6, align="right", size=words.small(0.5))
        for month in _months(agent.since, until):
            share = agent.shares.get(month, 0.0)
            at_x = left + x.px(dates.month_centre(month))
            area.append({"x": at_x, "y": base + y.px(share), "y2": base, "g": k})
        is_first = after is not None and agent.since <= after
        _heading(drawing, agent, left, base + grid.height, until, grid.width + 8, is_first)
        for label in time_axis(x, words.small(0.5)).labels:
            drawing.text(
                label.text, left + x.px(label.at), base, dy=14, align="center", size=words.small(0.5)
            )
    drawing.rules(lines, stroke=colour("faint"))
    drawing.area(area, color=colour("ai"))
    drawing.rects(_pointers(shown, grid, x, until, height), opacity=0)


def _pointers(
    shown: Sequence[Agent], grid: Grid, x: Scale, until: date, height: float
) -> list[dict[str, object]]:
    """One unseen column a month that answers the pointer."""
    rows: list[dict[str, object]] = []
    for k, agent in enumerate(shown):
        left, top = grid.origin(k)
        for month in _months(agent.since, until):
            rows.append(
                {
                    "x": left + x.px(dates.month_start(month)),
                    "x2": left + x.px(dates.month_start(dates.next_month(month))),
                    "y": height - top - grid.height,
                    "y2": height - top,
                    "d": f"{agent.name}, {dates.month(month)}: {percent(agent.shares.get(month, 0.0))} of lines",
                }
            )
    return rows


def _heading(
    drawing: Drawing, agent: Agent, left: float, top: float, until: date, room: float, is_first: bool
) -> None:
    size = drawing.size.small(0.5)
    share = agent.shares.get(until, 0.0)
    value = f"{percent_number(share)}\N{NO-BREAK SPACE}%" if drawing.size.is_phone else percent(share)
    said = value if is_first else f"{value}, since {dates.short_month(agent.since)}"
    step = max(15.0, size * 1.2)
    for k, line in enumerate(reversed(name_lines(agent.name, room, drawing.size))):
        drawing.text(line, left, top, dy=-16 - step - (step - 1) * k, weight=600, fill="ink", size=size)
    drawing.text(said, left, top, dy=-16, size=size)


def percent_tick(value: float) -> str:
    """Return the label of a line of the scale."""
    return f"{value * 100:g}\N{NO-BREAK SPACE}%"


def _months(first: date, last: date) -> list[date]:
    months = [first]
    while months[-1] < last:
        months.append(dates.next_month(months[-1]))
    return months
