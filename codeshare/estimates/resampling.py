"""Intervals by resampling commits: lines that one commit merged live and die together.

A bootstrap over lines would take a commit of 5,000 lines for 5,000 independent witnesses and give
intervals far too narrow. Each replicate draws as many commits as there are, with replacement, and keeps
all lines of a commit together (the cluster bootstrap: Davison and Hinkley, Bootstrap Methods and their
Application, 1997, 3.8).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

REPLICATES = 500
SEED = 20240101
METHOD = "bootstrap over commits, percentile"
MINIMUM_COMMITS = 30
"""Fewer commits behind a figure give no interval: percentiles of so few clusters are too narrow."""

_BLOCK = 50
_LEVEL = 0.95

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def replicate_kinds(times: Codes, replicates: int = REPLICATES, seed: int = SEED) -> Floats:
    """How often each replicate drew each kind of commits, where ``times`` commits of a kind are all alike.

    The same as drawing commits one by one, and as quick as there are few kinds. Row 0 has every commit once.
    """
    commits = int(times.sum())
    drawn = np.random.default_rng(seed).multinomial(commits, times / max(commits, 1), size=replicates)
    return np.concatenate([times[None, :], drawn]).astype(np.float64)


def replicate_sums(values: csr_array | Floats, replicates: int = REPLICATES, seed: int = SEED) -> Floats:
    """Sum the columns of ``values`` (a row a commit) over the commits of each replicate.

    Returns:
        One row more than ``replicates``: row 0 has every commit once, so it holds the figures themselves.
    """
    sums = [np.asarray(values.sum(axis=0), dtype=np.float64).reshape(1, -1)]
    sums.extend(
        np.asarray(values.T @ weights.T, dtype=np.float64).T
        for weights in _weights(values.shape[0], replicates, seed)
    )
    return np.concatenate(sums)


def interval(replicates: Floats) -> tuple[float, float] | None:
    """Percentile interval at 95 % of replicates (without row 0); None where over 5 % have no value."""
    if not len(replicates) or np.isnan(replicates).mean() > 0.05:
        return None
    tail = (1 - _LEVEL) / 2
    low, high = np.nanquantile(replicates, [tail, 1 - tail])
    return float(low), float(high)


def _weights(commits: int, replicates: int, seed: int) -> Iterator[NDArray[Any]]:
    """How often each replicate (row) drew each commit (column), a block of replicates at a time."""
    generator = np.random.default_rng(seed)
    for first in range(0, replicates, _BLOCK):
        rows = min(_BLOCK, replicates - first)
        drawn = generator.integers(0, max(commits, 1), size=(rows, commits))
        drawn += np.arange(rows)[:, None] * commits
        yield np.bincount(drawn.ravel(), minlength=rows * commits).reshape(rows, commits).astype(np.float64)
