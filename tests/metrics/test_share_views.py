from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest

from codeshare.store.database import views

from .rows import Rows

ZERO = dict.fromkeys(("ai", "assisted", "human", "bot", "unknown_lines"), 0)


def month(rows: Rows, day: str = "2026-05-01") -> dict[str, Any]:
    return rows.row(f"from ai_share_monthly where period = '{day}'")


@pytest.mark.parametrize(
    ("commit", "expected"),
    [
        (
            {"attribution": "ai", "confidence": "high", "kind": "trailer"},
            {"ai": 10, "share": 1.0, "share_strict": 1.0, "share_high": 1.0, "share_min": 0.0, "share_max": 1.0, "coverage": 1.0},
        ),
        (
            {"attribution": "ai", "confidence": "high", "kind": "author"},
            {"ai": 10, "share": 1.0, "share_min": 1.0, "commit_scope_lines": 10},
        ),
        (
            {"attribution": "ai", "confidence": "high", "kind": "line_record", "scope": "line"},
            {"ai": 10, "share": 1.0, "share_min": 1.0, "commit_scope_lines": 0},
        ),
        (
            {"attribution": "ai", "confidence": "medium", "kind": "footer"},
            {"ai": 10, "share": 1.0, "share_strict": 0.0, "share_high": 1.0, "share_min": 0.0},
        ),
        (
            {"attribution": "ai", "confidence": "low", "kind": "heuristic"},
            {"ai": 10, "share": 0.0, "share_strict": 0.0, "share_high": 1.0, "share_max": 1.0, "coverage": 1.0},
        ),
        (
            {"attribution": "ai", "confidence": "low", "kind": "author"},
            {"ai": 10, "share": 0.0, "share_min": 0.0, "share_high": 1.0},
        ),
        (
            {"attribution": "assisted", "confidence": "medium", "kind": "trailer", "is_mixed": True},
            {"assisted": 10, "share": 0.0, "share_high": 1.0, "share_max": 1.0, "mixed_lines": 10, "commit_scope_lines": 10},
        ),
        (
            {"attribution": "human", "confidence": "low"},
            {"human": 10, "share": 0.0, "share_high": 0.0, "share_max": 1.0, "coverage": 0.0},
        ),
        (
            {"attribution": "human", "confidence": "high"},
            {"human": 10, "share": 0.0, "share_max": 0.0, "coverage": 1.0},
        ),
        (
            {"attribution": "bot", "confidence": "high", "engineer": None},
            {"bot": 10, "denominator": 0, "strict_denominator": 10, "share": None, "share_strict": 0.0, "coverage": None},
        ),
        (
            {"attribution": "unknown", "confidence": "low", "engineer": None},
            {"unknown_lines": 10, "denominator": 0, "strict_denominator": 10, "share": None, "share_max": None},
        ),
    ],
    ids=[
        "trailer", "agent's identity", "line record", "medium", "heuristic", "weak identity", "mixed squash", "no evidence",
        "attested human", "bot", "unknown author",
    ],
)  # fmt: skip
def test_a_line_counts_as_its_class_says(
    rows: Rows, commit: dict[str, Any], expected: dict[str, Any]
) -> None:
    rows.commit("2026-05-10", 10, **commit)
    found = month(rows)
    wanted = {**{k: v for k, v in ZERO.items() if k not in expected}, **expected}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("flags", "file_class", "handwritten", "text"),
    [
        ({}, "code", 10, 10),
        ({}, "test", 10, 10),
        ({}, "docs", 10, 10),
        ({}, "config", 10, 10),
        ({}, "generated", 0, 10),
        ({}, "vendored", 0, 10),
        ({}, "lock", 0, 10),
        ({}, "data", 0, 10),
        ({"is_bulk": True, "bulk_reason": "import"}, "code", 0, 0),
        ({"dup_of": "a" * 40}, "code", 0, 0),
        ({"reverts": "a" * 40}, "code", 0, 0),
    ],
    ids=[
        "code",
        "test",
        "docs",
        "config",
        "generated",
        "vendored",
        "lock",
        "data",
        "bulk",
        "duplicate",
        "revert",
    ],
)
def test_shares_are_over_handwritten_new_work(
    rows: Rows, flags: dict[str, Any], file_class: str, handwritten: int, text: int
) -> None:
    rows.commit("2026-05-10", 10, file_class=file_class, **flags)
    found = month(rows)
    assert (found["denominator"], found["strict_denominator"]) == (handwritten, text)


