"""Churn, and who removed the lines that went: rates with intervals over the commits that added them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from codeshare.estimates.rates import Counts, Group, rates
from codeshare.estimates.table import Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MONTHLY = (14, 90)
"""Windows, days, whose rates have intervals also by month and by part of the data."""

# One row a commit and group, of lines whose window has closed. The parts of the data are few, and each
# commit is in few of them, which keeps the bootstrap quick.
_CHURN = """
with landed as materialized (
    select
        repo, sha, attribution, tool, file_class, month, merged_at, as_of, sum(lines)::double as lines,
        sum(lines) filter (died_at <= merged_at + interval 14 day)::double as gone_14,
        sum(lines) filter (died_at <= merged_at + interval 21 day)::double as gone_21,
        sum(lines) filter (died_at <= merged_at + interval 30 day)::double as gone_30,
        sum(lines) filter (died_at <= merged_at + interval 90 day)::double as gone_90
    from line_fates(false) group by all
),
windows as materialized (
    select repo, sha, attribution, tool, file_class, month, as_of, days, lines, coalesce(gone, 0) as gone
    from landed cross join lateral (values (14, gone_14), (21, gone_21), (30, gone_30), (90, gone_90)) as w(days, gone)
    where merged_at + to_days(days) <= as_of
),
repositories as (select count(*) as many from repos),
placed as materialized (
    select repo, sha, attribution, 'all' as scope, date '1970-01-01' as period, days, lines, gone from windows
    union all
    select repo, sha, attribution, 'all', month, days, lines, gone from windows
    where days in (14, 90) and is_over((month + interval 1 month + to_days(days))::date, as_of)
    union all
    select repo, sha, attribution, 'repository/' || repo, date '1970-01-01', days, lines, gone
    from windows, repositories where many > 1 and days in (14, 90)
    union all
    select repo, sha, attribution, 'tool/' || coalesce(tool, 'Others, unnamed'), date '1970-01-01', days, lines, gone
    from windows where attribution in ('ai', 'assisted') and days in (14, 90)
    union all
    select repo, sha, attribution, 'class/' || file_class, date '1970-01-01', days, lines, gone from windows where days in (14, 90)
),
parted as (
    select repo, sha, scope, period, days, attribution as part, lines, gone from placed
    where period = date '1970-01-01' or attribution in ('ai', 'human')
    union all
    select repo, sha, scope, period, days, 'all', lines, gone from placed
),
summed as (
    select repo, sha, scope, part, period, days, sum(lines) as lines, sum(gone) as gone from parted group by all
)
select
    dense_rank() over (order by repo, sha) - 1 as commit_code, dense_rank() over (order by scope, period, days, part) - 1 as group_code,
    scope, part, period, days, gone, lines
from summed
"""

_REWORK = """
with gone as materialized (
    select repo, sha, attribution, remover, is_deletion, sum(lines_90)::double as lines from rework_by_commit(false)
    group by all having sum(lines_90) > 0
),
parted as (from gone union all select repo, sha, 'all', remover, is_deletion, lines from gone),
summed as (
    select
        repo, sha, attribution as part, sum(lines) as lines,
        coalesce(sum(lines) filter (remover = 'same engineer'), 0) as same_engineer,
        coalesce(sum(lines) filter (remover = 'another engineer'), 0) as another_engineer,
        coalesce(sum(lines) filter (remover = 'agent'), 0) as agent,
        coalesce(sum(lines) filter (remover = 'bot'), 0) as bot,
        coalesce(sum(lines) filter (remover = 'unassigned'), 0) as unassigned,
        coalesce(sum(lines) filter (is_deletion), 0) as deletion
    from parted group by all
)
select
    dense_rank() over (order by repo, sha) - 1 as commit_code, dense_rank() over (order by part) - 1 as group_code,
    'all' as scope, part, date '1970-01-01' as period, 90 as days, * exclude (repo, sha, part)
from summed
"""

REMOVERS = ("same_engineer", "another_engineer", "agent", "bot", "unassigned", "deletion")


def estimate(connection: DuckDBPyConnection) -> Iterator[Estimate]:
    """Compute ``churn`` (parts of lines gone within 14, 21, 30 and 90 days) and ``rework_by_…``.

    Of churn only lines count whose window has closed at ``as_of``; by month only months of which all
    have. ``rework_by_…`` and ``rework_deletion`` are parts of the lines gone within 90 days.
    """
    columns = _columns(connection, _CHURN)
    yield from rates("churn", "share", _counts(columns, columns["gone"], columns["lines"]))
    columns = _columns(connection, _REWORK)
    for remover in REMOVERS:
        name = "rework_deletion" if remover == "deletion" else f"rework_by_{remover}"
        yield from rates(name, "share", _counts(columns, columns[remover], columns["lines"]))


Columns = dict[str, "np.ndarray[tuple[int], np.dtype[np.generic]]"]


def _columns(connection: DuckDBPyConnection, query: str) -> Columns:
    """Rows as arrays; the columns that name groups only of each group's first row, under ``groups``."""
    connection.execute(f"create or replace temp table counted_lines as {query}")
    try:
        found: Columns = dict(
            connection.execute("select * exclude (scope, part, period, days) from counted_lines").fetchnumpy()
        )
        groups = connection.execute(
            "select any_value(part), any_value(scope), any_value(period), any_value(days)::double "
            "from counted_lines group by group_code order by group_code"
        ).fetchall()
    finally:
        connection.execute("drop table if exists counted_lines")
    named = np.empty(len(groups), dtype=object)
    named[:] = [Group(*each) for each in groups]
    return found | {"groups": named}


def _counts(columns: Columns, numerator: object, denominator: object) -> Counts:
    return Counts(
        list(columns["groups"]),
        columns["commit_code"].astype(np.intp),
        columns["group_code"].astype(np.intp),
        np.asarray(numerator, dtype=np.float64),
        np.asarray(denominator, dtype=np.float64),
    )
