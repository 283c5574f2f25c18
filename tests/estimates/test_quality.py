from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from codeshare.estimates.quality import estimate, median
from codeshare.estimates.resampling import MINIMUM_COMMITS, replicate_kinds, replicate_sums
from codeshare.estimates.table import ALL_TIME, Estimate
from tests.metrics.rows import Rows


def found(rows: Rows, metric: str, period: date = ALL_TIME, scope: str = "all") -> dict[str, Estimate]:
    return {
        each.part: each
        for each in estimate(rows.connection)
        if (each.metric, each.period, each.scope) == (metric, period, scope)
    }


def test_sizes_and_tests_by_hand(rows: Rows) -> None:
    rows.commit("2024-05-01", 900)  # before the first quarter with AI: in neither
    rows.commit("2025-04-01", 10)
    rows.commit("2025-05-01", 30)
    rows.commit("2025-05-02", {})  # adds nothing
    for lines in (20, 100, 401):
        rows.commit("2025-06-01", lines, attribution="ai")
    tested = rows.commit("2025-06-02", 500, attribution="ai")
    rows.change(tested, "tests/test_a.py", 100, file_class="test")
    rows.commit("2025-06-03", 5000, attribution="ai", is_merge=True)
    rows.commit("2025-06-03", 5000, attribution="ai", is_bulk=True)
    rows.commit("2025-06-03", 5000, attribution="bot")
    sizes = found(rows, "commit_size_median")
    assert {part: (each.value, each.n, each.low, each.unit) for part, each in sizes.items()} == {
        "human": (20.0, 2, None, "lines"),
        "ai": (250.5, 4, None, "lines"),
        "all": (65.0, 6, None, "lines"),
        "ai - human": (230.5, 2, None, "lines"),
        "ai / human": (12.525, 2, None, "ratio"),
    }
    assert {part: (each.value, each.n) for part, each in found(rows, "large_commits").items()} == {
        "human": (0.0, 2), "ai": (0.5, 4), "all": (pytest.approx(1 / 3), 6), "ai - human": (0.5, 2), "ai / human": (None, 2),
    }  # fmt: skip
    assert found(rows, "tests_touched", date(2025, 4, 1))["ai"].value == 0.25
    assert found(rows, "tests_touched")["human"].value == 0.0


def test_without_ai_every_commit_is_compared(rows: Rows) -> None:
    rows.commit("2004-05-01", 10)
    assert found(rows, "commit_size_median")["all"].value == 10
    assert "ai - human" not in found(rows, "commit_size_median")


def test_several_repositories_have_a_row_each(rows: Rows) -> None:
    rows.commit("2025-05-01", 10, attribution="ai", repo="one")
    rows.commit("2025-05-01", 30, attribution="ai", repo="two")
    assert found(rows, "commit_size_median")["ai"].value == 20
    assert found(rows, "commit_size_median", scope="repository/two")["ai"].value == 30


def test_enough_commits_have_intervals(rows: Rows) -> None:
    for number in range(MINIMUM_COMMITS):
        rows.commit("2025-05-01", 10 + number, attribution="ai")
        rows.commit("2025-05-01", 500 + number)
    difference = found(rows, "commit_size_median")["ai - human"]
    assert difference.value == -490
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low < -490 < difference.high < 0
    assert found(rows, "large_commits")["ai - human"].high == -1.0


def sampled(rows: Rows, attribution: str, weight: float | None, size: float | None, **values: object) -> None:
    sha = rows.commit("2025-05-01", 10, attribution=attribution)
    rows.insert(
        "quality",
        repo="widget",
        sha=sha,
        stratum="x",
        weight=weight,
        unit_size=size,
        measured_with="1",
        **values,
    )


def test_sampled_commits_count_by_their_weight(rows: Rows) -> None:
    sampled(rows, "ai", 30.0, 1.0, added=10, comments=1, duplicated=3)
    sampled(rows, "ai", 10.0, 0.0, added=20, comments=10, duplicated=None)
    sampled(rows, "human", 1.0, 0.5, added=10, comments=4, duplicated=0)
    sampled(rows, "human", None, 0.0)  # of an earlier sample
    sampled(rows, "human", 9.0, None, why="took more than 60 seconds")
    rows.insert("quality", repo="widget", sha="gone", weight=1.0, unit_size=0.0, measured_with="1")
    by_part = found(rows, "dmm_unit_size")
    assert {part: (each.value, each.n) for part, each in by_part.items()} == {
        "ai": (0.75, 2), "human": (0.5, 1), "all": (30.5 / 41, 3), "ai - human": (0.25, 1), "ai / human": (1.5, 1),
    }  # fmt: skip
    # 30 × 1 + 10 × 10 comments of 30 × 10 + 10 × 20 lines
    assert found(rows, "comment_share")["ai"].value == pytest.approx(130 / 500)
    assert found(rows, "duplicated_share")["ai"].value == pytest.approx(3 / 9)
    assert found(rows, "comment_share")["human"].value == pytest.approx(0.4)


def test_without_a_sample_nothing_is_said_of_it(rows: Rows) -> None:
    rows.commit("2025-05-01", 10, attribution="ai")
    assert {each.metric for each in estimate(rows.connection)} == {
        "commit_size_median", "large_commits", "tests_touched",
    }  # fmt: skip


def test_an_empty_database_has_no_figures(rows: Rows) -> None:
    assert list(estimate(rows.connection)) == []


@pytest.mark.parametrize(
    ("weights", "expected"),
    [((1, 1, 1), 20), ((1, 1, 0), 15), ((0, 0, 2), 90), ((0, 0, 0), np.nan), ((2, 1, 1), 15)],
    ids=["odd", "even", "one kind", "nothing", "counted often"],
)
def test_a_median_counts_values_as_often_as_they_are_there(weights: tuple[int, ...], expected: float) -> None:
    found = median(np.array([10.0, 20.0, 90.0]), np.array([weights], dtype=np.float64).T)
    assert found[0] == pytest.approx(expected, nan_ok=True)


def test_commits_drawn_by_kind_vary_as_those_drawn_one_by_one() -> None:
    times = np.array([60, 40])
    kinds = replicate_kinds(times, 4000) @ np.array([1.0, 0.0])
    single = replicate_sums(np.repeat([1.0, 0.0], times)[:, None], 4000)[:, 0]
    assert kinds[0] == single[0] == 60
    assert kinds[1:].std() == pytest.approx(single[1:].std(), rel=0.06)
    assert kinds[1:].mean() == pytest.approx(60, abs=0.3)
