"""Review with intervals: how much is reviewed, how soon and how often, what each reviewer faces; AI beside human."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from codeshare.estimates.away import Do, here
from codeshare.estimates.rates import COMPARED, Counts, Group, rates
from codeshare.estimates.resampling import (
    MINIMUM_COMMITS,
    REPLICATES,
    SEED,
    Codes,
    Floats,
    interval,
    replicate_sums,
)
from codeshare.estimates.table import ALL_TIME, Estimate
from codeshare.metrics.bootstrap import Resampling, average, ratio

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

METRICS = (
    "reviewed_share",
    "merged_by_author_share",
    "unreviewed_requests_share",
    "time_to_first_review",
    "time_to_merge",
    "review_rounds",
    "lines_per_reviewer_day",
)
"""What an import of requests makes stale."""

_PARTS = ("all", *COMPARED)
_OVER_LANDINGS = "bootstrap over landings, percentile"
_OVER_REQUESTS = "bootstrap over requests, percentile"
_LOADS = "bootstrap over landings, percentile; reviewers as counted"
_HOURS = {"time_to_first_review": "hours_to_first_review", "time_to_merge": "hours_to_merge"}

# Code, tests, docs and configuration that is new work; of an earlier time than AI's there is nothing to compare.
_LINES = """
with lines as (
    select repo, sha, attribution, sum(lines) as lines from merged_lines
    where is_handwritten and is_new_work and attribution <> 'bot' group by all
),
joined as (
    select l.attribution, l.lines, c.quarter, c.merged_at, c.is_reviewed, c.is_merged_by_author, c.repo, coalesce(c.merge_sha, c.sha) as landing
    from lines as l join commit_review as c on c.repo = l.repo and c.sha = l.sha
),
first_ai as (select min(quarter) as quarter from joined where attribution = 'ai')
select
    j.quarter, j.attribution, j.merged_at, j.is_reviewed, j.is_merged_by_author,
    dense_rank() over (order by j.repo, j.landing) - 1 as landing, sum(j.lines)::double as lines
from joined as j, first_ai, scope_settings as s
where first_ai.quarter is null or j.quarter >= least(first_ai.quarter, s.baseline_since)
group by j.quarter, j.attribution, j.merged_at, j.is_reviewed, j.is_merged_by_author, j.repo, j.landing"""
_WINDOWS = """
select w.quarter, v.end_day, w.is_cut, w.is_baseline, w.is_short, w.is_running, w.working_days,
    w.reviewers * w.working_days as days
from review_by_window as w join volume_window as v on v.quarter = w.quarter and v.is_cut = w.is_cut
where w.reviewers > 0 and w.working_days > 0 order by all"""
_REQUESTS = "select quarter, attribution, is_reviewed, hours_to_first_review, hours_to_merge, rounds from merged_requests"


class _Rows(Struct, frozen=True, eq=False):
    """Columns of a result; ``since``: the first quarter with AI lines, where there is one."""

    columns: dict[str, Any]
    since: np.datetime64 | None

    def of(self, part: str) -> Any:
        """Which rows are of a part."""
        attribution = self.columns["attribution"]
        return np.ones(len(attribution), bool) if part == "all" else attribution == part

    def quarter_of(self, quarter: np.datetime64 | None) -> Any:
        """Which rows are of a quarter; None: of the time since AI took part."""
        quarters = self.columns["quarter"]
        if quarter is not None:
            return quarters == quarter
        return np.ones(len(quarters), bool) if self.since is None else quarters >= self.since

    def groups(self) -> Iterator[tuple[Group, Any]]:
        """Every part in every quarter and over all time, with its rows."""
        for quarter in (None, *np.unique(self.columns["quarter"])):
            period = ALL_TIME if quarter is None else _day(quarter)
            for part in _PARTS:
                chosen = self.of(part) & self.quarter_of(quarter)
                if chosen.any():
                    yield Group(part, period=period), chosen


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Compute every figure of review.

    Returns:
        By quarter, and over the quarters since the first with AI lines (period 1970-01-01). Nothing of
        what no trailer, no import and no merge tells.
    """
    lines = _read(connection, _LINES)
    if not len(lines["quarter"]):
        return ()
    return do(_of, lines, _read(connection, _WINDOWS), _read(connection, _REQUESTS))


