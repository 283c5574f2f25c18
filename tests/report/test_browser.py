"""The page in a real browser: at every width, in the dark, on paper, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codeshare.report.html import page_html
from codeshare.report.pages import build_page

from .screen import Screen
from .states import figures_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STATES = ["high", "low", "long", "no baseline"]
WIDTHS = [1280, 768, 390]
A4 = round((210 - 2 * 14) / 25.4 * 96)
"""Pixels of the width of an A4 page within the margins of the style sheet."""
SMALLEST_ON_PAPER = 7.5 / 72 * 96
"""Pixels of 7.5 points."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    files = {state: folder / f"{state.replace(' ', '-')}.html" for state in STATES}
    for state, file in files.items():
        file.write_text(page_html(build_page(figures_in(state))), encoding="utf-8")
    return {state: file.as_uri() for state, file in files.items()}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", STATES)
def test_words_of_charts_stay_apart_and_inside(
    screen: Screen, pages: dict[str, str], state: str, width: int
) -> None:
    screen.open(pages[state], width)
    assert screen.problems() == []


@pytest.mark.parametrize("state", STATES)
def test_words_stay_inside_on_paper(screen: Screen, pages: dict[str, str], state: str) -> None:
    screen.open(pages[state], A4, media="print")
    assert screen.problems(smallest=SMALLEST_ON_PAPER) == []
    assert screen.run("return document.documentElement.scrollWidth") <= A4
    colour = screen.run("return getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [1280, 1000, 768, 640, 639, 390, 320])
def test_the_page_never_scrolls_sideways(screen: Screen, pages: dict[str, str], width: int) -> None:
    screen.open(pages["high"], width)
    screen.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert screen.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_each_figure_shows_one_drawing(screen: Screen, pages: dict[str, str], width: int) -> None:
    screen.open(pages["high"], width)
    shown = screen.run(
        "return [...document.querySelectorAll('.chart')].map(c => "
        "[...c.querySelectorAll('svg')].filter(s => getComputedStyle(s).display !== 'none').length)"
    )
    assert len(shown) > 7
    assert set(shown) == {1}


def test_the_dark_page_takes_the_dark_colours(screen: Screen, pages: dict[str, str]) -> None:
    screen.open(pages["high"], 1280, dark=True)
    fills = screen.run(
        "return [...new Set([...document.querySelectorAll('#chart-volume svg.wide path[data-tip]')]"
        ".map(p => getComputedStyle(p).fill))]"
    )
    assert "rgb(120, 166, 242)" in fills
    assert "rgb(36, 86, 166)" not in fills
    assert screen.run("return getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"


def test_nothing_is_asked_of_any_other_place_and_nothing_fails(screen: Screen, pages: dict[str, str]) -> None:
    screen.open(pages["high"], 1280)
    assert screen.asked == [pages["high"]]
    assert screen.said == []


def test_a_pointer_over_a_bar_shows_its_words(screen: Screen, pages: dict[str, str]) -> None:
    screen.open(pages["high"], 1280)
    said = screen.run(
        """
        const mark = document.querySelector('#chart-volume svg.wide path[data-tip]');
        mark.scrollIntoView({block: 'center', behavior: 'instant'});
        const box = mark.getBoundingClientRect();
        mark.dispatchEvent(new PointerEvent('pointermove',
          {bubbles: true, clientX: box.left + box.width / 2, clientY: box.top + box.height / 2}));
        const tip = document.getElementById('tip');
        return [tip.hidden, tip.textContent, mark.dataset.tip];
        """
    )
    assert said[0] is False
    assert said[1] == said[2]


def test_it_reads_the_same_without_scripts(browser: Browser, pages: dict[str, str]) -> None:
    pictures = []
    for scripts in (True, False):
        page = browser.new_page(viewport={"width": 768, "height": 900}, java_script_enabled=scripts)
        page.goto(pages["no baseline"])
        pictures.append(page.screenshot(full_page=True))
        page.close()
    assert pictures[0] == pictures[1]


def test_the_printed_page_keeps_figures_whole(screen: Screen, pages: dict[str, str]) -> None:
    screen.open(pages["high"], 1280)
    data = screen.page.pdf(format="A4", print_background=True)
    assert data.startswith(b"%PDF")
    assert 3 <= data.count(b"/Type /Page\n") <= 17
