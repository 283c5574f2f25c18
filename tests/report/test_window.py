"""Long histories: charts draw the last part and say so, tables keep all of it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from codeshare.report import svg
from codeshare.report.page_model import Figure
from codeshare.report.pages import build_page
from codeshare.report.tables import format_table
from codeshare.report.window import first_month, first_quarter, since_quarter

from .invented import invented
from .states import figures_in


@pytest.mark.parametrize(
    ("last", "baseline", "first"),
    [
        (date(2026, 7, 1), date(2024, 1, 1), date(2020, 10, 1)),
        (date(2026, 7, 1), date(2019, 1, 1), date(2019, 1, 1)),
        (date(2026, 1, 1), None, date(2020, 4, 1)),
    ],
    ids=["24 quarters", "back to the baseline", "no baseline"],
)
def test_quarters_drawn(last: date, baseline: date | None, first: date) -> None:
    assert first_quarter(last, baseline) == first


def test_months_drawn_are_ten_years() -> None:
    assert first_month(date(2026, 8, 1)) == date(2016, 9, 1)
    assert since_quarter(date(2021, 4, 1), date(2020, 10, 1)) == ""


def _figures(name: str) -> list[Figure]:
    return [f for f in build_page(figures_in("long")).figures if f.name == name]


@pytest.mark.parametrize(
    ("name", "said", "rows"),
    [
        ("volume", "by quarter since 2020 Q3", 85),
        ("evidence-kinds", "by quarter since 2020 Q3", 85 * 7),
        ("share-monthly", "by month since July 2016", 255),
        ("lines-monthly", "by month since July 2016", 255),
    ],
)
def test_a_long_history_draws_its_last_part_and_says_so(name: str, said: str, rows: int) -> None:
    (figure,) = _figures(name)
    assert said in figure.says
    formatted = format_table(figure.table)
    assert len(formatted.rows) + formatted.left == rows


def test_a_release_before_the_first_quarter_drawn_has_no_place() -> None:
    (volume,) = _figures("volume")
    assert "Copilot" in svg.render(volume.draw(volume.sizes[0]))
    later = next(f for f in build_page(invented(since=date(2022, 1, 1))).figures if f.name == "volume")
    drawn = svg.render(later.draw(later.sizes[0]))
    assert "Copilot" not in drawn
    assert "Claude 1" in drawn


def test_only_quarters_of_the_window_have_a_bar() -> None:
    (volume,) = _figures("volume")
    bars = re.findall(
        r'aria-label="no AI evidence[^"]*?(\d{4} Q\d)', svg.render(volume.draw(volume.sizes[0]))
    )
    assert (len(bars), min(bars)) == (24, "2020 Q3")
