"""A report that is about a part says so, and shows the parts that were asked for."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO

import pandas as pd
import pytest
from msgspec.structs import replace

from codeshare.metrics.parts import Parts
from codeshare.report import svg
from codeshare.report.charts.parts import Part, describe, parts_chart
from codeshare.report.design import sizes, slide
from codeshare.report.frames import rows
from codeshare.report.html import page_html
from codeshare.report.markdown import page_markdown
from codeshare.report.pages import build_page
from codeshare.report.scope import only, scope_parts
from codeshare.report.slides import slide_drawing
from codeshare.report.tables import csv_text
from codeshare.store.filter import Filter

from .invented import invented

QUARTERS = [
    date(2025, 1, 1),
    date(2025, 4, 1),
    date(2025, 7, 1),
    date(2025, 10, 1),
    date(2026, 1, 1),
    date(2026, 4, 1),
]
NUMBERS = (
    "numerator",
    "denominator",
    "share",
    "share_strict",
    "share_high",
    "share_min",
    "share_max",
    "coverage",
    "engineers",
)


def parts_of(
    names: tuple[str, ...], by: str = "repository", hidden: tuple[tuple[str, date], ...] = ()
) -> Parts:
    found = []
    for k, name in enumerate(names):
        for n, quarter in enumerate(QUARTERS):
            share = (n + k) / 20
            row = {
                "part": name, "period": quarter, "engineers": 6, "numerator": round(1000 * share), "denominator": 1000,
                "share": share, "share_strict": share * 0.9, "share_high": share * 1.1, "share_min": 0.0, "share_max": 1.0,
                "coverage": share * 1.1, "is_running": quarter == QUARTERS[-1], "basis": "landed",
            }  # fmt: skip
            if (name, quarter) in hidden:
                row |= dict.fromkeys(NUMBERS)
            found.append(row)
    return Parts(by, "quarter", pd.DataFrame(found), names, hidden=len(hidden))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Filter(), ""),
        (Filter(repos=("acme/web",)), "repository acme/web"),
        (Filter(repos=("a", "b", "c"), teams=("core",)), "repositories a, b and c, team core"),
        (Filter(paths=("src/**", "docs")), "files `src/*` and `docs`"),
        (Filter(since=date(2025, 1, 1)), "merged since 1 January 2025"),
        (Filter(until=date(2025, 7, 1)), "merged up to 30 June 2025"),
        (
            Filter(since=date(2025, 1, 1), until=date(2026, 1, 1)),
            "merged from 1 January 2025 to 31 December 2025",
        ),
    ],
    ids=str,
)
def test_a_scope_in_words(asked: Filter, words: str) -> None:
    assert ", ".join(scope_parts(asked)) == words
    figures = replace(invented(), filter=asked)
    said = only(figures)
    assert said.startswith(f"Only a part is counted: {words}.") if words else said == ""
    assert ("Ratios are to 2024, the baseline, all the same." in said) == bool(asked.since)


def test_every_place_says_what_the_report_is_about() -> None:
    asked = Filter(teams=("Web & Shop",), paths=("src/*",))
    page = build_page(replace(invented(), filter=asked))
    said = "team Web &amp; Shop, files <code>src/*</code>"
    html = page_html(page)
    assert f'<p class="only">Only a part is counted: {said}.</p>' in html
    captions = re.findall(r"<caption>(.*?)</caption>", html)
    assert captions
    assert all(f". Only a part is counted: {said}." in caption for caption in captions)
    assert "team Web &amp; Shop, files src/*" in html.split("<header")[1].split("</header>")[0]
    assert "team Web &amp; Shop, files src/*" in html.split("<footer")[1]
    assert "**Only a part is counted: team Web &#38; Shop, files `src/*`.**" in page_markdown(page)
    words = " ".join(text.text for text in slide_drawing(page.figures[0], page).texts)
    assert "team Web & Shop, files src/*" in words
    assert "merged up to 12 June 2026" in words


def test_rows_that_leave_the_report_name_its_part() -> None:
    asked = Filter(teams=("=Web",), since=date(2025, 1, 1))
    page = build_page(replace(invented(), filter=asked))
    (table,) = (figure.table for figure in page.figures if figure.name == "quality")
    found = pd.read_csv(StringIO(csv_text(table, page.part)))
    assert list(found.columns) == [*table.frame.columns, "report_scope"]
    assert set(found["report_scope"]) == {"team =Web, merged since 1 January 2025"}
    assert "report_scope" in page_html(page)
    assert "report_scope" not in csv_text(table)


def test_a_report_of_everything_says_nothing_of_parts() -> None:
    html = page_html(build_page(invented()))
    assert "Only a part is counted" not in html
    assert 'id="parts"' not in html


def test_volume_is_drawn_from_the_first_day_on_and_compared_with_the_baseline() -> None:
    figures = replace(invented(), filter=Filter(since=date(2025, 5, 20)))
    page = build_page(figures)
    volume = next(figure for figure in page.figures if figure.name == "volume")
    assert "as a ratio to 2024" in volume.says
    assert "since 2025 Q2" in volume.says
    drawn = [row["d"] for layer in volume.draw(sizes("volume")[0]).layers for row in layer.rows if "d" in row]
    assert drawn
    assert not any("2024 Q" in str(words) or "2025 Q1" in str(words) for words in drawn)


@pytest.mark.parametrize("by", ["repository", "team", "tool", "class", "language", "path", "owner"])
def test_parts_are_a_section_of_their_own(by: str) -> None:
    page = build_page(replace(invented(), parts=parts_of(("one", "two", "three"), by)))
    (section,) = [section for section in page.sections if section.name == "parts"]
    (figure,) = section.figures
    assert "2026 Q1" in figure.heading
    assert figure.counted.endswith(f"Run `codeshare query ai_share_parts split={by} period=quarter`.")
    assert figure.alt.endswith("one 20 %; two 25 %; three 30 %.".replace(" %", "\N{NO-BREAK SPACE}%"))
    if by == "tool":
        assert figure.source == "750 ÷ 1,000 lines".replace(" ÷ ", "\N{NO-BREAK SPACE}÷\N{NO-BREAK SPACE}")


def test_teams_are_not_ranked_and_what_is_not_shown_is_said() -> None:
    parts = parts_of(("core", "web"), "team", hidden=(("web", QUARTERS[4]),))
    page = build_page(replace(invented(), parts=parts))
    figure = next(figure for figure in page.figures if figure.name == "parts")
    section = next(section for section in page.sections if section.name == "parts")
    assert "fewer than 5 of its people merged" in section.intro[0]
    assert "web" not in figure.alt
    words = [text.text for text in figure.draw(sizes("parts")[0]).texts]
    assert "not shown: too few people" in words


def test_without_evidence_no_part_has_a_share() -> None:
    page = build_page(replace(invented(top=0.05, marks=0.02), parts=parts_of(("one", "two"))))
    section = next(section for section in page.sections if section.name == "parts")
    assert section.figures == ()
    assert "Too few lines carry evidence" in section.intro[0]


@pytest.mark.parametrize("number", [2, 3, 5, 12])
@pytest.mark.parametrize("size", [*sizes("parts"), slide()], ids=lambda size: size.name)
def test_panels_have_room_for_their_words(number: int, size: object) -> None:
    names = tuple(f"tidewrack/a-long-name-{k}" for k in range(number))
    frame = rows(parts_of(names).frame)
    shown = [Part(name, tuple(row for row in frame if row["part"] == name)) for name in names]
    drawing = parts_chart(shown, "quarter", size)  # type: ignore[arg-type]
    boxes = [(text.text, drawing.box(text)) for text in drawing.texts]
    for k, (one, a) in enumerate(boxes):
        assert a[0] >= 0, one
        assert a[2] <= drawing.size.width + 1, one
        for other, b in boxes[k + 1 :]:
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, (one, other)
    assert svg.render(drawing).startswith("<svg")


def test_a_pointer_says_numerator_and_denominator() -> None:
    row = rows(parts_of(("one",)).frame)[4]
    assert describe("one", row, "quarter").replace("\N{NO-BREAK SPACE}", " ") == (
        "one, 2026 Q1: 20 % AI, 18 % on the strictest reading, 22 % with every trace; 200 of 1,000 lines"
    )


def test_of_what_came_before_the_first_day_nothing_is_said() -> None:
    whole = invented()
    page = build_page(whole)
    assert "the record shows single digits" in " ".join(page.headline.lede)
    figures = replace(whole, filter=Filter(since=whole.share_monthly["period"].iloc[0]))
    page = build_page(figures)
    words = page_markdown(page) + " ".join(t.text for t in page.figures[0].draw(sizes("share")[0]).texts)
    for claim in (
        "the record shows single digits",
        "Until ",
        "single digits on record in every month before",
    ):
        assert claim not in words
    assert "on record in" in " ".join(page.headline.lede)
