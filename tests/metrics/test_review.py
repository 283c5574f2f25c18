"""Review, on histories counted by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from codeshare.estimates.review import estimate
from codeshare.metrics.queries import run

from .rows import Rows

AI = {"attribution": "ai", "confidence": "high", "kind": "trailer"}


def known(rows: Rows, *persons: str, kind: str = "person") -> None:
    """People with an address each, and a no-reply one that tells their login."""
    for person in persons:
        if person not in rows.people:
            rows.person(person, kind=kind)
        for email in (f"{person}@example.org", f"7+{person}@users.noreply.github.com"):
            rows.insert("identities", repo="widget", name=person, email=email, mapped_name=person,
                        mapped_email=email, person=person, kind=kind, how="itself", commits=1)  # fmt: skip


def trailer(rows: Rows, sha: str, value: str, key: str = "Reviewed-by") -> None:
    rows.insert("trailers", repo="widget", sha=sha, key=key, value=value)


def request(rows: Rows, number: int, sha: str, merged: str, **values: Any) -> None:
    rows.insert(
        "pull_requests",
        **{"repo": "widget", "number": number, "merge_sha": sha, "author": "ann", "opened_at": "2026-01-05 08:00", "merged_at": merged,
           "state": "merged"} | values,
    )  # fmt: skip


def review(
    rows: Rows, number: int, reviewer: str, at: str | None, state: str = "approved", bot: bool = False
) -> None:
    rows.insert("reviews", repo="widget", number=number, reviewer=reviewer, state=state, submitted_at=at, reviewer_is_bot=bot)  # fmt: skip


def flags(rows: Rows) -> dict[str, tuple[bool | None, bool | None]]:
    found = rows.rows("select sha, is_reviewed, is_merged_by_author from commit_review order by sha")
    return {sha: (reviewed, by_author) for sha, reviewed, by_author in found}


@pytest.mark.parametrize(
    ("key", "value", "counts"),
    [
        ("Reviewed-by", "Ben <ben@example.org>", True),
        ("reviewed-BY", "Ben <BEN@example.org>", True),
        ("Acked-by", "Ben <ben@example.org>", True),
        ("Reported-and-tested-by", "Ben <ben@example.org>", True),
        ("Reviewed-by", "Zoe <zoe@elsewhere.org>", True),
        ("Reviewed-by", "Ann <ann@example.org>", False),
        ("Reviewed-by", "Claude <noreply@anthropic.com>", False),
        ("Reviewed-by", "Robot <robot@example.org>", False),
        ("Reviewed-by", "Ben", False),
        ("Not-acked-by", "Ben <ben@example.org>", False),
        ("Reviewed-on", "https://review.example.org/7 <ben@example.org>", False),
        ("Signed-off-by", "Ben <ben@example.org>", False),
    ],
)
def test_a_trailer_counts_where_it_names_another_person(
    rows: Rows, key: str, value: str, counts: bool
) -> None:
    known(rows, "ann", "ben")
    known(rows, "robot", kind="bot")
    sure = rows.commit("2026-01-06", 1)
    trailer(rows, sure, "Ben <ben@example.org>")
    sha = rows.commit("2026-01-07", 10)
    trailer(rows, sha, value, key)
    assert flags(rows)[sha][0] is counts


def test_without_a_custom_of_trailers_and_without_imports_nothing_is_known(rows: Rows) -> None:
    known(rows, "ann", "ben")
    rows.daily("2026-01-05", 101, 1)
    trailer(rows, "0" * 40, "Ben <ben@example.org>")
    assert {reviewed for reviewed, _ in flags(rows).values()} == {None}
    assert rows.rows("select trailer_commits, trailers_since from review_sources") == [(1, None)]
    told = "select known_lines, reviewed_share, reviewers, lines_per_reviewer_day from review_quarterly"
    assert rows.rows(told)[0] == (0, None, 0, None)


def test_before_the_first_reviewer_on_record_nothing_is_known(rows: Rows) -> None:
    known(rows, "ann", "ben")
    rows.commit("2025-11-05", 10)
    rows.commit("2026-01-05", 10)
    trailer(rows, rows.commit("2026-02-05", 10), "Ben <ben@example.org>")
    assert [reviewed for reviewed, _ in flags(rows).values()] == [None, False, True]


def test_the_landing_says_who_merged(rows: Rows) -> None:
    known(rows, "ann", "ben")
    rows.person("forge", kind="bot")
    merge = {"is_mainline": False}
    by_ben = rows.commit("2026-01-05", {}, engineer="ben", is_merge=True)
    by_ann = rows.commit("2026-01-05", {}, engineer="ann", is_merge=True)
    expected = {
        rows.commit("2026-01-05", 1, merge_sha=by_ben, **merge): False,
        rows.commit("2026-01-05", 1, merge_sha=by_ann, **merge): True,
        rows.commit("2026-01-06", 1, committer="ben"): False,
        rows.commit("2026-01-06", 1, committer="ann"): True,
        rows.commit("2026-01-06", 1, committer="forge"): None,
        rows.commit("2026-01-06", 1, engineer=None, committer="ann"): None,
    }
    assert {sha: by_author for sha, (_, by_author) in flags(rows).items()} == expected


def test_a_request_tells_who_merged_what_the_forge_committed(rows: Rows) -> None:
    known(rows, "ann", "ben")
    rows.person("forge", kind="bot")
    shas = [rows.commit("2026-01-06", 1, committer="forge") for _ in range(4)]
    for number, (sha, by) in enumerate(zip(shas, ("Ben", "ann", "stranger", None), strict=True)):
        request(rows, number, sha, "2026-01-06", merged_by=by)
    assert [flags(rows)[sha][1] for sha in shas] == [False, True, False, None]


def test_what_a_request_brought_in(rows: Rows) -> None:
    merge = rows.commit("2026-01-05", {}, is_merge=True)
    branch = rows.commit("2026-01-05", 1, merge_sha=merge, is_mainline=False)
    last = rows.commit("2026-01-07", 1, subject="Second")
    first = rows.commit("2026-01-07", 1, subject="First", merge_sha=last)
    rows.commit("2026-01-07", 1, subject="Somebody's", merge_sha=last)
    numbered = rows.commit("2026-01-08", 1, subject="Count (#9)", request=9)
    request(rows, 7, merge, "2026-01-05")
    request(rows, 8, last, "2026-01-07")
    request(rows, 9, "e" * 40, "2026-01-08")
    request(rows, 10, "d" * 40, "2026-01-08")
    for position, subject in enumerate(("First", "Second")):
        rows.insert(
            "request_commits",
            repo="widget",
            number=8,
            position=position,
            sha=f"{position}" * 40,
            message=f"{subject}\n\nWhy",
        )
    found = rows.rows("select number, sha from request_commits_merged order by all")
    assert found == sorted([(7, merge), (7, branch), (8, first), (8, last), (9, numbered)])


def asked(rows: Rows) -> None:
    """Four requests: reviewed in two rounds, by a bot alone, by nobody, by its own author."""
    known(rows, "ann", "ben", "cy")
    shas = [
        rows.commit("2026-01-06 08:00", 100, **AI),
        rows.commit("2026-01-07 08:00", 60, **AI),
        rows.commit("2026-01-08 08:00", 40),
        rows.commit("2026-02-09 08:00", 20),
    ]
    for number, sha in enumerate(shas, 1):
        request(rows, number, sha, f"2026-01-0{number + 5} 08:00")
    review(rows, 1, "robot[bot]", "2026-01-05 08:30", bot=True)
    review(rows, 1, "ben", "2026-01-05 12:00", "changes_requested")
    review(rows, 1, "ben", "2026-01-05 18:00", "changes_requested")
    review(rows, 1, "Cy", "2026-01-05 20:00", "changes_requested")
    review(rows, 1, "ben", "2026-01-06 07:00")
    review(rows, 2, "robot[bot]", "2026-01-05 09:00", bot=True)
    review(rows, 3, "stranger", "2026-01-05 09:00", "pending")
    review(rows, 4, "ann", "2026-01-05 10:00", "commented")


def test_requests_by_hand(rows: Rows) -> None:
    asked(rows)
    found = rows.rows(
        "select number, attribution, lines, is_reviewed, reviewers, reviews, bot_reviews, hours_to_first_review, hours_to_first_bot_review,"
        " hours_to_merge, rounds from merged_requests order by number"
    )
    assert found == [
        (1, "ai", 100, True, 2, 4, 1, 4.0, 0.5, 24.0, 2),
        (2, "ai", 60, False, 0, 0, 1, None, 1.0, 48.0, None),
        (3, "human", 40, False, 0, 0, 0, None, None, 72.0, None),
        (4, "human", 20, False, 0, 0, 0, None, None, 96.0, None),
    ]
    assert list(run(rows.connection, "unreviewed_requests")["number"]) == [4, 3, 2]


def test_months_by_attribution(rows: Rows) -> None:
    asked(rows)
    found = rows.rows(
        "select month::varchar, part, lines, reviewed_lines, requests, unreviewed, bot_reviewed, hours_to_first_review, hours_to_merge, rounds"
        " from review_monthly order by all"
    )
    assert found == [
        ("2026-01-01", "ai", 160, 100, 2, 1, 2, 4.0, 36.0, 2.0),
        ("2026-01-01", "all", 200, 100, 3, 2, 2, 4.0, 48.0, 2.0),
        ("2026-01-01", "human", 40, 0, 1, 1, 0, None, 72.0, None),
        ("2026-02-01", "all", 20, 0, 1, 1, 0, None, 96.0, None),
        ("2026-02-01", "human", 20, 0, 1, 1, 0, None, 96.0, None),
    ]


def test_requests_without_reviews_say_nothing_of_review(rows: Rows) -> None:
    request(rows, 1, rows.commit("2026-01-06", 100), "2026-01-06")
    (row,) = rows.rows(
        "select is_reviewed, reviewers, hours_to_first_review, bot_reviews from merged_requests"
    )
    assert row == (None, None, None, None)
    assert rows.rows("select unreviewed_share from review_quarterly") == [(None,)]


def test_of_a_request_opened_nobody_knows_when_no_wait_is_known(rows: Rows) -> None:
    known(rows, "ann", "ben")
    request(rows, 1, rows.commit("2026-01-06 08:00", 100), "2026-01-06 08:00", opened_at=None)
    review(rows, 1, "ben", "2026-01-05 12:00")
    review(rows, 1, "robot[bot]", "2026-01-05 12:00", bot=True)
    (row,) = rows.rows(
        "select is_reviewed, hours_to_first_review, hours_to_first_bot_review, hours_to_merge from merged_requests"
    )
    assert row == (True, None, None, None)


def test_what_is_merged_after_the_last_import_is_not_known(rows: Rows) -> None:
    asked(rows)
    late = rows.commit("2026-03-01", 500)
    assert flags(rows)[late][0] is None
    assert rows.row("select known_lines, reviewed_lines from review_quarterly") == {
        "known_lines": 220,
        "reviewed_lines": 100,
    }


def test_load_by_week_and_reviewer(rows: Rows) -> None:
    asked(rows)
    trailer(rows, rows.commit("2026-01-12", 5, committer="cy"), "Ben <ben@example.org>")
    for sha in ("0" * 40,):
        trailer(rows, sha, "Ben <ben@example.org>", "Tested-by")
    found = rows.rows(
        "select week::date::varchar, reviewer, reviews, commits, lines, ai, human, merged_commits, merged_lines from review_load"
    )
    assert found == [
        ("2026-01-05", "ben", 1, 1, 100, 100, 0, 0, 0),
        ("2026-01-05", "cy", 1, 1, 100, 100, 0, 0, 0),
        ("2026-01-12", "ben", 1, 1, 5, 0, 5, 0, 0),
        ("2026-01-12", "cy", 0, 0, 0, 0, 0, 1, 5),
    ]


def test_lines_per_reviewer_and_day_against_the_baseline(rows: Rows) -> None:
    known(rows, "ann", "ben", "cy")
    # 65 working days in the first quarter of 2024, 64 in that of 2026
    trailer(rows, rows.commit("2024-02-01", 1300), "Ben <ben@example.org>")
    trailer(rows, rows.commit("2024-02-02", 1300), "Cy <cy@example.org>")
    rows.commit("2026-02-02", 2000)
    trailer(rows, rows.commit("2026-02-03", 1200, **AI), "Ben <ben@example.org>")
    rows.setting("as_of", "2026-03-31")
    rows.setting("baseline_until", "2024-04-01")
    first, *_, last = run(rows.connection, "review_quarterly").to_dict("records")
    assert (first["reviewers"], first["lines_per_reviewer_day"], first["ratio"]) == (2, 20.0, 1.0)
    assert (last["reviewers"], last["lines_per_reviewer_day"], last["ratio"]) == (1, 50.0, 2.5)
    assert last["reviewed_share"] == pytest.approx(1200 / 3200)
    found = {
        (e.period.year, e.part, e.unit): e.value
        for e in estimate(rows.connection)
        if e.metric == "lines_per_reviewer_day"
    }
    assert found == {
        (2024, "all", "lines per reviewer and working day"): 20.0,
        (2024, "ai", "lines per reviewer and working day"): 0.0,
        (2024, "human", "lines per reviewer and working day"): 20.0,
        (2024, "all", "ratio"): 1.0,
        (2026, "all", "lines per reviewer and working day"): 50.0,
        (2026, "ai", "lines per reviewer and working day"): 18.75,
        (2026, "human", "lines per reviewer and working day"): 31.25,
        (2026, "all", "ratio"): 2.5,
    }


def test_concentration_by_hand(rows: Rows) -> None:
    names = ["bo", "cy", "di", "ed", "fa"]
    known(rows, "ann", *names)
    for name, reviews in zip(names, (5, 2, 1, 1, 1), strict=True):
        for _ in range(reviews):
            trailer(rows, rows.commit("2026-01-06", 1), f"{name} <{name}@example.org>")
    found = run(rows.connection, "review_concentration")
    assert list(found["reviews"]) == [5, 2, 1, 1, 1]
    assert list(found["is_first_half"]) == [True, False, False, False, False]
    # by definition: mean difference of all pairs / (2 x mean) = (2 x (3 + 3 x 4 + 3 x 1) / 25) / (2 x 2)
    assert found["gini"].unique() == pytest.approx([2 * (3 + 12 + 3) / 25 / 4])
    rows.setting("minimum_engineers", "6")
    assert run(rows.connection, "review_concentration").empty


def test_reviewers_are_named_only_when_asked_for(rows: Rows) -> None:
    known(rows, "ann", "ben")
    sha = rows.commit("2026-01-06", 10)
    trailer(rows, sha, "Ben <ben@example.org>")
    trailer(rows, sha, "Zoe <zoe@elsewhere.org>", "Acked-by")
    for query in ("reviewers", "review_load"):
        hidden = run(rows.connection, query)
        assert "Bird of ben" in set(hidden["person"])
        assert "zoe" not in hidden.to_csv()
        assert {"Ben", "zoe@elsewhere.org"} <= set(run(rows.connection, query, names=True)["person"])
    told = run(rows.connection, "reviewers").set_index("person").loc["Bird of ben"]
    assert (told["reviews"], told["share"], told["lines"], told["reviewed_by"], told["acked_by"]) == (
        1,
        0.5,
        10,
        1,
        0,
    )


def test_estimates_of_requests_by_hand(rows: Rows) -> None:
    known(rows, "ann", "ben")
    for number in range(60):
        is_ai = number % 2 == 0
        sha = rows.commit("2026-01-06 08:00", 10, **(AI if is_ai else {}))
        request(rows, number, sha, "2026-01-06 08:00")
        if number % 3 or not is_ai:
            hours = 8 + (number % 5) if is_ai else 8
            review(rows, number, "ben", datetime(2026, 1, 5, hours).isoformat())
    found = {(e.metric, e.part): e for e in estimate(rows.connection) if e.period.year == 1970}
    shares = {part: found["unreviewed_requests_share", part] for part in ("all", "ai", "human", "ai - human")}
    # 10 of the 30 even numbers below 60 can be divided by 3
    assert {part: (e.value, e.n) for part, e in shares.items()} == {
        "all": (pytest.approx(1 / 6), 60), "ai": (pytest.approx(1 / 3), 30), "human": (0.0, 30), "ai - human": (pytest.approx(1 / 3), 30),
    }  # fmt: skip
    difference = shares["ai - human"]
    assert difference.low is not None
    assert difference.low > 0.1
    assert difference.method == "bootstrap over requests, percentile"
    waiting = found["time_to_first_review", "ai"]
    assert (waiting.value, waiting.n, waiting.low, waiting.unit) == (2.0, 20, None, "hours")
    assert found["time_to_first_review", "human"].value == 0.0
    assert found["time_to_merge", "all"].value == 24.0
    assert found["reviewed_share", "ai"].value == pytest.approx(2 / 3)
    rows.estimates([e._asdict() for e in found.values()])
    told = run(rows.connection, "review_by_attribution").set_index(["metric", "part"])["difference"]
    assert told["unreviewed_requests_share", "ai - human"] == "higher of ai"
    assert told["time_to_first_review", "ai - human"] == "no clear difference"


def test_nothing_merged_has_no_estimates(rows: Rows) -> None:
    assert list(estimate(rows.connection)) == []
