"""What an accessibility tester looks for: axe-core's rules, valid HTML, the keyboard, and a page that opens at once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codeshare.report.html import page_html
from codeshare.report.pages import build_page

from .states import figures_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SEEN = ["high", "low", "compared"]
"""States that differ in what the page holds."""
MARKS = "() => [...document.querySelectorAll('#chart-volume path[data-tip]')].filter(m => m.getClientRects().length).map(m => m.dataset.tip)"
OPEN = """() => {
  document.querySelectorAll('details').forEach(d => { d.open = true; });
  document.querySelectorAll('tbody tr:nth-child(n+4)').forEach(row => row.remove());
}"""
"""Open all that is closed; of each table three rows, for the rest is like them and axe-core is slow."""
TIP = "() => { const tip = document.getElementById('tip'); return tip.hidden ? null : tip.textContent; }"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("accessible")
    found = {}
    for state in SEEN:
        found[state] = folder / f"{state.replace(' ', '-')}.html"
        found[state].write_text(page_html(build_page(figures_in(state))), encoding="utf-8")
    return found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", SEEN)
def test_axe_finds_nothing_serious(page: Page, files: dict[str, Path], state: str, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=theme)
    page.goto(files[state].as_uri())
    page.evaluate(OPEN)
    found = axe.run(page, options={"resultTypes": ["violations"]}).response
    assert found["passes"], "axe-core ran no rule"
    bad = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["help"], v["nodes"][0]["html"][:200]) for v in bad] == []


def test_axe_would_find_a_fault(page: Page, files: dict[str, Path]) -> None:
    """The check above checks: words too pale to read are found."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.goto(files["low"].as_uri())
    page.evaluate("document.querySelector('.lede').style.color = '#ddd'")
    found = axe.run(page, options={"resultTypes": ["violations"]}).response
    assert "color-contrast" in {v["id"] for v in found["violations"]}


@pytest.mark.parametrize("state", ["few engineers", "compared, unclear", "empty"])
def test_the_page_parses_without_an_error(state: str) -> None:
    html5lib = pytest.importorskip("html5lib")
    html5lib.HTMLParser(strict=True).parse(page_html(build_page(figures_in(state))))


def test_the_checker_of_the_w3c_finds_nothing(files: dict[str, Path]) -> None:
    """Content models, attributes and ids as the Nu checker knows them; its knowledge of CSS is years old."""
    checker = os.environ.get("CODESHARE_VNU_JAR")
    if not checker or shutil.which("java") is None:
        pytest.skip("set CODESHARE_VNU_JAR to the Nu checker’s vnu.jar; it wants java")
    done = subprocess.run(
        ["java", "-jar", checker, "--format", "gnu", *map(str, files.values())],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if " error" in line and "error: CSS" not in line] == []


@pytest.mark.parametrize("state", SEEN)
def test_it_opens_within_a_second_and_asks_nobody(page: Page, files: dict[str, Path], state: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    # the quickest of three: what else the machine does is no matter of the page
    took = []
    for _ in range(3):
        page.goto(files[state].as_uri())
        took.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    assert 0 < min(took) < 1000
    assert set(asked) == {files[state].as_uri()}
    assert said == []


def test_arrow_keys_read_a_chart(page: Page, files: dict[str, Path]) -> None:
    page.goto(files["high"].as_uri())
    words = page.evaluate(MARKS)
    assert len(words) > 20
    page.locator("#chart-volume .chart").focus()
    heard = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home"):
        page.keyboard.press(key)
        heard.append(page.evaluate(TIP))
    assert heard == [words[0], words[1], words[0], words[-1], words[-1], words[0]]
    page.keyboard.press("Escape")
    assert page.evaluate(TIP) is None


def test_tab_reaches_every_chart_link_and_table_in_order(page: Page, files: dict[str, Path]) -> None:
    page.goto(files["high"].as_uri())
    many = page.evaluate(
        """() => [...document.querySelectorAll('main a[href], main summary, .chart')].filter(e => e.checkVisibility())
          .map((e, k) => { e.dataset.stop = k; return k; }).length"""
    )
    assert many > 30
    reached = []
    for _ in range(many):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.stop"))
    assert reached == [str(k) for k in range(many)]


def test_without_scripts_no_chart_asks_for_the_keyboard(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(files["high"].as_uri())
    assert opened.locator(".chart").count() > 7
    assert opened.locator(".chart[tabindex]").count() == 0
    assert opened.locator(".chart svg:visible").count() == opened.locator(".chart").count()
    context.close()


@pytest.mark.parametrize("state", ["high", "low"])
def test_headings_go_down_one_level_at_a_time(page: Page, files: dict[str, Path], state: str) -> None:
    page.goto(files[state].as_uri())
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
