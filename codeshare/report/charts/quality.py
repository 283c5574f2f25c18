"""Two sides of several measures: a dot and a diamond with their intervals, and at the right what may be said."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from codeshare.report.axes import WIDTH_OF_A_BOLD_CHARACTER, WIDTH_OF_A_CHARACTER, text_width
from codeshare.report.design import Size, colour
from codeshare.report.drawing import Drawing, Margins
from codeshare.report.units import difference_in, interval_in, value_in

_HEAD = 30
_VALUE = 62


class Known(Struct, frozen=True):
    """A figure with its interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def reach(self) -> float:
        """The farthest that it is drawn."""
        return max(self.value, self.high or 0.0)


class Pair(Struct, frozen=True):
    """A measure of two sides; ``verdict`` is what may be said of them."""

    label: str
    unit: str
    first: Known
    second: Known
    verdict: str
    difference: Known | None = None


class Style(Struct, frozen=True):
    """How a side is drawn: its name, shape, colour, and the colours of its interval and words."""

    name: str
    shape: str
    fill: str
    interval: str
    text: str
    is_hollow: bool = False


AI = Style("AI", "circle", "ai", "ai", "ai-text")
HUMAN = Style("No AI evidence", "diamond", "human", "human", "human-text")


class _Layout(Struct, frozen=True):
    """Where things stand in a row, in pixels below its top."""

    step: float
    label: float
    marks: tuple[float, float]
    words: tuple[float, float]


def pairs_chart(pairs: Sequence[Pair], size: Size, styles: tuple[Style, Style]) -> Drawing:
    """Draw one row a measure, each on a scale of its own from 0; its values stand beside the marks."""
    layout = _layout(size, len(pairs))
    if size.name != "slide":
        size = Size(size.name, size.width, _HEAD + layout.step * len(pairs) + 6, size.text, size.headline)
    words = max(text_width(line, size.text, bold=True) for p in pairs for line in _words(p, layout))
    left = 4.0 if size.is_phone else _label_width(pairs, size)
    right = _VALUE + (4 if size.is_phone else words * size.font_width + 16)
    bottom = size.inner_height - _HEAD - layout.step * len(pairs)
    drawing = Drawing(size, Margins(left, right, _HEAD, bottom), (0, 1), (0, len(pairs)))
    _head(drawing, styles)
    _draw(drawing, layout, pairs, styles)
    return drawing


def _layout(size: Size, rows: int) -> _Layout:
    if size.is_phone:
        return _Layout(108, 12, (34, 50), (72, 87))
    if size.name == "slide":
        step = min(84.0, (size.inner_height - _HEAD) / rows)
        apart = min(9.5, step / 4)
        middle = step / 2
        lines = (middle - 9.5, middle + 9.5) if step >= 40 else (middle, middle)
        return _Layout(step, middle, (middle - apart, middle + apart), lines)
    return _Layout(50, 25, (17, 33), (17, 33))


def _label_width(pairs: Sequence[Pair], size: Size) -> float:
    most = size.inner_width * (0.25 if size.name == "medium" else 0.3)
    longest = max(text_width(p.label, size.text) * size.font_width for p in pairs)
    return min(longest, most) + 20


def _head(drawing: Drawing, styles: tuple[Style, Style]) -> None:
    """Name the marks above the rows; long names begin above the labels, for the plot has no room for them."""
    size, top = drawing.size, drawing.y_domain[1]

    def width(name: str) -> float:
        return text_width(name, size.text, bold=True) * size.font_width + 33

    room = drawing.plot_width + (drawing.margins.right if size.is_phone else _VALUE)
    at = 6.0
    if sum(width(style.name) for style in styles) > room:
        at -= drawing.margins.left - 6
        room += drawing.margins.left - 6
    fits = sum(width(style.name) for style in styles) <= room
    for style in styles:
        most = int((room / 2 - 33) / (size.text * WIDTH_OF_A_BOLD_CHARACTER * size.font_width))
        most = max(most, len(style.name)) if fits else most
        name = style.name if len(style.name) <= most else style.name[: most - 1] + "…"
        _points(drawing, style, [{"x": at * drawing.x.per_pixel, "y": top + 16 * drawing.y.per_pixel}])
        drawing.text(name, 0, top, dx=at + 11, dy=-16, weight=600, fill=style.text)
        at += width(name)
    if not size.is_phone:
        drawing.text("Difference", 1, top, dx=_VALUE + 8, dy=-16)


