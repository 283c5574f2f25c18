"""Each engineer's lines by quarter: small panels of one scale, or dots where there are many people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from codeshare.report import dates
from codeshare.report.axes import Scale, TimeLabel, keep_apart, shorten, text_width, ticks
from codeshare.report.charts.stack import shares_of, stack
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.inline import KEYS
from codeshare.report.numbers import TIMES, amount, percent, ratio

MOST = 60
"""People with a panel of their own; above that a strip of dots a quarter."""
_HEADROOM = 1.04
COLUMNS = {"wide": 10, "slide": 10, "medium": 6, "phone": 5}


class People(Struct, frozen=True):
    """Rows of persons and quarters, and whether their volume is a ratio or lines a day."""

    rows: list[Row]
    is_ratio: bool = True

    @property
    def names(self) -> list[tuple[str, str]]:
        """Label and person, in alphabetical order, which says nothing about rank."""
        return sorted({(row["label"], row["person"]) for row in self.rows})

    @property
    def quarters(self) -> list[date]:
        """Quarters from the first to the last one of any row."""
        return sorted({row["quarter"] for row in self.rows})

    def value(self, row: Row) -> float:
        """Return what is drawn of a row."""
        return float((row["ratio"] if self.is_ratio else row["lines_per_day"]) or 0.0)

    @property
    def top(self) -> float:
        """Return where the scale of dots ends: it leaves out the highest tenth, which would flatten the others."""
        values = sorted(self.value(row) for row in self.rows)
        return max(values[int(len(values) * 0.9)], 1.2 if self.is_ratio else 1.0)

    @property
    def above(self) -> int:
        """How many dots lie above the scale."""
        limit = self.top * _HEADROOM
        return sum(self.value(row) > limit for row in self.rows)

    def format(self, value: float) -> str:
        """Write a value."""
        return ratio(value) if self.is_ratio else amount(value)


class Groups(Struct, frozen=True):
    """Rows of groups of engineers by quarter: dots at the mean of their group, so that none shows a person."""

    rows: list[Row]
    is_ratio: bool = True

    @property
    def quarters(self) -> list[date]:
        """Quarters from the first to the last one of any row."""
        return sorted({row["quarter"] for row in self.rows})

    def value(self, row: Row) -> float:
        """Return the group's mean."""
        return float((row["ratio"] if self.is_ratio else row["lines_per_day"]) or 0.0)

    def format(self, value: float) -> str:
        """Write a value."""
        return ratio(value) if self.is_ratio else amount(value)

    @property
    def top(self) -> float:
        """Return where the scale ends: nine tenths of the engineers are below it, or all where that flattens nobody."""
        values = sorted(v for row in self.rows for v in [self.value(row)] * row["engineers"])
        most = values[int(len(values) * 0.9)]
        return max(values[-1] if values[-1] <= 3 * most else most, 1.2 if self.is_ratio else 1.0)


def groups_chart(groups: Groups, size: Size) -> Drawing:
    """One column a quarter, one dot an engineer, all dots of a group side by side at the group's mean."""
    quarters, drawing = groups.quarters, _by_quarter(groups, size, 16)
    widest = max(row["engineers"] for row in groups.rows)
    step = min(0.84 / widest, 9.0 * drawing.x.per_pixel)
    dots = []
    for row in groups.rows:
        middle = quarters.index(row["quarter"]) + 0.5
        said = f"{dates.quarter(row['quarter'])}: {row['engineers']} engineers, {groups.format(groups.value(row))} on average"
        y = min(groups.value(row), drawing.y_domain[1])
        dots += [
            {"x": middle + (k - (row["engineers"] - 1) / 2) * step, "y": y, "d": said}
            for k in range(row["engineers"])
        ]
    dot = min(34.0, (step / drawing.x.per_pixel) ** 2 * 0.62)
    drawing.points(dots, size=dot, filled=True, color=colour("muted"), opacity=0.75)
    _baseline(drawing, groups)
    _name_quarters(drawing, quarters)
    return drawing


def people_chart(people: People, size: Size, *, by_class: bool = True) -> Drawing:
    """Draw panels, or dots above sixty people."""
    if len(people.names) > MOST:
        return _dots(people, size)
    return _panels(people, size, by_class)


