"""Survival: the share of lines still there by days since they were merged, a curve and its band each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from codeshare.report.axes import Scale, TimeAxis, TimeLabel, keep_apart, spread
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.frames import Row
from codeshare.report.numbers import NBSP, count

LABELS = {"human": "No AI evidence", "ai": "AI", "all": "All lines"}
OTHERS = {"human": "of the others", "ai": "of AI lines", "all": "of all lines"}
LEADERS = (14, 90)
_YEAR = 365
_STEPS = (1, 2, 5, 10, 20, 25)


def survival_chart(curves: Mapping[str, Sequence[Row]], size: Size) -> Drawing:
    """Draw curves by part up to the last age that all of them have; people's first, so that AI's is on top."""
    end = last_age(curves)
    shown = {part: [r for r in rows if r["age_days"] <= end] for part, rows in curves.items()}
    shown = {part: shown[part] for part in LABELS if part in shown}
    drawing = Drawing(size, _margins(size), (0, end), (_floor(shown), 1.0))
    drawing.grid(_grid(drawing.y_domain[0]))
    for part, rows in shown.items():
        _curve(drawing, part, rows)
    _leaders(drawing, shown)
    _end_labels(drawing, shown)
    drawing.time_labels(_days(drawing.x, size), y=drawing.y_domain[0])
    return drawing


def last_age(curves: Mapping[str, Sequence[Row]]) -> int:
    """Return the last age that every curve has."""
    return min(int(rows[-1]["age_days"]) for rows in curves.values())


def share(value: float) -> str:
    """A share with one decimal, for differences here are small."""
    return f"{value * 100:.1f}{NBSP}%"


def describe(part: str, row: Row) -> str:
    """Say a point in words."""
    said = f"{LABELS[part]}, day {row['age_days']}: {share(row['survival'])} still there"
    if row["low"] is not None:
        said += f", 95 % interval {row['low'] * 100:.1f} to {row['high'] * 100:.1f}"
    return f"{said}; {count(row['lines_at_risk'])} lines at risk"


def _margins(size: Size) -> Margins:
    if size.is_phone:
        return Margins(left=42, right=58, top=44, bottom=26)
    return Margins(left=62, right=size.text * 14.5, top=84, bottom=28)


def _floor(shown: Mapping[str, Sequence[Row]]) -> float:
    """Return the grid line below the lowest point, so that the axis ends on one."""
    lowest: float = min(min(r["survival"], r["low"] or 1.0) for rows in shown.values() for r in rows) * 100.0
    step = next(s for s in _STEPS if (100 - lowest) / s <= 5)
    return max(math.floor(lowest / step) * step, 0) / 100


def _grid(floor: float) -> list[tuple[float, str]]:
    whole = round((1 - floor) * 100)
    step = next(s for s in _STEPS if whole / s <= 5)
    return [(v / 100, f"{v}{NBSP}%" if v == 100 else str(v)) for v in range(100, 100 - whole - 1, -step)]


def _curve(drawing: Drawing, part: str, rows: Sequence[Row]) -> None:
    ink = colour("ink" if part == "all" else part)
    band = [
        {"x": r["age_days"], "y": r["low"], "y2": r["high"], "g": part} for r in rows if r["low"] is not None
    ]
    drawing.area(band, color=ink, fillOpacity=0.2)
    points = [{"x": r["age_days"], "y": r["survival"], "g": part} for r in rows]
    drawing.line(points, stroke=ink, strokeWidth=2.4, strokeJoin="round")
    drawing.points(
        [{"x": r["age_days"], "y": r["survival"], "d": describe(part, r)} for r in rows],
        size=130, filled=True, opacity=0,
    )  # fmt: skip


def _leaders(drawing: Drawing, shown: Mapping[str, Sequence[Row]]) -> None:
    """Write both values above the plot, one block lower than the other, with a line down to the curves."""
    size, end = drawing.size, drawing.x_domain[1]
    ages = [a for a in LEADERS if a <= end and all(_at(rows, a) for rows in shown.values())]
    if size.is_phone:
        ages = ages[-1:]
    row = size.text * 1.25
    for k, age in enumerate(ages):
        values = {part: _at(rows, age) for part, rows in shown.items()}
        top = drawing.margins.top - 8 - k * (2 * row + 6)
        y = max(r["high"] or r["survival"] for r in values.values() if r)
        drawing.rules(
            [{"x": age, "x2": age, "y": y, "y2": 1 + (top - 2) * drawing.y.per_pixel}], stroke=colour("rule")
        )
        many = len(values) > 1
        said = ", ".join(
            f"{share(r['survival'])} {OTHERS[part] if many and not size.is_phone else LABELS[part] if many else 'still there'}"
            for part, r in sorted(values.items())
            if r
        )
        right = size.is_phone and drawing.x.px(age) > drawing.plot_width * 0.4
        for n, words in enumerate((f"After {age} days", said.replace("No AI evidence", "others"))):
            drawing.text(
                words, age, 1, dx=-5 if right else 7, dy=-top + row * (n + 0.45), align="right" if right else "left",
                weight=600 if n == 0 else 400, fill="ink" if n == 0 else "muted",
            )  # fmt: skip


def _at(rows: Sequence[Row], age: int) -> Row | None:
    return next((r for r in rows if r["age_days"] == age), None)


def _end_labels(drawing: Drawing, shown: Mapping[str, Sequence[Row]]) -> None:
    size = drawing.size
    last = {part: rows[-1] for part, rows in shown.items()}
    wanted = [drawing.y.px(r["survival"]) for r in last.values()]
    places = spread(wanted, size.text * 1.35, 0, drawing.plot_height)
    for (part, row), place in zip(last.items(), places, strict=True):
        words = share(row["survival"]) if size.is_phone else f"{share(row['survival'])} {LABELS[part]}"
        drawing.text(
            words, row["age_days"], drawing.y.value(place), dx=8, weight=600,
            fill="ink" if part == "all" else f"{part}-text",
        )  # fmt: skip


def _days(scale: Scale, size: Size) -> TimeAxis:
    end = int(scale.high)
    if end > 2 * _YEAR:
        step = math.ceil(end / _YEAR / (3 if size.is_phone else 7))
        years = range(step, end // _YEAR + 1, step)
        marks = [TimeLabel(y * _YEAR, str(y)) for y in years]
        unit = "years"
    else:
        step = next(s for s in (1, 7, 30, 90, 180) if end / s <= (4 if size.is_phone else 6))
        marks = [TimeLabel(d, str(d)) for d in range(step, end + 1, step)]
        if end >= _YEAR and step in (90, 180):
            marks = [TimeLabel(_YEAR, m.text.replace("360", "365")) if m.at == 360 else m for m in marks]
        unit = "days"
    if marks:
        marks[-1] = TimeLabel(marks[-1].at, f"{marks[-1].text} {unit}")
    labels = keep_apart([TimeLabel(0, "0"), *marks], scale, size.text)
    return TimeAxis(tuple(labels), ())
