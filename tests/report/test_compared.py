"""Two sides of a measure: figures as they read, the section, the words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from codeshare.report.pages import build_page
from codeshare.report.terminal import print_headline
from codeshare.report.units import difference_in, interval_in, value_in
from codeshare.report.write import write_report

from .invented import invented, without
from .states import figures_in


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("share", 0.0514, "5.1 %"),
        ("share", 0.0, "0.0 %"),
        ("share", 0.0002, "under 0.1 %"),
        ("per 1,000 lines", 3.44, "3.4"),
        ("days", 120.2, "120 days"),
        ("hours", 6.44, "6.4 h"),
        ("ratio", 5.55, "5.5×"),
        ("lines", 1234.0, "1,234"),
    ],
)
def test_values_read_as_their_unit_does(unit: str, value: float, text: str) -> None:
    assert value_in(unit, value).replace("\N{NO-BREAK SPACE}", " ") == text


def test_two_values_below_one_are_told_apart() -> None:
    assert value_in("share", 0.0023, 0.0042) == "0.23\N{NO-BREAK SPACE}%"
    assert value_in("per 1,000 lines", 0.12, 0.09) == "0.12"
    assert value_in("share", 0.002, 0.05) == "0.2\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("unit", "ends", "text"),
    [
        ("share", (0.009, 0.002, 0.016), "+0.9 points (0.2 to 1.6)"),
        ("share", (0.009, -0.003, 0.021), "+0.9 points (−0.3 to 2.1)"),
        ("share", (-0.0018, -0.004, -0.0002), "−0.18 points (−0.40 to −0.02)"),
        ("share", (0.0, 0.0, 0.0), "0.0 points (0.0 to 0.0)"),
        ("lines per working day", (-26.0, -37.0, 18.55), "−26 lines (−37 to 18.6)"),
        ("per 1,000 lines", (0.2, None, None), "+0.2 per 1,000"),
    ],
)
def test_differences_carry_their_sign_and_interval(
    unit: str, ends: tuple[float, float | None, float | None], text: str
) -> None:
    assert difference_in(unit, *ends).replace("\N{NO-BREAK SPACE}", " ") == text


def test_an_interval_is_without_its_unit() -> None:
    assert interval_in("share", 0.002, 0.016) == "0.2 to 1.6"


def test_ai_beside_others_says_what_is_clear_and_what_is_not() -> None:
    figure = next(f for f in build_page(figures_in("high")).figures if f.name == "quality")
    assert figure.heading == "AI lines differ clearly in three of six measures"
    words = [text.text for text in figure.draw(figure.sizes[0]).texts]
    assert words.count("No clear difference") == 3
    assert words.count("AI higher") == 3
    assert "Time to first review" not in words  # twelve requests: left to the table
    assert "+1.0 points (−0.3 to 2.1)".replace(" p", "\N{NO-BREAK SPACE}p") in words


@pytest.mark.parametrize("state", ["low", "no agents"])
def test_without_evidence_nothing_is_split(state: str) -> None:
    figures = figures_in(state)
    names = [f.name for f in build_page(figures).figures]
    assert ("quality" in names) == (state != "low")
    empty = without(invented(), worth={"ai_beside_human": pd.DataFrame()})  # type: ignore[arg-type]
    assert "quality" not in [f.name for f in build_page(empty).figures]


@pytest.mark.thorough
def test_a_comparison_stands_first(tmp_path: Path) -> None:
    page = build_page(figures_in("compared"))
    section = page.sections[0]
    assert section.heading == "Compared: part-1 and a-repository-with-a-very-long-name"
    assert section.intro[0].startswith("No difference can be told between")
    assert section.figures[0].heading == (
        "part-1 and a-repository-with-a-very-long-name differ clearly in 1 of 3 figures"
    )
    write_report(figures_in("compared"), tmp_path)
    text = (tmp_path / "report.md").read_text()
    row = next(line for line in text.splitlines() if line.startswith("| Lines per engineer"))
    cells = [cell.strip().replace("\N{NO-BREAK SPACE}", " ") for cell in row.strip("|").split("|")]
    assert cells[1:] == [
        "36 (26 to 76)",
        "6",
        "78 (70 to 90)",
        "8",
        "−41 lines (−52 to −4.2)",
        "part-1 lower",
    ]
    assert '<details class="data" open>' in (tmp_path / "report.html").read_text()
    written = pd.read_csv(tmp_path / "tables/comparison.csv")
    assert written["difference_low"].tolist()[:2] == [-0.103, -52.0]


def test_the_terminal_says_it_too() -> None:
    console = Console(record=True, width=200)
    print_headline(console, figures_in("compared, unclear"))
    assert "No difference can be told between 2025-01..2025-06 and 2025-Q3..2026-Q1." in console.export_text()


def test_no_comparison_no_section() -> None:
    assert "compared" not in [section.name for section in build_page(figures_in("high")).sections]
