"""What names mean that are compared."""

from __future__ import annotations

from datetime import date

import pytest

from codeshare.errors import ComparisonError
from codeshare.metrics.sides import parse_period, resolve, resolve_sides
from codeshare.store.side import Side

from .rows import Rows


@pytest.fixture
def named(rows: Rows) -> Rows:
    rows.person("ann", team="core")
    rows.person("bob", team="Web Shop")
    rows.commit("2025-01-01 12:00", 5, repo="acme/service", attribution="ai", tool="Claude Code")
    rows.commit("2025-01-02 12:00", 5, "bob", repo="acme/web", attribution="assisted", tool="Cursor")
    rows.commit("2025-01-03 12:00", 5, "bob", repo="other/core")
    rows.commit("2025-01-03 12:00", 5, "bob", repo="old/service")
    return rows


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("acme/web", Side("repository", "acme/web")),
        ("web", Side("repository", "acme/web")),
        ("WEB", Side("repository", "acme/web")),
        ("web-shop", Side("team", "Web Shop")),
        ("team:core", Side("team", "core")),
        ("repository:core", Side("repository", "other/core")),
        ("claude-code", Side("tool", "Claude Code")),
        ("tool:cursor", Side("tool", "Cursor")),
        ("acme/service", Side("repository", "acme/service")),
        ("2025", Side("period", "2025", date(2025, 1, 1), date(2026, 1, 1))),
        ("period:2025-Q4", Side("period", "2025-Q4", date(2025, 10, 1), date(2026, 1, 1))),
    ],
)
def test_a_name_is_a_repository_a_team_a_tool_or_a_period(named: Rows, text: str, side: Side) -> None:
    assert resolve(named.connection, text) == side


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("core", "means several things: write repository:other/core or team:core."),
        ("service", "write repository:acme/service or repository:old/service."),
        ("wep", "did you mean repository:acme/web?"),
        ("shop", "did you mean team:Web Shop?"),
        ("claude", "did you mean tool:Claude Code?"),
        ("team:web", "no team of that name; did you mean team:Web Shop?"),
        ("period:soon", "no period: write 2025, 2025-Q2, 2025-06 or 2025-01..2025-06."),
        ("xyz", "there are repository:acme/"),
    ],
)
def test_other_names_are_refused_with_what_was_meant(named: Rows, text: str, words: str) -> None:
    with pytest.raises(ComparisonError) as refused:
        resolve(named.connection, text)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_two_names_of_one_thing_are_no_comparison(named: Rows) -> None:
    with pytest.raises(ComparisonError, match="are both repository acme/web"):
        resolve_sides(named.connection, "web", "acme/web")
    with pytest.raises(ComparisonError, match="are both period"):
        resolve_sides(named.connection, "2025", "2025-01..2025-Q4")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2025", (date(2025, 1, 1), date(2026, 1, 1))),
        ("2025-Q1", (date(2025, 1, 1), date(2025, 4, 1))),
        ("2025q4", (date(2025, 10, 1), date(2026, 1, 1))),
        ("2025-12", (date(2025, 12, 1), date(2026, 1, 1))),
        ("2024-02-29", (date(2024, 2, 29), date(2024, 3, 1))),
        ("2025-01..2025-06", (date(2025, 1, 1), date(2025, 7, 1))),
        ("2024..2025-Q2", (date(2024, 1, 1), date(2025, 7, 1))),
        ("2025..2024", None),
        ("2025-13", None),
        ("2025-02-30", None),
        ("2025-Q5", None),
        ("2025..", None),
        ("service", None),
    ],
)
def test_periods(text: str, days: tuple[date, date] | None) -> None:
    assert parse_period(text) == days