def _of(lines: dict[str, Any], windows: dict[str, Any], requests: dict[str, Any]) -> Iterator[Estimate]:
    with_ai = lines["quarter"][lines["attribution"] == "ai"]
    since = with_ai.min() if len(with_ai) else None
    yield from _line_shares(_Rows(lines, since))
    yield from _loads(windows, lines)
    if len(requests["quarter"]):
        yield from _request_figures(_Rows(requests, since))


def _line_shares(rows: _Rows) -> Iterator[Estimate]:
    for metric, column in (
        ("reviewed_share", "is_reviewed"),
        ("merged_by_author_share", "is_merged_by_author"),
    ):
        known = rows.columns[column] >= 0
        yield from _shares(metric, rows, known, rows.columns[column] * rows.columns["lines"], rows.columns["lines"], rows.columns["landing"], _OVER_LANDINGS)  # fmt: skip


def _shares(
    metric: str, rows: _Rows, known: Any, numerator: Floats, denominator: Floats, cluster: Any, method: str
) -> Iterator[Estimate]:
    """Shares of the rows of which something is known; a group of which nothing is has no row."""
    groups: list[Group] = []
    clusters, codes, numerators, denominators = [], [], [], []
    for group, chosen in rows.groups():
        chosen = chosen & known
        if chosen.any():
            clusters.append(cluster[chosen])
            codes.append(np.full(int(chosen.sum()), len(groups)))
            numerators.append(numerator[chosen].astype(np.float64))
            denominators.append(denominator[chosen].astype(np.float64))
            groups.append(group)
    if not groups:
        return
    # landings of which something is known are what is drawn from
    _, drawn = np.unique(np.concatenate(clusters), return_inverse=True)
    counts = Counts(
        groups,
        drawn.astype(np.intp),
        np.concatenate(codes).astype(np.intp),
        np.concatenate(numerators),
        np.concatenate(denominators),
    )
    for each in _counted_once(metric, counts):
        yield each._replace(method=method)


