"""The page as text: one file, whole, consistent, in plain words."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

import pandas as pd
import pytest
from msgspec.structs import force_setattr, replace

from codeshare.metrics.queries import load_query, query_names
from codeshare.report.charts.agents import OTHERS, agents, visible
from codeshare.report.frames import rows
from codeshare.report.html import page_html
from codeshare.report.inline import to_plain
from codeshare.report.markdown import page_markdown
from codeshare.report.page_model import Page, Table
from codeshare.report.pages import build_page
from codeshare.report.tables import csv_link

from .invented import invented, without
from .states import FEW_OFTEN, STATES, figures_in

VOID = {"meta", "br", "img", "hr", "input", "link"}


class _Outline(HTMLParser):
    """Collects elements in order and checks that they close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html() -> str:
    return page_html(build_page(figures_in("high")))


def test_it_names_no_address_to_load_from(html: str) -> None:
    outline = _Outline(html)
    assert outline.open == []
    loads = [
        (tag, a)
        for tag, a in outline.elements
        if {"src", "srcset", "data", "poster"} & set(a) or tag == "link"
    ]
    assert loads == []
    links = [a["href"] or "" for tag, a in outline.elements if tag == "a"]
    assert links
    assert all(href.startswith(("#", "data:text/csv;")) for href in links)
    held = [a for tag, a in outline.elements if tag == "a" and (a["href"] or "").startswith("data:")]
    assert all((a.get("download") or "").endswith(".csv") for a in held)
    assert not re.search(r"url\((?!#h-)", html)
    assert "@import" not in html


def test_links_lead_somewhere_and_ids_are_unique(html: str) -> None:
    elements = _Outline(html).elements
    ids = [a["id"] for _, a in elements if a.get("id")]
    assert len(ids) == len(set(ids))
    links = [a["href"] or "" for tag, a in elements if tag == "a"]
    assert {href[1:] for href in links if href.startswith("#")} <= set(ids)
    assert set(re.findall(r"url\(#([\w-]+)\)", html)) <= set(ids)


def test_the_policy_allows_its_own_sheet_and_script_only(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert "default-src 'none'" in policy[1].replace("&#39;", "'")
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1]
    assert not [a for _, a in _Outline(html).elements if "style" in a or any(k.startswith("on") for k in a)]


