"""Two sides of histories counted by hand."""

from __future__ import annotations

from datetime import date, datetime
from math import isnan

import pytest

from codeshare.errors import ComparisonError
from codeshare.estimates.comparison import compare
from codeshare.estimates.side_figures import Scene, facts, last_year
from codeshare.store.side import Side, open_sides
from tests.metrics.rows import Rows

PEOPLE = ["ann", "bob", "cat", "dan", "eve"]


@pytest.fixture
def rows(rows: Rows) -> Rows:
    rows.setting("as_of", "2026-01-05")
    return rows


def quarter(
    rows: Rows, repo: str, ai_days: int, engineers: list[str], lines: int = 10, month: str = "02"
) -> None:
    """40 commits of one repository in 2025 Q1, a day each, by engineers in turn; the first ``ai_days`` are AI's."""
    for number in range(40):
        is_ai = number < ai_days
        rows.commit(
            f"2025-{month}-{number % 28 + 1:02d} {8 + number // 28:02}:00", lines, engineers[number % len(engineers)], repo=repo,
            attribution="ai" if is_ai else "human", confidence="high", tool="Claude Code" if is_ai else None,
        )  # fmt: skip


def figure(rows: Rows, first: str, second: str, metric: str) -> dict[str, object]:
    frame = compare(rows.connection, first, second).frame
    (found,) = frame[frame["metric"] == metric].to_dict("records")
    return {str(key): value for key, value in found.items()}


def test_two_repositories_by_hand(rows: Rows) -> None:
    quarter(rows, "service", 20, PEOPLE)
    quarter(rows, "web", 20, PEOPLE, lines=30)
    share = figure(rows, "service", "web", "share")
    assert (share["first"], share["first_n"], share["second"], share["second_n"]) == (0.5, 40, 0.5, 40)
    assert (share["difference"], share["verdict"], share["unit"]) == (0, "no clear difference", "share")
    # 40 commits, half of them AI's: the exact interval of 20 of 40 is 0.34 to 0.66
    assert (share["first_low"], share["first_high"]) == pytest.approx((0.34, 0.66), abs=0.03)
    # each of five engineers merged 8 commits of 10 or 30 lines in the 64 working days of 2025 Q1
    volume = figure(rows, "service", "web", "volume_median")
    assert (volume["first"], volume["second"]) == pytest.approx((80 / 64, 240 / 64))
    assert (volume["first_n"], volume["unit"], volume["verdict"]) == (5, "lines per working day", "lower")
    assert volume["ratio"] == pytest.approx(1 / 3)


def test_what_differs_is_said_and_what_does_not_is_not(rows: Rows) -> None:
    quarter(rows, "service", 36, PEOPLE[:3])
    quarter(rows, "web", 10, PEOPLE[:3])
    found = compare(rows.connection, "service", "web")
    assert found.sentence == (
        "service and web differ clearly in 1 of 3 figures: service is higher in “AI share of merged lines”. "
        "In the other 2 no difference can be told."
    )
    rows.clear()
    rows.setting("as_of", "2026-01-05")
    quarter(rows, "service", 20, PEOPLE[:3])
    quarter(rows, "web", 22, PEOPLE[:3])
    found = compare(rows.connection, "service", "web")
    assert found.sentence == (
        "No difference can be told between service and web: in every figure the interval of the difference holds 0."
    )


def test_nothing_per_engineer_of_fewer_than_five(rows: Rows) -> None:
    quarter(rows, "service", 20, PEOPLE)
    quarter(rows, "web", 20, PEOPLE[:4])
    found = compare(rows.connection, "service", "web")
    assert list(found.frame["metric"]) == ["share", "tests_touched", "large_commits"]
    assert found.notes == ("web has fewer than 5 active engineers: nothing per engineer is compared.",)


def test_shares_with_little_evidence_are_not_compared(rows: Rows) -> None:
    quarter(rows, "service", 20, PEOPLE)
    for number in range(40):
        rows.commit(f"2025-03-{number % 28 + 1:02d} 12:00", 10, PEOPLE[number % 5], repo="web")
    found = compare(rows.connection, "service", "web")
    share = found.frame.iloc[0]
    assert (share["metric"], share["verdict"]) == ("share", "not compared")
    assert isnan(share["difference_low"])
    assert "Shares are not compared: under a quarter of the lines of web carry evidence" in found.notes[0]


def test_too_few_commits_have_no_verdict(rows: Rows) -> None:
    quarter(rows, "service", 20, PEOPLE[:4])
    rows.commit("2025-02-03 12:00", 10, repo="web", attribution="ai", confidence="high")
    found = compare(rows.connection, "service", "web")
    assert list(found.frame["verdict"]) == ["too few"] * 3
    assert "too little was merged on one side or both" in found.sentence


def test_a_team_is_its_people_while_they_are_in_it(rows: Rows) -> None:
    for person in ("ann", "bob"):
        rows.person(person)
    rows.insert("memberships", person="ann", team="core", until=date(2025, 3, 31))
    rows.insert("memberships", person="ann", team="web", since=date(2025, 4, 1))
    rows.insert("memberships", person="bob", team="web")
    rows.commit("2025-03-31 23:59", 7, "ann")
    rows.commit("2025-04-01 00:00", 11, "ann")
    rows.commit("2025-03-01 12:00", 13, "bob")
    assert lines_of(rows, Side("team", "core"), Side("team", "web")) == (7, 24)


