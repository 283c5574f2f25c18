"""Lines by the strongest evidence that speaks of them, by quarter, as parts of a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from codeshare.report import dates
from codeshare.report.axes import quarter_axis, spread
from codeshare.report.design import Size, colour, hatch
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import percent, percents

KINDS = {
    "line_record": ("Recorded line by line", "evidence-1"),
    "author": ("Author is an agent", "evidence-2"),
    "trailer": ("Commit trailer", "evidence-3"),
    "footer_or_branch": ("Footer or branch", "evidence-4"),
    "heuristic": ("Heuristic", "evidence-5"),
    "own_hand": ("A person’s own hand", "human"),
    "none": ("No evidence either way", "faint"),
}
"""Bottom up, strongest first."""
WIDEST = 110
"""Pixels of the widest bar."""


def kinds_by_quarter(rows: Sequence[Row]) -> dict[date, dict[str, float]]:
    """Return the parts of each quarter; quarters without lines are left out."""
    table: dict[date, dict[str, float]] = {}
    for row in rows:
        if row["share"] is not None:
            table.setdefault(row["period"], {})[row["kind"]] = float(row["share"])
    return {quarter: table[quarter] for quarter in sorted(table) if sum(table[quarter].values()) > 0}


def kinds_chart(quarters: Mapping[date, Mapping[str, float]], running: date | None, size: Size) -> Drawing:
    """Draw a bar a quarter; the running one hatched."""
    first, last = dates.month_start(min(quarters)), dates.month_start(max(quarters)) + 0.25
    margins = Margins(left=42, right=8, top=12, bottom=26) if size.is_phone else Margins(46, 226, 12, 28)
    drawing = Drawing(size, margins, (first, last), (0, 1))
    drawing.grid([(v / 100, f"{v}\N{NO-BREAK SPACE}%" if v == 100 else str(v)) for v in (0, 25, 50, 75, 100)])
    half = min(0.113, WIDEST / 2 * drawing.x.per_pixel)
    bars = [
        bar for quarter, parts in quarters.items() for bar in _bar(quarter, parts, half, quarter == running)
    ]
    drawing.rects(
        bars, stroke=colour("paper"), strokeWidth=0.8 if drawing.plot_width / len(quarters) > 6 else 0.3
    )
    if not size.is_phone:
        _labels(drawing, quarters[max(quarters)])
    drawing.time_labels(quarter_axis(list(quarters), drawing.x, size.text))
    return drawing


def _bar(quarter: date, parts: Mapping[str, float], half: float, is_running: bool) -> list[dict[str, Any]]:
    middle, low, rows = dates.month_start(quarter) + 0.125, 0.0, []
    for kind, (name, token) in KINDS.items():
        part = parts.get(kind, 0.0)
        if part > 0:
            rows.append(
                {
                    "x": middle - half, "x2": middle + half, "y": low, "y2": low + part,
                    "fill": hatch(token) if is_running else colour(token),
                    "d": f"{dates.quarter(quarter)}: {name}, {percent(part)} of lines",
                }
            )  # fmt: skip
            low += part
    return rows


def in_words(parts: Mapping[str, float]) -> dict[str, str]:
    """Return the part of each kind that there is, as percents that add up to the whole."""
    shown = [kind for kind in KINDS if parts.get(kind, 0.0) > 0]
    return dict(zip(shown, percents([parts[kind] for kind in shown]), strict=True))


def _labels(drawing: Drawing, parts: Mapping[str, float]) -> None:
    """Name the parts of the last quarter, with a short line from each to its name."""
    size, low = drawing.size, 0.0
    shown = [kind for kind in KINDS if parts.get(kind, 0.0) > 0]
    middles = []
    for kind in shown:
        middles.append(drawing.y.px(low + parts[kind] / 2))
        low += parts[kind]
    places = spread(middles, size.text * 1.32, size.text * 0.6, drawing.plot_height - size.text * 0.6)
    half = min(0.125, (WIDEST / 2 + 3) * drawing.x.per_pixel)
    end, per_px, stubs = drawing.x_domain[1] - 0.125 + half, drawing.x.per_pixel, []
    said = in_words(parts)
    for kind, middle, place in zip(shown, middles, places, strict=True):
        y = drawing.y.value(place)
        stubs.append({"x": end + per_px, "x2": end + 9 * per_px, "y": drawing.y.value(middle), "y2": y})
        drawing.text(f"{said[kind]} {KINDS[kind][0]}", end, y, dx=13, fill="ink")
    drawing.rules(stubs, stroke=colour("rule"))