def _counted_once(metric: str, counts: Counts) -> Iterator[Estimate]:
    """Add up what one landing has in one group, so that ``n`` counts landings."""
    width = len(counts.groups)
    cells, at = np.unique(counts.commit * width + counts.group, return_inverse=True)
    sums: list[Floats] = [
        np.bincount(at, weights=of, minlength=len(cells)).astype(np.float64)
        for of in (counts.numerator, counts.denominator)
    ]
    numerators, denominators = (each.astype(np.float64) for each in sums)
    yield from rates(
        metric, "share", Counts(counts.groups, cells // width, cells % width, numerators, denominators)
    )


def _loads(windows: dict[str, Any], lines: dict[str, Any]) -> Iterator[Estimate]:
    """Lines merged per reviewer and working day, by quarter, and as a ratio to the baseline."""
    known = lines["is_reviewed"] >= 0
    if not len(windows["quarter"]) or not known.any():
        return
    _, landing = np.unique(lines["landing"][known], return_inverse=True)
    chosen = {name: column[known] for name, column in lines.items()}
    sums, counts = _sums_by_window(windows, chosen, landing)
    values = {part: of / windows["days"] for part, of in sums.items()}
    base: dict[bool, Floats | None] = {
        cut: average(
            [
                values["all"][:, k]
                for k in np.flatnonzero((windows["is_baseline"] > 0) & (windows["is_cut"] == cut))
            ]
        )
        for cut in (False, True)
    }
    for k in np.flatnonzero(windows["is_cut"] == 0):
        quarter = _day(windows["quarter"][k])
        if not counts[k]:
            continue
        for part, of in values.items():
            yield _estimate("lines_per_reviewer_day", "lines per reviewer and working day", Group(part, period=quarter), of[:, k], counts[k], _LOADS)  # fmt: skip
        is_early = windows["is_running"][k] and windows["working_days"][k] < 15
        compared = ratio(values["all"][:, k], base[bool(windows["is_short"][k])])
        if compared is not None and not is_early and not np.isnan(compared[0]):
            yield _estimate(
                "lines_per_reviewer_day", "ratio", Group(period=quarter), compared, counts[k], _LOADS
            )


def _sums_by_window(
    windows: dict[str, Any], lines: dict[str, Any], landing: Codes
) -> tuple[dict[str, Floats], list[int]]:
    """By part, a row a replicate and a column a window; and the landings of each window."""
    from scipy.sparse import coo_array

    width = len(windows["quarter"])
    inside = [
        np.flatnonzero(
            (lines["quarter"] == windows["quarter"][k]) & (lines["merged_at"] < windows["end_day"][k])
        )
        for k in range(width)
    ]
    places, at, values = [], [], []
    for p, part in enumerate(_PARTS):
        for k, rows in enumerate(inside):
            rows = rows if part == "all" else rows[lines["attribution"][rows] == part]
            places.append(landing[rows])
            at.append(np.full(len(rows), p * width + k))
            values.append(lines["lines"][rows])
    cells = (np.concatenate(values), (np.concatenate(places), np.concatenate(at)))
    shape = (int(landing.max()) + 1, width * len(_PARTS))
    sums = replicate_sums(coo_array(cells, shape=shape).tocsr())
    by_part = {part: sums[:, p * width : (p + 1) * width] for p, part in enumerate(_PARTS)}
    return by_part, [len(np.unique(landing[rows])) for rows in inside]


def _request_figures(rows: _Rows) -> Iterator[Estimate]:
    reviewed = rows.columns["is_reviewed"]
    every = np.arange(len(reviewed), dtype=np.intp)
    yield from _shares("unreviewed_requests_share", rows, reviewed >= 0, 1.0 - reviewed, np.ones(len(reviewed)), every, _OVER_REQUESTS)  # fmt: skip
    drawn = Resampling.draw(len(every), REPLICATES, SEED)
    for metric, column in _HOURS.items():
        yield from _averages(metric, "hours", rows, column, drawn.medians)
    yield from _averages("review_rounds", "rounds", rows, "rounds", drawn.means)


def _averages(metric: str, unit: str, rows: _Rows, column: str, of: Any) -> Iterator[Estimate]:
    """Medians or means over requests, and those of AI beside others'."""
    values = rows.columns[column]
    found: dict[Group, tuple[Floats, int]] = {}
    for group, chosen in rows.groups():
        places = np.flatnonzero(chosen & ~np.isnan(values))
        if len(places):
            found[group] = of(places, values[places]), len(places)
            yield _estimate(metric, unit, group, *found[group], _OVER_REQUESTS)
    for group, (mine, n) in found.items():
        other = found.get(group._replace(part=COMPARED[1])) if group.part == COMPARED[0] else None
        if other is not None:
            theirs, fewer = other[0], min(n, other[1])
            quotient = np.divide(mine, theirs, out=np.full_like(mine, np.nan), where=theirs > 0)
            difference, compared = (group._replace(part=sign.join(COMPARED)) for sign in (" - ", " / "))
            yield _estimate(metric, unit, difference, mine - theirs, fewer, _OVER_REQUESTS)
            yield _estimate(metric, "ratio", compared, quotient, fewer, _OVER_REQUESTS)


def _estimate(metric: str, unit: str, group: Group, values: Floats, n: int, method: str) -> Estimate:
    low, high = (interval(values[1:]) if n >= MINIMUM_COMMITS else None) or (None, None)
    value = None if np.isnan(values[0]) else float(values[0])
    return Estimate(
        metric, value, n, unit, method, group.scope, group.part, group.period, None, low, high, SEED
    )


def _read(connection: DuckDBPyConnection, sql: str) -> dict[str, Any]:
    """Columns as arrays: flags 1, 0 and -1 where they are not known, other numbers NaN."""
    found: dict[str, Any] = {}
    columns: dict[str, Any] = connection.execute(sql).fetchnumpy()
    for name, column in columns.items():
        if name.startswith("is_"):
            found[name] = np.ma.filled(column.astype(np.int8), -1)
        elif name.startswith("hours") or name == "rounds":
            found[name] = np.ma.filled(column.astype(np.float64), np.nan)
        else:
            found[name] = np.ma.getdata(column)
    return found


def _day(quarter: np.datetime64) -> date:
    day: date = quarter.astype("datetime64[D]").astype(object)
    return day
