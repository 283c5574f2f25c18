"""AI beside human: the pivot of the table estimates, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from codeshare.metrics.measures import all_measures, measures
from codeshare.metrics.queries import run

from .rows import Rows

Ends = tuple[float | None, float | None, float | None]


def put(
    rows: Rows, part: str, ends: Ends, metric: str = "churn", at_days: float | None = 14, **values: object
) -> None:
    value, low, high = ends
    defaults = {"scope": "all", "period": date(1970, 1, 1), "unit": "share", "n": 40, "method": "counted"}
    rows.insert(
        "estimates",
        metric=metric,
        part=part,
        at_days=at_days,
        value=value,
        low=low,
        high=high,
        **defaults | values,
    )


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ((0.1, 0.05, 0.15), "AI higher"),
        ((-0.1, -0.15, -0.05), "AI lower"),
        ((0.1, -0.05, 0.25), "no clear difference"),
        ((0.1, 0.0, 0.2), "no clear difference"),
        ((-0.1, -0.2, 0.0), "no clear difference"),
        ((0.1, None, None), "too few commits"),
    ],
)
def test_the_verdict_is_that_of_the_interval(rows: Rows, ends: Ends, verdict: str) -> None:
    put(rows, "ai", (0.3, 0.2, 0.4), n=35)
    put(rows, "human", (0.2, 0.1, 0.3), n=70)
    put(rows, "ai - human", ends)
    put(rows, "ai / human", (1.5, 0.9, 2.0), unit="ratio")
    put(rows, "all", (0.25, 0.2, 0.3))
    found = rows.row("from ai_beside_human")
    assert (found["ai"], found["ai_n"], found["human"], found["human_n"], found["unit"]) == (
        0.3,
        35,
        0.2,
        70,
        "share",
    )
    assert (found["difference"], found["ratio"], found["ratio_low"]) == (ends[0], 1.5, 0.9)
    assert (found["verdict"], found["method"]) == (verdict, "counted")


def test_without_a_comparison_there_is_no_verdict_of_its_size(rows: Rows) -> None:
    put(rows, "ai", (0.3, 0.2, 0.4))
    put(rows, "human", (0.2, 0.1, 0.3))
    assert rows.row("from ai_beside_human")["verdict"] == "not compared"


def test_what_is_compared_since_agents_came_stands_for_all(rows: Rows) -> None:
    for metric, ages, scope in (
        ("churn", (14, 90), "all"),
        ("churn", (14,), "since/2025-01-01"),
        ("tests_touched", (14,), "all"),
    ):
        for at_days in ages:
            for part in ("ai", "human"):
                put(rows, part, (0.1, None, None), metric=metric, at_days=at_days, scope=scope)
    found = run(rows.connection, "ai_beside_human")
    assert found[["metric", "at_days", "scope"]].values.tolist() == [
        ["churn", 14, "since/2025-01-01"], ["tests_touched", 14, "all"],
    ]  # fmt: skip
    assert run(rows.connection, "ai_beside_human", scope="since/2025-01-01")["metric"].tolist() == ["churn"]


def test_each_age_scope_and_period_is_a_row_of_its_own(rows: Rows) -> None:
    for at_days in (14, 90, None):
        for part in ("ai", "human"):
            put(rows, part, (0.1, None, None), at_days=at_days)
    for part in ("ai", "human"):
        put(rows, part, (0.2, None, None), scope="repository/widget")
        put(rows, part, (0.3, None, None), period=date(2025, 1, 1))
    put(rows, "ai", (0.2, None, None), metric="half_life")
    assert rows.rows("select scope, year(period), at_days from ai_beside_human") == [
        ("all", 1970, 14), ("all", 1970, 90), ("all", 1970, None), ("all", 2025, 14), ("repository/widget", 1970, 14),
    ]  # fmt: skip
    assert run(rows.connection, "ai_beside_human")["ai"].tolist() == [0.1, 0.1, 0.1]
    assert run(rows.connection, "ai_beside_human", scope="repository/widget")["ai"].tolist() == [0.2]


def test_measures_are_named_once_and_in_words() -> None:
    found = all_measures()
    assert {m.metric for m in measures("sides")} - {m.metric for m in measures("attribution")} == {
        "defects_crude"
    }
    assert len({measure.key for measure in found}) == len(found) == len({measure.label for measure in found})
    assert all(measure.says and measure.query and measure.estimator for measure in found)