def test_headings_have_one_first_level_and_skip_none(html: str) -> None:
    levels = [int(tag[1]) for tag, _ in _Outline(html).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_section_headings_are_the_same_in_every_report() -> None:
    expected = [
        "Since when, and by which agents", "How much each engineer merges", "By person", "What the lines are worth",
        "How sure we are", "What this report is for", "Method and definitions", "Appendix",
    ]  # fmt: skip
    for state in ("high", "medium", "low", "few engineers"):
        assert [section.heading for section in build_page(figures_in(state)).sections] == expected


def test_tables_head_their_rows_and_columns(html: str) -> None:
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        assert "<caption>" in table
        assert table.count("<tr>") - 1 == table.count('<th scope="row">')


def test_every_drawing_tells_its_finding_in_words(html: str) -> None:
    drawings = [
        a for tag, a in _Outline(html).elements if tag == "svg" and "drawing" in (a.get("class") or "")
    ]
    assert len(drawings) == 28
    assert all(a.get("role") == "img" and len(a.get("aria-label") or "") > 30 for a in drawings)


@pytest.mark.parametrize("state", STATES)
def test_words_are_plain_and_numbers_whole_in_every_state(state: str) -> None:
    page = build_page(figures_in(state))
    text = page_markdown(page)
    bad = (
        "productiv",
        "human-written",
        "by hand",
        "at most",
        "nan",
        "None",
        "{ai}",
        "**.",
        "efficien",
        "1 engineers",
    )
    assert not [w for w in bad if re.search(rf"\b{re.escape(w)}\b", text)]
    assert "0.0000" not in text


def test_low_evidence_draws_nothing_by_attribution() -> None:
    page = build_page(figures_in("low"))
    assert [f.name for f in page.figures] == [
        "lines-monthly",
        "volume",
        "variants",
        "people",
        "survival",
        "churn",
        "evidence-kinds",
    ]
    assert [rung.name for section in page.sections for rung in section.rungs] == ["low"]
    assert page_html(page).count('class="band"') == 0


def test_few_engineers_are_not_shown_one_by_one() -> None:
    page = build_page(figures_in("few engineers"))
    names = [f.name for f in page.figures]
    assert "people" not in names
    assert "variants" not in names
    (section,) = (s for s in page.sections if s.name == "people")
    assert section.intro[0].startswith("Left out")
    volume = next(f for f in page.figures if f.name == "volume")
    assert "everybody together" in volume.says
    assert "volume_by_person" not in [t.name for t in page.all_tables()]


def test_a_quarter_of_too_few_engineers_has_no_bar() -> None:
    figures = invented()
    quarters = figures.volume_quarterly.copy()
    quarters.loc[quarters.index[0], "engineers"] = 4
    force_setattr(figures, "volume_quarterly", quarters)
    page = build_page(figures)
    volume = next(f for f in page.figures if f.name == "volume")
    assert "No bar: fewer than 5 active engineers." in volume.says


def test_a_way_of_counting_that_shows_persons_is_left_out() -> None:
    figures = invented()
    variants = figures.variants.copy()
    variants.loc[variants["variant"] == "cohort", "n"] = 2
    force_setattr(figures, "variants", variants)
    (figure,) = (f for f in build_page(figures).figures if f.name == "variants")
    assert "cohort" not in set(figure.table.frame["variant"])
    assert "headcount" in set(figure.table.frame["variant"])


def test_the_table_by_person_has_the_quarters_that_are_drawn() -> None:
    for state in ("high", "timestamps"):
        figures = figures_in(state)
        (figure,) = (f for f in build_page(figures).figures if f.name == "people")
        assert len(figure.table.frame) == len(figures.volume_groups)
        force_setattr(figures, "has_persons", True)
        (figure,) = (f for f in build_page(figures).figures if f.name == "people")
        assert len(figure.table.frame) == len(figures.volume_people)


def test_the_panels_of_agents_add_up_to_the_share() -> None:
    figures = figures_in("high")
    assert figures.month is not None
    shown = agents(rows(figures.tools_monthly), figures.month)
    share = {
        row["period"]: row["share"] for row in rows(figures.share_monthly) if row["period"] <= figures.month
    }
    for month, value in share.items():
        assert sum(agent.shares.get(month, 0.0) for agent in shown) == pytest.approx(value)
    named = [a.since for a in shown if a.name != OTHERS]
    assert named == sorted(named)
    assert [a.name for a in shown].index(OTHERS) == len(shown) - 1


def test_agents_too_small_to_see_have_no_panel() -> None:
    figures = figures_in("high")
    month = figures.month
    assert month is not None
    rare = {"period": month, "tool": "rare one", "lines": 3, "share": 0.004, "denominator": 750}
    often = {"period": month, "tool": "often one", "lines": 300, "share": 0.4, "denominator": 750}
    shown = agents([rare, often], month)
    assert [agent.name for agent in visible(shown)] == ["often one"]
    assert visible(agents([rare], month)) == agents([rare], month)
    many = [often | {"period": each} for each in figures.share_monthly["period"][-3:]] + [rare]
    figure = next(
        f
        for f in build_page(without(figures, tools_monthly=pd.DataFrame(many))).figures
        if f.name == "agents"
    )
    assert "Not drawn, under 1 % in every month: rare one." in to_plain(figure.says).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "rare one" in set(figure.table.frame["tool"])


def test_more_agents_than_panels_share_the_last_one() -> None:
    figures = figures_in("high")
    assert figures.month is not None
    many = [
        {
            "period": figures.month,
            "tool": f"agent {k}",
            "lines": 10 + k,
            "share": (10 + k) / 1000,
            "denominator": 1000,
        }
        for k in range(9)
    ]
    shown = agents(many, figures.month)
    assert [a.name for a in shown] == ["agent 5", "agent 6", "agent 7", "agent 8", "Others, unnamed"]
    assert sum(a.shares[figures.month] for a in shown) == pytest.approx(sum(r["share"] for r in many))


def test_the_basis_is_said_in_words() -> None:
    text = page_markdown(build_page(figures_in("timestamps")))
    assert "basis: added" in text
    assert "lines added by merged commits" in text
    assert "landed" not in text
    assert "intermediate_lines" not in text


@pytest.mark.parametrize("state", [state for state in STATES if state != "timestamps"])
def test_landed_lines_are_nowhere_called_added(state: str) -> None:
    text = page_markdown(build_page(figures_in(state)))
    assert "basis: landed" in text
    assert not re.search(r"\badded\b", text)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ([1000, 0], "1,000 lines (2\N{NO-BREAK SPACE}%) were gone again before reaching the branch, and are in no figure."),
        ([1, 0], "1 line (under\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%) was gone again before reaching the branch, and is in no figure."),
        ([0, 0], "No line of handwritten new work was gone again before it reached the branch."),
    ],
    ids=["many", "one", "none"],
)  # fmt: skip
def test_lines_gone_within_their_landing_are_a_figure_of_their_own(gone: list[int], said: str) -> None:
    figures = invented()
    page = build_page(without(figures, intermediate=figures.intermediate.assign(intermediate=gone)))
    assert said in page_markdown(page)
    (table,) = [each for each in page.all_tables() if each.name == "intermediate_lines"]
    assert table.caption == f"Lines gone again within their own landing ({sum(gone):,})"


