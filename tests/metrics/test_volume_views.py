from __future__ import annotations

from datetime import date

import pytest

from .rows import Rows

Q1, Q2, Q3, Q4 = date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1)


def test_working_days_are_monday_to_friday_less_holidays(rows: Rows) -> None:
    rows.commit("2024-02-01", 1)
    rows.commit("2024-05-15", 1)
    for day in ("2024-01-01", "2024-05-01", "2024-05-04"):  # the last is a Saturday
        rows.insert("holidays", day=day)
    found = rows.rows("select quarter, days, days_elapsed, is_running from working_days")
    assert found == [(Q1, 64, 64, False), (Q2, 64, 32, True)]


def test_volume_is_over_all_working_days_of_active_engineers(rows: Rows) -> None:
    rows.commit("2024-01-10", 650, engineer="ann")
    rows.commit("2024-02-10", 130, engineer="ben", attribution="ai", confidence="high", kind="trailer")
    rows.commit("2024-03-10", {}, engineer="cat", is_merge=True)
    rows.commit("2024-04-10", 1, engineer="ann")
    found = rows.rows(
        "select person, lines, ai, human, commits, merge_days, working_days, lines_per_day from volume_by_engineer where quarter = '2024-01-01' order by person"
    )
    assert found == [
        ("ann", 650, 0, 650, 1, 1, 65, 10.0),
        ("ben", 130, 130, 0, 1, 1, 65, 2.0),
        ("cat", 0, 0, 0, 1, 1, 65, 0.0),
    ]
    quarter = rows.row("from volume_quarterly where quarter = '2024-01-01'")
    assert {k: quarter[k] for k in ("engineers", "lines", "ai", "assisted", "human", "mean", "median", "all_lines_per_day")} == {
        "engineers": 3, "lines": 780, "ai": 130, "assisted": 0, "human": 650, "mean": 4.0, "median": 2.0, "all_lines_per_day": 12.0,
    }  # fmt: skip


def test_a_person_counts_once_over_all_repositories(rows: Rows) -> None:
    rows.commit("2024-01-10", 65, repo="one")
    rows.commit("2024-01-11", 65, repo="two")
    assert rows.rows("select person, lines, commits, merge_days from volume_by_engineer") == [
        ("ann", 130, 2, 2)
    ]


def test_unassigned_lines_and_bots_are_in_no_mean(rows: Rows) -> None:
    rows.commit("2024-01-10", 65)
    rows.commit("2024-01-10", 130, engineer=None, attribution="ai", confidence="high")
    rows.commit("2024-01-10", 195, engineer=None, attribution="bot", confidence="high")
    rows.setting("as_of", "2024-03-31")
    found = rows.row("from volume_quarterly")
    assert (found["lines"], found["unassigned_lines"], found["all_lines"]) == (65, 130, 195)
    assert (found["mean"], found["all_lines_per_day"]) == (1.0, 3.0)


def test_what_is_no_new_work_makes_active_but_counts_no_lines(rows: Rows) -> None:
    rows.commit("2024-01-10", 65, engineer="ann", reverts="a" * 40)
    rows.commit("2024-01-10", 65, engineer="ben", file_class="lock")
    assert rows.rows("select person, lines from volume_by_engineer order by person") == [
        ("ann", 0),
        ("ben", 0),
    ]


def test_the_ratio_is_to_the_unweighted_mean_of_the_baseline_quarters(rows: Rows) -> None:
    for quarter, lines in (("2024-01-15", 65), ("2024-04-15", 195)):  # 65 working days each: 1 and 3 a day
        rows.commit(quarter, lines, engineer="ann")
    rows.commit("2025-01-15", 64 * 8, engineer="ann")  # 64 working days: 8 a day
    rows.setting("as_of", "2025-03-31")
    found = rows.rows(
        "select quarter, median, baseline_median, ratio_median, ratio_mean, ratio_all from volume_quarterly"
    )
    assert found == [
        (Q1, 1.0, 2.0, 0.5, 0.5, 65 / 65 / ((1 + 3 + 0 + 0) / 4)),
        (Q2, 3.0, 2.0, 1.5, 1.5, 3.0),
        (Q3, None, 2.0, None, None, 0.0),
        (Q4, None, 2.0, None, None, 0.0),
        (date(2025, 1, 1), 8.0, 2.0, 4.0, 4.0, 8.0),
    ]