def test_sides_that_part_a_database_add_up_to_it(rows: Rows) -> None:
    rows.person("ann", team="core")
    rows.person("bob", team="web")
    quarter(rows, "service", 20, ["ann", "bob"])
    quarter(rows, "web", 5, ["ann", "ann", "bob"], lines=3)
    quarter(rows, "web", 5, ["bob"], lines=4, month="07")
    (whole,) = rows.rows("select sum(lines) from merged_lines")[0]
    half = (date(2025, 1, 1), date(2025, 7, 1)), (date(2025, 7, 1), date(2026, 1, 1))
    for one, two in (
        (Side("team", "core"), Side("team", "web")),
        (Side("repository", "service"), Side("repository", "web")),
        (Side("period", "H1", *half[0]), Side("period", "H2", *half[1])),
    ):
        assert sum(lines_of(rows, one, two)) == whole, one.kind


def test_what_became_of_a_side_is_seen_outside_it(rows: Rows) -> None:
    rows.person("ann", team="core")
    rows.person("bob", team="web")
    undone = rows.commit("2025-02-01 12:00", 10, "ann")
    rows.commit("2025-02-03 12:00", 10, "bob", reverts=undone)
    with open_sides(rows.connection, Side("team", "core"), Side("team", "web")) as (core, web, _):
        assert core.execute("select count(*) from merged_commits").fetchone() == (1,)
        assert core.execute("select count(*) from commits where reverts is not null").fetchone() == (1,)
        assert web.execute("select count(*) from merged_commits").fetchone() == (1,)


def test_all_sides_have_the_now_of_the_whole(rows: Rows) -> None:
    rows.connection.execute("delete from settings")
    rows.commit("2025-02-01 12:00", 10, repo="old")
    rows.commit("2025-09-09 09:09:09", 10, repo="new")
    with open_sides(rows.connection, Side("repository", "old"), Side("repository", "new")) as (old, new, _):
        assert {str(v.execute("select as_of from scope_settings").fetchone()[0]) for v in (old, new)} == {
            "2025-09-09 09:09:09"
        }


def test_what_is_on_both_sides_is_on_neither(rows: Rows) -> None:
    rows.person("ann", team="core")
    quarter(rows, "service", 20, ["ann", "bob"])
    quarter(rows, "web", 20, ["ann"])
    found = compare(rows.connection, "core", "service")
    # of service's 40 commits 20 are ann's, and 40 of hers are in web
    assert found.notes[0] == "20 commits belong to both and are left out of both."
    assert found.frame["first_n"][0] == 40
    assert found.frame["second_n"][0] == 20


def test_a_side_within_the_other_is_refused(rows: Rows) -> None:
    quarter(rows, "service", 20, PEOPLE)
    with pytest.raises(ComparisonError, match="all its commits are also in period 2025"):
        compare(rows.connection, "2025-Q1", "2025")
    with pytest.raises(ComparisonError, match="period 2019: no commit of it was merged"):
        compare(rows.connection, "2019", "2025")
    # nothing of it is left behind
    assert rows.rows(
        "select count(*) from duckdb_databases() where database_name like 'codeshare_side%'"
    ) == [(0,)]


def test_tools_are_compared_by_their_lines_alone(rows: Rows) -> None:
    for tool, lines in (("Claude Code", 10), ("Cursor", 4)):
        rows.commit("2025-02-01 12:00", lines, attribution="ai", tool=tool, confidence="high")
    rows.commit("2025-02-01 12:00", 100)
    assert lines_of(rows, Side("tool", "Claude Code"), Side("tool", "Cursor")) == (10, 4)
    found = compare(rows.connection, "cursor", "claude-code").frame
    assert list(found["metric"]) == [
        "tests_touched",
        "large_commits",
    ]  # a share of a tool's own lines says nothing


def test_a_commit_with_lines_of_two_tools_is_on_both_sides(rows: Rows) -> None:
    rows.repo("widget", basis="landed")
    sha = rows.commit("2025-02-01 12:00", attribution="ai", tool="Claude Code", scope="line")
    for tool, lines in (("Claude Code", 10), ("Cursor", 4)):
        rows.insert(
            "landed_lines", repo="widget", sha=sha, path="a.py", merged_at=datetime(2025, 2, 1), file_class="code",
            attribution="ai", confidence="high", kind="line_record", tool=tool, lines=lines,
        )  # fmt: skip
    assert lines_of(rows, Side("tool", "Claude Code"), Side("tool", "Cursor")) == (10, 4)


def test_the_window_is_the_last_four_quarters_that_are_over() -> None:
    assert last_year(datetime(2026, 1, 5)) == (date(2025, 1, 1), date(2026, 1, 1))
    assert last_year(datetime(2025, 12, 31, 23, 59, 59)) == (date(2025, 1, 1), date(2026, 1, 1))
    assert last_year(datetime(2025, 12, 31, 23, 59, 58)) == (date(2024, 10, 1), date(2025, 10, 1))


def test_facts_in_words(rows: Rows) -> None:
    quarter(rows, "service", 20, PEOPLE)
    quarter(rows, "web", 20, ["ann"])
    assert compare(rows.connection, "service", "web").facts == (
        "service: 400 lines in 40 commits by 5 engineers, 1 January 2025 to 31 December 2025.",
        "web: 400 lines in 40 commits by 1 engineer, 1 January 2025 to 31 December 2025.",
    )


def lines_of(rows: Rows, first: Side, second: Side) -> tuple[int, int]:
    with open_sides(rows.connection, first, second) as (one, two, common):
        assert common == 0
        found = [
            view.execute("select coalesce(sum(lines), 0)::bigint from merged_lines").fetchone()
            for view in (one, two)
        ]
        assert all(facts(Scene.of(view, side)).commits for view, side in ((one, first), (two, second)))
    return found[0][0], found[1][0]
