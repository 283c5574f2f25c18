"""Lines gone again soon after landing, by month; and who removed those that went."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from codeshare.report import dates
from codeshare.report.axes import spread, text_width, ticks, time_axis
from codeshare.report.charts.share import month_margins
from codeshare.report.charts.stack import class_word, text_fill
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.inline import KEYS
from codeshare.report.numbers import percent

Series = Mapping[str, Sequence[Row]]
"""Months by attribution: ``period``, ``churn``, ``low``, ``high``."""


def churn_chart(series: Series, size: Size) -> Drawing:
    """Draw a line and its interval for each class, up to the last month whose window has closed."""
    months = [m for part in series.values() for m in part]
    first, last = min(m["period"] for m in months), max(m["period"] for m in months)
    domain = dates.month_start(first), dates.month_start(dates.next_month(last))
    highest = min(max(max(m["high"] or 0, m["churn"]) for m in months) * 1.05, 1.0) or 0.01
    drawing = Drawing(size, _margins(size), domain, (0, highest))
    marks = ticks(highest, 5)
    drawing.grid([(v, f"{v * 100:g}" + ("\N{NO-BREAK SPACE}%" if v == marks[-1] else "")) for v in marks])
    for name, part in series.items():
        _line(drawing, name, part)
    _labels(drawing, series)
    drawing.time_labels(time_axis(drawing.x, size.text))
    return drawing


def _margins(size: Size) -> Margins:
    """Room at the right for the names of the lines."""
    usual = month_margins(size)
    return usual if size.is_phone else Margins(usual.left, 172, usual.top, usual.bottom)


def _line(drawing: Drawing, name: str, part: Sequence[Row]) -> None:
    token = "ink" if name == "all" else name
    runs: list[list[Row]] = []
    for month in part:
        if not runs or dates.next_month(runs[-1][-1]["period"]) != month["period"]:
            runs.append([])
        runs[-1].append(month)
    band = [
        {"x": dates.month_centre(m["period"]), "y": m["low"], "y2": m["high"], "g": f"{name}{g}"}
        for g, run in enumerate(runs)
        for m in run
    ]
    drawing.area(band, color=colour(token), fillOpacity=0.18)
    points = [
        {"x": dates.month_centre(m["period"]), "y": m["churn"], "g": f"{name}{g}"}
        for g, run in enumerate(runs)
        for m in run
    ]
    drawing.line(points, stroke=colour(token), strokeWidth=2.2, strokeCap="round", strokeJoin="round")
    drawing.points([_point(name, m) for m in part], size=16, filled=True, color=colour(token), opacity=1)


def _point(name: str, month: Row) -> dict[str, Any]:
    return {"x": dates.month_centre(month["period"]), "y": month["churn"], "d": describe(name, month)}


def describe(name: str, month: Row) -> str:
    """Say a point in words."""
    said = f"{dates.month(month['period'])}, {KEYS.get(name, 'all lines')}: {_fine(month['churn'])} gone"
    return f"{said}, 95 % interval {_fine(month['low'])} to {_fine(month['high'])}"


def _fine(share: float) -> str:
    return f"{share * 100:.1f}\N{NO-BREAK SPACE}%"


def _labels(drawing: Drawing, series: Series) -> None:
    """Name each line at its last closed month."""
    size = drawing.size
    ends = {name: part[-1] for name, part in series.items()}
    places = spread(
        [drawing.y.px(m["churn"]) for m in ends.values()],
        size.text * 1.3,
        size.text * 0.6,
        drawing.plot_height - size.text * 0.6,
    )
    for (name, month), place in zip(ends.items(), places, strict=True):
        words = _fine(month["churn"])
        if not size.is_phone and name != "all":
            words += f" {class_word(name)}"
        drawing.text(
            words, drawing.x_domain[1], drawing.y.value(place), dx=5, weight=600,
            fill="ink" if name == "all" else text_fill(name), size=size.small(0.5) if size.is_phone else size.text,
        )  # fmt: skip


def rework_chart(parts: Mapping[str, Mapping[str, float]], size: Size) -> Drawing:
    """Draw a bar a class of lines that went, split by the class of the commits that removed them."""
    names = list(parts)
    labels = {
        name: f"Lines with {KEYS[name]}" if name == "human" else f"Lines by {KEYS[name]}" for name in names
    }
    left = 8.0 if size.is_phone else max(text_width(words, size.text) for words in labels.values()) + 16
    if size.name != "slide":
        size = Size(
            size.name, size.width, (66 if size.is_phone else 58) * len(names) + 24, size.text, size.headline
        )
    drawing = Drawing(size, Margins(left, right=8, top=8, bottom=10), (0, 1), (0, len(names)))
    bars = []
    foot_at, top_at, words_at = (0.36, 0.62, 0.16) if size.is_phone else (0.1, 0.52, 0.74)
    for k, name in enumerate(names):
        row = len(names) - 1 - k
        if size.is_phone:
            drawing.text(labels[name], 0, row + 0.82, fill="ink")
        else:
            drawing.text(labels[name], 0, row + (foot_at + top_at) / 2, dx=-drawing.margins.left, fill="ink")
        for (kind, part), start in zip(parts[name].items(), _starts(parts[name]), strict=True):
            said = f"{labels[name]}: {percent(part)} removed by commits of {KEYS[kind]}"
            place = {"x": start, "x2": start + part, "y": row + foot_at, "y2": row + top_at}
            bars.append({**place, "fill": colour(kind), "d": said})
            room = part * drawing.plot_width
            for words in (f"{percent(part)} {class_word(kind)}", percent(part)):
                if text_width(words, size.text, bold=True) * size.font_width <= room:
                    drawing.text(words, start, row + words_at, weight=600, fill=text_fill(kind))
                    break
    drawing.rects(bars, stroke=colour("paper"), strokeWidth=0.8)
    return drawing


def _starts(parts: Mapping[str, float]) -> list[float]:
    return [0.0, *itertools.accumulate(parts.values())][:-1]
