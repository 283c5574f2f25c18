from __future__ import annotations

import pytest

from codeshare.metrics.evidence import EvidenceState, bounds_settle, evidence_state, last_full_month, state
from codeshare.metrics.queries import run

from .rows import Rows


@pytest.mark.parametrize(
    ("coverage", "strict", "high", "expected"),
    [
        (0.80, 0.70, 0.90, "high"),
        (0.80, 0.69, 0.90, "medium"),
        (0.79, 0.70, 0.75, "medium"),
        (0.25, 0.20, 0.25, "medium"),
        (0.24, 0.20, 0.24, "low"),
        (0.0, 0.0, 0.0, "low"),
        (None, None, None, "empty"),
        (float("nan"), float("nan"), float("nan"), "empty"),
    ],
)
def test_state(coverage: float | None, strict: float | None, high: float | None, expected: str) -> None:
    assert state(coverage, strict, high) == EvidenceState(expected)


@pytest.mark.parametrize(("low", "high", "settled"), [(0.2, 0.7, True), (0.1, 0.9, False)])
def test_bounds(low: float, high: float, settled: bool) -> None:
    assert bounds_settle(low, high) is settled


@pytest.mark.parametrize(
    ("merges", "as_of", "month", "expected"),
    [
        (["2026-05-10"], "2026-06-12", "2026-05", "high"),
        (["2026-04-10"], "2026-06-12", "2026-05", "empty"),
        (["2026-05-10"], "2026-05-31", "2026-05", "high"),
        (["2026-05-10"], "2026-05-30", None, "empty"),
    ],
    ids=["over", "nothing merged", "its last day", "running"],
)
def test_the_last_full_month(
    rows: Rows, merges: list[str], as_of: str, month: str | None, expected: str
) -> None:
    for day in merges:
        rows.commit(day, 10, attribution="ai", confidence="high", kind="trailer")
    rows.setting("as_of", as_of)
    monthly = run(rows.connection, "ai_share_monthly")
    found = last_full_month(monthly)
    assert (None if found is None else f"{found['period']:%Y-%m}") == month
    assert evidence_state(monthly) == EvidenceState(expected)
