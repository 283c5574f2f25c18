from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from codeshare.attribution.bursts import Burst, Bursts, Landed
from codeshare.attribution.heuristics import load_heuristics

_MONDAY = datetime(2025, 3, 3, 9)
_BURST = Burst(times=10, lines=500, minutes=60, history_days=180, history_hours=20)


def _hours(count: int, lines: int, *, engineer: str = "ann", start: datetime = _MONDAY) -> list[Landed]:
    return [Landed(f"{engineer}{n}", engineer, start + timedelta(hours=2 * n), lines) for n in range(count)]


def _at(hours: float, lines: int, sha: str = "x", engineer: str = "ann") -> Landed:
    return Landed(sha, engineer, _MONDAY + timedelta(hours=hours), lines)


@pytest.mark.parametrize(
    ("before", "then", "found"),
    [
        (_hours(20, 50), [_at(50, 500)], {"x"}),
        (_hours(20, 50), [_at(50, 499)], set()),
        (_hours(20, 51), [_at(50, 509)], set()),
        (_hours(20, 10), [_at(50, 499)], set()),
        (_hours(19, 50), [_at(50, 5000)], set()),
        (_hours(20, 50), [_at(50, 300), _at(50.5, 300, "y")], {"x", "y"}),
        (_hours(20, 50), [_at(50, 300), _at(51, 300, "y")], set()),
        (_hours(20, 50), [_at(50, 500, engineer="ben")], set()),
        (_hours(20, 50), [_at(24 * 200, 500)], set()),
    ],
    ids=["ten times", "too few", "not ten times", "few at all", "little before", "two within an hour", "an hour apart",
         "somebody else", "long ago"],
)  # fmt: skip
def test_a_burst_is_measured_by_the_engineers_own_hours(
    before: list[Landed], then: list[Landed], found: set[str]
) -> None:
    assert set(_BURST.find([*before, *then])) == found


def test_the_order_of_commits_does_not_matter() -> None:
    commits = [*_hours(40, 30), _at(100, 900), *_hours(30, 3, engineer="ben"), _at(80, 700, "y", "ben")]
    shuffled = random.Random(1).sample(commits, len(commits))
    assert _BURST.find(commits) == _BURST.find(shuffled)
    assert set(_BURST.find(commits)) == {"x", "y"}


def test_the_words_say_what_was_measured() -> None:
    words = _BURST.find([*_hours(20, 50), _at(50, 1500)])["x"]
    assert words == "1,500 lines within 60 minutes, 50 in the median hour before"


def test_the_usual_is_that_of_the_last_days() -> None:
    heavy = _hours(20, 1000, start=_MONDAY - timedelta(days=300))
    assert set(_BURST.find([*heavy, *_hours(20, 50), _at(50, 500)])) == {"x"}


def test_evidence_is_given_where_the_measure_is_on() -> None:
    heuristics = load_heuristics()
    commits = [*_hours(20, 50), _at(50, 500)]
    assert Bursts([], heuristics.bursts).find(commits) == {}
    found = Bursts(heuristics.rules, heuristics.bursts).find(commits)
    assert [(sha, piece.rule, piece.confidence) for sha, (piece,) in found.items()] == [("x", "burst", "low")]
    early = [Landed(each.sha, each.engineer, each.at - timedelta(days=3000), each.lines) for each in commits]
    assert Bursts(heuristics.rules, heuristics.bursts).find(early) == {}
