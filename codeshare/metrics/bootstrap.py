"""Intervals by resampling persons, each with all their quarters together.

Resampling whole persons keeps what belongs to one person together: who merges much in one quarter
does so in the next. A replicate is a count for each person, how often they were drawn, so that its
medians and means are weighted ones and no person's rows are ever copied.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

REPLICATES = 1000
SEED = 20240101
LEVEL = 0.95
_TAILS = ((1 - LEVEL) / 2, 1 - (1 - LEVEL) / 2)
_MISSING = 0.05  # part of the replicates that may be without a value
_AT_ONCE = 50  # replicates drawn: what they take stays in the processor's cache
_SHORT = 500  # rows: to count all of them takes no longer than to search
METHOD = "bootstrap over persons, percentile"

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Resampling(Struct, frozen=True, eq=False):
    """How often each replicate drew each person: ``weights`` has a row a person, a column a replicate."""

    weights: NDArray[np.uint8]

    @classmethod
    def draw(cls, persons: int, replicates: int = REPLICATES, seed: int = SEED) -> Resampling:
        """Draw as many persons as there are, with replacement, ``replicates`` times.

        Column 0 has everybody once: whatever is computed from it is the value itself.
        """
        generator = np.random.default_rng(seed)
        weights = np.ones((persons, replicates + 1), dtype=np.uint8)
        for first in range(0, replicates, _AT_ONCE):
            count = min(_AT_ONCE, replicates - first)
            cells = generator.integers(0, max(persons, 1), size=(count, persons))
            cells *= count
            cells += np.arange(count)[:, None]
            counts = np.bincount(cells.ravel(), minlength=persons * count)
            weights[:, first + 1 : first + 1 + count] = counts.reshape(persons, count)
        return cls(weights)

    def medians(self, persons: Places, values: Floats) -> Floats:
        """Median of ``values``, one for each of ``persons``, in each replicate; NaN where none was drawn."""
        if not len(values):
            return np.full(self.weights.shape[1], np.nan)
        order = np.argsort(values, kind="stable")
        narrow = np.int16 if len(self.weights) < 2**15 else np.int32
        reached = np.cumsum(self.weights[persons[order]], axis=0, dtype=narrow)
        drawn = reached[-1]
        ranked = np.append(values[order], np.nan)
        # the two middle places of an even number drawn; one and the same of an odd number
        lower: Floats = ranked[_exceeding(reached, (drawn - 1) // 2)]
        upper: Floats = ranked[_exceeding(reached, drawn // 2)]
        return (lower + upper) / 2

    def means(self, persons: Places, values: Floats) -> Floats:
        """Mean of ``values``, one for each of ``persons``, in each replicate; NaN where none was drawn."""
        weights = self.weights[persons]
        drawn = weights.sum(axis=0, dtype=np.int64)
        return np.where(drawn > 0, values @ weights.astype(np.float64) / np.maximum(drawn, 1), np.nan)


def _exceeding(reached: NDArray[Any], target: NDArray[Any]) -> Places:
    """First row of each column, non-decreasing downwards, that exceeds the target: a search by halves in long ones."""
    if len(reached) <= _SHORT:
        count: Places = (reached <= target).sum(axis=0, dtype=np.int16).astype(np.intp)
        return count
    columns = np.arange(reached.shape[1])
    low, high = np.zeros_like(columns), np.full_like(columns, len(reached))
    while (low < high).any():
        middle = (low + high) // 2
        is_open = low < high
        exceeds = reached[np.minimum(middle, len(reached) - 1), columns] > target
        high = np.where(is_open & exceeds, middle, high)
        low = np.where(is_open & ~exceeds, middle + 1, low)
    return low


def average(quarters: list[Floats]) -> Floats | None:
    """Unweighted mean over quarters in each replicate, those without a value apart; None without quarters."""
    if not quarters:
        return None
    values = np.stack(quarters)
    known = (~np.isnan(values)).sum(axis=0)
    return np.where(known > 0, np.nansum(values, axis=0) / np.maximum(known, 1), np.nan)


def ratio(values: Floats, baseline: Floats | None) -> Floats | None:
    """``values / baseline`` in each replicate; NaN where the baseline is 0."""
    if baseline is None:
        return None
    return np.divide(values, baseline, out=np.full_like(values, np.nan), where=baseline > 0)


def interval(replicates: Floats) -> tuple[float, float] | None:
    """Percentile interval at ``LEVEL`` of replicates, the value itself first; None where over 5 % have no value."""
    return intervals(replicates[1:, None])[0]


def intervals(replicates: Floats, tails: tuple[float, float] = _TAILS) -> list[tuple[float, float] | None]:
    """The same of each column of replicates, without the values themselves; ``tails``: which quantiles."""
    if not len(replicates):
        return [None] * replicates.shape[1]
    without = np.isnan(replicates).sum(axis=0)
    last = np.maximum(len(replicates) - without - 1, 0)
    ordered = np.sort(replicates, axis=0)  # those without a value come last
    low, high = (_between(ordered, tail * last, last) for tail in tails)
    known = without <= _MISSING * len(replicates)
    return [
        (float(low[k]), float(high[k])) if known[k] and not np.isnan(low[k]) else None
        for k in range(len(known))
    ]


def _between(ordered: Floats, place: Floats, last: Places) -> Floats:
    """The value at a place between two rows of each column, in proportion: as ``np.quantile`` has it, to the last bit.

    That one loads masked arrays, which takes a hundredth of the time in which a small repository is mined.
    """
    below = place.astype(np.intp)
    low, high = (
        np.take_along_axis(ordered, row[None], axis=0)[0] for row in (below, np.minimum(below + 1, last))
    )
    part = place - below
    value: Floats = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))
    return value
