"""The cells of explore.html: they add up to the shares, and no small group can be seen or worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.metrics.cells import explore_cells
from codeshare.metrics.share import shares

from .rows import Rows

AI = {
    "attribution": "ai",
    "confidence": "high",
    "kind": "trailer",
    "rule": "claude-code.trailer",
    "tool": "Claude Code",
}
BLUE, GREEN, RED, NONE = (
    [f"{name}{k}" for k in range(size)] for name, size in (("blue", 6), ("green", 5), ("red", 3), ("none", 2))
)
MINIMUM = 5


def _people(rows: Rows) -> None:
    for person in (*BLUE, *GREEN, *RED, *NONE):
        rows.person(person, team=person[:-1] if person[:-1] != "none" else None)


def _work(rows: Rows, day: str, people: Collection[str], repo: str) -> None:
    for person in people:
        rows.commit(f"{day} 12:00", {"src/a.py": 10}, engineer=person, repo=repo)


@pytest.fixture
def company(rows: Rows) -> Rows:
    """Two quarters; in the second, fewer people are left over beside the two large teams."""
    _people(rows)
    for day in ("2025-02-10", "2025-05-12"):
        _work(rows, day, [*BLUE, *RED], "widget")
        _work(rows, day, GREEN, "gadget")
    _work(rows, "2025-02-11", NONE, "widget")
    rows.commit("2025-02-12", 40, engineer="blue0", **AI)
    rows.commit("2025-02-12", 7, engineer="blue0", file_class="generated", **AI)
    rows.commit("2025-05-13", 30, engineer=None, author="agent", **AI)
    rows.commit("2025-05-14", 5, engineer=None, author="b[bot]", attribution="bot", confidence="high")
    rows.setting("as_of", "2025-06-30")
    return rows


def _lines(cells: pd.DataFrame, cut: str, *by: str) -> dict[object, int]:
    found = cells[cells["cut"] == cut].groupby(list(by) if len(by) > 1 else by[0])["lines"].sum()
    return {key: int(value) for key, value in found.items()}


def _shown(cells: pd.DataFrame, cut: str) -> set[tuple[object, ...]]:
    found = cells[(cells["cut"] == cut) & ~cells["team"].fillna("").str.startswith("(other")]
    return {
        (f"{m:%Y} Q{m.quarter}", r, t)
        for m, r, t in zip(found["month"], found["repository"].fillna(""), found["team"], strict=True)
    }


def test_all_lines_are_in_the_cells_of_repositories_and_in_those_of_teams(company: Rows) -> None:
    cells = explore_cells(company.connection).lines
    text = company.row("select sum(strict_denominator)::bigint as lines from ai_share_monthly")["lines"]
    assert sum(_lines(cells, "repository", "repository").values()) == text
    assert sum(_lines(cells, "team", "team").values()) == text
    assert sum(_lines(cells, "both", "repository", "team").values()) < text


def test_cells_of_a_repository_add_up_to_its_share(company: Rows) -> None:
    cells = explore_cells(company.connection).lines
    for row in shares(company.connection, "repository").to_dict("records"):
        own = cells[(cells["cut"] == "repository") & (cells["repository"] == row["repo"])]
        hand = own[own["attribution"].isin(["ai", "assisted", "human"])]
        assert hand["lines"].sum() == row["denominator"]
        assert (
            hand.loc[(hand["attribution"] == "ai") & (hand["confidence"] != "low"), "lines"].sum()
            == row["numerator"]
        )
        assert own["lines"].sum() == row["strict_denominator"]


def test_small_teams_are_among_others_and_so_is_a_large_one_that_covers_them(company: Rows) -> None:
    """In the first quarter five people are left over; in the second three, whom the smallest large team joins."""
    cells = explore_cells(company.connection).lines
    assert _shown(cells, "team") == {
        ("2025 Q1", "", "blue"),
        ("2025 Q1", "", "green"),
        ("2025 Q2", "", "blue"),
    }
    by_team = _lines(cells[cells["month"] >= pd.Timestamp("2025-04-01")], "team", "team")
    assert by_team == {"blue": 60, "(other teams)": 30 + 50 + 30 + 5}


def test_teams_within_a_repository_are_shown_where_no_small_group_is_left_over(company: Rows) -> None:
    """In the second quarter widget has blue and three of red: without blue's cell nobody sees what red did."""
    assert _shown(explore_cells(company.connection).lines, "both") == {
        ("2025 Q1", "widget", "blue"), ("2025 Q1", "gadget", "green"),
    }  # fmt: skip
    company.commit("2025-02-20", 10, engineer="blue0", repo="gadget")
    assert _shown(explore_cells(company.connection).lines, "both") == set()


