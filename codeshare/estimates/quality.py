"""Size of commits, tests touched, and what the sample of ``mine --quality`` says, by attribution.

A sampled commit counts as often as its weight: for the commits of its stratum. Two commits that are alike
in all that a figure reads are resampled as one kind, so a history of any length is quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from codeshare.estimates.away import Do, here
from codeshare.estimates.rates import COMPARED, Counts, Group, rates
from codeshare.estimates.resampling import (
    METHOD,
    MINIMUM_COMMITS,
    SEED,
    Codes,
    Floats,
    intervals,
    replicate_kinds,
)
from codeshare.estimates.table import ALL_TIME, Estimate

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LARGE = 400
"""Handwritten lines above which a commit is large: few reviewers find much beyond (Cohen, 2006)."""


class _Medians(NamedTuple):
    """Medians of a group: of all its commits, then those of replicates, where it has commits enough."""

    group: Group
    unit: str
    commits: int
    values: Floats


# A kind: repository, quarter, attribution, value, and how many commits share these.
_Kind = tuple[str, date, str, float, int]
_SIZES = "select repo, quarter, attribution, lines, count(*) from compared_commits where lines > 0 group by all order by all"
_TESTED = """
    select repo, quarter, attribution, touches_tests::integer, count(*)
    from compared_commits where code_lines > 0 group by all order by all"""
_SAMPLE = """
    select repo, attribution, weight * ({value}), weight * ({whole}) from sampled_commits
    where {value} is not null and {whole} > 0 order by repo, sha"""
_SAMPLED = (
    ("dmm_unit_size", "unit_size", "1"),
    ("dmm_complexity", "complexity", "1"),
    ("dmm_interfacing", "interfacing", "1"),
    ("comment_share", "comments", "added"),
    ("duplicated_share", "duplicated", "added - comments"),
)


def estimate(connection: DuckDBPyConnection, do: Do = here) -> Iterable[Estimate]:
    """Give every figure by attribution: of all, and where there are several, of each repository."""
    sizes, tested = (connection.execute(sql).fetchall() for sql in (_SIZES, _TESTED))
    sampled = {
        metric: connection.execute(_SAMPLE.format(value=value, whole=whole)).fetchall()
        for metric, value, whole in _SAMPLED
    }
    return do(_of, sizes, tested, sampled)


def _of(
    sizes: list[_Kind], tested: list[_Kind], sampled: dict[str, list[tuple[str, str, float, float]]]
) -> Iterator[Estimate]:
    yield from _medians(sizes)
    large = _merged([(*kind[:3], float(kind[3] > LARGE), kind[4]) for kind in sizes])
    yield from _shares("large_commits", large)
    yield from _shares("tests_touched", tested)
    for metric, rows in sampled.items():
        yield from _of_sample(metric, rows)


def _merged(kinds: Sequence[_Kind]) -> list[_Kind]:
    found: dict[tuple[str, date, str, float], int] = {}
    for kind in kinds:
        found[kind[:4]] = found.get(kind[:4], 0) + kind[4]
    return [(*key, count) for key, count in found.items()]


def _groups(repo: str, quarter: date, attribution: str, *, is_alone: bool) -> Iterator[Group]:
    """The groups that a commit belongs to."""
    for part in (attribution, "all"):
        for period in (ALL_TIME, quarter):
            yield Group(part, period=period)
        if not is_alone:
            yield Group(part, f"repository/{repo}")


def _placed(kinds: Sequence[_Kind]) -> tuple[dict[Group, int], Codes, Codes]:
    """The groups, and pairs of a kind and a group of it."""
    is_alone = len({repo for repo, *_ in kinds}) < 2
    places: dict[Group, int] = {}

    @cache
    def of(repo: str, quarter: date, attribution: str) -> list[int]:
        groups = _groups(repo, quarter, attribution, is_alone=is_alone)
        return [places.setdefault(group, len(places)) for group in groups]

    group = np.array([of(*kind[:3]) for kind in kinds], dtype=np.intp).reshape(len(kinds), -1)
    return places, np.repeat(np.arange(len(kinds)), group.shape[1]), group.ravel()


def _shares(metric: str, kinds: Sequence[_Kind]) -> Iterator[Estimate]:
    if not kinds:
        return
    places, kind, group = _placed(kinds)
    values = np.array([each[3] for each in kinds], dtype=np.float64)
    times = np.array([each[4] for each in kinds], dtype=np.intp)
    counts = Counts(list(places), kind, group, values[kind], np.ones(len(kind)), times)
    yield from rates(metric, "share", counts)


def _medians(kinds: Sequence[_Kind]) -> Iterator[Estimate]:
    """The median of handwritten lines added, with the difference and ratio of AI and others."""
    if not kinds:
        return
    places, kind, group = _placed(kinds)
    values = np.array([each[3] for each in kinds], dtype=np.float64)
    times = np.array([each[4] for each in kinds], dtype=np.intp)
    drawn = np.ascontiguousarray(replicate_kinds(times).T, dtype=np.int32)  # they add up five times as fast
    found: list[_Medians] = []
    order = np.lexsort((values[kind], group))
    ends = np.searchsorted(group[order], range(1, len(places)))
    for each, inside in zip(places, np.split(kind[order], ends), strict=True):
        commits = int(times[inside].sum())
        shown = drawn if commits >= MINIMUM_COMMITS else drawn[:, :1]
        found.append(_Medians(each, "lines", commits, median(values[inside], shown[inside])))
    by_group = {each.group: each for each in found}
    for mine in by_group.values():
        theirs = by_group.get(mine.group._replace(part=COMPARED[1]))
        if mine.group.part == COMPARED[0] and theirs:
            found += _compared(mine, theirs)
    yield from _with_intervals(found)


def median(values: Floats, weights: NDArray[Any]) -> Floats:
    """The median of ascending ``values``, as often as each column of whole ``weights`` says; NaN of nothing."""
    upto = weights.copy()
    for above, row in pairwise(upto):  # row by row: numpy's cumsum goes down one column after the other
        row += above
    total = upto[-1]
    lower = (upto < (total + 1) // 2).sum(axis=0, dtype=np.int32)
    upper = (upto <= total // 2).sum(axis=0, dtype=np.int32)
    last = len(values) - 1
    found = (values[np.minimum(lower, last)] + values[np.minimum(upper, last)]) / 2
    return np.where(total > 0, found, np.nan)


def _compared(mine: _Medians, theirs: _Medians) -> Iterator[_Medians]:
    fewer = min(mine.commits, theirs.commits)
    for sign, unit, of in ((" - ", "lines", np.subtract), (" / ", "ratio", np.divide)):
        group = mine.group._replace(part=sign.join(COMPARED))
        # of fewer commits there are no replicates, and one value stands for all of them
        yield _Medians(group, unit, fewer, of(mine.values, theirs.values))


def _with_intervals(found: Sequence[_Medians]) -> Iterator[Estimate]:
    known = [each for each in found if each.commits >= MINIMUM_COMMITS]
    ends = iter(intervals(np.stack([each.values[1:] for each in known], axis=1)) if known else ())
    for group, unit, commits, values in found:
        low, high = (next(ends) if commits >= MINIMUM_COMMITS else None) or (None, None)
        value = float(values[0])
        yield Estimate("commit_size_median", value, commits, unit, METHOD, group.scope, group.part, group.period, None, low, high, SEED)  # fmt: skip


def _of_sample(metric: str, rows: list[tuple[str, str, float, float]]) -> Iterator[Estimate]:
    """A figure of the sample, of all time only: a quarter has too few sampled commits."""
    if not rows:
        return
    is_alone = len({repo for repo, *_ in rows}) < 2
    places: dict[Group, int] = {}
    cells = [
        (commit, places.setdefault(group, len(places)), over, under)
        for commit, (repo, attribution, over, under) in enumerate(rows)
        for group in _groups(repo, ALL_TIME, attribution, is_alone=is_alone)
    ]
    columns = np.array(list(dict.fromkeys(cells)), dtype=np.float64)
    counts = Counts(
        list(places),
        columns[:, 0].astype(np.intp),
        columns[:, 1].astype(np.intp),
        columns[:, 2],
        columns[:, 3],
    )
    yield from rates(metric, "share", counts)
