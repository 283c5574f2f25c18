"""How often merged commits are reverted within 30 days, by attribution, with equal time for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from codeshare.estimates.away import Do, here
from codeshare.estimates.cells import Cells, days_since_ai, event_rates, read_cells
from codeshare.estimates.table import Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COMMITS = """
select repo, sha, quarter, attribution as part, 30.0 as at_days, is_reverted::integer as numerator, 1 as denominator
from exposed"""
_LINES = """
select e.repo, e.sha, e.quarter, l.attribution as part, 30.0 as at_days,
    case when e.is_reverted then l.lines else 0 end as numerator, l.lines as denominator
from exposed as e
join landed_lines as l on l.repo = e.repo and l.sha = e.sha
where l.file_class in ('code', 'test', 'docs', 'config')"""


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Shares of commits and of handwritten lines: metrics ``reverted`` and ``reverted_lines``.

    AI is compared with others in quarters and since its lines began to count (scope ``since/DAY``).
    """
    connection.execute("create or replace temp table exposed as from revert_exposure")
    try:
        cells = {
            metric: read_cells(connection, rows)
            for metric, rows in (("reverted", _COMMITS), ("reverted_lines", _LINES))
        }
    finally:
        connection.execute("drop table exposed")
    return do(_of, cells, days_since_ai(connection))


def _of(cells: Mapping[str, Cells], days: Sequence[date]) -> Iterator[Estimate]:
    for metric, each in cells.items():
        for counts in (each.counts(), *map(each.counts_since, days)):
            yield from event_rates(metric, "share", counts)
