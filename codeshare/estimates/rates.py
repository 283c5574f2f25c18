"""Rates by group with intervals over commits, and AI beside human: difference and ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from codeshare.estimates.resampling import (
    METHOD,
    MINIMUM_COMMITS,
    REPLICATES,
    SEED,
    Codes,
    Floats,
    intervals,
    replicate_kinds,
    replicate_sums,
)
from codeshare.estimates.table import ALL_TIME, Estimate

COMPARED = ("ai", "human")
SINCE = "since/"
"""Begins the scope of what was merged since AI's lines began to count (view ``ai_since``); a day follows."""


class Group(NamedTuple):
    """What a rate is of; the fields are columns of ``estimates``."""

    part: str = "all"
    scope: str = "all"
    period: date = ALL_TIME
    at_days: float | None = None


class Counts(Struct, frozen=True, eq=False):
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

    @property
    def height(self) -> int:
        """How many commits there are, or kinds of them."""
        return int(self.commit.max()) + 1 if self.times is None else len(self.times)

    def within(self, chosen: NDArray[np.bool_]) -> Counts:
        """Only some groups."""
        kept = chosen[self.group]
        groups = [group for group, is_chosen in zip(self.groups, chosen, strict=True) if is_chosen]
        place = (np.cumsum(chosen) - 1)[self.group[kept]]
        return replace(self, groups=groups, commit=self.commit[kept], group=place, numerator=self.numerator[kept], denominator=self.denominator[kept])  # fmt: skip


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
    minimum_events: int = 0,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> Iterator[Estimate]:
    """Give numerator / denominator of every group, and ``ai`` beside ``human`` where both are there.

    Args:
        scale: what the rate is multiplied with: 1000 for a rate per 1,000 lines.
        is_compared: whether ``ai`` may be set against ``human`` in a group; given that of ``ai``.
        minimum_events: commits whose numerator is not 0 that a group needs for an interval.

    Returns:
        One estimate a group, then ``ai - human`` (in ``unit``) and ``ai / human`` (``ratio``) for groups
        that differ in nothing but their part. ``n``: commits with a denominator; of a comparison the fewer.
        Without interval where ``n`` is below ``MINIMUM_COMMITS``; without value where the denominator is 0.
    """
    if not len(counts.commit):
        return
    commits = _commits(counts, counts.denominator > 0)
    is_drawn = (commits >= MINIMUM_COMMITS) & (_commits(counts, counts.numerator > 0) >= minimum_events)
    values = scale * _rates(counts, is_drawn, replicates, seed)
    yield from _estimates(metric, unit, counts.groups, values, commits, seed)
    pairs = _pairs(counts.groups, is_compared)
    if not pairs:
        return
    mine, theirs = (values[:, [pair[side] for pair in pairs]] for side in (0, 1))
    fewer = [min(commits[place], commits[other]) for place, other in pairs]
    ratio = np.divide(mine, theirs, out=np.full_like(mine, np.nan), where=theirs > 0)
    for sign, kind, compared in ((" - ", unit, mine - theirs), (" / ", "ratio", ratio)):
        groups = [counts.groups[place]._replace(part=sign.join(COMPARED)) for place, _ in pairs]
        yield from _estimates(metric, kind, groups, compared, fewer, seed)


def _commits(counts: Counts, held: NDArray[np.bool_]) -> Codes:
    """How many commits each group has in the rows that are held."""
    each = None if counts.times is None else counts.times[counts.commit[held]]
    return np.bincount(counts.group[held], each, minlength=len(counts.groups)).astype(np.intp)


def _pairs(groups: Sequence[Group], is_compared: Callable[[Group], bool]) -> list[tuple[int, int]]:
    """Places of groups of ``ai`` and ``human`` that differ in nothing else."""
    places = {group: place for place, group in enumerate(groups)}
    sides = (
        (place, places.get(group._replace(part=COMPARED[1])))
        for group, place in places.items()
        if group.part == COMPARED[0] and is_compared(group)
    )
    return [(place, other) for place, other in sides if other is not None]


def _rates(counts: Counts, is_drawn: NDArray[np.bool_], replicates: int, seed: int) -> Floats:
    """Rates, a column a group; row 0 is the rate itself, the others replicates, NaN where none are drawn."""
    width = len(counts.groups)
    sums = np.zeros((replicates + 1, 2 * width))
    for side, of in enumerate((counts.numerator, counts.denominator)):
        each = of if counts.times is None else of * counts.times[counts.commit]
        sums[0, side * width : (side + 1) * width] = np.bincount(counts.group, each, minlength=width)
    sums[:, np.tile(is_drawn, 2)] = _sums(counts.within(is_drawn), counts.height, replicates, seed)
    above, below = sums[:, :width], sums[:, width:]
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _sums(counts: Counts, height: int, replicates: int, seed: int) -> Floats:
    """Numerators and denominators in each replicate; row 0 is the sample itself."""
    from scipy.sparse import coo_array

    width = len(counts.groups)
    cells = (
        np.concatenate([counts.numerator, counts.denominator]),
        (np.tile(counts.commit, 2), np.concatenate([counts.group, counts.group + width])),
    )
    values = coo_array(cells, shape=(height, 2 * width)).tocsr()
    if counts.times is None:
        return replicate_sums(values, replicates, seed)
    return np.asarray(replicate_kinds(counts.times, replicates, seed) @ values, dtype=np.float64)


def _estimates(
    metric: str, unit: str, groups: Sequence[Group], values: Floats, commits: Sequence[int] | Codes, seed: int
) -> Iterator[Estimate]:
    ends = intervals(values[1:])
    for group, value, n, (low, high) in zip(
        groups, values[0], commits, (each or (None, None) for each in ends), strict=True
    ):
        known = None if np.isnan(value) else float(value)
        yield Estimate(
            metric, known, int(n), unit, METHOD, group.scope, group.part, group.period, group.at_days, low, high, seed
        )  # fmt: skip
