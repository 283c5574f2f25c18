"""The share of parts over time; what small teams merged cannot be told from it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.metrics.parts import MOST, REST, Parts, parts
from codeshare.metrics.queries import run

from .rows import Rows

AI: dict[str, Any] = {"attribution": "ai", "confidence": "high", "kind": "trailer", "tool": "Claude Code"}
MINIMUM = 5


def cell(found: Parts, part: str, period: str) -> dict[str, Any]:
    frame = found.frame[(found.frame["part"] == part) & (found.frame["period"] == pd.Timestamp(period))]
    (row,) = frame.to_dict("records")
    return {str(name): value for name, value in row.items()}


def split(rows: Rows, by: str, months: int = 60) -> Parts:
    found = parts(rows.connection, by, months)
    assert found is not None
    return found


def test_repositories_by_quarter(rows: Rows) -> None:
    rows.commit("2025-01-10 12:00", 30, repo="one", **AI)
    rows.commit("2025-02-10 12:00", 10, repo="one")
    rows.commit("2025-05-10 12:00", 20, repo="two")
    found = split(rows, "repository")
    assert (found.names, found.period, found.folded) == (("one", "two"), "quarter", 0)
    first = cell(found, "one", "2025-01-01")
    assert (first["numerator"], first["denominator"], first["share"], first["share_strict"]) == (
        30,
        40,
        0.75,
        0.75,
    )
    assert (first["engineers"], first["coverage"], first["is_running"]) == (1, 0.75, False)
    assert cell(found, "two", "2025-01-01")["denominator"] == 0
    assert pd.isna(cell(found, "two", "2025-01-01")["share"])
    assert set(split(rows, "repository", months=5).frame["period"].dt.month) == {1, 2, 5}


@pytest.mark.parametrize(
    ("by", "names"),
    [("class", ("code", "docs")), ("path", ("src", ".")), ("language", ("python", "markdown")), ("tool", ("Claude Code", "Cursor"))],
)  # fmt: skip
def test_other_parts(rows: Rows, by: str, names: tuple[str, ...]) -> None:
    sha = rows.commit("2025-01-10 12:00", 30, **AI)
    rows.change(sha, "readme.md", 4, file_class="docs", language="markdown")
    rows.commit("2025-01-11 12:00", 10, **AI | {"tool": "Cursor"})
    found = split(rows, by)
    assert found.names == names
    if by == "tool":
        assert [cell(found, name, "2025-01-01")["share"] for name in names] == [34 / 44, 10 / 44]


def test_one_part_is_no_breakdown(rows: Rows) -> None:
    rows.commit("2025-01-10 12:00", 30)
    assert parts(rows.connection, "repository", 60) is None


def test_small_parts_are_one(rows: Rows) -> None:
    for number in range(MOST + 3):
        rows.commit("2025-01-10 12:00", 100 - number, repo=f"repo-{number:02}")
    found = split(rows, "repository")
    assert (len(found.names), found.names[-1], found.folded) == (MOST, REST, 4)
    assert cell(found, REST, "2025-01-01")["denominator"] == sum(100 - n for n in range(MOST - 1, MOST + 3))
    assert found.frame["denominator"].sum() == sum(100 - n for n in range(MOST + 3))


def test_languages_of_next_to_no_line_are_one(rows: Rows) -> None:
    sha = rows.commit("2025-01-10 12:00", 990, **AI)
    for language, lines in (("sql", 60), ("ini", 5), ("json", 4)):
        rows.change(sha, f"a.{language}", lines, file_class="config", language=language)
    found = split(rows, "language")
    assert (found.names, found.folded) == (("python", "sql", REST), 2)
    assert cell(found, REST, "2025-01-01")["denominator"] == 9


def teams(rows: Rows, **sizes: int) -> None:
    for team, size in sizes.items():
        for number in range(size):
            rows.person(f"{team}-{number}", team=team)
            rows.commit("2025-01-10 12:00", 10, f"{team}-{number}")


@pytest.mark.parametrize(
    ("sizes", "names", "shown"),
    [
        ({"a": 5, "b": 6}, ("a", "b"), {"a", "b"}),
        # c alone would be told by subtraction: the smallest other goes with it
        ({"a": 5, "b": 6, "c": 2}, ("b", REST), {"b", REST}),
        ({"a": 6, "b": 7, "c": 3, "d": 3}, ("a", "b", REST), {"a", "b", REST}),
        # the two together are fewer than five
        ({"a": 6, "b": 7, "c": 2, "d": 2}, ("a", "b", REST), set()),
    ],
)
def test_small_teams_are_not_shown(
    rows: Rows, sizes: dict[str, int], names: tuple[str, ...], shown: set[str]
) -> None:
    teams(rows, **sizes)
    found = split(rows, "team")
    assert found.names == names
    told = found.frame[found.frame["denominator"].notna()]
    if shown:
        assert set(told["part"]) == shown
    else:
        assert REST not in set(told["part"])
        assert len(set(names) - set(told["part"])) >= 2


def test_lines_of_nobody_are_no_group_of_people(rows: Rows) -> None:
    teams(rows, a=5, b=6)
    rows.commit("2025-01-10 12:00", 9, None, **AI)
    found = split(rows, "team")
    assert (found.names, found.hidden) == (("a", "b", "(unassigned)"), 0)


law = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.thorough
@law
@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.integers(0, 8), st.sampled_from(["2025-01-10", "2025-04-10"])),
        min_size=1,
        max_size=60,
    )
)
def test_no_small_group_can_be_told(rows: Rows, made: list[tuple[str, int, str]]) -> None:
    rows.clear()
    for team, number, day in made:
        person = f"{team}-{number}"
        if person not in rows.people:
            rows.person(person, team=team)
        rows.commit(f"{day} 12:00", 7, person)
    found = parts(rows.connection, "team", 60)
    if found is None:
        return
    whole = run(rows.connection, "ai_share_quarterly").set_index("period")["denominator"]
    people = {
        (str(period), team): engineers
        for period, team, engineers in rows.rows(
            "select quarter, split_part(engineer, '-', 1), count(distinct engineer) from merged_lines group by all"
        )
    }
    for period, cells in found.frame.groupby("period"):
        told = cells[cells["denominator"].notna() & (cells["denominator"] > 0)]
        assert (told["engineers"] >= MINIMUM).all()
        rest = whole[period] - told["denominator"].sum()
        # what is left is nothing, or that of at least five people
        named = set(told["part"])
        left = [n for (day, team), n in people.items() if day == str(period)[:10] and team not in named]
        if rest and REST not in named:
            assert sum(left) >= MINIMUM or len(told) == 0


@law
@given(st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), st.integers(1, 90), st.booleans(), st.integers(1, 12)), min_size=1, max_size=20))  # fmt: skip
def test_repositories_add_up_to_the_whole(rows: Rows, made: list[tuple[str, int, bool, int]]) -> None:
    rows.clear()
    for repo, lines, is_ai, month in made:
        rows.commit(f"2025-{month:02}-10 12:00", lines, repo=repo, **(AI if is_ai else {}))
    whole = run(rows.connection, "ai_share_quarterly").set_index("period")
    frame = run(rows.connection, "ai_share_parts", split="repository", period="quarter")
    for column in ("numerator", "denominator", "high_numerator", "strict_denominator", "covered"):
        sums = frame.groupby("period")[column].sum()
        assert all(whole.loc[period, column] == value for period, value in sums.items())


def test_repositories_of_few_are_not_shown_unless_all_are_few_or_names_are(rows: Rows) -> None:
    for repo, people in (("widget", 7), ("gadget", 6), ("tool", 2)):
        for number in range(people):
            rows.commit("2025-01-02 12:00", 10, f"{repo}-{number}", repo=repo)
    found = parts(rows.connection, "repository", 60)
    assert found is not None
    # gadget goes with the small one, whose lines would else follow from the total
    assert (found.names, found.folded) == (("widget", REST), 2)
    named = parts(rows.connection, "repository", 60, is_protected=False)
    assert named is not None
    assert set(named.names) == {"widget", "gadget", "tool"}
    rows.clear()
    for repo in ("widget", "gadget"):
        rows.commit("2025-01-02 12:00", 10, "ann", repo=repo)
    few = parts(rows.connection, "repository", 60)
    assert few is not None
    assert (set(few.names), few.hidden) == ({"widget", "gadget"}, 0)
