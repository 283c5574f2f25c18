from __future__ import annotations

import math
import warnings
from datetime import date, datetime, timedelta
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeshare.estimates import hazards, survival
from codeshare.estimates.lives import PARTS, Lives, read_lives
from codeshare.estimates.resampling import MINIMUM_COMMITS
from tests.metrics.rows import Rows

rows_of_lives = st.lists(
    st.tuples(st.integers(0, 8), st.integers(1, 200), st.booleans(), st.integers(1, 5), st.sampled_from(("ai", "human"))),
    min_size=1,
    max_size=60,
)  # fmt: skip


def lives(rows: list[tuple[int, int, bool, int, str]]) -> Lives:
    """Rows of commit, day, whether dead, lines and part."""
    commit, age, dead, lines, part = zip(*sorted(rows, key=itemgetter(0)), strict=True)
    none = np.zeros(len(rows), dtype=np.intp)
    return Lives(
        np.array(commit, dtype=np.intp),
        np.array(age, dtype=np.intp),
        np.array(dead),
        np.array(lines, dtype=np.float64),
        np.array([PARTS.index(each) for each in part], dtype=np.intp),
        none,
        none,
        np.full(len(rows), np.datetime64("2026-01-01")),
        none,
    )


@settings(deadline=None, max_examples=40)
@given(rows_of_lives)
def test_the_curve_is_that_of_lifelines(rows: list[tuple[int, int, bool, int, str]]) -> None:
    from lifelines import KaplanMeierFitter

    for part, curve in survival.fit(lives(rows), replicates=2).items():
        own = [row for row in rows if row[4] == part]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of single lines it warns that they are few
            referee = KaplanMeierFitter().fit(
                [row[1] for row in own for _ in range(row[3])], [row[2] for row in own for _ in range(row[3])]
            )
        days = np.arange(max(row[1] for row in own) + 1)
        assert curve.survival[days] == pytest.approx(referee.predict(days).to_numpy(), abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(rows_of_lives)
def test_laws_of_a_curve(rows: list[tuple[int, int, bool, int, str]]) -> None:
    for curve in survival.fit(lives(rows), is_whole=True, replicates=20).values():
        assert curve.survival[0] == 1
        assert (np.diff(curve.survival) <= 1e-12).all()
        assert (np.diff(curve.lines_at_risk) <= 0).all()
        known = curve.replicates[~np.isnan(curve.replicates)]
        assert ((known >= 0) & (known <= 1)).all()


def test_the_hazard_ratio_is_that_of_lifelines() -> None:
    import pandas as pd
    from lifelines import CoxPHFitter

    chance = np.random.default_rng(5)
    rows = []
    for commit in range(80):
        part = "ai" if commit % 2 else "human"
        for _ in range(int(chance.integers(1, 6))):
            # no two on one day: where there are ties, Breslow's and Efron's ways differ
            rows.append((commit, int(chance.exponential(3e5 if part == "ai" else 5e5)) + len(rows) % 7 + 1, bool(chance.random() < 0.8), 1, part))  # fmt: skip
    assert len({row[1] for row in rows}) == len(rows)
    found = hazards.cox(
        lives(rows), np.array([row[4] == "ai" for row in rows]), np.array([row[0] % 3 for row in rows])
    )
    frame = pd.DataFrame(
        {"day": r[1], "dead": r[2], "ai": float(r[4] == "ai"), "commit": r[0], "stratum": r[0] % 3}
        for r in rows
    )
    referee = CoxPHFitter().fit(frame, "day", "dead", strata=["stratum"], cluster_col="commit")
    assert found is not None
    beta, error, p_value = found
    assert beta == pytest.approx(referee.params_["ai"], abs=1e-4)
    assert error == pytest.approx(referee.standard_errors_["ai"], rel=1e-3)
    assert 0 <= p_value <= 1


def test_lines_of_one_commit_are_one_witness() -> None:
    one = [(c, 5 + 3 * (c % 4), c % 3 > 0, 1, "ai" if c % 2 else "human") for c in range(80)]
    many = [(c, day, dead, 1000, part) for c, day, dead, _, part in one]
    (few, _), (lots, _) = (tuple(hazards.compare(lives(rows), "all")) for rows in (one, many))
    assert (few.value, few.low, few.high, few.n) == pytest.approx((lots.value, lots.low, lots.high, 80))


@pytest.mark.parametrize("commits", [MINIMUM_COMMITS - 1, MINIMUM_COMMITS])
def test_few_commits_have_no_hazard_ratio_and_no_interval(commits: int) -> None:
    rows = [(c, 3 + c % 9, True, 2, "ai" if c < commits else "human") for c in range(2 * commits)]
    assert bool(list(hazards.compare(lives(rows), "all"))) == (commits >= MINIMUM_COMMITS)
    start = [
        e for e in survival.curves("all", lives(rows), (0, 3)) if e.metric == "survival" and e.at_days == 3
    ]
    assert [(e.low is not None) for e in start if e.part == "ai"] == [commits >= MINIMUM_COMMITS]


def test_a_side_without_deaths_has_no_hazard_ratio() -> None:
    rows = [(c, 3 + c % 9, c % 2 == 0, 2, "ai" if c % 2 else "human") for c in range(80)]
    assert list(hazards.compare(lives(rows), "all")) == []


def test_a_half_life_not_reached_is_not_known() -> None:
    rows = [(c, 10, False, 1, "human") for c in range(40)]
    found = {e.metric: e for e in survival.curves("all", lives(rows), (0, 7))}
    assert (found["half_life"].value, found["half_life"].low, found["half_life"].n) == (None, None, 40)
    half = [(c, 4 if c % 2 else 10, bool(c % 2), 1, "human") for c in range(40)]
    (told,) = (e for e in survival.curves("all", lives(half), (0, 7)) if e.metric == "half_life")
    assert (told.value, told.unit, told.low) == (4.0, "days", 4.0)


# histories counted by hand -------------------------------------------------------------------------------


BORN = datetime(2026, 1, 1, 12)


def at(days: float) -> datetime:
    return BORN + timedelta(days=days)


def span(
    rows: Rows, sha: str, line: int, count: int, died: float | None = None, born: float = 0, **values: object
) -> None:
    """Put in a run of lines."""
    defaults: dict[str, object] = {
        "repo": "widget", "sha": sha, "path": "src/a.py", "line_start": line, "line_count": count, "file_class": "code",
        "attribution": "human", "confidence": "low", "landed": True, "merge_sha": sha, "merged_at": at(born),
        "died_at": None if died is None else at(died),
    }  # fmt: skip
    rows.insert("line_spans", **defaults | values)


def test_ages_are_days_begun_and_watched_ones_are_over(rows: Rows) -> None:
    rows.repo(basis="landed")
    sha = rows.commit(f"{BORN:%Y-%m-%d %H:%M}")
    rows.commit(f"{at(10.5):%Y-%m-%d %H:%M}")
    for line, died in enumerate((None, 0, 0.5, 1, 1.1, 10, 10.2), start=1):
        span(rows, sha, line, 1, died)
    span(rows, sha, 20, 1, 3, file_class="lock")
    span(rows, sha, 21, 1, 3, landed=False)
    assert rows.rows("select age_days, is_dead, sum(lines) from line_lives group by all order by all") == [
        (1, True, 3), (2, True, 1), (10, False, 2), (10, True, 1),
    ]  # fmt: skip
    found = rows.rows("select age_days, lines_at_risk, commits_at_risk, deaths, survival from survival")
    assert [row[:4] for row in found] == [(1, 7, 1, 3), (2, 4, 1, 1), (10, 3, 1, 1)]
    assert [row[4] for row in found] == pytest.approx([4 / 7, 3 / 7, 2 / 7])


def test_a_reformatted_line_lives_on_over_several_bulk_commits(rows: Rows) -> None:
    rows.repo(basis="landed")
    old = rows.commit(f"{BORN:%Y-%m-%d %H:%M}")
    first, second = (rows.commit(f"{at(day):%Y-%m-%d %H:%M}", is_bulk=True) for day in (5, 20))
    rows.commit(f"{at(100):%Y-%m-%d %H:%M}")
    span(rows, old, 1, 10, 5, died_merge_sha=first)
    # of ten lines the middle six are replaced in two runs, of which the second bulk commit cuts two lines anew
    span(rows, first, 11, 4, 30, born=5, succeeds_sha=old, succeeds_path="src/a.py", succeeds_line=3)
    span(
        rows,
        first,
        15,
        2,
        20,
        born=5,
        died_merge_sha=second,
        succeeds_sha=old,
        succeeds_path="src/a.py",
        succeeds_line=7,
    )
    span(rows, second, 1, 1, 50, born=20, succeeds_sha=first, succeeds_path="src/a.py", succeeds_line=16)
    assert rows.rows("select age_days, is_dead, is_carried, sum(lines) from line_lives group by all order by all") == [
        (5, True, False, 4), (20, True, True, 1), (30, True, True, 4), (50, True, True, 1),
    ]  # fmt: skip
    assert rows.rows("select sum(lines), min(raw_age_days), max(raw_age_days) from line_lives") == [
        (10, 5, 5)
    ]
    raw = "select scope, age_days, deaths from survival_in('class', true)"
    assert rows.rows(raw) == [("class/code", 5, 10)]


def test_a_line_whose_like_stayed_has_its_own_death(rows: Rows) -> None:
    rows.repo(basis="landed")
    old = rows.commit(f"{BORN:%Y-%m-%d %H:%M}")
    bulk = rows.commit(f"{at(5):%Y-%m-%d %H:%M}", is_bulk=True)
    rows.commit(f"{at(50):%Y-%m-%d %H:%M}")
    span(rows, old, 1, 1, 9, died_merge_sha="f" * 40)
    span(rows, bulk, 1, 1, born=5, succeeds_sha=old, succeeds_path="src/a.py", succeeds_line=1)
    assert rows.rows("select age_days, is_dead from line_lives") == [(9, True)]


def test_a_line_that_a_revert_brings_back_is_a_new_one(rows: Rows) -> None:
    rows.repo(basis="landed")
    old = rows.commit(f"{BORN:%Y-%m-%d %H:%M}")
    undone = rows.commit(f"{at(5):%Y-%m-%d %H:%M}", reverts="f" * 40)
    rows.commit(f"{at(50):%Y-%m-%d %H:%M}")
    span(rows, old, 1, 3, 2)
    span(rows, undone, 1, 3, born=5, repeats_sha=old, repeats_path="src/a.py", repeats_line=1)
    assert rows.rows("select age_days, deaths, lines_at_risk from survival") == [(2, 3, 3)]


def test_without_lives_there_is_no_survival(rows: Rows) -> None:
    rows.commit("2026-01-01 12:00", 40)
    assert rows.rows("from survival") == []
    assert list(survival.estimate(rows.connection)) == []


def test_estimates_by_hand(rows: Rows) -> None:
    rows.repo(basis="landed")
    for day in range(40):
        sha = rows.commit(f"{at(day / 100):%Y-%m-%d %H:%M}")
        tool = {"attribution": "ai", "tool": "Aider"} if day % 2 else {}
        span(rows, sha, 1, 3, 10.5 if day % 4 == 0 else None, born=day / 100, **tool)
        rows.insert(
            "landed_lines", repo="widget", sha=sha, path="src/a.py", merged_at=at(day / 100), file_class="code",
            confidence="high", lines=3, moved=0, **{"attribution": "human"} | tool,
        )  # fmt: skip
    rows.commit(f"{at(400):%Y-%m-%d %H:%M}")
    found = list(survival.estimate(rows.connection))
    told = {(e.scope, e.part, e.at_days): e for e in found if e.metric == "survival"}
    # ten of the twenty commits without evidence lose all their lines on their eleventh day of life
    human = told["all", "human", 14]
    assert (human.value, human.n, human.unit) == (pytest.approx(0.5), 10, "share")
    assert told["all", "ai", 14].value == 1
    assert told["all", "all", 14].value == pytest.approx(0.75)
    assert told["since/2026-01-01", "ai - human", 30].value == pytest.approx(0.5)
    assert ("tool/Aider", "ai", 30) in told
    assert ("class/code", "human", 90) in told
    assert ("cohort/2026-01-01", "human", 365) in told
    assert not any(scope.startswith("repository/") for scope, _, _ in told)
    half = {(e.scope, e.part): e.value for e in found if e.metric == "half_life"}
    assert (half["all", "human"], half["all", "ai"]) == (11, None)
    assert {e.period for e in found} == {date(1970, 1, 1)}
    assert len(read_lives(rows.connection).commit) == 40


def test_intervals_hold_the_truth() -> None:
    """Commits whose lines die together, exponential: the interval at 30 days holds the true share, mostly."""
    truth, held = math.exp(-30 / 60), 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        ages = np.ceil(chance.exponential(60, 100)).astype(int)
        made = [(c, min(age, 90), age <= 90, 1 + c % 30, "human") for c, age in enumerate(ages.tolist())]
        (told,) = (
            e
            for e in survival.curves("all", lives(made), (0, 30))
            if e.metric == "survival" and e.at_days == 30
        )
        held += told.low is not None and told.high is not None and told.low <= truth <= told.high
    assert held >= 33
