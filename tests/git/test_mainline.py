from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.git.history import Walk, read_commits, walk
from codeshare.git.mainline import SKEW, Mainline, find_mainline, is_foxtrot, merge_dates
from codeshare.git.repository import open_repository
from codeshare.model import Commit
from tests.histories import BOB, START, History

DAY = datetime(2026, 1, 1)
URL = "https://github.com/acme/widget.git"


def mainline_of(history: History, **options: object) -> tuple[Walk, list[Commit], Mainline]:
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        walked = walk(shadow, repository.tip)
        commits = list(read_commits(shadow, walked))
    now = datetime.now(UTC).replace(tzinfo=None)
    return (
        walked,
        commits,
        find_mainline(
            walked,
            [each.committed_at for each in commits],
            lambda i: commits[i].subject,
            branch="main",
            origins=[URL],
            now=now,
            **options,
        ),
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Merge remote-tracking branch 'origin/main'", True),
        ("Merge remote-tracking branch 'origin/main' into main", True),
        ("Merge remote-tracking branch 'origin/main' into feature", False),
        ("Merge remote-tracking branch 'origin/topic'", False),
        ("Merge remote-tracking branch 'upstream/main'", False),
        ("Merge branch 'main' of github.com:acme/widget", True),
        ("Merge branch 'main' of https://github.com/Acme/widget.git", True),
        ("Merge branch 'main' of https://github.com/somebody/widget", False),
        ("Merge branch 'topic' of github.com:acme/widget", False),
        ("Merge branch 'main'", False),
        ("Merge pull request #7 from acme/main", False),
    ],
)
def test_foxtrots_are_known_by_gits_own_words(subject: str, expected: bool) -> None:
    assert is_foxtrot(subject, "main", [URL]) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Forge.example/acme/widget", True),
        ("ssh://git@forge.example:2222/acme/widget.git", True),
        ("git@work:acme/widget", True),
        ("forge.example:somebody/widget", False),
        ("../widget", False),
    ],
)
@pytest.mark.parametrize(
    "origin", ["/srv/mirrors/acme/widget.git", "git@company:acme/widget.git"], ids=["path", "alias"]
)
def test_a_pull_is_known_where_origin_has_no_host(origin: str, url: str, expected: bool) -> None:
    assert is_foxtrot(f"Merge branch 'main' of {url}", "main", [origin]) is expected


def test_a_pull_is_known_in_a_local_clone_of_a_clone(history: History, tmp_path: Path) -> None:
    shas = foxtrot(history, f"Merge branch 'main' of {URL.removesuffix('.git')}")
    history.git("remote", "add", "origin", URL)
    history.git("clone", "--quiet", "--bare", str(history.path), str(tmp_path / "bare.git"))
    for place in (history.path, tmp_path / "bare.git"):
        repository = open_repository(str(place))
        with repository.shadow() as shadow:
            walked = walk(shadow, repository.tip)
            commits = list(read_commits(shadow, walked))
        mainline = find_mainline(
            walked,
            [each.committed_at for each in commits],
            [each.subject for each in commits].__getitem__,
            branch="main",
            origins=repository.origins,
            now=DAY,
        )
        assert {walked.shas[i] for i in mainline.foxtrots} == {shas["merge"]}


def foxtrot(history: History, message: str = "Merge remote-tracking branch 'origin/main'") -> dict[str, str]:
    """Two people work on main; Bob pulls and pushes the merge."""
    shas = {"root": history.commit({"a": "1\n"}, "root")}
    history.switch("bob")
    shas["bob"] = history.commit({"b": "1\n"}, "Bob's local work", author=BOB)
    history.switch("main")
    shas["main"] = history.commit({"a": "2\n"}, "what was on main")
    history.switch("bob")
    shas["merge"] = history.merge("main", message=message, author=BOB)
    history.git("branch", "--force", "main", "bob")
    history.switch("main")
    shas["tip"] = history.commit({"a": "3\n"}, "tip")
    return shas


def test_the_mainline_goes_through_a_foxtrot(history: History) -> None:
    shas = foxtrot(history)
    walked, _, mainline = mainline_of(history)
    assert [walked.shas[i] for i in mainline.commits] == [
        shas[name] for name in ("root", "main", "merge", "tip")
    ]
    assert {walked.shas[i] for i in mainline.foxtrots} == {shas["merge"]}
    landing = {walked.shas[i]: walked.shas[m] for i, m in enumerate(mainline.landing)}
    assert landing[shas["bob"]] == shas["merge"]
    assert landing[shas["main"]] == shas["main"]