def _draw(drawing: Drawing, layout: _Layout, pairs: Sequence[Pair], styles: tuple[Style, Style]) -> None:
    """Draw the rows, all marks of one kind as one layer, and set their words."""
    zeros: list[dict[str, Any]] = []
    for k, pair in enumerate(pairs):
        y, y2 = (_height(drawing, layout, k, at) for at in (layout.marks[0] - 10, layout.marks[1] + 10))
        zeros.append({"x": 0, "x2": 0, "y": y, "y2": y2})
        _label(drawing, layout, k, pair.label)
        x, dx = (0, 0.0) if drawing.size.is_phone else (1, _VALUE + 8.0)
        for words, at, weight in zip(_words(pair, layout), layout.words, (600, 400), strict=False):
            fill = "ink" if weight == 600 else "muted"
            drawing.text(words, x, _height(drawing, layout, k, at), dx=dx, weight=weight, fill=fill)
    drawing.rules(zeros, stroke=colour("rule"))
    for number, style in enumerate(styles):
        _side(drawing, layout, pairs, style, number)


def _side(drawing: Drawing, layout: _Layout, pairs: Sequence[Pair], style: Style, number: int) -> None:
    intervals, marks = [], []
    for k, pair in enumerate(pairs):
        known = (pair.first, pair.second)[number]
        most = max(pair.first.reach, pair.second.reach) or 1.0
        y = _height(drawing, layout, k, layout.marks[number])
        if known.low is not None and known.high is not None:
            intervals.append({"x": max(known.low, 0) / most, "x2": known.high / most, "y": y, "y2": y})
        marks.append({"x": known.value / most, "y": y, "d": describe_side(pair, style, known)})
        value = _value(pair, known)
        drawing.text(value, known.reach / most, y, dx=9, size=drawing.size.small(0.5), fill=style.text)
    drawing.rules(intervals, stroke=colour(style.interval), strokeWidth=5, strokeCap="round", opacity=0.4)
    _points(drawing, style, marks)


def _height(drawing: Drawing, layout: _Layout, k: int, pixels: float) -> float:
    """A place so many pixels below the top of a row."""
    return drawing.y_domain[1] - k - pixels / layout.step


def _label(drawing: Drawing, layout: _Layout, k: int, label: str) -> None:
    size = drawing.size
    if size.is_phone:
        drawing.text(label, 0, _height(drawing, layout, k, layout.label), fill="ink", weight=600)
        return
    fits = int((drawing.margins.left - 14) / (size.text * WIDTH_OF_A_CHARACTER * size.font_width))
    lines = textwrap.wrap(label, max(fits, 8))[:2]
    for number, line in enumerate(lines):
        at = layout.label + (number - (len(lines) - 1) / 2) * 15
        drawing.text(line, 0, _height(drawing, layout, k, at), dx=-drawing.margins.left, fill="ink")


def _points(drawing: Drawing, style: Style, rows: list[dict[str, Any]]) -> None:
    fill = colour("paper" if style.is_hollow else style.fill)
    drawing.points(
        rows, size=58, shape=style.shape, filled=True, color=fill, opacity=1,
        stroke=colour(style.fill), strokeWidth=1.6 if style.is_hollow else 0.6,
    )  # fmt: skip


def _words(pair: Pair, layout: _Layout) -> list[str]:
    """The verdict and the difference, on one line where the row has no room for two."""
    lines = [pair.verdict]
    if pair.difference is not None:
        lines.append(difference_words(pair))
    return lines if layout.words[0] != layout.words[1] else [": ".join(lines)]


def difference_words(pair: Pair) -> str:
    """``+0.9 points (0.2 to 1.6)``."""
    known = pair.difference
    assert known is not None
    return difference_in(pair.unit, known.value, known.low, known.high)


def _value(pair: Pair, known: Known) -> str:
    return value_in(pair.unit, known.value, pair.second.value if known is pair.first else pair.first.value)


def describe_side(pair: Pair, style: Style, known: Known) -> str:
    """Say one side of a measure in words."""
    said = f"{pair.label}, {style.name}: {_value(pair, known)}"
    if known.low is not None and known.high is not None:
        said += f", 95 % interval {interval_in(pair.unit, known.low, known.high)}"
    return said


def describe(pair: Pair, styles: tuple[Style, Style]) -> str:
    """Say a measure in words."""
    sides = " and ".join(
        f"{_value(pair, known)} ({style.name})"
        for style, known in zip(styles, (pair.first, pair.second), strict=True)
    )
    verdict = (
        pair.verdict[0].lower() + pair.verdict[1:] if not pair.verdict.startswith("AI") else pair.verdict
    )
    return f"{pair.label}: {sides}, {verdict}"
