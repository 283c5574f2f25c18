"""explore.html in a real browser: charts drawn under its policy, and pickers that say what SQL says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codeshare.estimates.run import estimate
from codeshare.metrics.cells import explore_cells
from codeshare.metrics.figures import collect
from codeshare.metrics.share import shares
from codeshare.report.explore.page import explore_html
from codeshare.report.numbers import count, percent
from tests.metrics.rows import Rows

from .company import company, landed
from .screen import Screen

CHARTS = sorted((
    "share", "lines", "agents", "volume", "kinds", "repository", "team", "class", "bounds", "survival", "churn", "rework", "pairs",
    "review",
))  # fmt: skip
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
IS_DRAWN = "return document.documentElement.dataset.drawn === 'true'"
ROWS = "return explored().views[arguments[0]].data(arguments[1])"


@pytest.fixture(scope="module")
def rows() -> Iterator[Rows]:
    made = landed(company())
    estimate(made.connection)
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


def _show(screen: Screen, page: str, width: int = 1280, **how: Any) -> None:
    screen.open(page, width, **how)
    screen.wait(IS_DRAWN)


def _text(screen: Screen, element: str) -> str:
    return str(screen.run("return document.getElementById(arguments[0]).textContent", element))


def _pick(screen: Screen, **picks: str) -> str:
    screen.run(PICK, picks)
    screen.wait(IS_DRAWN)
    return _text(screen, "share")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_all_charts_are_drawn_and_nothing_fails(screen: Screen, page: str, width: int, dark: bool) -> None:
    _show(screen, page, width, dark=dark)
    drawn = screen.run(DRAWN)
    assert sorted(drawn) == sorted(CHARTS)
    assert {name: found for name, found in drawn.items() if not found["marks"] or found["instead"]} == {}
    assert screen.said == []
    assert screen.run("return document.documentElement.scrollWidth") <= width
    assert screen.asked == [page]


@pytest.mark.parametrize(
    "picks",
    [{}, {"from": "Mar 2025", "tool": "GitHub Copilot coding agent"}, {"from": "May 2025", "to": "May 2025"}],
    ids=["all", "months", "a month"],
)
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_words_of_charts_stay_apart_and_inside(
    screen: Screen, page: str, width: int, picks: dict[str, str]
) -> None:
    _show(screen, page, width)
    _pick(screen, **picks)
    assert screen.problems() == []


def test_the_policy_is_in_force(screen: Screen, page: str) -> None:
    _show(screen, page)
    screen.run(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)"
    )
    assert screen.run("return window.ran === undefined")
    assert any("Content Security Policy" in words for words in screen.said)


SINCE, UNTIL = date(2025, 1, 1), date(2025, 7, 1)
DAYS = {"from": "Jan 2025", "to": "Jun 2025"}


@pytest.mark.parametrize(
    "repo", [None, "harbour/berth-api", "harbour/gateway"], ids=["all", "berth-api", "gateway"]
)
def test_a_repository_and_months_picked_show_what_sql_says(
    screen: Screen, page: str, rows: Rows, repo: str | None
) -> None:
    _show(screen, page)
    said = _pick(screen, repository=repo or "All repositories", **DAYS)
    row = shares(rows.connection, "all", SINCE, UNTIL, [repo] if repo else []).iloc[0]
    assert (
        said
        == f"AI share {percent(row['share'])} = {count(row['numerator'])} of {count(row['denominator'])} lines"
    )
    scope = _text(screen, "scope")
    assert f"{percent(row['share_strict'])} on the strictest reading" in scope
    assert f"{percent(row['share_high'])} when every trace counts" in scope
    assert f"{percent(row['coverage'])} of the lines carry evidence" in scope


@pytest.mark.parametrize("by", ["tool", "team", "class"])
def test_every_part_picked_shows_what_sql_says(screen: Screen, page: str, rows: Rows, by: str) -> None:
    _show(screen, page)
    split = shares(rows.connection, by, SINCE, UNTIL).rename(columns={"file_class": "class"})
    names = screen.run(
        "return [...document.getElementById(`pick-${arguments[0]}`).options].slice(1).map(o => o.textContent)",
        by,
    )
    checked = 0
    for row in split[split[by].isin(names) & (split["denominator"] > 0)].to_dict("records"):
        said = _pick(screen, **{by: row[by]}, **DAYS)
        who = f"Share of {row[by]}" if by == "tool" else "AI share"
        assert (
            said
            == f"{who} {percent(row['share'])} = {count(row['numerator'])} of {count(row['denominator'])} lines"
        )
        checked += 1
    assert checked >= 2


def test_charts_hold_what_sql_says_month_by_month(screen: Screen, page: str, rows: Rows) -> None:
    _show(screen, page)
    _pick(screen, repository="harbour/gateway")
    drawn = {d["d"].split(":")[0]: d["y"] for d in screen.run(ROWS, "share", "months")}
    monthly = shares(rows.connection, "month", repos=["harbour/gateway"])
    expected = {
        f"{r.period:%B %Y}": r.share for r in monthly.itertuples() if r.denominator and not r.is_running
    }
    assert drawn == {month: pytest.approx(share) for month, share in expected.items()}
    bars = screen.run(ROWS, "lines", "bars")
    assert sum(b["y2"] - b["y"] for b in bars if b["key"] == "ai") == pytest.approx(int(monthly["ai"].sum()))


def test_the_volume_of_a_team_is_the_one_computed_for_it(screen: Screen, page: str, rows: Rows) -> None:
    _show(screen, page)
    _pick(screen, team="berth")
    table = screen.run("""
        const details = document.querySelector('#chart-volume details.data');
        details.open = true;
        return new Promise((done) => setTimeout(() => done([...details.querySelectorAll('tbody tr')].map(
          (r) => [...r.children].slice(0, 2).map((c) => c.textContent))), 100));
    """)
    sql = rows.rows("select year(quarter) || ' Q' || quarter(quarter) || case when is_running then ', running' else '' end, ratio_median "
                    "from volume_by_part where scope = 'team/berth' and ratio_median is not null order by quarter")  # fmt: skip
    assert table == [[quarter, f"{ratio:.1f}×"] for quarter, ratio in sql]
    _pick(screen, repository="harbour/berth-api")
    assert "No volume is precomputed" in screen.run(DRAWN)["volume"]["instead"]


def test_dragging_across_the_share_picks_months_for_all_charts(screen: Screen, page: str) -> None:
    _show(screen, page)
    before = screen.run(ROWS, "lines", "bars")
    chart = screen.page.locator("#chart-share .chart svg")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    mouse, middle = screen.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.55, middle)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.65, middle)
    mouse.move(box["x"] + box["width"] * 0.85, middle)
    mouse.up()
    screen.wait("return explored().pick.from > 0")
    screen.wait(IS_DRAWN)
    picked = screen.run("return explored().pick")
    after = screen.run(ROWS, "lines", "bars")
    assert 0 < picked["from"] < picked["to"]
    assert 0 < len(after) < len(before)
    assert screen.run("return location.hash").startswith("#from=20")
    mouse.click(box["x"] + box["width"] * 0.3, middle)
    screen.wait("return explored().pick.from === 0")
    screen.wait(IS_DRAWN)
    assert screen.run(ROWS, "lines", "bars") == before


def test_what_is_picked_stands_in_the_address_and_comes_back(screen: Screen, page: str) -> None:
    _show(screen, page)
    said = _pick(screen, repository="harbour/gateway", tool="GitHub Copilot coding agent", **DAYS)
    address = screen.run("return location.href")
    _show(screen, address)
    assert _text(screen, "share") == said
    assert re.search(
        r"Share of GitHub Copilot coding agent \d+\N{NO-BREAK SPACE}% = [\d,]+ of [\d,]+ lines", said
    )


def test_pickers_have_names_and_work_by_keyboard(screen: Screen, page: str) -> None:
    _show(screen, page)
    names = screen.run(
        "return [...document.querySelectorAll('#pickers select')].map(s => s.labels[0].innerText.split('\\n')[0])"
    )
    assert names == ["Repository", "Team", "Class of file", "Agent", "From", "To"]
    screen.page.locator("#pick-class").press("ArrowDown")
    screen.wait("return explored().pick.class === 0")
    assert "files of class code" in _text(screen, "scope")
    heights = screen.run(
        "return [...document.querySelectorAll('#pickers select, #pickers button')].map(s => s.offsetHeight)"
    )
    assert min(heights) >= 24


def test_thin_evidence_shows_no_share(screen: Screen, tmp_path: Path) -> None:
    rows = company(marks=0.12)
    _show(screen, _page(rows, tmp_path))
    assert _text(screen, "share").startswith("We cannot say how much AI wrote")
    drawn = screen.run(DRAWN)
    assert drawn["share"]["marks"] == drawn["agents"]["marks"] == drawn["class"]["marks"] == 0
    assert drawn["lines"]["marks"]
    assert {b["fill"] for b in screen.run(ROWS, "lines", "bars")} <= {"var(--ink)", "url(#h-ink)"}
    rows.connection.close()


def test_without_scripts_it_leads_to_the_report(page: str) -> None:
    text = Path(page.removeprefix("file://")).read_text(encoding="utf-8")
    assert re.search(r'<noscript><p[^>]*>.*<a href="report\.html">', text)


_GONE = """
select {key}, attribution, sum(lines), coalesce(sum(lines) filter (died_at <= merged_at + interval 14 day), 0)
from followed_lines where repo = 'harbour/gateway' and attribution in ('ai', 'human') and month between '2025-01-01' and '2025-06-01'
group by all order by all
"""


def test_what_went_soon_is_what_sql_says(screen: Screen, page: str, rows: Rows) -> None:
    _show(screen, page)
    _pick(screen, repository="harbour/gateway", **DAYS)
    words = {"ai": "AI", "human": "no AI evidence"}
    drawn = {d["d"].partition(": ")[0]: d["y"] for d in screen.run(ROWS, "churn", "points")}
    monthly = rows.rows(_GONE.format(key="strftime(month, '%B %Y')"))
    assert drawn == {
        f"{month}, {words[whose]}": pytest.approx(gone / lines)
        for month, whose, lines, gone in monthly
        if lines >= 200
    }
    said = [d["d"] for d in screen.run(ROWS, "pairs", "marks") if d["part"] == "Gone within 14 days"]
    for whose, lines, gone in rows.rows(_GONE.format(key="attribution").replace(", attribution,", ",", 1)):
        assert any(
            f"{words[whose]} " in each and f"({count(gone)} of {count(lines)} lines)" in each for each in said
        )


def test_who_removed_what_is_what_the_query_says(screen: Screen, page: str, rows: Rows) -> None:
    _show(screen, page)
    drawn = {d["d"].rpartition(": ")[0]: d["x2"] - d["x"] for d in screen.run(ROWS, "rework", "pieces")}
    expected = rows.rows("""
        select c.attribution, sum(f.lines) / sum(sum(f.lines)) over () from followed_lines as f
        join commits as c on c.repo = f.repo and c.sha = f.died_sha
        where f.attribution = 'ai' and f.died_at <= f.merged_at + interval 90 day and f.month < '2025-06-01' group by all
    """)
    words = {"ai": "AI", "human": "no AI evidence", "assisted": "AI-assisted", "bot": "bots"}
    assert {name: part for name, part in drawn.items() if name.startswith("Lines of AI ")} == {
        f"Lines of AI removed by commits of {words[who]}": pytest.approx(part) for who, part in expected
    }


@pytest.mark.parametrize(
    "picked", [{}, {"team": "berth"}, {"tool": "Claude Code"}], ids=["all", "team", "agent"]
)
def test_the_bounds_are_those_of_sql(screen: Screen, page: str, rows: Rows, picked: dict[str, str]) -> None:
    _show(screen, page)
    _pick(screen, **picked, **{"from": "Jun 2025", "to": "Jun 2025"})
    (said,) = [d["d"] for d in screen.run(ROWS, "bounds", "points")]
    by = next(iter(picked), "all")
    frame = shares(rows.connection, by, date(2025, 6, 1), date(2025, 7, 1))
    row = frame.iloc[0] if by == "all" else frame[frame[by] == picked[by]].iloc[0]
    assert f"between {percent(row['share_min'])} (" in said
    assert f"and {percent(row['share_max'])} of {count(row['denominator'])} lines" in said


@pytest.mark.parametrize(
    ("picked", "scope"),
    [
        ({}, "all"),
        ({"repository": "harbour/gateway"}, "repository/harbour/gateway"),
        ({"class": "test"}, "class/test"),
    ],
    ids=["all", "repository", "class"],
)
def test_survival_is_the_curve_that_was_estimated(
    screen: Screen, page: str, rows: Rows, picked: dict[str, str], scope: str
) -> None:
    _show(screen, page)
    _pick(screen, **picked)
    drawn = [(d["x"], d["y"]) for d in screen.run(ROWS, "survival", "lines") if d["g"] == "ai"]
    scopes = (
        [scope]
        if picked
        else [s for (s,) in rows.rows("select distinct scope from estimates where scope like 'since/%'")]
    )
    assert drawn == [
        (age, pytest.approx(value, abs=1e-4))
        for age, value in rows.rows(
            f"select at_days, value from estimates where metric = 'survival' and scope = '{scopes[0]}' and part = 'ai' "
            "and low is not null order by at_days"
        )
    ]
    assert len(drawn) > 2


def test_what_cannot_be_cut_says_so(screen: Screen, page: str) -> None:
    _show(screen, page)
    _pick(screen, team="berth")
    assert "not estimated team by team" in screen.run(DRAWN)["survival"]["instead"]
    _pick(screen, team="All teams", repository="harbour/gateway", **{"class": "test"})
    assert "a repository and a class of file" in screen.run(DRAWN)["survival"]["instead"]
