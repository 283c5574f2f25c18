"""What is said of a baseline with holes: from rows of a database to the words of the report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from msgspec.structs import replace

from codeshare.metrics.figures import collect
from codeshare.report.baseline import skipped_quarters
from codeshare.report.html import page_html
from codeshare.report.markdown import page_markdown
from codeshare.report.pages import build_page
from tests.metrics.rows import Rows

from .invented import invented, without

TEAM = ("ann", "ben", "cat", "dan", "eve")


def _merge(rows: Rows, *days: str, team: Sequence[str] = TEAM) -> None:
    for day in days:
        for person in team:
            rows.commit(day, 100, engineer=person)


@pytest.mark.parametrize(
    ("merged", "team", "as_of", "said"),
    [
        (
            ["2024-01-10", "2024-04-10", "2024-08-30", "2024-10-10"], TEAM, "2026-05-05",
            "Nobody merged anything in the first 25 working days of 2024 Q3: 2026 Q2 is compared with the mean of the "
            "other three quarters.",
        ),
        (["2024-01-10", "2024-04-10", "2024-08-30", "2024-10-10"], TEAM, "2026-06-30", None),
        (
            ["2024-01-10", "2024-04-10"], TEAM, "2026-06-30",
            "Nobody merged anything in 2024 Q3 and 2024 Q4: 2026 Q2 is compared with the mean of the other two quarters.",
        ),
        (
            ["2024-10-10"], TEAM, "2026-06-30",
            "2024 Q1, 2024 Q2 and 2024 Q3 lie before the first merge: 2026 Q2 is compared with the other quarter alone.",
        ),
        (
            ["2024-04-10", "2024-09-10", "2024-10-10"], TEAM, "2026-05-05",
            "2024 Q1 lies before the first merge and nobody merged anything in the first 25 working days of 2024 Q3: "
            "2026 Q2 is compared with the mean of the other two quarters.",
        ),
        (["2024-01-10", "2024-04-10", "2024-08-30", "2024-10-10"], TEAM[:2], "2026-05-05", None),
        (["2025-01-10"], TEAM, "2026-06-30", None),
    ],
    ids=["cut", "whole", "idle", "not begun", "both", "all together: none is none", "no baseline"],
)  # fmt: skip
def test_quarters_in_no_mean_are_named(
    rows: Rows, merged: list[str], team: Sequence[str], as_of: str, said: str | None
) -> None:
    _merge(rows, *merged, "2026-04-10", team=team)
    rows.setting("as_of", as_of)
    found = skipped_quarters(collect(rows.connection))
    assert found == said


def test_the_report_says_it_beside_the_answer_and_where_the_ratio_is_explained() -> None:
    compared = pd.DataFrame(
        {
            "quarter": pd.to_datetime(["2024-01-01", "2024-04-01", "2024-07-01", "2024-10-01"]),
            "compared_quarter": pd.to_datetime(["2026-04-01"] * 4), "is_cut": True, "working_days": 53,
            "engineers": [40, 0, 40, 40], "lines": [10, 0, 10, 10],
        }
    )  # fmt: skip
    page = build_page(without(invented(), baseline_quarters=compared))
    said = "Nobody merged anything in the first 53 working days of 2024 Q2: 2026 Q2 is compared with"
    assert page_html(page).count(said) == 2
    assert page_markdown(page).count(said) == 2
    assert said not in page_html(build_page(invented()))


def test_people_of_one_name_that_nothing_joins_are_spoken_of() -> None:
    figures = invented()
    frame = pd.DataFrame({"name": ["Bird", "Fox"], "persons": [2, 3], "addresses": [2, 3], "commits": [9, 7]})
    told = page_markdown(build_page(replace(figures, worth={**figures.worth, "unmatched_people": frame})))
    assert "Two names stand for 5 engineers with addresses that nothing joins." in told
    assert "Bird" not in told.partition("Two names stand")[2].partition("\n")[0]
    assert "that nothing joins" not in page_markdown(build_page(figures))