def test_names_of_people_are_escaped() -> None:
    figures = invented()
    people = figures.volume_people.replace({"person": {"Avocet": "<script>alert(1)</script>"}})
    force_setattr(figures, "volume_people", people)
    force_setattr(figures, "has_persons", True)
    assert "&lt;script&gt;alert" in page_html(build_page(figures))
    assert "<script>alert" not in page_html(build_page(figures))


def test_splits_of_the_share_are_tables_of_the_appendix() -> None:
    frame = pd.DataFrame(
        {"part": ["src", "web"], "numerator": [80, 10], "denominator": [100, 50], "share": [0.8, 0.2]}
    )
    page = page_html(build_page(without(invented(), splits={"path": frame})))
    assert "AI share by folder, twelve months (2)" in page
    assert re.search(r">web<.*?>20.%<", page)


def test_churn_compares_lines_of_one_time() -> None:
    (churn,) = (f for f in build_page(figures_in("high")).figures if f.name == "churn")
    assert (
        churn.heading
        == "Gone within 14 days: no clear difference (5.5\u00a0% of AI’s lines, 4.8\u00a0% of those with no AI evidence)"
    )
    assert any("merged since January 2025" in note for note in churn.notes)


def test_a_team_of_few_shows_no_lines() -> None:
    figures = figures_in("high")
    parts = figures.worth["volume_by_repository"].rename(columns={"repository": "team"})
    is_small = parts["team"] == "halden/part-1"
    teams = parts.assign(engineers=parts["engineers"].where(~is_small, figures.minimum_engineers - 1))
    tables = build_page(replace(figures, worth={**figures.worth, "volume_by_team": teams})).all_tables()
    (table,) = (t for t in tables if t.name == "volume_by_team")
    assert list(table.frame["team"].unique()) == ["halden/part-2"]
    assert (
        table.caption == "Lines merged by team and quarter, where 5 engineers or more of the team were active"
    )
    few = replace(figures, worth={**figures.worth, "volume_by_team": teams.assign(engineers=1)})
    assert "volume_by_team" not in [t.name for t in build_page(few).all_tables()]


def _undrawn(page: Page) -> str:
    """The page without its drawings, which take most of its time."""
    return page_html(page, {figure.name: [] for figure in page.figures})


@pytest.mark.parametrize("state", FEW_OFTEN)
def test_every_chart_leads_to_its_sql_and_its_rows(state: str) -> None:
    page = build_page(figures_in(state))
    elements = _Outline(_undrawn(page)).elements
    links = [a for tag, a in elements if tag == "a"]
    sql = {a["href"] for a in links}
    rows_of = {a["download"]: unquote((a["href"] or "").partition(",")[2]) for a in links if "download" in a}
    for figure in page.figures:
        if figure.query_name in query_names():
            assert f"#sql-{figure.query_name}" in sql
        written = pd.read_csv(io.StringIO(rows_of[f"{figure.table.name}.csv"]))
        assert len(written) == len(figure.table.frame)
        assert list(written.columns) == list(figure.table.frame.columns)


@pytest.mark.parametrize("state", FEW_OFTEN)
def test_every_figure_says_what_is_divided_and_what_it_rests_on(state: str) -> None:
    page = build_page(figures_in(state))
    text, html = page_markdown(page), _undrawn(page)
    assert text.count("\nEvidence: ") == html.count("<strong>Evidence:</strong>") == len(page.figures)
    assert text.count("\nNumerator: ") == html.count("<strong>Numerator:</strong>") == len(page.figures)
    assert html.count("<strong>Defined</strong> under “") == len(page.figures)
    if page.headline.state == "low":
        assert "too little for a split by attribution" in text


def test_a_query_stands_with_the_views_that_it_is_made_of(html: str) -> None:
    blocks = dict(re.findall(r'<pre id="([\w-]+)" tabindex="0">(.*?)</pre>', html, re.DOTALL))
    assert unescape(blocks["sql-ai_share_monthly"]) == load_query("ai_share_monthly").sql.replace("\r", "")
    assert blocks["view-ai_share_monthly"].startswith("create or replace view ai_share_monthly as")
    assert "view-scope_settings" in blocks
    assert "view-reverts" not in blocks  # a column is called so, but no query here reads that view


def test_a_table_too_large_for_a_link_is_named_by_its_file() -> None:
    frame = pd.DataFrame({"a": ["x" * 1000] * 400})
    assert csv_link(Table("big", "Big", frame)) is None
    assert csv_link(Table("small", "Small", frame.head(1).assign(a="é, 50 % & <b>"))) == (
        "data:text/csv;charset=utf-8,a%0A%22%C3%A9,%2050%20%25%20%26%20%3Cb%3E%22%0A"
    )
