"""Links of the page in a real browser: to the SQL inside it, to the rows that they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.report.write import write_report

from .screen import Screen
from .states import figures_in


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(figures_in("high"), tmp_path_factory.mktemp("out") / "report")[0].parent


def test_a_chart_leads_to_its_sql(screen: Screen, report: Path) -> None:
    screen.open((report / "report.html").as_uri(), 1280)
    screen.run("document.documentElement.style.scrollBehavior = 'auto'")
    sql = "document.getElementById('sql-volume_quarterly')"
    assert not screen.run(f"return {sql}.checkVisibility()")
    screen.page.locator("#chart-volume .source a[href^='#sql-']").click()
    screen.wait(f"return {sql}.checkVisibility()")
    screen.wait(f"const top = {sql}.getBoundingClientRect().top; return 0 <= top && top < 700")
    assert screen.run(f"return {sql}.textContent") == (report / "queries/volume_quarterly.sql").read_text()


@pytest.mark.parametrize("figure", ["share-monthly", "volume"])
def test_the_rows_of_a_chart_are_those_of_its_file(screen: Screen, report: Path, figure: str) -> None:
    """Also where the page was mailed alone: the link holds them."""
    screen.open((report / "report.html").as_uri(), 1280)
    with screen.page.expect_download() as started:
        screen.page.locator(f"#chart-{figure} .source a[download]").click()
    name = started.value.suggested_filename
    assert started.value.path().read_bytes() == (report / "tables" / name).read_bytes()
    assert screen.said == []
