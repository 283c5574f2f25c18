from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.git.dates import NO_DATE, TOLERANCE, credible_dates, is_plausible
from codeshare.git.history import Walk
from codeshare.git.mainline import find_mainline
from codeshare.model import Commit, Identity

ANN = Identity("Ann", "ann@example.org")
NOW = datetime(2026, 6, 1)


def dates_of(
    days: list[str | datetime], parents: list[tuple[int, ...]] | None = None, since: int = 0
) -> list[datetime]:
    """The dates by which commits of these days are judged; a line of commits unless parents are given."""
    when = [day if isinstance(day, datetime) else datetime.fromisoformat(day) for day in days]
    above = parents or [(i - 1,) if i else () for i in range(len(days))]
    shas = [f"{i:040x}" for i in range(len(days))]
    commits = [
        Commit(sha, tuple(shas[p] for p in of), ANN, ANN, day, day, "Change\n")
        for sha, of, day in zip(shas, above, when, strict=True)
    ]
    walked = Walk(shas, above, frozenset())
    mainline = find_mainline(
        walked,
        [each.committed_at for each in commits],
        lambda i: commits[i].subject,
        branch="main",
        origins=(),
        now=NOW,
    )
    return credible_dates(walked, [commit.committed_at for commit in commits], mainline, since)


BRANCH: list[tuple[int, ...]] = [(), (0,), (0,), (2,), (1, 3)]
"""0 and 1 on the mainline, 2 and 3 on a branch, 4 the merge."""
MOVED: list[tuple[int, ...]] = [(), (0,), (0,), (1, 2), (3,), (4,)]
"""0 and 1 on the mainline, 2 on a branch, 3 the merge, 4 and 5 after it."""


@pytest.mark.parametrize(
    ("days", "parents", "judged"),
    [
        (["2024-01-01", "2025-01-01"], None, ["2024-01-01", "2025-01-01"]),
        (
            ["2023-01-01", "2024-01-01", "1970-01-01", "2025-01-01"],
            None,
            ["2023-01-01", "2024-01-01", "2024-01-01", "2025-01-01"],
        ),
        (["2024-01-01", "1970-01-01", "2025-01-01"], None, ["2024-01-01", "2025-01-01", "2025-01-01"]),
        (["1970-01-01", "2025-01-01"], None, ["2025-01-01", "2025-01-01"]),
        (["1970-01-01", "1970-01-01T02:00", "2025-01-01"], None, ["2025-01-01"] * 3),
        (["1980-01-01", "2025-01-01"], None, ["2025-01-01"] * 2),
        (["1998-05-01", "1999-01-01", "2025-01-01"], None, ["1998-05-01", "1999-01-01", "2025-01-01"]),
        (["2025-01-01", "2099-01-01", "2025-03-01"], None, ["2025-01-01", "2025-01-01", "2025-03-01"]),
        (["2018-01-01", "2025-01-01", "2019-01-01", "2019-06-01", "2025-02-01"], BRANCH, None),
        (
            ["2024-01-01", "2025-01-01", "2019-01-01", "2025-01-15", "2025-02-01"],
            BRANCH,
            ["2024-01-01", "2025-01-01", "2025-02-01", "2025-01-15", "2025-02-01"],
        ),
        (
            ["2024-01-01", "2025-01-01", "2050-01-01", "2025-01-15", "2025-02-01"],
            BRANCH,
            ["2024-01-01", "2025-01-01", "2025-02-01", "2025-01-15", "2025-02-01"],
        ),
        (
            ["2024-01-01", "2025-01-01", "2025-01-31", "2019-01-01", "2025-02-05", "2025-03-01"],
            MOVED,
            ["2024-01-01", "2025-01-01", "2025-01-31", "2025-01-01", "2025-02-05", "2025-03-01"],
        ),
        (["2025-01-01T12:00", "2025-01-01T06:00"], None, ["2025-01-01T12:00", "2025-01-01T06:00"]),
        (
            ["2009-01-01", "2009-10-18", "2009-10-10", "2009-11-01"],
            None,
            ["2009-01-01", "2009-01-01", "2009-10-10", "2009-11-01"],
        ),
        (
            ["2009-01-01", "2009-10-18", "2009-10-20", "2009-10-10", "2009-11-01"],
            None,
            ["2009-01-01", "2009-10-18", "2009-10-20", "2009-10-20", "2009-11-01"],
        ),
    ],
    ids=[
        "all is well",
        "a date of 1970 among others",
        "a second date of 1970: which of the two is wrong, the mainline cannot tell",
        "a root of 1970",
        "a clock that counts from 1970",
        "a root older than git, alone",
        "a history converted from another system",
        "a date in the future",
        "a branch that waited for six years",
        "a branch older than what it stands on",
        "a branch of the future",
        "a branch brought in by a merge whose date was moved",
        "clocks that differ by hours",
        "two dates that contradict each other",
        "a date before that of the parent",
    ],
)
def test_the_date_to_judge_by(
    days: list[str | datetime], parents: list[tuple[int, ...]] | None, judged: list[str] | None
) -> None:
    wanted = [datetime.fromisoformat(day) for day in judged or map(str, days)]
    assert dates_of(days, parents) == wanted