def test_binary_files_and_merges_have_no_lines(rows: Rows) -> None:
    sha = rows.commit("2026-05-10", 10)
    rows.change(sha, "logo.png", None, file_class="binary")
    rows.commit("2026-05-11", {}, is_merge=True)
    assert rows.rows("select path, lines from merged_lines") == [("src/a.py", 10)]
    assert month(rows)["commits"] == 2


def test_months_without_merges_have_a_row_and_no_share(rows: Rows) -> None:
    rows.commit("2026-02-10", 10, attribution="ai", confidence="high")
    rows.commit("2026-05-10", 30)
    found = rows.rows("select period, commits, denominator, share, is_running from ai_share_monthly")
    assert found == [
        (date(2026, 2, 1), 1, 10, 1.0, False),
        (date(2026, 3, 1), 0, 0, None, False),
        (date(2026, 4, 1), 0, 0, None, False),
        (date(2026, 5, 1), 1, 30, 0.0, True),
    ]
    assert rows.rows("select period, denominator, share from ai_share_quarterly") == [
        (date(2026, 1, 1), 10, 1.0),
        (date(2026, 4, 1), 30, 0.0),
    ]


@pytest.mark.parametrize(
    ("part", "periods"),
    [
        ("day", [date(2026, 5, 30), date(2026, 5, 31), date(2026, 6, 1)]),
        ("week", [date(2026, 5, 25), date(2026, 6, 1)]),
        ("month", [date(2026, 5, 1), date(2026, 6, 1)]),
        ("quarter", [date(2026, 4, 1)]),
        ("year", [date(2026, 1, 1)]),
        ("all", [None]),
    ],
)
def test_any_part_of_time(rows: Rows, part: str, periods: list[date | None]) -> None:
    rows.commit("2026-05-30 23:59:59", 10)
    rows.commit("2026-06-01 00:00:00", 20)
    found = rows.rows(f"select period, denominator from ai_share_by('{part}')")
    assert [period for period, _ in found] == periods
    assert sum(lines for _, lines in found) == 30


@pytest.mark.parametrize(
    ("as_of", "expected", "running"),
    [
        (None, datetime(2026, 6, 12, 9), True),
        ("2026-06-30T23:59:58", datetime(2026, 6, 30, 23, 59, 58), True),
        ("2026-06-30", datetime(2026, 6, 30, 23, 59, 59), False),
        ("2026-06-30T23:59:59Z", datetime(2026, 6, 30, 23, 59, 59), False),
        ("2026-07-01T02:00:00", datetime(2026, 7, 1, 2), False),
    ],
    ids=["latest merge", "a second before", "a day is all of it", "last second", "after"],
)
def test_as_of_is_the_only_now(rows: Rows, as_of: str | None, expected: datetime, running: bool) -> None:
    rows.commit("2026-06-12 09:00", 10)
    if as_of:
        rows.setting("as_of", as_of)
    assert rows.rows("select as_of from scope_settings") == [(expected,)]
    assert month(rows, "2026-06-01")["is_running"] is running


def test_merges_after_as_of_are_out_of_scope(rows: Rows) -> None:
    rows.commit("2026-05-10", 10)
    rows.commit("2026-05-20", 99, is_foxtrot=True, reverts="a" * 40)
    rows.setting("as_of", "2026-05-15")
    assert month(rows)["commits"] == 1
    assert rows.rows("from foxtrots") == rows.rows("from commits_left_out") == []


@pytest.mark.parametrize(("unknown", "incomplete"), [(1, False), (2, True)], ids=["5 %", "more"])
def test_unknown_commits_are_counted_apart(rows: Rows, unknown: int, incomplete: bool) -> None:
    for number in range(20):
        rows.commit("2026-05-10", {} if number < unknown else 1, is_unknown=number < unknown)
    found = month(rows)
    assert (found["commits"], found["unknown_commits"], found["unknown"]) == (20, unknown, unknown / 20)
    assert (found["is_incomplete"], found["denominator"]) == (incomplete, 20 - unknown)


@pytest.mark.parametrize(
    ("bases", "expected"),
    [(["added"], "added"), (["landed", "added"], "added"), (["landed"], "landed")],
    ids=["added", "weakest of two", "landed"],
)
def test_one_basis_for_all_repositories(rows: Rows, bases: list[str], expected: str) -> None:
    for number, basis in enumerate(bases):
        rows.repo(f"repo{number}", basis=basis)
    assert rows.rows("select basis from scope_settings") == [(expected,)]


