"""Rates by group with intervals over commits, and AI beside human: difference and ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from codeshare.estimates.resampling import (
    METHOD,
    MINIMUM_COMMITS,
    REPLICATES,
    SEED,
    Codes,
    Floats,
    interval,
    replicate_kinds,
    replicate_sums,
)
from codeshare.estimates.table import ALL_TIME, Estimate

COMPARED = ("ai", "human")
SINCE = "since/"
"""Begins the scope of what was merged since AI's lines began to count (view ``ai_since``); a day follows."""


@dataclass(frozen=True, slots=True)
class Group:
    """What a rate is of; the fields are columns of ``estimates``."""

    part: str = "all"
    scope: str = "all"
    period: date = ALL_TIME
    at_days: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Numerators and denominators, one of each a commit and group.

    Attributes:
        groups: the groups that ``group`` counts through.
        commit: index of the commit, 0-based; rows of one commit are resampled together.
        group: index into ``groups``.
        times: where ``commit`` counts through kinds of commits that are all alike: how many each kind has.
    """

    groups: Sequence[Group]
    commit: Codes
    group: Codes
    numerator: Floats
    denominator: Floats
    times: Codes | None = None


def is_of_one_time(group: Group) -> bool:
    """Whether AI's lines meet others of the same time: over all years most of the others are older than agents."""
    return group.period != ALL_TIME or group.scope.startswith(SINCE)


def rates(
    metric: str,
    unit: str,
    counts: Counts,
    *,
    scale: float = 1.0,
    is_compared: Callable[[Group], bool] = lambda group: True,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> Iterator[Estimate]:
    """Give numerator / denominator of every group, and ``ai`` beside ``human`` where both are there.

    Args:
        scale: what the rate is multiplied with: 1000 for a rate per 1,000 lines.
        is_compared: whether ``ai`` may be set against ``human`` in a group; given that of ``ai``.

    Returns:
        One estimate a group, then ``ai - human`` (in ``unit``) and ``ai / human`` (``ratio``) for groups
        that differ in nothing but their part. ``n``: commits with a denominator; of a comparison the fewer.
        Without interval where ``n`` is below ``MINIMUM_COMMITS``; without value where the denominator is 0.
    """
    if not len(counts.commit):
        return
    sums = _sums(counts, replicates, seed)
    width = len(counts.groups)
    numerators, denominators = sums[:, :width], sums[:, width:]
    values = np.divide(
        numerators * scale, denominators, out=np.full_like(numerators, np.nan), where=denominators > 0
    )
    held = counts.denominator > 0
    each = None if counts.times is None else counts.times[counts.commit[held]]
    commits = np.bincount(counts.group[held], each, minlength=width)
    places = {group: place for place, group in enumerate(counts.groups)}
    for group, place in places.items():
        yield _estimate(metric, unit, group, values[:, place], int(commits[place]), seed)
    for group, place in places.items():
        other = None
        if group.part == COMPARED[0] and is_compared(group):
            other = places.get(replace(group, part=COMPARED[1]))
        if other is not None:
            fewer = int(min(commits[place], commits[other]))
            mine, theirs = values[:, place], values[:, other]
            ratio = np.divide(mine, theirs, out=np.full_like(mine, np.nan), where=theirs > 0)
            difference = replace(group, part=" - ".join(COMPARED))
            yield _estimate(metric, unit, difference, mine - theirs, fewer, seed)
            yield _estimate(metric, "ratio", replace(group, part=" / ".join(COMPARED)), ratio, fewer, seed)


def _sums(counts: Counts, replicates: int, seed: int) -> Floats:
    from scipy.sparse import coo_array

    width = len(counts.groups)
    commits = int(counts.commit.max()) + 1 if counts.times is None else len(counts.times)
    cells = (
        np.concatenate([counts.numerator, counts.denominator]),
        (np.tile(counts.commit, 2), np.concatenate([counts.group, counts.group + width])),
    )
    values = coo_array(cells, shape=(commits, 2 * width)).tocsr()
    if counts.times is None:
        return replicate_sums(values, replicates, seed)
    return np.asarray(replicate_kinds(counts.times, replicates, seed) @ values, dtype=np.float64)


def _estimate(metric: str, unit: str, group: Group, values: Floats, commits: int, seed: int) -> Estimate:
    ends = interval(values[1:]) if commits >= MINIMUM_COMMITS else None
    low, high = ends or (None, None)
    value = None if np.isnan(values[0]) else float(values[0])
    return Estimate(
        metric,
        value,
        commits,
        unit,
        METHOD,
        group.scope,
        group.part,
        group.period,
        group.at_days,
        low,
        high,
        seed,
    )
