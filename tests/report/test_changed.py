"""What the report says of changes, and of series from elsewhere."""

from __future__ import annotations

import pandas as pd
import pytest

from codeshare.metrics.figures import Figures
from codeshare.report.context import Context
from codeshare.report.design import slide_scale
from codeshare.report.frames import rows
from codeshare.report.pages import build_page
from codeshare.report.sections.changed import change_notes
from codeshare.report.sections.outside import outside
from codeshare.report.slides import slide_drawing
from codeshare.report.svg import png, render

from .invented import invented, outside_series, without
from .test_drawings import _problems


@pytest.fixture(scope="module")
def figures() -> Figures:
    made = invented()
    frame = outside_series(rows(made.volume_quarterly))
    return without(made, worth={**made.worth, "outside_series": frame})


def test_a_change_is_dated_sized_and_what_coincides_is_no_cause(figures: Figures) -> None:
    context = Context(figures)
    (said,) = change_notes(context, "engineer", context.drawn_since)
    assert "about March 2025 (1.4 to 2.3 times the level before, close to Claude Code preview)" in said
    assert "close in time is no cause" in said
    (share,) = change_notes(context, "share", context.months_since)
    assert "(+20 to +40 points, close to the first commit with AI evidence)" in share
    assert change_notes(context, "volume", context.drawn_since) == (
        "**When it changed.** In 62 months the level of lines merged per working day shows no change that stands out "
        "from the noise.",
    )


def test_where_nothing_is_near_no_cause_is_spoken_of(figures: Figures) -> None:
    alone = figures.worth["change_points"].assign(release=None, release_on=None, first_ai_on=None)
    context = Context(without(figures, worth={"change_points": alone}))
    (said,) = change_notes(context, "share", context.months_since)
    assert "(+20 to +40 points). Brackets: 95\N{NO-BREAK SPACE}% interval of the step. More:" in said


def test_a_step_of_no_width_is_said_once(figures: Figures) -> None:
    points = figures.worth["change_points"]
    sure = Context(without(figures, worth={"change_points": points.assign(size_low=points["size_high"])}))
    (said,) = change_notes(sure, "share", sure.months_since)
    assert "(+40 points, close to" in said
    (said,) = change_notes(sure, "engineer", sure.drawn_since)
    assert "(2.3 times the level before, close to" in said


def test_nothing_is_said_where_it_cannot_be_told(figures: Figures) -> None:
    unknown = figures.worth["change_points"].assign(found=None)
    context = Context(without(figures, worth={"change_points": unknown}))
    assert change_notes(context, "share", context.months_since) == ()
    assert change_notes(Context(without(figures, worth={})), "share", context.months_since) == ()


def test_series_from_elsewhere_are_drawn_beside_our_own_in_every_size(figures: Figures) -> None:
    figure = outside(Context(figures))
    assert figure is not None
    assert "measured elsewhere, by other definitions" in figure.says
    assert "A publication, 4 June 2026" in figure.says
    assert figure.heading.startswith("Beside series from elsewhere: ")
    drawings = [*(figure.draw(size) for size in figure.sizes), slide_drawing(figure, build_page(figures))]
    assert [problem for drawing in drawings for problem in _problems(drawing)] == []
    head = png(render(drawings[-1]), slide_scale())[:24]
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (2000, 1125)


def test_without_imports_or_a_ratio_of_our_own_nothing_is_drawn(figures: Figures) -> None:
    frame = figures.worth["outside_series"]
    assert outside(Context(without(figures, worth={}))) is None
    assert outside(Context(without(figures, worth={"outside_series": frame.iloc[:0]}))) is None
    none: pd.DataFrame = frame.assign(own_value=None)
    assert outside(Context(without(figures, worth={"outside_series": none}))) is None
