"""The volume chart of a short history: what stands beside the last bar and at the line of the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from codeshare.report.charts.review import Panel, Point, review_chart
from codeshare.report.charts.volume import volume_chart
from codeshare.report.design import Size, sizes, slide
from codeshare.report.drawing import Drawing
from codeshare.report.measure import Bar, Measure
from codeshare.report.numbers import percent

QUARTERS = [date(year, month, 1) for year in (2024, 2025) for month in (1, 4, 7, 10)]
FEW = (0.7, 0.3, 2.2, 0.8, 0.3, 0.7, 0.5, 0.3)
"""Ratios of a project whose quarters differ much; the last bar ends below the line at 1×."""
RELEASES = [
    {"date": quarter, "label": f"A model with a name {k}", "short_label": f"M {k}", "kind": "release"}
    for k, quarter in enumerate(QUARTERS)
]
SIZES = [*sizes("volume"), slide()]


def _drawn(ratios: Sequence[float], high: float, size: Size) -> Drawing:
    classes = {"ai": 40, "assisted": 0, "human": 60, "bot": 0, "unknown_lines": 0}
    bars = [
        Bar({"quarter": quarter, "is_running": quarter == QUARTERS[-1], "median": value, **classes}, value, value / 2, high, 1.2)
        for quarter, value in zip(QUARTERS, ratios, strict=True)
    ]  # fmt: skip
    return volume_chart(bars, RELEASES, Measure(True, True, 5), "2024", date(2025, 11, 28), size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_lines_of_the_scale_end_before_the_words_beside_the_last_bar(size: Size) -> None:
    drawing = _drawn(FEW, 1.4, size)
    end = size.left + drawing.margins.left + drawing.plot_width
    beside = [words for words in drawing.texts if words.text.startswith(("to 28", "40", "60", "Mean"))]
    assert bool(beside) != size.is_phone
    assert all(drawing.box(words)[0] > end + 2 for words in beside)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("high", [1.1, 1.4, 2.1, 3.0])
def test_the_baseline_is_named_at_its_own_line_or_not_at_all(size: Size, high: float) -> None:
    drawing = _drawn(FEW, high, size)
    line = size.top + drawing.margins.top + drawing.y.px(1)
    named = [drawing.box(words) for words in drawing.texts if words.text == "2024 = 1×"]
    assert all(0 <= line - bottom < 3 * size.text for _, _, _, bottom in named)
    if high == 1.1 and size.name in ("wide", "slide"):
        assert named


@pytest.mark.parametrize("size", sizes("review"), ids=lambda size: size.name)
def test_the_first_value_stands_clear_of_a_line_that_rises_beside_it(size: Size) -> None:
    values = (0.44, 0.95, *[0.5] * 18)
    points = tuple(Point(date(2021 + k // 4, k % 4 * 3 + 1, 1), value) for k, value in enumerate(values))
    form = percent
    drawing = review_chart([Panel("Merged by their own engineer", "Own", points, form, form)], size)
    (first,) = (words for words in drawing.texts if words.text == percent(0.44))
    (line,) = (layer.rows for layer in drawing.layers if layer.mark == "line")
    left, _, right, bottom = drawing.box(first)
    start, second = (
        (drawing.margins.left + row["x"], drawing.margins.top + drawing.plot_height - row["y"])
        for row in line[:2]
    )
    for x in (max(left, start[0]), min(right, second[0])):
        y = start[1] + (second[1] - start[1]) * (x - start[0]) / (second[0] - start[0])
        assert bottom <= y + 1
