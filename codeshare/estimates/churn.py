"""Churn, and who removed the lines that went: rates with intervals over the commits that added them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from codeshare.estimates.away import Do, here
from codeshare.estimates.rates import Counts, Group, is_of_one_time, rates
from codeshare.estimates.resampling import Codes, Floats
from codeshare.estimates.table import ALL_TIME, Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WINDOWS = (14, 21, 30, 90)
"""Days after landing."""
FEW_WINDOWS = (14, 90)
"""The windows of months and of parts of the data; the views have all four of every month."""
MONTHS = 60
"""Months, up to as_of, whose rates have intervals."""

_COMPARED = ("ai", "human")

_LANDED = """
with summed as (
    select
        repo, sha, attribution, coalesce(tool, 'Others, unnamed') as tool, file_class, month, quarter, merged_at, as_of, sum(lines)::double as lines,
        sum(lines) filter (died_at <= merged_at + interval 14 day)::double as gone_14,
        sum(lines) filter (died_at <= merged_at + interval 21 day)::double as gone_21,
        sum(lines) filter (died_at <= merged_at + interval 30 day)::double as gone_30,
        sum(lines) filter (died_at <= merged_at + interval 90 day)::double as gone_90
    from followed_lines
    group by repo, sha, attribution, tool, file_class, month, quarter, merged_at, as_of
    having sum(lines) > 0
)
select
    dense_rank() over (order by repo, sha) - 1 as number, attribution, tool, file_class, repo,
    case when month >= as_of - to_months($months) then month::date end as month,
    case when quarter >= since then since::date end as since,
    coalesce(gone_14, 0) as gone_14, coalesce(gone_21, 0) as gone_21, coalesce(gone_30, 0) as gone_30, coalesce(gone_90, 0) as gone_90,
    epoch(as_of - merged_at) / 86400 as age, epoch(as_of - (month + interval 1 month - interval 1 second)) / 86400 as month_age, lines
from summed left join ai_since on true
"""

_REWORK = """
select
    dense_rank() over (order by repo, sha) - 1 as number, attribution,
    sum(lines_90) filter (remover = 'same engineer')::double as rework_by_same_engineer,
    sum(lines_90) filter (remover = 'another engineer')::double as rework_by_another_engineer,
    sum(lines_90) filter (remover = 'agent')::double as rework_by_agent,
    sum(lines_90) filter (remover = 'bot')::double as rework_by_bot,
    sum(lines_90) filter (remover = 'unassigned')::double as rework_by_unassigned,
    sum(lines_90) filter (remover = 'unknown')::double as rework_by_unknown,
    sum(lines_90) filter (is_deletion)::double as rework_deletion,
    sum(lines_90)::double as lines
from removed_lines
group by repo, sha, attribution
having sum(lines_90) > 0
"""

REWORK = (
    "rework_by_same_engineer",
    "rework_by_another_engineer",
    "rework_by_agent",
    "rework_by_bot",
    "rework_by_unassigned",
    "rework_by_unknown",
    "rework_deletion",
)


class _Labels(NamedTuple):
    """A column of few values: these, sorted, and the place of each row's among them; -1: it has none."""

    names: list[Any]
    codes: Codes

    def among(self, *names: str) -> NDArray[np.bool_]:
        """Which rows have one of these values."""
        return np.isin(self.codes, [code for code, name in enumerate(self.names) if name in names])


_Columns = dict[str, Any]


