"""Levels of a monthly series: where they change, how many changes the noise allows, how sure the dates are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from codeshare.estimates.pelt import ends_of_levels
from codeshare.estimates.resampling import SEED, Codes, Floats

SHORTEST = 3
"""Months that a level must last: a month or two are an event, no change."""
PERMUTATIONS = 199
REPLICATES = 300
_QUANTILE = 0.975
_SHORT, _SHORT_QUANTILE = 36, 0.99
"""Blocks of a short series hold little of what lasts from month to month: the bar is higher."""
_ROUNDS = 3
_GRID = 60


class Change(Struct, frozen=True):
    """A change of level: the first month of the new one, and the levels of every replicate around it.

    Attributes:
        at: place of the month, 0-based.
        low, high: 95 % interval of ``at``.
        before, after: the levels; ``before_drawn`` and ``after_drawn`` those of the replicates.
    """

    at: int
    low: int
    high: int
    before: float
    after: float
    before_drawn: Floats
    after_drawn: Floats


def changes(values: Floats, seed: int = SEED) -> list[Change]:
    """Find the changes of level of a series, oldest first; none in 95 % of series that are but noise.

    The penalty of a change is the one at which the same method sees none in series made of blocks of the
    residuals in random order. It is first taken from the series itself, as if nothing had changed, and, once
    something has, from what is left when the levels are taken away.
    """
    generator = np.random.default_rng(seed)
    ends: list[int] = [len(values)]
    highest = np.inf
    for _ in range(_ROUNDS):
        residuals = values - _levels(values, ends)
        penalty = min(highest, _penalty(residuals, generator))
        found = _segment(values, penalty)
        if found == ends or len(found) == 1:
            ends = found if len(found) >= len(ends) else ends
            break
        ends, highest = found, penalty
    return list(_dated(values, ends, generator)) if len(ends) > 1 else []


def smallest_penalty(series: Floats) -> Floats:
    """The penalty above which one or two changes are not worth their fit, for each row of ``series``."""
    count = series.shape[1]
    sums = np.cumsum(series - series.mean(axis=1, keepdims=True), axis=1)
    places = np.arange(SHORTEST, count - SHORTEST + 1)
    at = sums[:, places - 1]
    single: Floats = (at**2 * (1 / places + 1 / (count - places))).max(axis=1)
    grid = places[:: max(1, -(-len(places) // _GRID))]
    first, second = (each.ravel() for each in np.meshgrid(grid, grid, indexing="ij"))
    apart = second - first >= SHORTEST
    if not apart.any():
        return single
    first, second = first[apart], second[apart]
    double = np.empty(len(series))
    for row in range(0, len(series), 16):
        one, two = sums[row : row + 16][:, first - 1], sums[row : row + 16][:, second - 1]
        gain = one**2 / first + (two - one) ** 2 / (second - first) + two**2 / (count - second)
        double[row : row + 16] = gain.max(axis=1)
    return np.maximum(single, double / 2)


def _penalty(residuals: Floats, generator: np.random.Generator) -> float:
    shuffled = np.stack([_shuffled(residuals, generator) for _ in range(PERMUTATIONS)])
    quantile = _SHORT_QUANTILE if len(residuals) < _SHORT else _QUANTILE
    return float(np.quantile(smallest_penalty(shuffled), quantile))


def _shuffled(values: Floats, generator: np.random.Generator) -> Floats:
    """Blocks of neighbouring months in random order: what lasts a few months stays together."""
    count = len(values)
    rolled = np.roll(values, generator.integers(count))
    blocks = np.array_split(rolled, -(-count // _block(count)))
    return np.concatenate([blocks[place] for place in generator.permutation(len(blocks))])


def _block(count: int) -> int:
    """Months of a block: about a tenth of the series, for few blocks would often fall into their old order."""
    return int(np.clip(count // 10, 2, 9))


def _segment(values: Floats, penalty: float) -> list[int]:
    """Ends of the levels, the last one the series' own."""
    if np.ptp(values) == 0:
        return [len(values)]
    return ends_of_levels(values, max(penalty, 1e-9), SHORTEST)


def _levels(values: Floats, ends: list[int]) -> Floats:
    starts = [0, *ends[:-1]]
    return np.concatenate(
        [np.full(b - a, values[a:b].mean()) for a, b in zip(starts, ends, strict=True)], dtype=np.float64
    )


def _dated(values: Floats, ends: list[int], generator: np.random.Generator) -> Iterator[Change]:
    """Date each change anew, between its neighbours, in series of the levels and blocks of residuals."""
    levels = _levels(values, ends)
    drawn = levels + _resampled(values - levels, generator)
    bounds = [0, *ends]
    for left, at, right in zip(bounds, bounds[1:], bounds[2:], strict=False):
        part = drawn[:, left:right]
        places = _best(part)
        sums = np.cumsum(part, axis=1)
        until = sums[np.arange(len(part)), places - 1]
        low, high = np.quantile(places, [0.025, 0.975], method="nearest")
        yield Change(
            at,
            left + int(low),
            left + int(high),
            float(levels[left]),
            float(levels[at]),
            until / places,
            (sums[:, -1] - until) / (part.shape[1] - places),
        )


def _best(series: Floats) -> Codes:
    """Place of the single change that fits each row best."""
    count = series.shape[1]
    sums = np.cumsum(series - series.mean(axis=1, keepdims=True), axis=1)
    places = np.arange(SHORTEST, count - SHORTEST + 1)
    gain = sums[:, places - 1] ** 2 * (1 / places + 1 / (count - places))
    best: NDArray[np.intp] = places[gain.argmax(axis=1)]
    return best


def _resampled(residuals: Floats, generator: np.random.Generator) -> Floats:
    """Circular blocks drawn with replacement, a row a replicate."""
    count, width = len(residuals), _block(len(residuals))
    starts = generator.integers(0, count, size=(REPLICATES, -(-count // width)))
    places = (starts[:, :, None] + np.arange(width)).reshape(REPLICATES, -1)[:, :count] % count
    drawn: Floats = residuals[places]
    return drawn
