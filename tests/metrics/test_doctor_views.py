from __future__ import annotations

from datetime import datetime

import pytest

from .rows import Rows


@pytest.mark.parametrize(
    ("flags", "why", "other"),
    [
        ({"is_bulk": True, "bulk_reason": "import"}, "import", None),
        ({"is_bulk": True, "bulk_reason": "whitespace", "dup_of": "d" * 40}, "whitespace", None),
        ({"dup_of": "d" * 40}, "duplicate", "d" * 40),
        ({"reverts": "e" * 40}, "revert", "e" * 40),
    ],
)
def test_commits_left_out_say_why(rows: Rows, flags: dict[str, object], why: str, other: str | None) -> None:
    rows.commit("2026-05-10", 3)
    sha = rows.commit("2026-05-11", {"a.py": 10, "b.py": 5}, **flags)
    rows.change(sha, "package-lock.json", 999, file_class="lock")
    found = rows.rows("select sha, why, other_sha, lines, subject from commits_left_out")
    assert found == [(sha, why, other, 15, "Change 1")]
    assert rows.rows("select count(*) from merged_lines where not is_new_work") == [(3,)]


def test_foxtrots(rows: Rows) -> None:
    rows.commit("2026-05-10", 1)
    sha = rows.commit("2026-05-11", {}, is_foxtrot=True, is_merge=True)
    assert rows.rows("select repo, sha, merged_at from foxtrots") == [("widget", sha, datetime(2026, 5, 11))]


def test_skewed_dates_are_listed_by_landing(rows: Rows) -> None:
    landing = rows.commit("2026-05-10", {}, committed_at=datetime(2031, 5, 9), is_skewed=True)
    rows.commit("2026-05-10", 4, merge_sha=landing, committed_at=datetime(2026, 5, 8), is_skewed=True)
    rows.commit("2026-05-11", 4)
    found = rows.rows("select sha, committed_at, merged_at, days_moved, commits from skewed_dates")
    assert found == [(landing, datetime(2031, 5, 9), datetime(2026, 5, 10), -1825, 2)]


@pytest.mark.parametrize(("last", "stale"), [("2026-05-13", 0), ("2026-05-12", 1)], ids=["30 days", "more"])
def test_stale_repositories(rows: Rows, last: str, stale: int) -> None:
    rows.repo("old", last_merged_at=datetime.fromisoformat(last))
    rows.commit("2026-06-12", 1)
    assert len(rows.rows("from stale_repositories where repo = 'old'")) == stale


def test_unknown_bots(rows: Rows) -> None:
    rows.person("helper[bot]", name="helper[bot]", kind="bot")
    for day in ("2026-05-10", "2026-05-12"):
        rows.commit(day, 7, engineer=None, author="helper[bot]", attribution="bot", rule="bot.unknown")
    rows.commit("2026-05-12", 7, engineer=None, attribution="bot", rule="dependabot.author")
    found = rows.rows("select name, repo, commits, lines, first_merged_at from unknown_bots")
    assert found == [("helper[bot]", "widget", 2, 14, datetime(2026, 5, 10))]