def _panels(people: People, size: Size, by_class: bool) -> Drawing:
    names, columns = people.names, min(COLUMNS[size.name], max(len(people.names), 3))
    longest = max(text_width(name, size.small(1)) for name, _ in names)
    if size.is_phone and longest > (size.inner_width - 38) / columns - 4:
        columns = min(columns, 4)
    rows = math.ceil(len(names) / columns)
    gap_y, low = 38.0, 22.0
    if size.name != "slide":
        step = 92.0 if size.is_phone else 88.0
        size = Size(size.name, size.width, 20 + rows * step + low - 6, size.text, size.headline)
    drawing = Drawing(size, Margins(34, 4, 20, low), (0, 1), (0, 1))
    width, height = drawing.plot_width, drawing.plot_height
    drawing.x_domain, drawing.y_domain = (0, width), (0, height)
    gap_x = 10.0 if size.is_phone else 14.0
    panel_width = (width - (columns - 1) * gap_x) / columns
    panel_height = min((height - (rows - 1) * gap_y) / rows, 110)
    quarters = people.quarters
    x = Scale(dates.month_start(quarters[0]), dates.month_start(quarters[-1]) + 0.25, panel_width)
    y = Scale(
        0, max([1.2 if people.is_ratio else 1.0, *(people.value(r) for r in people.rows)]), panel_height
    )
    by_name: dict[str, list[Row]] = {person: [] for _, person in names}
    for row in people.rows:
        by_name[row["person"]].append(row)
    grid, ones, bars = [], [], []
    for k, (name, person) in enumerate(names):
        left = (k % columns) * (panel_width + gap_x)
        base = height - (k // columns) * (panel_height + gap_y) - panel_height
        for value in ticks(y.high, 3):
            at = base + y.px(value)
            grid.append({"x": left, "x2": left + panel_width, "y": at, "y2": at})
            if k % columns == 0:
                label = f"{value:g}{TIMES}" if people.is_ratio else f"{value:,.6g}"
                drawing.text(label, left, at, dx=-5, align="right", size=size.small(1))
        if people.is_ratio:
            ones.append({"x": left, "x2": left + panel_width, "y": base + y.px(1), "y2": base + y.px(1)})
        for row in by_name[person]:
            bars += _bar(people, row, x, y, left, base, by_class)
        drawing.text(
            shorten(name, panel_width + gap_x - 4, size.small(1)), left, base + panel_height, dy=-9,
            fill="ink", size=size.small(1),
        )  # fmt: skip
        if k + columns >= len(names):
            _years(drawing, x, left, base)
    drawing.rules(grid, stroke=colour("faint"))
    drawing.rects(bars, strokeWidth=0)
    drawing.rules(ones, stroke=colour("ink"), strokeWidth=0.9)
    return drawing


def _bar(
    people: People, row: Row, x: Scale, y: Scale, left: float, base: float, by_class: bool
) -> list[dict[str, Any]]:
    start, value = dates.month_start(row["quarter"]), people.value(row)
    name = dates.quarter(row["quarter"]) + (" (running)" if row["is_running"] else "")
    said = f"{row['label']}, {name}: {people.format(value)}"
    parts = shares_of(row) if by_class else {"ink": 1.0}
    pieces = []
    for piece in stack(parts, value, hatched=bool(row["is_running"])):
        class_ = piece["class"]
        words = f"{said}, {percent(parts[class_])} {KEYS[class_]}" if by_class else said
        pieces.append(
            {
                "x": left + x.px(start + 0.02), "x2": left + x.px(start + 0.23),
                "y": base + y.px(piece["y"]), "y2": base + y.px(piece["y2"]), "fill": piece["fill"], "d": words,
            }
        )  # fmt: skip
    return pieces


def _years(drawing: Drawing, x: Scale, left: float, base: float) -> None:
    size, labels = drawing.size.small(1.5), []
    for year in range(math.floor(x.low), math.ceil(x.high)):
        start, end = max(x.low, year), min(x.high, year + 1)
        if (end - start) / x.per_pixel >= size * 0.9:
            labels.append(TimeLabel((start + end) / 2, f"’{year % 100:02d}"))
    for label in keep_apart(labels, x, size):
        drawing.text(label.text, left + x.px(label.at), base, dy=12, align="center", size=size)


def _dots(people: People, size: Size) -> Drawing:
    """One column a quarter, one dot a person at a fixed place across it; no names."""
    quarters, drawing = people.quarters, _by_quarter(people, size, 12)
    place = {person: k for k, (_, person) in enumerate(people.names)}
    drawing.points(
        [
            {
                "x": quarters.index(row["quarter"]) + 0.12 + 0.76 * ((place[row["person"]] * 0.618034) % 1),
                "y": min(people.value(row), drawing.y_domain[1]),
            }
            for row in people.rows
        ],
        size=10, filled=True, color=colour("muted"), opacity=0.4, aria=False,
    )  # fmt: skip
    _baseline(drawing, people)
    _medians(drawing, people, quarters)
    _name_quarters(drawing, quarters)
    return drawing


def _medians(drawing: Drawing, people: People, quarters: Sequence[date]) -> None:
    lines = []
    for k, quarter in enumerate(quarters):
        values = sorted(people.value(r) for r in people.rows if r["quarter"] == quarter)
        middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
        lines.append({"x": k + 0.08, "x2": k + 0.92, "y": middle, "y2": middle})
    drawing.rules(lines, stroke=colour("ink"), strokeWidth=2.6)


def _by_quarter(shown: People | Groups, size: Size, above: int) -> Drawing:
    """An empty drawing with a column a quarter and the scale of values; ``above``: pixels over it."""
    margins = Margins(34, 8, above, 26) if size.is_phone else Margins(46, 24, above, 28)
    size = replace(size, height=size.height if size.name == "slide" else 300)
    drawing = Drawing(size, margins, (0, len(shown.quarters)), (0, shown.top * _HEADROOM))
    drawing.grid([(v, f"{v:g}{TIMES}" if shown.is_ratio else f"{v:,.6g}") for v in ticks(shown.top, 5)])
    return drawing


def _baseline(drawing: Drawing, shown: People | Groups) -> None:
    if shown.is_ratio:
        ends = {"x": 0, "x2": len(shown.quarters), "y": 1, "y2": 1}
        drawing.rules([ends], stroke=colour("ink"), strokeWidth=1.2)


def _name_quarters(drawing: Drawing, quarters: Sequence[date]) -> None:
    size = drawing.size
    for k, quarter in enumerate(quarters):
        name = dates.quarter(quarter)
        words = name if not size.is_phone else (name[5:] if quarter.month > 1 else f"’{name[2:4]}")
        drawing.text(words, k + 0.5, 0, dy=8 + size.text * 0.6, align="center", size=size.small(1))
