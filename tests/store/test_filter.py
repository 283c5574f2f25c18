"""What a filter leaves of a database, counted by hand and against a database that holds nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.estimates.run import estimate
from codeshare.metrics.figures import WORTH, collect
from codeshare.metrics.queries import run
from codeshare.metrics.share import shares
from codeshare.store.filter import Filter, filtered
from tests.metrics.rows import Rows

AI: dict[str, Any] = {"attribution": "ai", "confidence": "high", "kind": "trailer", "tool": "Claude Code"}
PEOPLE = ("ann", "ben", "cat", "dan", "eve", "fay")


def lines(rows: Rows, asked: Filter) -> tuple[int, int]:
    """AI lines and all lines of what a filter leaves."""
    with filtered(rows.connection, asked) as left:
        found = shares(left, "all")
    return (0, 0) if found.empty else (int(found["numerator"].iloc[0]), int(found["denominator"].iloc[0]))


@pytest.fixture
def company(rows: Rows) -> Rows:
    rows.person("ann")
    rows.person("ben", team="web")
    rows.insert("memberships", person="ann", team="core", until=date(2025, 3, 31))
    rows.insert("memberships", person="ann", team="web", since=date(2025, 4, 1))
    rows.commit("2024-02-01 12:00", {"src/a.py": 1, "docs/b.md": 2}, "ann", repo="acme/service")
    rows.commit("2025-03-31 23:59:59", {"src/a.py": 4}, "ann", repo="acme/service", **AI)
    rows.commit("2025-04-01 00:00", {"src/x/c.py": 8}, "ann", repo="acme/web", **AI)
    rows.commit("2025-06-30 23:59:59", {"docs/b.md": 16, "srcs/d.py": 32}, "ben", repo="acme/web")
    return rows


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Filter(), (12, 63)),
        (Filter(repos=("acme/web",)), (8, 56)),
        (Filter(repos=("acme/web", "acme/service")), (12, 63)),
        (Filter(teams=("core",)), (4, 7)),
        (Filter(teams=("web",)), (8, 56)),
        (Filter(teams=("web", "core")), (12, 63)),
        (Filter(paths=("src",)), (12, 13)),
        (Filter(paths=("src/",)), (12, 13)),
        (Filter(paths=("src/*.py",)), (12, 13)),
        (Filter(paths=("*.md",)), (0, 18)),
        (Filter(paths=("docs", "srcs/d.py")), (0, 50)),
        (Filter(since=date(2025, 4, 1)), (8, 56)),
        (Filter(since=date(2025, 3, 31)), (12, 60)),
        (Filter(until=date(2025, 6, 30)), (12, 15)),
        (Filter(until=date(2025, 7, 1)), (12, 63)),
        (Filter(since=date(2025, 1, 1), until=date(2025, 4, 1)), (4, 4)),
        (Filter(repos=("acme/web",), paths=("docs",), teams=("web",), since=date(2025, 6, 1)), (0, 16)),
    ],
    ids=str,
)
def test_what_is_left(company: Rows, asked: Filter, found: tuple[int, int]) -> None:
    assert lines(company, asked) == found


def test_nothing_of_it_stays_in_the_database(company: Rows) -> None:
    before = company.rows("from duckdb_databases() select database_name")
    with filtered(company.connection, Filter(since=date(2025, 4, 1))) as left:
        estimate(left)
        assert left.execute("select count(*) from estimates").fetchone() != (0,)
    assert company.rows("from estimates") == []
    assert company.rows("from duckdb_databases() select database_name") == before


def test_until_is_the_evening_before(company: Rows) -> None:
    with filtered(company.connection, Filter(until=date(2025, 4, 1))) as left:
        assert left.execute("select as_of from scope_settings").fetchone() == (
            datetime(2025, 3, 31, 23, 59, 59),
        )
        assert run(left, "ai_share_monthly")["is_running"].iloc[-1] == False  # noqa: E712  a numpy value


def test_the_last_merge_is_that_of_the_repositories_asked_for(company: Rows) -> None:
    with filtered(company.connection, Filter(repos=("acme/service",))) as left:
        assert left.execute("select as_of from scope_settings").fetchone() == (
            datetime(2025, 3, 31, 23, 59, 59),
        )
    with filtered(company.connection, Filter(teams=("core",))) as left:
        assert left.execute("select as_of from scope_settings").fetchone() == (
            datetime(2025, 6, 30, 23, 59, 59),
        )


def test_what_is_asked_for_may_hold_quotes(rows: Rows) -> None:
    rows.person("ann", team="l'équipe")
    rows.commit("2025-01-01 12:00", {"it's/a.py": 3}, "ann", repo="o'neil/app")
    assert lines(rows, Filter(("o'neil/app",), ("l'équipe",), ("it's",))) == (0, 3)


def test_the_baseline_is_read_though_it_is_not_shown(rows: Rows) -> None:
    rows.setting("as_of", "2026-03-31")
    for month in range(1, 13):
        for person in PEOPLE:
            rows.commit(f"2024-{month:02}-10 12:00", 30, person)
            rows.commit(f"2025-{month:02}-10 12:00", 60, person, **AI)
    for month in range(1, 4):
        for person in PEOPLE:
            rows.commit(f"2026-{month:02}-10 12:00", 90, person, **AI)
    with filtered(rows.connection, Filter()) as everything:
        estimate(everything)
        whole = collect(everything)
    rows.connection.execute("delete from estimates")
    asked = Filter(since=date(2026, 1, 1))
    with filtered(rows.connection, asked) as left:
        estimate(left)
        part = collect(left, asked=asked, persons=True)
    last = [figures.volume_quarterly.iloc[[-1]].reset_index(drop=True) for figures in (whole, part)]
    pd.testing.assert_frame_equal(*last)
    # three times the lines of 2024 in 62 working days to 2024's 65, 65, 66 and 66
    assert last[1]["ratio_median"].iloc[0] == pytest.approx(3.0, rel=0.06)
    assert last[1]["low_median"].notna().all()
    pd.testing.assert_frame_equal(part.variants, whole.variants)
    assert list(part.share_monthly["period"].dt.date) == [
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]
    assert set(part.volume_people["quarter"].dt.date) == {date(2026, 1, 1)}
    # of the volume, the quarters of the baseline stay beside what is shown
    assert [q.year for q in part.volume_quarterly["quarter"].dt.date] == [2024] * 4 + [2026]


def test_a_fix_of_others_counts_and_only_by_its_part(rows: Rows) -> None:
    rows.setting("as_of", "2025-12-31")
    rows.person("ann", team="core")
    rows.person("ben", team="web")
    rows.repo("widget", basis="landed")
    moment = datetime(2025, 1, 1, 12)
    shas = []
    for person, path in (("ann", "core/a.py"), ("ben", "web/b.py")):
        sha = rows.commit(str(moment), {path: 100}, person)
        shas.append(sha)
        rows.insert(
            "landed_lines", repo="widget", sha=sha, path=path, merged_at=moment, file_class="code", engineer=person,
            attribution="human", confidence="low", lines=100, moved=0,
        )  # fmt: skip
    mended = moment + timedelta(days=3)
    fix = rows.commit(str(mended), {"web/b.py": 4}, "ben")
    rows.insert("fixes", repo="widget", sha=fix, kind="trailer", confidence="high")
    for sha, path, number in ((shas[0], "core/a.py", 1), (shas[1], "web/b.py", 3)):
        rows.insert(
            "fixed_lines", repo="widget", fix_sha=fix, sha=sha, path=path, file_class="code", attribution="human",
            merged_at=moment, fixed_at=mended, lines=number, code_lines=number,
        )  # fmt: skip
    found = "select sum(defects_90) from defect_exposure"
    assert rows.rows(found) == [(1.0,)]
    for asked in (Filter(teams=("core",)), Filter(paths=("core",))):
        with filtered(rows.connection, asked) as left:
            assert left.execute(found).fetchone() == (0.25,)


def test_a_head_count_is_of_everything_or_of_a_team(company: Rows) -> None:
    company.insert("headcount", period=date(2025, 1, 1), team="core", engineers=7)
    company.insert("headcount", period=date(2025, 1, 1), team=None, engineers=40)
    company.insert("external_metrics", series="ai_share_elsewhere", date=date(2025, 1, 1), value=50)
    for asked, heads, series in (
        (Filter(since=date(2025, 1, 1)), 2, 1),
        (Filter(teams=("core",)), 1, 0),
        (Filter(paths=("src",)), 0, 0),
    ):
        with filtered(company.connection, asked) as left:
            assert left.execute("select count(*) from headcount").fetchone() == (heads,)
            assert left.execute("select count(*) from external_metrics").fetchone() == (series,)


law = settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
commits = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.integers(0, 900),
            "repo": st.sampled_from(["a/one", "b/two", "c/three"]),
            "lines": st.dictionaries(
                st.sampled_from(["src/a.py", "docs/b.md", "src/x/c.py"]), st.integers(1, 90), min_size=1
            ),
            "engineer": st.sampled_from([*PEOPLE, None]),
            "is_ai": st.booleans(),
        }
    ),
    min_size=1,
    max_size=40,
)


def fill(rows: Rows, made: list[dict[str, Any]], repo: str | None = None) -> None:
    rows.clear()
    for person in PEOPLE:
        rows.person(person)
    for commit in sorted(made, key=lambda each: each["day"]):
        if repo is None or commit["repo"] == repo:
            day = datetime(2024, 1, 1, 12) + timedelta(days=commit["day"])
            rows.commit(
                str(day),
                commit["lines"],
                commit["engineer"],
                repo=commit["repo"],
                **(AI if commit["is_ai"] else {}),
            )


@pytest.mark.long
@law
@given(commits)
def test_parts_add_up_to_the_whole(rows: Rows, made: list[dict[str, Any]]) -> None:
    fill(rows, made)
    whole = lines(rows, Filter())
    by_repo = [lines(rows, Filter(repos=(repo,))) for repo in sorted(rows.repos)]
    by_path = [lines(rows, Filter(paths=(path,))) for path in ("src", "docs")]
    middle = date(2025, 2, 1)
    in_time = [lines(rows, Filter(until=middle)), lines(rows, Filter(since=middle))]
    for parts in (by_repo, by_path, in_time):
        assert tuple(map(sum, zip(*parts, strict=True))) == whole


@law
@given(commits)
def test_a_repository_alone_is_as_if_nothing_else_were_mined(rows: Rows, made: list[dict[str, Any]]) -> None:
    repo = made[0]["repo"]
    fill(rows, made)
    with filtered(rows.connection, Filter(repos=(repo,))) as left:
        estimate(left)
        part = collect(left)
    fill(rows, made, repo)
    estimate(rows.connection)
    alone = collect(rows.connection)
    for name in (
        "share_monthly",
        "volume_quarterly",
        "volume_people",
        "variants",
        "headline",
        "repositories",
        "identities",
    ):
        # commits are numbered anew, so ids of them differ
        pd.testing.assert_frame_equal(getattr(part, name), getattr(alone, name))
    for name in WORTH:
        pd.testing.assert_frame_equal(part.worth[name], alone.worth[name])
