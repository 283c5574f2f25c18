# ruff: noqa: F811  a test names the fixture that it takes
"""Links of the page in a real browser: to the SQL inside it, to the rows that they hold."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from codeshare.report.write import write_report

from .states import figures_in
from .test_browser import browser  # noqa: F401  a fixture


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(figures_in("high"), tmp_path_factory.mktemp("out") / "report")[0].parent


def _open(browser: Any, report: Path, folder: Path) -> None:
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    browser.get((report / "report.html").as_uri())
    browser.execute_script("document.documentElement.style.scrollBehavior = 'auto'")


def test_a_chart_leads_to_its_sql(browser: Any, report: Path, tmp_path: Path) -> None:
    _open(browser, report, tmp_path)
    sql = "document.getElementById('sql-volume_quarterly')"
    assert not browser.execute_script(f"return {sql}.checkVisibility()")
    browser.find_element("css selector", "#chart-volume .source a[href^='#sql-']").click()
    time.sleep(0.3)
    assert browser.execute_script(f"return {sql}.checkVisibility()")
    assert 0 <= browser.execute_script(f"return {sql}.getBoundingClientRect().top") < 700
    text = browser.execute_script(f"return {sql}.textContent")
    assert text == (report / "queries/volume_quarterly.sql").read_text()


@pytest.mark.parametrize("figure", ["share-monthly", "volume"])
def test_the_rows_of_a_chart_are_those_of_its_file(
    browser: Any, report: Path, tmp_path: Path, figure: str
) -> None:
    """Also where the page was mailed alone: the link holds them."""
    _open(browser, report, tmp_path)
    link = browser.find_element("css selector", f"#chart-{figure} .source a[download]")
    name = link.get_attribute("download")
    link.click()
    until = time.monotonic() + 20
    while not (tmp_path / name).is_file() and time.monotonic() < until:
        time.sleep(0.1)
    assert (tmp_path / name).read_bytes() == (report / "tables" / name).read_bytes()
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
