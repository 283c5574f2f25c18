from __future__ import annotations

import json
from datetime import date

import pytest

from codeshare.errors import CatalogueError
from codeshare.metrics.share import ShareRow, period_name, share_rows, shares

from .rows import Rows

AI = {"attribution": "ai", "confidence": "high", "kind": "trailer"}


def test_a_record_has_the_fields_that_ci_reads(rows: Rows) -> None:
    rows.insert("meta", key="schema_version", value="1")
    rows.repo("widget", tip_sha="c" * 40)
    rows.commit("2026-04-01", 30, **AI)
    rows.commit("2026-05-31 10:00", 10)
    (record,) = share_rows(rows.connection)
    assert list(record) == list(ShareRow.__annotations__)
    assert json.loads(json.dumps(record)) == {
        "schema_version": "1", "repo": "widget", "branch": "main", "tip": "c" * 40, "as_of": "2026-05-31T10:00:00Z",
        "basis": "added", "period": "2026-04-01..2026-05-31", "share": 0.75, "share_strict": 0.75, "share_high": 0.75,
        "share_min": 0.0, "share_max": 1.0, "share_calibrated": None, "share_calibrated_low": None, "share_calibrated_high": None, "numerator": 30, "denominator": 40, "coverage": 0.75, "unknown": 0.0,
    }  # fmt: skip


def test_a_period_without_lines_has_null_shares(rows: Rows) -> None:
    rows.commit("2026-04-01", 30, **AI)
    rows.commit("2026-06-01", 30, **AI)
    found = share_rows(rows.connection, "month")
    assert [(row["period"], row["share"], row["denominator"]) for row in found] == [
        ("2026-04", 1.0, 30), ("2026-05", None, 0), ("2026-06", 1.0, 30),
    ]  # fmt: skip
    assert "NaN" not in json.dumps(found)


def test_limits_and_several_repositories(rows: Rows) -> None:
    rows.commit("2026-04-01", 30, repo="one", **AI)
    rows.commit("2026-04-02", 10, repo="two")
    (both,) = share_rows(rows.connection)
    assert (both["repo"], both["branch"], both["share"]) == ("one, two", "main, main", 0.75)
    (two,) = share_rows(rows.connection, repos=["two"])
    assert (two["repo"], two["period"], two["share"]) == ("two", "2026-04-02..2026-04-02", 0.0)
    (first,) = share_rows(rows.connection, until=date(2026, 4, 2), path="src")
    assert (first["period"], first["share"]) == ("2026-04-01..2026-04-01", 1.0)
    assert share_rows(rows.connection, since=date(2027, 1, 1)) == []


def test_wrong_period(rows: Rows) -> None:
    with pytest.raises(CatalogueError, match="by 'decade': must be one of day, week, month"):
        shares(rows.connection, "decade")


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("year", "2026"),
        ("quarter", "2026-Q2"),
        ("month", "2026-06"),
        ("week", "2026-W23"),
        ("day", "2026-06-01"),
    ],
)
def test_names_of_periods(by: str, expected: str) -> None:
    assert period_name(date(2026, 6, 1), by) == expected