@pytest.mark.parametrize(
    ("settings", "baseline"),
    [({}, 1.0), ({"baseline_since": "2023-01-01", "baseline_until": "2024-01-01"}, 4.0)],
    ids=["2024", "another year"],
)
def test_the_baseline_is_configured(rows: Rows, settings: dict[str, str], baseline: float) -> None:
    rows.commit("2023-04-15", 65 * 4)
    rows.commit("2024-04-15", 65 * 1)
    for key, value in settings.items():
        rows.setting(key, value)
    rows.setting("as_of", "2024-12-31")
    assert rows.rows("select distinct baseline_median from volume_quarterly") == [(baseline,)]


def test_without_a_baseline_there_is_no_ratio(rows: Rows) -> None:
    rows.commit("2025-04-15", 65)
    rows.setting("as_of", "2025-06-30")
    assert rows.rows("select median, baseline_median, ratio_median from volume_quarterly") == [
        (1.0, None, None)
    ]
    assert rows.rows("from volume_compared") == []


@pytest.mark.parametrize(
    ("as_of", "days", "baseline", "ratio"),
    [
        # 2024 Q1's 15th working day is 19 January, its 16th the 22nd
        ("2025-01-20", 14, 10 * 10 / 14, None),
        ("2025-01-21", 15, 10 * 10 / 15, 10 * 30 / 15 / (10 * 10 / 15)),
        ("2025-01-22", 16, 10 * 15 / 16, 10 * 30 / 16 / (10 * 15 / 16)),
        ("2025-03-31", 64, 10 * 15 / 65, 10 * 30 / 64 / (10 * 15 / 65)),
    ],
    ids=["before the 15th day", "cut before the second commit", "cut after it", "the whole quarter"],
)
def test_a_running_quarter_meets_a_baseline_cut_to_its_length(
    rows: Rows, as_of: str, days: int, baseline: float, ratio: float | None
) -> None:
    rows.commit("2024-01-10", 100)
    rows.commit("2024-01-22", 50)
    rows.commit("2025-01-10", 300)
    rows.setting("as_of", as_of)
    found = rows.row("from volume_quarterly where quarter = '2025-01-01'")
    assert found["working_days"] == days
    assert found["baseline_median"] == pytest.approx(baseline)
    assert found["ratio_median"] == (None if ratio is None else pytest.approx(ratio))


def test_activity_too_is_cut_with_the_baseline(rows: Rows) -> None:
    rows.commit("2024-01-10", 160, engineer="ann")
    rows.commit("2024-03-10", 999, engineer="ben")  # not yet active after 16 working days
    rows.commit("2025-01-10", 320, engineer="ann")
    rows.setting("as_of", "2025-01-22")
    found = rows.row("from volume_quarterly where quarter = '2025-01-01'")
    assert (found["baseline_median"], found["ratio_median"], found["is_running"]) == (10.0, 2.0, True)
    full = rows.row("from volume_quarterly where quarter = '2024-01-01'")
    assert (full["engineers"], full["working_days"]) == (2, 65)


def test_a_running_quarter_is_no_part_of_the_baseline(rows: Rows) -> None:
    rows.commit("2024-01-10", 65)
    rows.commit("2024-04-10", 999)
    rows.setting("as_of", "2024-06-01")
    assert rows.rows("select distinct quarter from volume_window where is_baseline") == [(Q1,)]


def test_a_quarter_whose_last_working_day_has_come_is_compared_whole(rows: Rows) -> None:
    rows.commit("2024-03-29", 65)
    rows.commit("2025-03-31 12:00", 64)
    found = rows.row("from volume_quarterly where quarter = '2025-01-01'")
    assert (found["is_running"], found["working_days"], found["ratio_median"]) == (True, 64, 1.0)


def test_unknown_commits_make_a_quarter_incomplete(rows: Rows) -> None:
    rows.commit("2024-01-10", 65)
    rows.commit("2024-01-11", {}, is_unknown=True)
    assert rows.rows("select is_incomplete from volume_quarterly") == [(True,)]


def test_pseudonyms_and_teams_stand_beside_persons(rows: Rows) -> None:
    rows.person("ann", team="core")
    rows.commit("2024-01-10", 65)
    assert rows.rows("select person, pseudonym, team from volume_by_engineer") == [
        ("ann", "Bird of ann", "core")
    ]
