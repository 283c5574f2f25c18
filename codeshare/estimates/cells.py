"""From rows of SQL to counts by commit and group, and rates of events too rare for an interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from codeshare.estimates.rates import COMPARED, SINCE, Counts, Group, is_of_one_time, rates
from codeshare.estimates.table import ALL_TIME, Estimate

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
    select commit, at_days, part, scope, quarter, any_value(is_one_of_many) as is_one_of_many,
        sum(numerator)::double as numerator, sum(denominator)::double as denominator
    from numbered
    group by grouping sets (
        (commit, at_days), (commit, at_days, part), (commit, at_days, scope), (commit, at_days, part, scope),
        (commit, at_days, part, quarter))
)
select
    commit, coalesce(part, 'all') as part, coalesce(scope, 'all') as scope, coalesce(quarter, date '1970-01-01') as period,
    at_days, numerator, denominator
from grouped
-- of one repository alone, its figures are those of all
where scope is null or is_one_of_many
order by all
"""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """``counts`` to be rated; ``events``: commits of each group whose numerator is not 0."""

    counts: Counts
    events: Counter[Group]

    def within(self, places: Sequence[int], scope: str) -> Cells:
        """Only some groups, under the name of another scope."""
        counts = self.counts
        kept = np.isin(counts.group, places)
        groups = {place: replace(counts.groups[place], scope=scope) for place in places}
        events = Counter({groups[place]: self.events[counts.groups[place]] for place in places})
        number = np.searchsorted(places, counts.group[kept])
        held = counts.commit[kept], number.astype(np.intp), counts.numerator[kept], counts.denominator[kept]
        return Cells(Counts(tuple(groups.values()), *held), events)


def read_cells(
    connection: DuckDBPyConnection, rows: str, parameters: Mapping[str, object] | None = None
) -> Cells:
    """Sum up rows by commit and group: parts and all, in all and by repository, parts by quarter.

    Args:
        connection: the database.
        rows: a select of repo, sha, quarter, part, at_days, numerator, denominator.
        parameters: what it binds.
    """
    found = connection.execute(_GROUPS.format(rows=rows), dict(parameters or {})).fetchall()
    places: dict[Group, int] = {}
    events: Counter[Group] = Counter()
    commit, group, numerators, denominators = [], [], [], []
    for number, part, scope, period, at_days, numerator, denominator in found:
        key = Group(part, scope, period, at_days)
        commit.append(number)
        group.append(places.setdefault(key, len(places)))
        numerators.append(numerator)
        denominators.append(denominator)
        events[key] += numerator > 0
    counts = Counts(
        tuple(places),
        np.array(commit, dtype=np.intp),
        np.array(group, dtype=np.intp),
        np.array(numerators, dtype=np.float64),
        np.array(denominators, dtype=np.float64),
    )
    return Cells(counts, events)


def event_rates(metric: str, unit: str, cells: Cells, *, scale: float = 1.0) -> Iterator[Estimate]:
    """As `rates`, without intervals where an event befell too few commits; compared are parts of one time."""
    for each in rates(metric, unit, cells.counts, scale=scale, is_compared=is_of_one_time):
        yield each if _has_events(each, cells.events) else replace(each, low=None, high=None)


def rates_since(
    connection: DuckDBPyConnection, metric: str, unit: str, rows: str, *, scale: float = 1.0
) -> Iterator[Estimate]:
    """The rates of what was merged since AI's lines began to count, and ``ai`` beside ``human``; none before that."""
    found = connection.execute("select since from ai_since").fetchone()
    if found is None:
        return
    cells = read_cells(connection, f"select * from ({rows}) where quarter >= $since", {"since": found[0]})
    held = [
        k for k, group in enumerate(cells.counts.groups) if (group.scope, group.period) == ("all", ALL_TIME)
    ]
    scope = f"{SINCE}{found[0]}"
    yield from event_rates(metric, unit, cells.within(held, scope), scale=scale)


def _has_events(each: Estimate, events: Counter[Group]) -> bool:
    parts: Iterable[str] = COMPARED if " " in each.part else (each.part,)
    return all(events[Group(part, each.scope, each.period, each.at_days)] >= MINIMUM_EVENTS for part in parts)