class _Cells(Struct, frozen=True, eq=False):
    """Counts of some groups, one row a commit, or several that belong together."""

    groups: list[Group]
    commit: Codes
    group: Codes
    numerator: Floats
    denominator: Floats


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Compute ``churn``, parts of lines gone within 14, 21, 30 and 90 days, and ``rework_by_…``.

    Of churn only lines count whose window has closed at ``as_of``; by month only months of which all
    have. AI is compared with others in months, and over lines merged since AI's began to count (scope
    ``since/DAY``). ``rework_by_…`` and ``rework_deletion`` are parts of the lines gone within 90 days.
    """
    return do(_of, _read(connection, _LANDED, months=MONTHS), _read(connection, _REWORK))


def _read(connection: DuckDBPyConnection, sql: str, **parameters: object) -> _Columns:
    """Columns as arrays: numbers with 0 where there are none, all else as `_Labels`."""
    return {name: _column(each) for name, each in connection.execute(sql, parameters).fetchnumpy().items()}


def _column(values: Any) -> Any:
    import pandas as pd

    if values.dtype.kind == "M":
        values = np.ma.filled(values.astype("datetime64[D]"), np.datetime64("NaT"))
    elif values.dtype.kind != "O":
        return np.ma.filled(values, 0)
    codes, found = pd.factorize(values, sort=True)
    names = np.asarray(found)
    return _Labels((names.astype("datetime64[D]") if names.dtype.kind == "M" else names).tolist(), codes)


def _of(landed: _Columns, reworked: _Columns) -> Iterator[Estimate]:
    yield from _churn(landed)
    yield from _rework(reworked)


def _churn(rows: _Columns) -> Iterator[Estimate]:
    cells = [
        *_placed(rows, "all", None, WINDOWS),
        *_placed(rows, "since", "since", WINDOWS),
        *_placed(rows, "month", "month", FEW_WINDOWS),
        *_placed(rows, "tool", "tool", FEW_WINDOWS),
        *_placed(rows, "class", "file_class", FEW_WINDOWS),
    ]
    if len(rows["repo"].names) > 1:
        cells += _placed(rows, "repository", "repo", FEW_WINDOWS)
    yield from rates("churn", "share", _joined(cells), is_compared=is_of_one_time)


def _rework(rows: _Columns) -> Iterator[Estimate]:
    """All measures at once, with the measure where the scope stands: the same draws serve all of them."""
    lines, cells = rows["lines"], []
    for measure in REWORK:
        for part, chosen in _parts(rows["attribution"]):
            group = Group(part, measure, ALL_TIME, 90.0)
            cells.append(_cell(group, rows["number"][chosen], rows[measure][chosen], lines[chosen]))
    for found in rates("rework", "share", _joined(cells)):
        yield found._replace(metric=found.scope, scope="all")


def _placed(rows: _Columns, kind: str, column: str | None, windows: Sequence[int]) -> Iterator[_Cells]:
    """Count by the values of a column, by attribution and all; of months only those compared."""
    one = _Labels([""], np.zeros(len(rows["lines"]), dtype=np.intp))
    names, labels = one if column is None else rows[column]
    age = rows["month_age"] if kind == "month" else rows["age"]
    of_tools = rows["attribution"].among("ai", "assisted") if kind == "tool" else True
    for part, chosen in _parts(rows["attribution"], _COMPARED if kind == "month" else None):
        for days in windows:
            held = chosen & (labels >= 0) & (age >= days) & of_tools
            groups = [_group(kind, name, part, days) for name in names]
            counted = (rows["number"][held], labels[held], rows[f"gone_{days}"][held], rows["lines"][held])
            yield _Cells(groups, *counted)


def _group(kind: str, name: Any, part: str, days: int) -> Group:
    if kind == "all":
        return Group(part, at_days=float(days))
    if kind == "month":
        return Group(part, period=name, at_days=float(days))
    return Group(part, f"{kind}/{name}", at_days=float(days))


def _parts(
    attribution: _Labels, only: Sequence[str] | None = None
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    yield "all", np.ones(len(attribution.codes), dtype=bool)
    for code, name in enumerate(attribution.names):
        if only is None or name in only:
            yield name, attribution.codes == code


def _cell(group: Group, commit: Codes, numerator: Floats, denominator: Floats) -> _Cells:
    return _Cells([group], commit, np.zeros(len(commit), dtype=np.intp), numerator, denominator)


def _joined(cells: Sequence[_Cells]) -> Counts:
    """Put groups together; rows of one commit and group become one, groups without any row go."""
    firsts = np.cumsum([0, *(len(cell.groups) for cell in cells)])
    every = [group for cell in cells for group in cell.groups]
    commit = np.concatenate([cell.commit for cell in cells]).astype(np.int64)
    group = np.concatenate(
        [cell.group + first for cell, first in zip(cells, firsts[:-1], strict=True)]
    ).astype(np.int64)
    keys, place = np.unique(commit * len(every) + group, return_inverse=True)
    numerator = np.bincount(place, np.concatenate([cell.numerator for cell in cells]), len(keys))
    denominator = np.bincount(place, np.concatenate([cell.denominator for cell in cells]), len(keys))
    held, renumbered = np.unique(keys % len(every), return_inverse=True)
    kept = [every[k] for k in held]
    commits = (keys // len(every)).astype(np.intp)
    sums = numerator.astype(np.float64), denominator.astype(np.float64)
    return Counts(kept, commits, renumbered.astype(np.intp), *sums)