def test_a_history_without_any_date_makes_nothing_old() -> None:
    assert dates_of(["1970-01-01", "1970-01-01T00:01", "1970-01-02"]) == [NO_DATE] * 3


def test_the_last_second_there_is() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59)
    assert dates_of([last, last]) == [last, last]


@st.composite
def _histories(draw: st.DrawFn) -> tuple[list[datetime], list[tuple[int, ...]]]:
    """Commits that are each made some days after their parents."""
    days, parents = [datetime(2015, 1, 1)], [cast("tuple[int, ...]", ())]
    for i in range(1, draw(st.integers(2, 20))):
        of = tuple(draw(st.lists(st.integers(0, i - 1), min_size=1, max_size=2, unique=True)))
        days.append(max(days[parent] for parent in of) + timedelta(days=draw(st.integers(0, 200))))
        parents.append(of)
    return days, parents


@given(_histories())
def test_what_does_not_contradict_itself_is_believed(
    history: tuple[list[datetime], list[tuple[int, ...]]],
) -> None:
    days, parents = history
    # Only what the tip reaches is in a walk.
    parents[-1] = tuple(dict.fromkeys([*parents[-1], *range(len(days) - 1)]))
    days[-1] = max(days)
    assert dates_of([*days], parents) == days


@given(st.integers(2, 18), st.sampled_from([0, 3600, 1_000_000_000, 4_000_000_000, 253_370_764_800]))
def test_one_wrong_date_on_the_mainline_is_the_only_one_moved(wrong: int, stamp: int) -> None:
    days: list[str | datetime] = [datetime(2015, 1, 1) + timedelta(days=30 * n) for n in range(20)]
    changed = [*days]
    changed[wrong] = datetime(1970, 1, 1) + timedelta(seconds=stamp)
    assert dates_of(changed) == [*days[:wrong], days[wrong - 1], *days[wrong + 1 :]]


def test_the_tolerance_is_a_day() -> None:
    day = datetime(2025, 1, 1)
    assert is_plausible(day, day + TOLERANCE, day - TOLERANCE)
    assert not is_plausible(day, day + TOLERANCE + timedelta(seconds=1), day)
    assert not is_plausible(day, day, day - TOLERANCE - timedelta(seconds=1))


landings = st.lists(
    st.tuples(
        st.integers(0, 20),  # where a branch begins
        st.lists(st.integers(-40, 10), max_size=3),  # when its commits were made, in days from the landing
        st.sampled_from([0, 0, 0, 0, -9000, -400, -1, 1, 400]),  # how wrong the landing's own date is
    ),
    min_size=2,
    max_size=8,
)


@given(landings)
def test_new_commits_are_judged_as_with_all_others(plan: list[tuple[int, list[int], int]]) -> None:
    days: list[str | datetime] = []
    parents: list[tuple[int, ...]] = []
    tips: list[int] = []
    for k, (begins, branch, error) in enumerate(plan):
        landed = datetime(2024, 1, 1) + timedelta(days=3 * k)
        at = begins % len(days) if days else None
        for offset in branch if tips else ():
            parents.append((at,) if at is not None else ())
            at = len(days)
            days.append(landed + timedelta(days=offset))
        parents.append((tips[-1], at) if tips and branch and at is not None else tuple(tips[-1:]))
        tips.append(len(days))
        days.append(landed + timedelta(days=error))
    whole = dates_of(days, parents)
    for tip in tips[:-1]:
        assert dates_of(days, parents, tip + 1) == whole[tip + 1 :]