def test_without_teams_there_are_only_repositories(rows: Rows) -> None:
    rows.daily("2025-02-01", 6, 10)
    assert set(explore_cells(rows.connection).lines["cut"]) == {"repository"}


def test_repositories_beyond_the_largest_are_one(rows: Rows) -> None:
    for k in range(6):
        rows.commit("2025-02-10", 100 - k, repo=f"r{k}")
    cells = explore_cells(rows.connection, most=4).lines
    assert _lines(cells, "repository", "repository") == {
        "r0": 100, "r1": 99, "r2": 98, "r3": 97, "(other repositories)": 96 + 95,
    }  # fmt: skip


@pytest.mark.thorough
def test_fewer_repositories_where_the_cells_would_be_too_many(rows: Rows) -> None:
    for k in range(8):
        for month in range(1, 7):
            rows.commit(f"2025-{month:02}-10", 100 - k, repo=f"r{k}")
    found = explore_cells(rows.connection, at_most=20)
    cells = found.lines
    assert len(cells) + len(found.fates) <= 20
    assert cells["lines"].sum() == 6 * sum(100 - k for k in range(8))
    assert "(other repositories)" in set(cells["repository"])


@pytest.mark.thorough
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["widget", "gadget", "gizmo"]), st.integers(0, 23)),
        min_size=1,
        max_size=60,
        unique=True,
    )
)
def test_no_group_smaller_than_the_minimum_is_shown_or_left_over(
    database: Rows, work: list[tuple[str, int]]
) -> None:
    """Person k is in team k mod 4, of which team 3 is no team at all."""
    database.clear()
    for k in range(24):
        database.person(f"p{k}", team=f"t{k % 4}" if k % 4 < 3 else None)
    for repo, k in work:
        database.commit("2025-02-10", 1, engineer=f"p{k}", repo=repo)
    active = {(repo, f"t{k % 4}" if k % 4 < 3 else "(no team)", k) for repo, k in work}
    cells = explore_cells(database.connection).lines
    teams = {team for _, _, team in _shown(cells, "team")}
    pairs = {(repo, team) for _, repo, team in _shown(cells, "both")}
    people: dict[str, set[int]] = defaultdict(set)
    for _, team, k in active:
        people[team].add(k)
    assert all(len(people[str(team)]) >= MINIMUM for team in teams)
    if teams:
        _nobody_or_enough({k for _, team, k in active if team not in teams})
    for repo, team in pairs:
        assert len({k for r, t, k in active if (r, t) == (repo, team)}) >= MINIMUM
        _nobody_or_enough({k for r, t, k in active if r == repo and (r, t) not in pairs})
        _nobody_or_enough({k for r, t, k in active if t == team and (r, t) not in pairs})


def _nobody_or_enough(people: Collection[int]) -> None:
    assert not people or len(people) >= MINIMUM


def test_repositories_of_few_engineers_are_among_others_and_so_is_one_that_covers_them(rows: Rows) -> None:
    for repo, people in (("widget", 7), ("gadget", 6), ("tool", 2)):
        for number in range(people):
            rows.commit("2025-01-02 12:00", 10, f"{repo}-{number}", repo=repo)
    cells = explore_cells(rows.connection).lines
    assert dict(cells.groupby("repository")["lines"].sum()) == {"widget": 70, "(other repositories)": 80}
    rows.clear()
    for repo in ("widget", "gadget"):
        rows.commit("2025-01-02 12:00", 10, "ann", repo=repo)
    assert set(explore_cells(rows.connection).lines["repository"]) == {"widget", "gadget"}
