"""What a report may be about, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from codeshare.errors import CannotKnow, CodeshareError, EmptyHistory, ScopeError
from codeshare.metrics.filters import check_filter, first_day, resolve_filter
from codeshare.store.filter import Filter

from .rows import Rows


@pytest.fixture
def named(rows: Rows) -> Rows:
    for person in ("ann", "ben", "cat", "dan", "eve"):
        rows.person(person, team="core")
    rows.person("fay", team="Web Shop")
    for number, person in enumerate(("ann", "ben", "cat", "dan", "eve")):
        rows.commit(
            f"2025-01-0{number + 1} 12:00", {"src/a.py": 5, "README.md": 1}, person, repo="acme/service"
        )
    rows.commit("2025-02-01 12:00", {"web/b.ts": 5}, "fay", repo="acme/web")
    rows.commit("2025-02-01 12:00", 5, "fay", repo="old/service")
    return rows


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, Filter()),
        ({"repos": ["web"]}, Filter(repos=("acme/web",))),
        ({"repos": ["ACME/Web", "web"]}, Filter(repos=("acme/web",))),
        ({"repos": ["acme/service"], "teams": ["web-shop"]}, Filter(("acme/service",), ("Web Shop",))),
        ({"paths": ["src", "docs/*"]}, Filter(paths=("src", "docs/*"))),
    ],
)
def test_names_are_resolved(named: Rows, given: dict[str, Any], found: Filter) -> None:
    assert resolve_filter(named.connection, **given) == found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"repos": ["wep"]}, "--repo wep: no repository of that name; did you mean acme/web?"),
        ({"repos": ["service"]}, "--repo service: means several: write acme/service or old/service."),
        ({"teams": ["corre"]}, "--team corre: no team of that name; did you mean core?"),
        ({"teams": ["xyz"]}, "--team xyz: no team of that name; there are Web Shop, core."),
        (
            {"since": date(2025, 1, 1), "until": date(2025, 1, 1)},
            "no day lies between it and --since 2025-01-01",
        ),
    ],
)
def test_other_names_are_refused_with_the_nearest(named: Rows, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ScopeError) as refused:
        resolve_filter(named.connection, **given)
    assert words in str(refused.value)
    assert refused.value.exit_status == 2


def test_without_teams_that_is_said(rows: Rows) -> None:
    rows.commit("2025-01-01 12:00", 5)
    with pytest.raises(ScopeError, match="none is configured: name teams in"):
        resolve_filter(rows.connection, teams=["core"])


@pytest.mark.parametrize(
    ("asked", "kind", "words"),
    [
        (Filter(since=date(2026, 1, 1)), EmptyHistory, "its first merge is of 2025-01-01, its last of 2025-02-01"),
        (Filter(until=date(2025, 1, 1)), EmptyHistory, "Widen --since and --until."),
        (Filter(paths=("lib",)), EmptyHistory, "--path lib: no merged commit changed such a file in this scope; there are src/, README.md, web/. Quote the pattern"),
        (Filter(("acme/web",), ("core",)), EmptyHistory, "without --team it would hold 1 commits."),
        (Filter(teams=("Web Shop",)), CannotKnow, "team Web Shop: 1 engineer merged something in this scope, and nothing is reported of fewer than 5"),
        (Filter(teams=("core",), paths=("README.md",), until=date(2025, 1, 4)), CannotKnow, "3 engineers merged something"),
    ],
    ids=str,
)  # fmt: skip
def test_a_scope_of_nothing_or_of_few_people_is_refused(
    named: Rows, asked: Filter, kind: type[CodeshareError], words: str
) -> None:
    with pytest.raises(kind) as refused:
        check_filter(named.connection, asked)
    assert words in str(refused.value)
    assert (refused.value.exit_status, "\n" in str(refused.value)) == (3, False)


@pytest.mark.parametrize("asked", [Filter(), Filter(teams=("core",)), Filter(teams=("core", "Web Shop")), Filter(paths=("web",))], ids=str)  # fmt: skip
def test_others_pass(named: Rows, asked: Filter) -> None:
    check_filter(named.connection, asked)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025", date(2025, 1, 1)),
        ("2025-Q2", date(2025, 4, 1)),
        ("2025-06", date(2025, 6, 1)),
        ("2025-06-30", date(2025, 6, 30)),
    ],
)
def test_a_day_may_be_the_first_of_a_period(text: str, day: date) -> None:
    assert first_day(text, "--since") == day


@pytest.mark.parametrize("text", ["June", "2025-13", "2025..2026", "30.6.2025", ""])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ScopeError, match=r"--until .*: no day; write it as 2026-06-30"):
        first_day(text, "--until")
