from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.metrics.calibration import estimate_parts

from .rows import Rows

KINDS = [None, "line_record", "author", "trailer", "bot_author", "committer", "footer", "branch", "heuristic"]

# unknown where marks without a part are over one line in a hundred
CALIBRATED = """case when uncalibrated_lines > 0.01 * denominator then share_calibrated is null
    else share_min <= share_calibrated_low and share_calibrated_low <= share_calibrated + 1e-12
        and share_calibrated <= share_calibrated_high + 1e-12 and share_calibrated_high <= share_high + 1e-12 end"""

commits = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.integers(0, 400),
            "lines": st.lists(st.integers(0, 9000), max_size=3),
            "file_class": st.sampled_from(
                ["code", "test", "docs", "config", "generated", "vendored", "lock", "data"]
            ),
            "values": st.fixed_dictionaries(
                {
                    "attribution": st.sampled_from(["ai", "assisted", "human", "bot", "unknown"]),
                    "confidence": st.sampled_from(["high", "medium", "low"]),
                    "scope": st.sampled_from(["line", "commit"]),
                    "kind": st.sampled_from(KINDS),
                    "tool": st.sampled_from([None, "Claude Code", "Cursor"]),
                    "engineer": st.sampled_from([None, "ann", "bob"]),
                    "is_bulk": st.booleans(),
                    "is_unknown": st.booleans(),
                    "dup_of": st.sampled_from([None, None, "a" * 40]),
                }
            ),
        }
    ),
    min_size=1,
    max_size=12,
)
law = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(rows: Rows, drawn: list[dict[str, Any]]) -> None:
    rows.clear()
    rows.connection.begin()
    for commit in drawn:
        lines = {f"src/{number}.py": added for number, added in enumerate(commit["lines"])}
        day = date(2024, 3, 1) + timedelta(days=commit["day"])
        rows.commit(day.isoformat(), lines, file_class=commit["file_class"], **commit["values"])
    rows.connection.commit()


@law
@given(drawn=commits)
def test_the_shares_keep_their_order(rows: Rows, drawn: list[dict[str, Any]]) -> None:
    fill(rows, drawn)
    rows.estimates(estimate_parts(rows.connection))
    for part in ("all", "month"):
        broken = rows.rows(
            f"""from ai_share_by('{part}') where denominator > 0 and not (
                0 <= share_min and share_min <= share and share <= share_high and share_high <= share_max
                and share_max <= 1 and share_strict <= share and {CALIBRATED} and high_numerator <= covered and covered <= denominator)"""
        )
        assert broken == []


@law
@given(drawn=commits)
def test_the_parts_add_up(rows: Rows, drawn: list[dict[str, Any]]) -> None:
    fill(rows, drawn)
    (handwritten,) = rows.rows(
        "select coalesce(sum(lines), 0)::bigint from merged_lines where is_handwritten and is_new_work"
    )[0]
    sums = rows.rows(
        """select sum(ai + assisted + human + bot + unknown_lines)::bigint, sum(ai + assisted + human - denominator)::bigint,
            sum(strict_denominator)::bigint, sum(commits)::bigint from ai_share_monthly"""
    )
    (text,) = rows.rows("select coalesce(sum(lines), 0)::bigint from merged_lines where is_new_work")[0]
    assert sums == [(handwritten, 0, text, len(drawn))]
    assert rows.rows("select sum(numerator) from ai_share_monthly") == rows.rows(
        "select numerator from ai_share_by('all')"
    )
    assert rows.rows("select sum(lines)::bigint from ai_share_by_tool_monthly") in (
        rows.rows("select sum(numerator)::bigint from ai_share_monthly"),
        [(None,)],  # no agent at all
    )
    kinds = rows.rows(
        "select period, sum(lines)::bigint, any_value(denominator) from evidence_kinds_quarterly group by period"
    )
    assert all(lines == denominator for _, lines, denominator in kinds)


@law
@given(drawn=commits)
def test_volumes_add_up(rows: Rows, drawn: list[dict[str, Any]]) -> None:
    fill(rows, drawn)
    people = rows.rows(
        "select quarter, count(*), sum(lines)::bigint from volume_by_engineer group by quarter order by quarter"
    )
    quarters = rows.rows(
        "select quarter, engineers, lines from volume_quarterly where engineers > 0 order by quarter"
    )
    assert people == quarters
    assert (
        rows.rows("from volume_by_engineer where lines <> ai + assisted + human + other or lines_per_day < 0")
        == []
    )
    assert rows.rows("select quarter, person from volume_by_engineer group by all having count(*) > 1") == []


@pytest.mark.thorough
@law
@given(drawn=commits, cut=st.integers(0, 400))
def test_later_merges_change_nothing_before_as_of(rows: Rows, drawn: list[dict[str, Any]], cut: int) -> None:
    day = (date(2024, 3, 1) + timedelta(days=cut)).isoformat()
    seen = []
    for kept in (drawn, [commit for commit in drawn if commit["day"] <= cut]):
        fill(rows, kept)
        rows.setting("as_of", day)
        seen.append(
            [
                rows.rows(f"from {view}")
                for view in ("ai_share_monthly", "volume_quarterly", "volume_compared")
            ]
        )
    assert seen[0] == seen[1]
