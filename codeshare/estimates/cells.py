"""From rows of SQL to counts by commit and group, and rates of events too rare for an interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from codeshare.estimates.rates import SINCE, Counts, Group, is_of_one_time, rates
from codeshare.estimates.table import Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MINIMUM_EVENTS = 5
"""Fewer commits with an event give no interval: replicates would draw none, and 0 would look certain."""

_GROUPS = """
with rated as materialized ({rows}),
numbered as materialized (
    select *, dense_rank() over (order by repo, sha) - 1 as commit,
        'repository/' || repo as scope, max(repo) over () <> min(repo) over () as is_one_of_many
    from rated
),
grouped as (
    select commit, at_days, part, {split}, any_value(is_one_of_many) as is_one_of_many,
        sum(numerator)::double as numerator, sum(denominator)::double as denominator
    from numbered
    group by grouping sets ((commit, at_days), (commit, at_days, part){sets})
)
select
    commit, coalesce(part, 'all') as part, coalesce(scope, 'all') as scope, coalesce(quarter, date '1970-01-01') as period,
    at_days, numerator, denominator
from grouped
-- of one repository alone, its figures are those of all
where scope is null or is_one_of_many
"""
_SPLIT = {
    "split": "scope, quarter",
    "sets": ", (commit, at_days, scope), (commit, at_days, part, scope), (commit, at_days, part, quarter)",
}
_WHOLE = {"split": "null::varchar as scope, null::date as quarter", "sets": ""}
_NAMES = ("part", "scope", "period", "at_days")


def read_cells(
    connection: DuckDBPyConnection,
    rows: str,
    parameters: Mapping[str, object] | None = None,
    *,
    is_split: bool = True,
) -> Counts:
    """Sum up rows by commit and group: parts and all, in all and by repository, parts by quarter.

    Args:
        connection: the database.
        rows: a select of repo, sha, quarter, part, at_days, numerator, denominator.
        parameters: what it binds.
        is_split: whether also by repository and quarter.
    """
    sql = _GROUPS.format(rows=rows, **(_SPLIT if is_split else _WHOLE))
    found = connection.sql(sql, params=dict(parameters or {})).to_arrow_table()
    columns = [found[name].combine_chunks().dictionary_encode("encode") for name in _NAMES]
    codes = [column.indices.to_numpy() for column in columns]
    names = [column.dictionary.to_pylist() for column in columns]
    shape = [max(len(each), 1) for each in names]
    held, group = np.unique(np.ravel_multi_index(codes, shape), return_inverse=True)
    places = zip(*np.unravel_index(held, shape), strict=True)
    groups = [Group(*(each[code] for each, code in zip(names, place, strict=True))) for place in places]
    commit, numerator, denominator = (
        found[name].to_numpy() for name in ("commit", "numerator", "denominator")
    )
    return Counts(groups, commit.astype(np.intp), group.astype(np.intp), numerator, denominator)


def event_rates(metric: str, unit: str, counts: Counts, *, scale: float = 1.0) -> Iterator[Estimate]:
    """As `rates`, without intervals where an event befell too few commits; compared are parts of one time."""
    return rates(metric, unit, counts, scale=scale, is_compared=is_of_one_time, minimum_events=MINIMUM_EVENTS)


def read_cells_since(connection: DuckDBPyConnection, rows: str) -> list[Counts]:
    """The same of what was merged since AI's lines began to count, undivided; none before that."""
    found = []
    for (since,) in connection.execute("select since from ai_since").fetchall():
        late = f"select * from ({rows}) where quarter >= $since"
        counts = read_cells(connection, late, {"since": since}, is_split=False)
        groups = [group._replace(scope=f"{SINCE}{since}") for group in counts.groups]
        found.append(replace(counts, groups=groups))
    return found
