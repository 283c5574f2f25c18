from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from codeshare.estimates.rates import Counts, Group, rates
from codeshare.estimates.resampling import GROUPS, MINIMUM_COMMITS, interval, intervals, replicate_sums

AI, HUMAN = Group("ai"), Group("human")


def counts(*rows: tuple[int, int, float, float], groups: tuple[Group, ...] = (AI, HUMAN)) -> Counts:
    """Rows of commit, group, numerator and denominator."""
    columns = list(zip(*rows, strict=True))
    return Counts(
        groups,
        np.array(columns[0], dtype=np.intp),
        np.array(columns[1], dtype=np.intp),
        np.array(columns[2], dtype=np.float64),
        np.array(columns[3], dtype=np.float64),
    )


def test_rates_and_their_comparison_by_hand() -> None:
    found = {e.part: e for e in rates("lost", "share", counts((0, 0, 1, 10), (1, 0, 2, 10), (2, 1, 1, 10)))}
    assert {part: e.value for part, e in found.items()} == {
        "ai": 0.15, "human": 0.1, "ai - human": pytest.approx(0.05), "ai / human": pytest.approx(1.5),
    }  # fmt: skip
    assert [(e.n, e.low, e.unit) for e in found.values()] == [
        (2, None, "share"), (1, None, "share"), (1, None, "share"), (1, None, "ratio"),
    ]  # fmt: skip


def test_enough_commits_have_an_interval_that_holds_the_value() -> None:
    rows = [(commit, 0, float(commit % 3 == 0), 1.0) for commit in range(MINIMUM_COMMITS)]
    (found,) = rates("lost", "per 1,000 lines", counts(*rows, groups=(AI,)), scale=1000)
    assert found.low is not None
    assert found.high is not None
    assert found.value == pytest.approx(1000 / 3)
    assert found.low < found.value < found.high


def test_the_interval_is_that_of_commits_and_not_of_lines() -> None:
    # 40 commits of 1,000 lines each, all lost or none: 40 witnesses, whatever the lines
    few = [(commit, 0, 1000.0 * (commit % 2), 1000.0) for commit in range(40)]
    many = [(commit, 0, float(commit % 2), 1.0) for commit in range(40)]
    (large,), (small,) = (list(rates("lost", "share", counts(*rows, groups=(AI,)))) for rows in (few, many))
    assert (large.low, large.high) == pytest.approx((small.low, small.high))
    # the exact interval of 20 of 40 is 0.34 to 0.66
    assert (large.low, large.high) == pytest.approx((0.34, 0.66), abs=0.03)


def test_a_rate_of_nothing_has_no_value() -> None:
    (found,) = rates("lost", "share", counts((0, 0, 0, 0), groups=(AI,)))
    assert (found.value, found.low, found.n) == (None, None, 0)


def test_periods_are_compared_within_themselves() -> None:
    groups = tuple(Group(part, period=date(2026, month, 1)) for month in (1, 2) for part in ("ai", "human"))
    found = list(
        rates("lost", "share", counts((0, 0, 1, 2), (0, 1, 1, 4), (1, 2, 3, 4), (1, 3, 3, 4), groups=groups))
    )
    assert [(e.period.month, e.value) for e in found if e.part == "ai / human"] == [(1, 2.0), (2, 1.0)]


def test_the_first_row_of_sums_is_the_sum_itself() -> None:
    values = np.arange(12, dtype=np.float64).reshape(6, 2)
    sums = replicate_sums(values, replicates=120, seed=1)
    assert sums.shape == (121, 2)
    assert sums[0].tolist() == values.sum(axis=0).tolist()
    assert sums[1:].mean(axis=0) == pytest.approx(sums[0], rel=0.1)
    assert (sums == replicate_sums(values, replicates=120, seed=1)).all()


def test_random_groups_of_many_commits_vary_as_the_commits_do() -> None:
    commits = 3 * GROUPS
    values = np.stack([np.arange(commits) % 2, np.arange(commits) % 100 == 0], axis=1).astype(np.float64)
    sums = replicate_sums(values, replicates=2000)
    assert sums[0].tolist() == [commits / 2, commits / 100]
    assert sums[1:].mean(axis=0) == pytest.approx(sums[0], rel=0.01)
    exact = [np.sqrt(commits * share * (1 - share)) for share in (0.5, 0.01)]
    assert sums[1:].std(axis=0) == pytest.approx(exact, rel=0.06)


def test_a_group_of_too_few_events_has_a_value_and_no_interval() -> None:
    rows = [(commit, commit % 2, float(commit < 8), 1.0) for commit in range(80)]
    rows += [(80, 0, 1.0, 1.0)]
    found = {e.part: e for e in rates("lost", "share", counts(*rows), minimum_events=5)}
    assert (found["ai"].value, found["human"].value) == (5 / 41, 4 / 40)
    assert {part for part, e in found.items() if e.low is not None} == {"ai"}


def test_intervals_of_columns_are_those_of_each() -> None:
    whole, gaps, none = np.arange(101.0), np.arange(101.0), np.full(101, np.nan)
    gaps[[3, 50]] = np.nan
    found = intervals(np.stack([whole, gaps, none], axis=1))
    assert found == [interval(whole), interval(gaps), None]
    assert found[1] == pytest.approx(np.nanquantile(gaps, [0.025, 0.975]))


def test_too_many_replicates_without_value_give_no_interval() -> None:
    assert interval(np.array([np.nan, *range(10)], dtype=np.float64)) is None
    assert interval(np.arange(101.0)) == pytest.approx((2.5, 97.5))
