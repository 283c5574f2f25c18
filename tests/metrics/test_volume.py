from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from codeshare.metrics.bootstrap import Resampling
from codeshare.metrics.queries import run
from codeshare.metrics.volume import COLUMNS
from codeshare.metrics.volume import estimate as estimates_of

from .rows import Rows


def estimate(company: Rows, replicates: int = 1000, seed: int = 20240101) -> pd.DataFrame:
    """The estimates as a frame, days as timestamps as the queries give them."""
    found = pd.DataFrame(estimates_of(company.connection, replicates, seed), columns=COLUMNS)
    return found.assign(period=pd.to_datetime(found["period"])).astype({"low": float, "high": float})


LEVELS = {"ann": 3, "ben": 5, "cat": 8, "dan": 13, "eve": 19, "fay": 34}


@pytest.fixture
def company(rows: Rows) -> Rows:
    """Six people at six levels in 2024, four times as much in 2025 Q1, and somebody new."""
    for person, level in LEVELS.items():
        for quarter in ("2024-01-15", "2024-04-15", "2024-07-15", "2024-10-15"):
            rows.commit(quarter, level * 65, engineer=person)
        if person != "fay":
            rows.commit("2025-01-15", level * 65 * 4, engineer=person, moved=level * 65)
    rows.commit("2025-02-15", 6000, engineer="new")
    rows.setting("as_of", "2025-03-31")
    return rows


def brute_force(company: Rows, replicates: int, seed: int) -> dict[str, tuple[float, float]]:
    """The intervals of 2025 Q1's ratios, one replicate and one person at a time."""
    lines = (
        run(company.connection, "volume_by_engineer")
        .pivot(index="person_id", columns="quarter", values="lines_per_day")
        .sort_index()
    )
    weights = Resampling.draw(len(lines), replicates, seed).weights
    found: dict[str, list[float]] = {"ratio_median": [], "ratio_mean": []}
    for replicate in range(1, replicates + 1):
        drawn = pd.DataFrame(
            np.repeat(lines.to_numpy(), weights[:, replicate], axis=0), columns=lines.columns
        )
        for name, summary in (("ratio_median", drawn.median()), ("ratio_mean", drawn.mean())):
            found[name].append(
                summary[pd.Timestamp(2025, 1, 1)] / summary[summary.index < "2025-01-01"].mean()
            )
    return {name: tuple(np.nanquantile(ratios, [0.025, 0.975])) for name, ratios in found.items()}  # type: ignore[misc]


def test_intervals_are_those_of_brute_force(company: Rows) -> None:
    found = estimate(company, replicates=200, seed=5)
    latest = found[found["period"] == "2025-01-01"].set_index("metric")
    for metric, ends in brute_force(company, 200, 5).items():
        assert (latest["low"][metric], latest["high"][metric]) == pytest.approx(ends)
        assert latest["low"][metric] <= latest["value"][metric] <= latest["high"][metric]


def test_estimates_are_rows_of_their_table(company: Rows) -> None:
    found = estimate(company)
    assert list(found.columns) == list(COLUMNS)
    company.estimates(estimates_of(company.connection))
    assert company.rows("select metric, period from estimates group by all having count(*) > 1") == []
    assert set(found["n"]) == {7}
    quarters = run(company.connection, "volume_quarterly").iloc[-1]
    assert quarters["low_median"] <= quarters["ratio_median"] <= quarters["high_median"]
    assert quarters["low_mean"] <= quarters["ratio_mean"] <= quarters["high_mean"]


def test_values_are_those_of_the_views(company: Rows) -> None:
    found = estimate(company, replicates=10).set_index(["metric", "period"])["value"]
    for row in run(company.connection, "volume_quarterly").to_dict("records"):
        for metric, column in (
            ("volume_median", "median"),
            ("volume_mean", "mean"),
            ("ratio_median", "ratio_median"),
            ("ratio_mean", "ratio_mean"),
        ):
            assert found[metric, row["quarter"]] == pytest.approx(row[column])
    for row in run(company.connection, "volume_variants").to_dict("records"):
        if row["variant"] not in ("median", "mean", "repository"):
            assert found[f"variant_{row['variant']}", row["quarter"]] == pytest.approx(row["value"])


@pytest.mark.parametrize(("minimum", "has"), [(6, True), (7, False)])
def test_with_too_few_engineers_there_is_no_interval(company: Rows, minimum: int, has: bool) -> None:
    company.setting("minimum_engineers", str(minimum))
    found = estimate(company, replicates=10)
    latest = found[(found["period"] == "2025-01-01") & (found["metric"] == "ratio_median")]
    assert latest["low"].notna().tolist() == latest["high"].notna().tolist() == [has]
    assert latest["value"].notna().all()