def test_agents_add_up_to_the_share(rows: Rows) -> None:
    rows.commit("2026-04-10", 10, attribution="ai", confidence="high", tool="Claude Code")
    rows.commit("2026-05-10", 20, attribution="ai", confidence="medium", tool="Cursor")
    rows.commit("2026-05-10", 5, attribution="ai", confidence="medium")
    rows.commit("2026-05-10", 50, attribution="ai", confidence="low", tool="Guess")
    rows.commit("2026-05-10", 25, attribution="assisted", confidence="high", tool="Copilot")
    found = rows.rows("select period, tool, lines, denominator, share from ai_share_by_tool_monthly")
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    assert found == [
        (april, "Claude Code", 10, 10, 1.0),
        (april, "Cursor", 0, 10, 0.0),
        (april, "Others, unnamed", 0, 10, 0.0),
        (may, "Claude Code", 0, 100, 0.0),
        (may, "Cursor", 20, 100, 0.2),
        (may, "Others, unnamed", 5, 100, 0.05),
    ]
    (whole,) = rows.rows("select sum(lines), any_value(denominator) from ai_share_by_tool('all')")
    assert whole == (35, 110)


@pytest.mark.parametrize(
    ("attribution", "confidence", "kind", "expected"),
    [
        ("ai", "high", "line_record", "line_record"),
        ("human", "high", "line_record", "own_hand"),
        ("human", "high", None, "own_hand"),
        ("human", "low", None, "none"),
        ("ai", "high", "author", "author"),
        ("ai", "medium", "committer", "author"),
        ("assisted", "high", "trailer", "trailer"),
        ("ai", "medium", "footer", "footer_or_branch"),
        ("ai", "low", "branch", "footer_or_branch"),
        ("ai", "low", "heuristic", "heuristic"),
    ],
)
def test_kinds_of_evidence(
    rows: Rows, attribution: str, confidence: str, kind: str | None, expected: str
) -> None:
    rows.commit("2026-05-10", 10, attribution=attribution, confidence=confidence, kind=kind)
    found = rows.rows("select kind, lines, share from evidence_kinds_quarterly where lines > 0")
    assert found == [(expected, 10, 1.0)]
    assert len(rows.rows("from evidence_kinds_quarterly")) == 7


def test_an_outlier_has_over_5000_handwritten_lines_over_all_its_files(rows: Rows) -> None:
    rows.commit("2026-05-10", {"a.py": 3000, "b.py": 2000})
    large = rows.commit("2026-05-11", {"a.py": 3000, "b.py": 2001})
    rows.commit("2026-05-12", 9000, file_class="lock")
    rows.commit("2026-05-13", 9000, is_bulk=True)
    assert rows.rows("select distinct sha from merged_lines where is_outlier") == [(large,)]
    assert rows.rows("select sha, lines, pseudonym from outlier_commits") == [(large, 5001, "Bird of ann")]


@pytest.mark.thorough
def test_an_empty_database_gives_no_rows(rows: Rows) -> None:
    for (view,) in rows.rows("select view_name from duckdb_views() where not internal"):
        expected = 1 if view == "scope_settings" else 0
        assert len(rows.rows(f"from {view}")) == expected, view
    assert rows.rows("from ai_share_by('all')") == []


def test_every_view_and_column_is_commented(rows: Rows) -> None:
    views = rows.rows("select view_name from duckdb_views() where not internal and comment is null")
    columns = rows.rows(
        """select table_name, column_name from duckdb_columns()
        where table_name in (select view_name from duckdb_views() where not internal) and comment is null"""
    )
    macros = rows.rows("select function_name from duckdb_functions() where not internal and comment is null")
    assert (views, columns, macros) == ([], [], [])


def test_views_keep_to_what_duckdb_1_2_reads() -> None:
    statements = re.sub(r"--.*|'(?:[^']|'')*'", "", views())
    assert not re.search(r"\bif\s*\(|->|\blambda\b", statements)


@pytest.mark.thorough
def test_views_can_be_made_anew(rows: Rows) -> None:
    rows.commit("2026-05-10", 10)
    rows.connection.execute(views())
    assert month(rows)["denominator"] == 10
