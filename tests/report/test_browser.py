"""The page in a real browser: at every width, in the dark, on paper, without scripts."""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codeshare.report.html import page_html
from codeshare.report.pages import build_page

from .states import figures_in

STATES = ["high", "low", "long", "no baseline"]
WIDTHS = [1280, 768, 390]
A4 = round((210 - 2 * 14) / 25.4 * 96)
"""Pixels of the width of an A4 page within the margins of the style sheet."""
SMALLEST_ON_PAPER = 7.5 / 72 * 96
"""Pixels of 7.5 points."""
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip

BOXES = """
return [...document.querySelectorAll('.chart svg')].filter(s => getComputedStyle(s).display !== 'none').map(s => {
  const frame = s.getBoundingClientRect();
  return {name: s.closest('figure').id, frame: [frame.left, frame.top, frame.right, frame.bottom],
    texts: [...s.querySelectorAll('text')].map(t => {
      const b = t.getBoundingClientRect();
      return [t.textContent, b.left, b.top, b.right, b.bottom, parseFloat(getComputedStyle(t).fontSize) * frame.width / s.viewBox.baseVal.width];
    })};
});
"""


def _find(name: str) -> str | None:
    return shutil.which(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = _find("chromium") or _find("chromium-browser") or _find("google-chrome")
    driver = _find("chromedriver")
    if program is None or driver is None:
        if os.environ.get("CODESHARE_REQUIRE_BROWSER") == "1":
            pytest.fail("CODESHARE_REQUIRE_BROWSER=1, but no Chromium with its chromedriver was found.")
        pytest.skip("no Chromium with its chromedriver here")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    profile = tempfile.mkdtemp(prefix="codeshare-browser-")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    files = {state: folder / f"{state.replace(' ', '-')}.html" for state in STATES}
    for state, file in files.items():
        file.write_text(page_html(build_page(figures_in(state))), encoding="utf-8")
    return {state: file.as_uri() for state, file in files.items()}


def _open(
    browser: Any, page: str, width: int, *, dark: bool = False, scripts: bool = True, media: str = ""
) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    browser.get(page)


def _problems(browser: Any, smallest: float = 9.9) -> list[str]:
    found = []
    for drawing in browser.execute_script(BOXES):
        left, top, right, bottom = drawing["frame"]
        for k, (text, a, b, c, d, size) in enumerate(drawing["texts"]):
            if a < left - 1 or b < top - 2 or c > right + 1 or d > bottom + 2:
                found.append(f"{drawing['name']}: {text!r} leaves the drawing")
            if size < smallest:
                found.append(f"{drawing['name']}: {text!r} is {size:.1f} px")
            for other, e, f, g, h, _ in drawing["texts"][k + 1 :]:
                # A line box is higher than its letters; a fifth of it on each side is air.
                air = 0.2 * min(d - b, h - f)
                if min(c, g) - max(a, e) > 1 and min(d, h) - max(b, f) > 2 * air:
                    found.append(f"{drawing['name']}: {text!r} meets {other!r}")
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", STATES)
def test_words_of_charts_stay_apart_and_inside(
    browser: Any, pages: dict[str, str], state: str, width: int
) -> None:
    _open(browser, pages[state], width)
    assert _problems(browser) == []


@pytest.mark.parametrize("state", STATES)
def test_words_stay_inside_on_paper(browser: Any, pages: dict[str, str], state: str) -> None:
    _open(browser, pages[state], A4, media="print")
    assert _problems(browser, smallest=SMALLEST_ON_PAPER) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= A4
    colour = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [1280, 1000, 768, 640, 639, 390, 320])
def test_the_page_never_scrolls_sideways(browser: Any, pages: dict[str, str], width: int) -> None:
    _open(browser, pages["high"], width)
    browser.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_each_figure_shows_one_drawing(browser: Any, pages: dict[str, str], width: int) -> None:
    _open(browser, pages["high"], width)
    shown = browser.execute_script(
        "return [...document.querySelectorAll('.chart')].map(c => "
        "[...c.querySelectorAll('svg')].filter(s => getComputedStyle(s).display !== 'none').length)"
    )
    assert len(shown) > 7
    assert set(shown) == {1}


def test_the_dark_page_takes_the_dark_colours(browser: Any, pages: dict[str, str]) -> None:
    _open(browser, pages["high"], 1280, dark=True)
    fills = browser.execute_script(
        "return [...new Set([...document.querySelectorAll('#chart-volume svg.wide path[data-tip]')]"
        ".map(p => getComputedStyle(p).fill))]"
    )
    assert "rgb(120, 166, 242)" in fills
    assert "rgb(36, 86, 166)" not in fills
    assert (
        browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    )


def test_nothing_is_asked_of_any_other_place_and_nothing_fails(browser: Any, pages: dict[str, str]) -> None:
    browser.get_log("performance"), browser.get_log("browser")
    _open(browser, pages["high"], 1280)
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    assert asked == {pages["high"]}
    assert browser.get_log("browser") == []


def test_a_pointer_over_a_bar_shows_its_words(browser: Any, pages: dict[str, str]) -> None:
    _open(browser, pages["high"], 1280)
    said = browser.execute_script(
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


def test_it_reads_the_same_without_scripts(browser: Any, pages: dict[str, str], tmp_path: Path) -> None:
    """With scripts off the driver cannot look inside, so a picture is compared."""
    pictures = []
    for scripts in (True, False):
        _open(browser, pages["no baseline"], 768, scripts=scripts)
        shot = browser.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True}
        )
        pictures.append(base64.b64decode(shot["data"]))
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert pictures[0] == pictures[1]


def test_the_printed_page_keeps_figures_whole(browser: Any, pages: dict[str, str]) -> None:
    _open(browser, pages["high"], 1280)
    printed = browser.execute_cdp_cmd(
        "Page.printToPDF", {"printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69}
    )
    data = base64.b64decode(printed["data"])
    assert data.startswith(b"%PDF")
    assert 3 <= data.count(b"/Type /Page\n") <= 17
