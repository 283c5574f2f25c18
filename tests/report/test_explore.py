"""explore.html: what the file holds, how large it is, what its policy allows."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import accumulate, count, islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from codeshare.metrics.cells import MOST_CELLS, Cells, explore_cells
from codeshare.metrics.figures import Figures, collect
from codeshare.report.explore.charts import specifications
from codeshare.report.explore.packed import CLASSES, pack
from codeshare.report.explore.page import explore_html
from codeshare.report.write import write_report
from tests.metrics.rows import Rows

from .company import company, landed

MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def rows() -> Iterator[Rows]:
    made = landed(company())
    yield made
    made.connection.close()


@pytest.fixture(scope="module")
def figures(rows: Rows) -> Figures:
    return collect(rows.connection, title="Harbour")


@pytest.fixture(scope="module")
def cells(rows: Rows) -> Cells:
    return explore_cells(rows.connection)


@pytest.fixture(scope="module")
def page(figures: Figures, cells: Cells) -> str:
    return explore_html(figures, cells)


def _unpacked(packed: dict[str, Any], what: str) -> dict[tuple[object, ...], int]:
    sums, found = packed["sums"][what], {}
    for name, cut in sums["cuts"].items():
        for key, lines in zip(accumulate(cut["steps"]), cut["lines"], strict=True):
            rest, mark = divmod(key, len(sums["marks"]))
            rest, file = divmod(rest, len(CLASSES))
            place, month = divmod(rest, len(packed["months"]))
            repo, team = cut["places"][place]
            found[
                name,
                packed["repositories"][repo] if repo >= 0 else None,
                packed["teams"][team] if team >= 0 else None,
                packed["months"][month],
                CLASSES[file],
                *sums["marks"][mark],
            ] = lines
    return found


@pytest.mark.parametrize("what", ["lines", "fates"])
def test_packed_cells_are_the_rows_of_the_query(figures: Figures, cells: Cells, what: str) -> None:
    frame = getattr(cells, what)
    expected = {
        (*key[:3], f"{key[3]:%Y-%m}", *key[4:]): lines
        for *key, lines in frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    }
    assert len(expected) == len(frame) > 500
    assert _unpacked(pack(figures, cells), what) == expected


def test_no_person_is_in_the_file(rows: Rows, page: str) -> None:
    for name, pseudonym in rows.rows("select name, pseudonym from people"):
        assert name not in page
        assert pseudonym not in page
    assert not re.search(r"[\w.]+@[\w-]+\.\w+", re.sub(r"<script>.*?</script>", "", page, flags=re.S))


def test_teams_have_volumes_only_with_engineers_enough(figures: Figures, cells: Cells) -> None:
    volumes = pack(figures, cells)["volumes"]
    assert volumes["team/sound"]["bars"] == []
    assert volumes["team/berth"]["isPerEngineer"]
    by_quarter = {
        f"{r.quarter:%Y-%m}": r.ratio_median
        for r in figures.worth["volume_by_team"].query("team == 'berth'").itertuples()
    }
    assert {b["quarter"]: b["value"] for b in volumes["team/berth"]["bars"]} == {
        quarter: pytest.approx(value, rel=1e-3) for quarter, value in by_quarter.items()
    }
    assert volumes["repository/harbour/tools"]["bars"] == []  # of few engineers


def test_the_policy_allows_its_own_scripts_by_hash_and_nothing_else(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].replace("&#39;", "'").split(";"))
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for element, rule in (("style", "style-src"), ("script", "script-src")):
        inline = re.findall(rf"<{element}>(.*?)</{element}>", page, flags=re.S)
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
        assert rules[rule].split() == [f"'sha256-{value}'" for value in hashes]
    assert not re.search(r"<[a-z][^>]* (style|on\w+)=", re.sub(r"<script.*?</script>", "", page, flags=re.S))


def test_the_licences_of_the_libraries_are_in_the_file(page: str) -> None:
    for words in (
        "University of Washington Interactive Data Lab",
        "Mike Bostock",
        "Redistribution and use in source and binary forms",
    ):
        assert words in page


def test_the_same_figures_give_the_same_bytes(figures: Figures, cells: Cells, page: str) -> None:
    assert explore_html(figures, cells) == page
    assert json.dumps(specifications()) == json.dumps(specifications())


def test_data_cannot_end_its_element(rows: Rows, figures: Figures, cells: Cells) -> None:
    lines = cells.lines.assign(
        repository=cells.lines["repository"].replace("harbour/tools", "</script><b>x</b>")
    )
    page = explore_html(figures, Cells(lines))
    assert "</script><b>" not in page
    assert "<b>x" not in page


@pytest.mark.thorough
def test_a_thousand_repositories_fit(figures: Figures, tmp_path: Path) -> None:
    """As many cells as a page takes: 250 repositories with 1,040 each."""
    months = [m.date() for m in figures.share_monthly["period"]]
    marks = [("ai", "high", "trailer", f"Tool {k}") for k in range(8)] + [
        ("human", "low", "none", None),
        ("assisted", "medium", "footer_or_branch", "Tool 1"),
    ]
    places = ((r, m, c, k) for r in range(250) for m in months for c in CLASSES[:4] for k in marks)
    numbers = count(1000, 7)
    made = [
        {"cut": "repository", "repository": f"organisation/repository-{r:04}", "team": None, "month": pd.Timestamp(m), "file_class": c,
         "attribution": a, "confidence": f, "kind": k, "tool": t, "lines": next(numbers) % 100_000}
        for r, m, c, (a, f, k, t) in islice(places, MOST_CELLS)
    ]  # fmt: skip
    size = len(explore_html(figures, Cells(pd.DataFrame(made))).encode())
    assert 1_500_000 < size < MOST_BYTES


@pytest.mark.thorough
def test_it_is_written_beside_the_report_only_when_wanted(
    figures: Figures, cells: Cells, tmp_path: Path
) -> None:
    with_it = write_report(figures, tmp_path / "with", cells)
    without = write_report(figures, tmp_path / "without")
    assert {p.name for p in with_it} - {p.name for p in without} == {"explore.html"}
    assert (tmp_path / "with/explore.html").stat().st_size < MOST_BYTES


def test_the_charts_name_only_colours_of_the_page() -> None:
    named = set(re.findall(r"#[0-9a-f]{3,6}\b|rgb\(|steelblue", json.dumps(specifications())))
    assert named == set()


@pytest.mark.thorough
def test_a_history_of_one_month_has_a_page() -> None:
    rows = Rows()
    rows.commit("2025-02-10", 100)
    page = explore_html(collect(rows.connection), explore_cells(rows.connection))
    assert '<option value="0" selected>Feb 2025 (running)</option>' in page
    assert date(2025, 2, 1).strftime("%Y-%m") in page
