"""explore.html in a real browser: charts drawn under its policy, and pickers that say what SQL says."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codeshare.metrics.cells import explore_cells
from codeshare.metrics.figures import collect
from codeshare.metrics.share import shares
from codeshare.report.explore.page import explore_html
from codeshare.report.numbers import count, percent
from tests.metrics.rows import Rows

from .company import company
from .test_browser import _open, _problems, browser

assert browser

CHARTS = ["share", "lines", "agents", "volume", "kinds", "repository", "team", "class"]
PICK = """
for (const [name, words] of Object.entries(arguments[0])) {
  const select = document.getElementById(`pick-${name}`);
  const option = [...select.options].find((o) => o.textContent === words);
  if (!option) throw new Error(`${name}: no ${words}`);
  select.value = option.value;
}
document.getElementById('pick-class').dispatchEvent(new Event('change', {bubbles: true}));
"""
DRAWN = """
return Object.fromEntries([...document.querySelectorAll('figure[data-chart]')].map((f) => [f.id.replace('chart-', ''),
  {marks: f.querySelectorAll('.chart:not([hidden]) svg path[aria-label]').length, instead: f.querySelector('.instead').textContent}]));
"""
ROWS = "return explored().views[arguments[0]].data(arguments[1])"


@pytest.fixture(scope="module")
def rows() -> Iterator[Rows]:
    made = company()
    yield made
    made.connection.close()


def _page(rows: Rows, folder: Path) -> str:
    file = folder / "explore.html"
    figures = collect(rows.connection, title="Harbour")
    file.write_text(explore_html(figures, explore_cells(rows.connection)), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def page(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _page(rows, tmp_path_factory.mktemp("explore"))


def _show(browser: Any, page: str, width: int = 1280, **how: Any) -> None:
    _open(browser, "about:blank", width, **how)
    browser.get_log("performance"), browser.get_log("browser")
    _open(browser, page, width, **how)
    _wait(browser, "return document.documentElement.dataset.drawn === 'true'")


def _wait(browser: Any, condition: str) -> None:
    until = time.monotonic() + 20
    while not browser.execute_script(condition):
        assert time.monotonic() < until, f"never: {condition}; {browser.get_log('browser')}"
        time.sleep(0.05)


def _text(browser: Any, element: str) -> str:
    return str(browser.execute_script("return document.getElementById(arguments[0]).textContent", element))


def _pick(browser: Any, **picks: str) -> str:
    browser.execute_script(PICK, picks)
    time.sleep(0.2)
    return _text(browser, "share")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_all_charts_are_drawn_and_nothing_fails(browser: Any, page: str, width: int, dark: bool) -> None:
    _show(browser, page, width, dark=dark)
    drawn = browser.execute_script(DRAWN)
    assert sorted(drawn) == sorted(CHARTS)
    assert {name: found for name, found in drawn.items() if not found["marks"] or found["instead"]} == {}
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    assert asked == {page}


@pytest.mark.parametrize(
    "picks",
    [{}, {"from": "Mar 2025", "tool": "GitHub Copilot coding agent"}, {"from": "May 2025", "to": "May 2025"}],
    ids=["all", "months", "a month"],
)
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_words_of_charts_stay_apart_and_inside(
    browser: Any, page: str, width: int, picks: dict[str, str]
) -> None:
    _show(browser, page, width)
    _pick(browser, **picks)
    assert _problems(browser) == []


def test_the_policy_is_in_force(browser: Any, page: str) -> None:
    _show(browser, page)
    browser.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)"
    )
    assert browser.execute_script("return window.ran === undefined")
    assert any("Content Security Policy" in entry["message"] for entry in browser.get_log("browser"))


SINCE, UNTIL = date(2025, 1, 1), date(2025, 7, 1)
DAYS = {"from": "Jan 2025", "to": "Jun 2025"}


@pytest.mark.parametrize(
    "repo", [None, "harbour/berth-api", "harbour/gateway"], ids=["all", "berth-api", "gateway"]
)
def test_a_repository_and_months_picked_show_what_sql_says(
    browser: Any, page: str, rows: Rows, repo: str | None
) -> None:
    _show(browser, page)
    said = _pick(browser, repository=repo or "All repositories", **DAYS)
    row = shares(rows.connection, "all", SINCE, UNTIL, [repo] if repo else []).iloc[0]
    assert (
        said
        == f"AI share {percent(row['share'])} = {count(row['numerator'])} of {count(row['denominator'])} lines"
    )
    scope = _text(browser, "scope")
    assert f"{percent(row['share_strict'])} on the strictest reading" in scope
    assert f"{percent(row['share_high'])} when every trace counts" in scope
    assert f"{percent(row['coverage'])} of the lines carry evidence" in scope


@pytest.mark.parametrize("by", ["tool", "team", "class"])
def test_every_part_picked_shows_what_sql_says(browser: Any, page: str, rows: Rows, by: str) -> None:
    _show(browser, page)
    split = shares(rows.connection, by, SINCE, UNTIL).rename(columns={"file_class": "class"})
    names = browser.execute_script(
        "return [...document.getElementById(`pick-${arguments[0]}`).options].slice(1).map(o => o.textContent)",
        by,
    )
    checked = 0
    for row in split[split[by].isin(names) & (split["denominator"] > 0)].to_dict("records"):
        said = _pick(browser, **{by: row[by]}, **DAYS)
        who = f"Share of {row[by]}" if by == "tool" else "AI share"
        assert (
            said
            == f"{who} {percent(row['share'])} = {count(row['numerator'])} of {count(row['denominator'])} lines"
        )
        checked += 1
    assert checked >= 2


def test_charts_hold_what_sql_says_month_by_month(browser: Any, page: str, rows: Rows) -> None:
    _show(browser, page)
    _pick(browser, repository="harbour/gateway")
    drawn = {d["d"].split(":")[0]: d["y"] for d in browser.execute_script(ROWS, "share", "months")}
    monthly = shares(rows.connection, "month", repos=["harbour/gateway"])
    expected = {
        f"{r.period:%B %Y}": r.share for r in monthly.itertuples() if r.denominator and not r.is_running
    }
    assert drawn == {month: pytest.approx(share) for month, share in expected.items()}
    bars = browser.execute_script(ROWS, "lines", "bars")
    assert sum(b["y2"] - b["y"] for b in bars if b["key"] == "ai") == pytest.approx(int(monthly["ai"].sum()))


def test_the_volume_of_a_team_is_the_one_computed_for_it(browser: Any, page: str, rows: Rows) -> None:
    _show(browser, page)
    _pick(browser, team="berth")
    table = browser.execute_script("""
        const details = document.querySelector('#chart-volume details.data');
        details.open = true;
        return new Promise((done) => setTimeout(() => done([...details.querySelectorAll('tbody tr')].map(
          (r) => [...r.children].slice(0, 2).map((c) => c.textContent))), 100));
    """)
    sql = rows.rows("select year(quarter) || ' Q' || quarter(quarter) || case when is_running then ', running' else '' end, ratio_median "
                    "from volume_by_part where scope = 'team/berth' and ratio_median is not null order by quarter")  # fmt: skip
    assert table == [[quarter, f"{ratio:.1f}×"] for quarter, ratio in sql]
    _pick(browser, repository="harbour/berth-api")
    assert "No volume is precomputed" in browser.execute_script(DRAWN)["volume"]["instead"]


def test_dragging_across_the_share_picks_months_for_all_charts(browser: Any, page: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    _show(browser, page)
    before = browser.execute_script(ROWS, "lines", "bars")
    chart = browser.find_element("css selector", "#chart-share .chart svg")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", chart)
    box = chart.rect
    drag = (
        ActionChains(browser).move_to_element_with_offset(chart, int(box["width"] * 0.05), 0).click_and_hold()
    )
    drag.move_by_offset(int(box["width"] * 0.1), 0).move_by_offset(
        int(box["width"] * 0.2), 0
    ).release().perform()
    time.sleep(0.4)
    picked = browser.execute_script("return explored().pick")
    after = browser.execute_script(ROWS, "lines", "bars")
    assert 0 < picked["from"] < picked["to"]
    assert 0 < len(after) < len(before)
    assert browser.execute_script("return location.hash").startswith("#from=20")
    ActionChains(browser).move_to_element_with_offset(chart, -int(box["width"] * 0.2), 0).click().perform()
    time.sleep(0.4)
    assert browser.execute_script("return explored().pick.from") == 0
    assert browser.execute_script(ROWS, "lines", "bars") == before


def test_what_is_picked_stands_in_the_address_and_comes_back(browser: Any, page: str) -> None:
    _show(browser, page)
    said = _pick(browser, repository="harbour/gateway", tool="GitHub Copilot coding agent", **DAYS)
    address = browser.execute_script("return location.href")
    _show(browser, address)
    assert _text(browser, "share") == said
    assert re.search(
        r"Share of GitHub Copilot coding agent \d+\N{NO-BREAK SPACE}% = [\d,]+ of [\d,]+ lines", said
    )


def test_pickers_have_names_and_work_by_keyboard(browser: Any, page: str) -> None:
    from selenium.webdriver.common.keys import Keys

    _show(browser, page)
    names = browser.execute_script(
        "return [...document.querySelectorAll('#pickers select')].map(s => s.labels[0].innerText.split('\\n')[0])"
    )
    assert names == ["Repository", "Team", "Class of file", "Agent", "From", "To"]
    browser.find_element("id", "pick-class").send_keys(Keys.ARROW_DOWN)
    _wait(browser, "return explored().pick.class === 0")
    assert "files of class code" in _text(browser, "scope")
    heights = browser.execute_script(
        "return [...document.querySelectorAll('#pickers select, #pickers button')].map(s => s.offsetHeight)"
    )
    assert min(heights) >= 24


def test_thin_evidence_shows_no_share(browser: Any, tmp_path: Path) -> None:
    rows = company(marks=0.12)
    _show(browser, _page(rows, tmp_path))
    assert _text(browser, "share").startswith("We cannot say how much AI wrote")
    drawn = browser.execute_script(DRAWN)
    assert drawn["share"]["marks"] == drawn["agents"]["marks"] == drawn["class"]["marks"] == 0
    assert drawn["lines"]["marks"]
    assert {b["fill"] for b in browser.execute_script(ROWS, "lines", "bars")} <= {"var(--ink)", "url(#h-ink)"}
    rows.connection.close()


def test_without_scripts_it_leads_to_the_report(page: str) -> None:
    text = Path(page.removeprefix("file://")).read_text(encoding="utf-8")
    assert re.search(r'<noscript><p[^>]*>.*<a href="report\.html">', text)