def test_first_parents_alone_on_request(history: History) -> None:
    shas = foxtrot(history)
    walked, _, mainline = mainline_of(history, follow_foxtrots=False)
    assert [walked.shas[i] for i in mainline.commits] == [
        shas[name] for name in ("root", "bob", "merge", "tip")
    ]
    assert not mainline.foxtrots


def test_a_pushed_series_lands_with_its_last_commit(history: History) -> None:
    root = history.commit({"a": "0\n"})
    series = []
    for n in range(3):
        history.now += timedelta(seconds=40) - timedelta(hours=1) * (n > 0)
        series.append(history.commit({"a": f"{n + 1}\n"}))
    alone = history.commit({"a": "9\n"})
    walked, _, mainline = mainline_of(history)
    landing = {walked.shas[i]: walked.shas[m] for i, m in enumerate(mainline.landing)}
    assert landing == {root: root, alone: alone} | dict.fromkeys(series, series[-1])
    assert len({mainline.merged_at[i] for i, sha in enumerate(walked.shas) if sha in series}) == 1


def test_a_merge_brings_in_what_only_it_reaches(history: History) -> None:
    root = history.commit({"a": "1\n"})
    history.switch("old")
    old = history.commit({"b": "1\n"})
    history.switch("new", at="old")
    new = history.commit({"c": "1\n"})
    history.switch("main")
    first = history.merge("old")
    second = history.merge("new")
    walked, commits, mainline = mainline_of(history)
    landing = {walked.shas[i]: walked.shas[m] for i, m in enumerate(mainline.landing)}
    assert landing == {root: root, old: first, first: first, new: second, second: second}
    assert mainline.merged_at[walked.shas.index(old)] == commits[walked.shas.index(first)].committed_at


def test_a_skewed_clock_is_moved_and_flagged(history: History) -> None:
    shas = [history.commit({"a": f"{n}\n"}) for n in range(3)]
    skewed = history.commit({"a": "skewed\n"}, at=START - timedelta(days=700))
    future = history.commit({"a": "future\n"}, at=datetime.now(UTC) + timedelta(days=300))
    last = history.commit({"a": "last\n"})
    walked, commits, mainline = mainline_of(history)
    assert {walked.shas[i] for i in mainline.skewed} == {skewed, future}
    assert mainline.merged_at == sorted(mainline.merged_at)
    at = {sha: (mainline.merged_at[i], commits[i].committed_at) for i, sha in enumerate(walked.shas)}
    assert at[skewed][0] == at[shas[-1]][1]
    assert at[last][0] == at[last][1]


@pytest.mark.parametrize(
    ("days", "merged", "skewed"),
    [([500, 600], [500, 600], []), ([600, 500, 700], [500, 500, 700], [0]), ([900_000], [900_000], [])],
    ids=["in order", "one out of order", "very far"],
)
def test_dates_that_are_all_in_the_future_say_what_they_say(
    days: list[int], merged: list[int], skewed: list[int]
) -> None:
    for now in (DAY, DAY + timedelta(days=3)):
        found = merge_dates([DAY + timedelta(days=day) for day in days], now)
        assert found == ([DAY + timedelta(days=day) for day in merged], skewed), "whenever one looks"


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_merge_dates_never_decrease_and_keep_the_most(days: list[int]) -> None:
    dates = [DAY + timedelta(days=day) for day in days]
    now = DAY + timedelta(days=365)
    merged, skewed = merge_dates(dates, now)
    assert merged == sorted(merged)
    assert all(day <= now + SKEW or not any(d <= now + SKEW for d in dates) for day in merged)
    assert skewed == [k for k in range(len(dates)) if abs(merged[k] - dates[k]) > SKEW]
    kept = sum(a == b for a, b in zip(merged, dates, strict=True))
    assert kept >= _longest([day for day in dates if day <= now + SKEW])


def _longest(dates: list[datetime]) -> int:
    """The longest non-decreasing subsequence, the slow way."""
    best: list[int] = []
    for k, day in enumerate(dates):
        best.append(1 + max((best[j] for j in range(k) if dates[j] <= day), default=0))
    return max(best, default=0)
