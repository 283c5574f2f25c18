"""Views held in memory while a report reads them."""

from __future__ import annotations

import duckdb
import pytest

from codeshare.store.held import held

from .rows import Rows


def test_held_views_are_read_through_other_views_and_let_go(rows: Rows) -> None:
    rows.commit("2025-02-01 12:00", 10)
    with held(rows.connection, ("merged_commits", "merged_lines")):
        rows.commit("2025-02-02 12:00", 10)
        assert rows.rows("select count(*) from merged_lines") == [(1,)]
        assert rows.rows("select sum(denominator) from ai_share_monthly") == [(10,)]
    assert rows.rows("select sum(denominator) from ai_share_monthly") == [(20,)]


def test_what_was_held_is_let_go_when_a_view_is_missing(rows: Rows) -> None:
    rows.commit("2025-02-01 12:00", 10)
    with pytest.raises(duckdb.CatalogException), held(rows.connection, ("merged_lines", "no_such_view")):
        pytest.fail("nothing is read where a view is missing")
    rows.commit("2025-02-02 12:00", 10)
    assert rows.rows("select count(*) from merged_lines") == [(2,)]
