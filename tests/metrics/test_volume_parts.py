from __future__ import annotations

from datetime import date

import pytest

from codeshare.estimates import volume_parts
from codeshare.metrics.queries import run

from .rows import Rows

NOW = date(2025, 1, 1)
PEOPLE = ("ann", "ben", "cat", "dan", "eve")


@pytest.fixture
def two(rows: Rows) -> Rows:
    """Five people; in ``one`` each merges 65 lines in 2024 Q1 and 128 in 2025 Q1, in ``two`` 65 and 64."""
    for name in PEOPLE:
        rows.person(name, team="core" if name != "eve" else "edge")
        for repo, now in (("one", 128), ("two", 64)):
            rows.commit("2024-01-10", 65, engineer=name, repo=repo)
            rows.commit("2025-01-10", now, engineer=name, repo=repo)
    rows.setting("as_of", "2025-03-31")
    rows.setting("baseline_until", "2024-04-01")
    return rows


def test_each_repository_against_its_own_baseline(two: Rows) -> None:
    columns = "scope, engineers, lines, all_lines_per_day, median, mean, ratio_median, ratio_mean, ratio_all"
    found = two.rows(
        f"select {columns} from volume_by_part where quarter = '2025-01-01' and scope like 'repository/%'"
    )
    assert found == [
        ("repository/one", 5, 640, 10.0, 2.0, 2.0, 2.0, 2.0, 2.0),
        ("repository/two", 5, 320, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    ]


def test_a_team_too_small_has_no_figure_per_engineer(two: Rows) -> None:
    columns = "scope, engineers, lines, all_lines_per_day, median, ratio_median, ratio_mean, ratio_all"
    found = two.rows(
        f"select {columns} from volume_by_part where quarter = '2025-01-01' and scope like 'team/%'"
    )
    assert found == [
        ("team/core", 4, 768, 12.0, None, None, None, 1.5),
        ("team/edge", 1, 192, 3.0, None, None, None, 1.5),
    ]
    assert {e.scope.partition("/")[0] for e in volume_parts.estimate(two.connection)} == {"repository"}


def test_who_changes_teams_counts_in_each_for_its_days(rows: Rows) -> None:
    rows.person("ann")
    rows.insert("memberships", person="ann", team="core", until=date(2024, 1, 31))
    rows.insert("memberships", person="ann", team="edge", since=date(2024, 2, 1))
    rows.commit("2024-01-10", 65)
    rows.commit("2024-02-10", 130)
    rows.setting("as_of", "2024-03-31")
    assert rows.rows("select scope, lines from volume_by_part where scope like 'team/%'") == [
        ("team/core", 65),
        ("team/edge", 130),
    ]


def test_estimates_by_repository_and_without_each(two: Rows) -> None:
    """All people are alike, so that every resampling gives the same."""
    found = {(e.metric, e.scope, e.period): e for e in volume_parts.estimate(two.connection)}
    for metric, scope, value in (
        ("ratio_median", "repository/one", 2.0),
        ("ratio_mean", "repository/two", 1.0),
        ("ratio_median_without", "repository/one", 1.0),
        ("ratio_mean_without", "repository/two", 2.0),
    ):
        each = found[metric, scope, NOW]
        assert (each.value, each.low, each.high, each.n, each.unit) == (value, value, value, 5, "ratio")
    two.estimates([e._asdict() for e in found.values()])
    without = run(two.connection, "volume_without_repository")
    assert list(zip(without["repository"], without["ratio_median"], strict=True)) == [
        ("one", 1.0),
        ("two", 2.0),
    ]
    assert list(without["ratio_all_repositories"]) == [1.5, 1.5]
    by = run(two.connection, "volume_by_repository").groupby("repository").last()
    assert list(by["low_median"]) == [2.0, 1.0]
    assert list(run(two.connection, "volume_by_team")["team"].unique()) == ["core", "edge"]


def test_one_repository_has_the_figures_of_all(rows: Rows) -> None:
    rows.commit("2024-01-10", 65)
    rows.setting("as_of", "2024-03-31")
    assert list(volume_parts.estimate(rows.connection)) == []
    assert run(rows.connection, "volume_without_repository").empty
