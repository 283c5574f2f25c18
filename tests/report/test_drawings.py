"""Every drawing, in every state and size: words apart and inside, colours as variables."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations

import altair as alt
import pytest

from codeshare.report import inline, svg
from codeshare.report.charts.agents import Agent, agents_chart
from codeshare.report.charts.share import share_chart
from codeshare.report.design import Size, colours, slide
from codeshare.report.drawing import FONT, Drawing, Margins
from codeshare.report.page_model import Figure, Page
from codeshare.report.pages import build_page
from codeshare.report.slides import slide_drawing

from .invented import invented
from .states import STATES, figures_in


def _drawings(page: Page) -> list[tuple[str, Drawing]]:
    made = [(f"{f.name}, {size.name}", f.draw(size)) for f in page.figures for size in f.sizes]
    return made + [(f"{f.name}, slide", slide_drawing(f, page)) for f in page.figures]


def _problems(drawing: Drawing) -> list[str]:
    """Two texts that meet, or a text that leaves the drawing."""
    boxes = [(words.text, drawing.box(words)) for words in drawing.texts]
    found = []
    for (one, a), (two, b) in combinations(boxes, 2):
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 1.5:
            found.append(f"{one!r} meets {two!r}")
    for text, (left, top, right, bottom) in boxes:
        if left < -1 or top < -1 or right > drawing.size.width + 1 or bottom > drawing.size.height + 1:
            found.append(f"{text!r} leaves the drawing: {left:.0f} {top:.0f} {right:.0f} {bottom:.0f}")
    return found


@pytest.mark.parametrize("state", STATES)
def test_no_words_meet_or_leave_the_drawing(state: str) -> None:
    problems = {name: _problems(drawing) for name, drawing in _drawings(build_page(figures_in(state)))}
    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.parametrize("number", range(21))
def test_no_words_meet_with_any_number_of_releases(number: int) -> None:
    page = build_page(invented(events=number, seed=number))
    volume = next(f for f in page.figures if f.name == "volume")
    assert [p for size in (*volume.sizes, slide()) for p in _problems(volume.draw(size))] == []


@pytest.fixture(scope="module")
def volume() -> Figure:
    return next(f for f in build_page(figures_in("high")).figures if f.name == "volume")


def test_a_drawing_keeps_its_design_size_and_takes_its_colours_from_the_page(volume: Figure) -> None:
    for size in volume.sizes:
        drawing = volume.draw(size)
        rendered = svg.render(drawing)
        assert f'viewBox="0 0 {size.width:g} {size.height:g}"' in rendered
        page = svg.for_page(rendered, drawing, "eight times", "drawing")
        assert f'viewBox="0 0 {size.width:g} {size.height:g}"' in page
        assert not re.search(r"#[0-9a-fA-F]{6}\b", page)
        assert "var(--ai)" in page
        assert "url(#h-ai)" in page
        assert "font-family" not in page


def test_every_specification_is_valid_vega_lite() -> None:
    for name, drawing in _drawings(build_page(figures_in("high"))):
        chart = drawing.chart()
        chart.to_dict(validate=True)
        names = {layer.data.name for layer in chart.layer}
        assert names == {key for key, rows in drawing.rows().items() if rows}, name


def test_a_drawing_is_described_to_the_last_word() -> None:
    drawing = Drawing(Size("slide", 100, 50, left=10), Margins(1, 2, 3, 4), (0, 1), (0, 2))
    drawing.rects([{"x": 0, "x2": 1, "y": 0, "y2": 2, "fill": "#fff", "d": "one"}], opacity=0.5)
    drawing.line([{"x": 0, "y": 1, "g": "a"}], stroke="#000")
    drawing.rules([])
    drawing.text("word", 0.5, 1)
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False, "zero": False}}  # fmt: skip
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [0, 2], "nice": False, "zero": False}, "stack": None}  # fmt: skip
    assert drawing.specification() == {
        "layer": [
            {
                "data": {"name": "layer-0"},
                "mark": {"type": "rect", "opacity": 0.5},
                "encoding": {
                    "x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"},
                    "fill": {"field": "fill", "type": "nominal", "scale": None},
                    "description": {"field": "d", "type": "nominal"},
                },
            },
            {
                "data": {"name": "layer-1"},
                "mark": {"type": "line", "aria": False, "stroke": "#000"},
                "encoding": {"x": x, "y": y, "detail": {"field": "g", "type": "nominal"}},
            },
            {
                "data": {"name": "texts"},
                "mark": {
                    "type": "text", "aria": False, "baseline": "middle",
                    "dx": {"expr": "datum.dx"}, "dy": {"expr": "datum.dy"}, "align": {"expr": "datum.a"},
                    "fontSize": {"expr": "datum.s"}, "fontWeight": {"expr": "datum.w"}, "fill": {"expr": "datum.f"},
                },
                "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
            },
        ],
        "width": 87,
        "height": 43,
        "padding": {"left": 11, "right": 2, "top": 3, "bottom": 4},
        "autosize": "none",
        "background": "transparent",
        "config": {"font": FONT, "view": {"stroke": "transparent"}},
        "datasets": drawing.rows(),
    }  # fmt: skip


def test_a_chart_is_altairs_and_can_be_changed(volume: Figure) -> None:
    chart = volume.draw(slide()).chart_with_rows()
    assert all(isinstance(layer, alt.Chart) for layer in chart.layer)
    changed = chart.interactive().properties(title="lines").to_dict(validate=True)
    assert changed["title"] == "lines"
    assert changed["params"]
    assert changed["datasets"].keys() == chart.datasets.keys()


def test_a_file_keeps_values_and_brings_its_own_patterns(volume: Figure) -> None:
    text = svg.for_file(svg.render(volume.draw(slide())), "eight <times>")
    assert "var(" not in text
    assert '<pattern id="h-ai"' in text
    assert "eight &lt;times&gt;" in text
    assert colours("light")["ai"] in text
    assert not set(colours("hatch").values()) & set(re.findall(r"#[0-9a-f]{6}", text))


def test_each_mark_says_its_period_value_interval_and_class(volume: Figure) -> None:
    labels = re.findall(r'aria-label="([^"]+)"', svg.render(volume.draw(volume.sizes[0])))
    last = [label for label in labels if "2026 Q2 (running)" in label]
    assert {label.split(":")[0] for label in last} == {"AI", "AI-assisted", "no AI evidence"}
    assert all("95 % interval" in label and "median engineer" in label for label in last)


def test_the_running_quarter_is_hatched_and_no_other(volume: Figure) -> None:
    marks = re.findall(
        r'<path aria-label="([^"]+)"[^>]*fill="(#\w+)"', svg.render(volume.draw(volume.sizes[0]))
    )
    hatches = set(colours("hatch").values())
    assert {("(running)" in label) for label, fill in marks if fill in hatches} == {True}
    assert {("(running)" in label) for label, fill in marks if fill not in hatches} == {False}


@pytest.mark.parametrize("state", STATES)
def test_a_slide_breaks_off_no_sentence(state: str) -> None:
    page = build_page(figures_in(state))
    for figure in page.figures:
        every = " ".join(words.text for words in slide_drawing(figure, page).texts)
        assert inline.to_plain(figure.says) in every, figure.name


@pytest.mark.parametrize("state", STATES)
def test_a_slide_stands_alone_with_title_source_and_date(state: str) -> None:
    page = build_page(figures_in(state))
    for figure in page.figures:
        drawing = slide_drawing(figure, page)
        every = " ".join(words.text for words in drawing.texts)
        assert figure.heading in every
        assert figure.query_name in every
        assert page.title in every
        assert f"merged up to {page.until.removeprefix('Merged up to ')}" in every
        assert f"codeshare {page.version}" in every
        # what is said of a chart can be read from the back of a room
        assert min(words.size for words in drawing.texts) >= 12


def test_a_long_name_of_an_agent_takes_two_lines() -> None:
    since = {date(2026, month, 1): 0.1 for month in (1, 2, 3)}
    shown = [Agent(name, since) for name in ("A", "B", "C", "D", "GitHub Copilot coding agent")]
    drawing = agents_chart(shown, date(2026, 3, 1), Size("wide", 1040, 163))
    texts = [words.text for words in drawing.texts]
    assert "GitHub Copilot coding" in texts
    assert "agent" in texts
    assert _problems(drawing) == []


def test_a_month_between_months_without_lines_has_a_point() -> None:
    rows = [
        {"period": date(2026, month, 1), "share": share, "share_strict": share, "share_high": share, "coverage": 1.0,
         "is_incomplete": False}
        for month, share in ((1, 0.0), (2, None), (3, 0.5), (4, None), (5, 0.9), (6, 0.9))
    ]  # fmt: skip
    drawing = share_chart(rows, Size("medium", 720, 335))
    points = [
        layer.rows for layer in drawing.layers if layer.mark == "point" and layer.style.get("size") == 14
    ]
    assert [[row["y"] for row in layer] for layer in points] == [[0.0, 0.5]]


def test_the_mean_of_the_last_quarter_is_named(volume: Figure) -> None:
    wide = volume.draw(volume.sizes[0])
    assert [words.text for words in wide.texts if words.text.startswith("Mean")] == ["Mean 7.5×"]