def test_with_too_few_engineers_in_the_baseline_a_ratio_has_no_interval(rows: Rows) -> None:
    for number in range(4):
        rows.commit("2024-01-15", 65 + number, engineer=f"old{number}")
    for number in range(6):
        rows.commit("2025-01-15", 64 + number, engineer=f"new{number}")
    rows.setting("as_of", "2025-03-31")
    found = estimate(rows, replicates=50).set_index(["metric", "period"])
    latest = pd.Timestamp(2025, 1, 1)
    assert found["low"]["volume_median", latest] > 0
    assert np.isnan(found["low"]["ratio_median", latest])
    assert found["value"]["ratio_median", latest] > 0


def test_the_same_database_gives_the_same_estimates(company: Rows) -> None:
    one, two = (estimate(company, replicates=20) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_nothing_merged_gives_no_estimates(rows: Rows) -> None:
    assert estimate(rows).empty


def test_a_running_quarter_is_estimated_against_the_cut_baseline(company: Rows) -> None:
    company.connection.execute("update settings set value = '2025-02-14' where key = 'as_of'")
    found = estimate(company, replicates=50)
    latest = found[found["period"] == "2025-01-01"].set_index("metric")
    row = run(company.connection, "volume_quarterly").iloc[-1]
    # all commits of the baseline quarters but the first lie on their 11th working day at the latest
    assert row["working_days"] == 33
    assert latest["value"]["ratio_median"] == pytest.approx(row["ratio_median"])
    assert latest["low"]["ratio_median"] <= row["ratio_median"] <= latest["high"]["ratio_median"]


def test_variants(company: Rows) -> None:
    found = run(company.connection, "volume_variants").set_index("variant")
    quarter = [level * 65 * 4 / 64 for level in (3, 5, 8, 13, 19)]
    old = list(LEVELS.values())
    days = [65 / 65, 65 / 65, 65 / 66, 65 / 66]  # 2024's quarters have 65, 65, 66 and 66 working days
    baseline = np.median(old) * np.mean(days)
    cohort = np.median(old[:5]) * np.mean(days)
    expected = {
        "median": np.median([*quarter, 6000 / 64]) / baseline,
        "mean": (sum(quarter) + 6000 / 64) / 6 / (np.mean(old) * np.mean(days)),
        "cohort": np.median(quarter) / cohort,
        "outliers": np.median([*quarter, 0]) / baseline,
        "moved": np.median([*(q * 3 / 4 for q in quarter), 6000 / 64]) / baseline,
        "repository": (sum(quarter) + 6000 / 64) / (sum(old) * np.mean(days)),
    }
    assert {name: found["value"][name] for name in expected} == pytest.approx(expected)
    assert found["n"]["cohort"] == 5
    assert found["note"]["cohort"] == "5 of the 6 engineers of the baseline"
    assert "regulars" not in found.index  # nobody merged on ten days
    assert "headcount" not in found.index  # none imported
    assert set(found["quarter"]) == {pd.Timestamp(2025, 1, 1)}


def test_tenure_counts_the_days_between_first_and_last_merge(rows: Rows) -> None:
    rows.commit("2024-01-01", 0, engineer="ann")
    rows.commit("2024-12-31", 65 * 10, engineer="ann")
    rows.commit("2025-03-24", 64 * 10, engineer="ann")
    rows.commit("2025-03-27", 4 * 10, engineer="ben")
    rows.commit("2025-03-31", 6 * 10, engineer="ben")  # Thursday to Monday: three working days
    rows.setting("as_of", "2025-03-31")
    found = rows.rows("select person, tenure_days from volume_compared where is_now order by person")
    assert found == [("ann", 59), ("ben", 3)]


def test_regulars_merge_on_ten_days_or_more(rows: Rows) -> None:
    rows.daily("2024-01-08", 10, 65, engineer="ann")
    rows.daily("2024-01-08", 9, 650, engineer="ben")
    rows.daily("2025-01-06", 10, 64 * 3, engineer="ann")
    rows.setting("as_of", "2025-03-31")
    assert "regulars" not in set(
        run(rows.connection, "volume_variants")["variant"]
    )  # it would show one person
    rows.setting("minimum_engineers", "1")
    found = run(rows.connection, "volume_variants").set_index("variant")
    assert (found["value"]["regulars"], found["n"]["regulars"]) == (pytest.approx(3.0), 1)


def test_head_count_is_a_given_denominator(rows: Rows) -> None:
    rows.commit("2024-01-10", 650, engineer="ann")
    rows.commit("2025-01-10", 640 * 4, engineer="ann")
    for period, team, engineers in (("2024-01-01", "a", 3), ("2024-01-01", "b", 2), ("2025-01-01", "a", 10)):
        rows.insert("headcount", period=period, team=team, engineers=engineers)
    rows.setting("as_of", "2025-03-31")
    found = run(rows.connection, "volume_variants").set_index("variant")
    assert (found["value"]["headcount"], found["n"]["headcount"]) == (pytest.approx(2.0), 10)
    assert date.fromisoformat(str(found["quarter"]["headcount"])[:10]) == date(2025, 1, 1)
