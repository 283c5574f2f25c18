"""Fixes per 1,000 merged lines of code that they mended, AI beside no AI evidence, with equal time for all.

Metrics: ``defects_crude`` of every part; ``defects`` and ``defects_any`` (fixes of low confidence too)
of AI and no AI evidence within the same repository, quarter, age of file and size of commit;
``fixed_lines``, lines that fixes changed; ``fix_commits``, how often commits say that they mend something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from codeshare.estimates.away import Do, here
from codeshare.estimates.cells import Cells, days_since_ai, event_rates, read_cells
from codeshare.estimates.stratified import Rows, read_strata, stratified
from codeshare.estimates.table import Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNIT = "per 1,000 lines"
_STRATIFIED = (
    ("defects", "defects_90", 90),
    ("defects", "defects_180", 180),
    ("defects_any", "defects_90_any", 90),
)
_CRUDE = """
select repo, sha, quarter, attribution as part, 90.0 as at_days, defects_90 as numerator, lines as denominator
from exposed where is_closed_90
union all
select repo, sha, quarter, attribution, 180.0, defects_180, lines from exposed where is_closed_180"""
_LINES = """
select repo, sha, quarter, attribution as part, 90.0 as at_days, fixed_90 as numerator, lines as denominator
from exposed where is_closed_90"""
_HABIT = """
select c.repo, c.sha, c.quarter, c.attribution as part, null::double as at_days,
    coalesce(f.is_counted, false)::integer as numerator, 1 as denominator
from merged_commits as c
join commits as o on o.repo = c.repo and o.sha = c.sha
join scope_settings as s on c.merged_at >= s.baseline_since
left join mending as f on f.repo = c.repo and f.sha = c.sha
where c.is_new_work and not o.is_merge and not c.is_unknown"""


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """All metrics of the module; without lives of lines only ``fix_commits``."""
    # The views follow each fix to its lines; once is enough.
    connection.execute("create or replace temp table exposed as from defect_exposure")
    connection.execute("create or replace temp table mending as from fix_commits")
    try:
        strata = [read_strata(connection, column, days) for _, column, days in _STRATIFIED]
        crude, lines, habit = (read_cells(connection, rows) for rows in (_CRUDE, _LINES, _HABIT))
    finally:
        connection.execute("drop table exposed")
        connection.execute("drop table mending")
    return do(_of, strata, crude, lines, habit, days_since_ai(connection))


def _of(
    strata: Iterable[Rows], crude: Cells, lines: Cells, habit: Cells, days: Sequence[date]
) -> Iterator[Estimate]:
    for (metric, _, at_days), rows in zip(_STRATIFIED, strata, strict=True):
        yield from stratified(rows, metric, UNIT, at_days)
    yield from event_rates("defects_crude", UNIT, crude.counts(), scale=1000)
    yield from event_rates("fixed_lines", UNIT, lines.counts(), scale=1000)
    for counts in (habit.counts(), *map(habit.counts_since, days)):
        yield from event_rates("fix_commits", "share", counts)
