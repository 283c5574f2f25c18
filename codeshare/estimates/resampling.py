"""Intervals by resampling commits: lines that one commit merged live and die together.

A bootstrap over lines would take a commit of 5,000 lines for 5,000 independent witnesses and give
intervals far too narrow. Each replicate draws as many commits as there are, with replacement, and keeps
all lines of a commit together (the cluster bootstrap: Davison and Hinkley, Bootstrap Methods and their
Application, 1997, 3.8).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from codeshare.metrics import bootstrap

if TYPE_CHECKING:
    from scipy.sparse import csr_array

REPLICATES = 500
SEED = 20240101
METHOD = "bootstrap over commits, percentile"
MINIMUM_COMMITS = 30
"""Fewer commits behind a figure give no interval: percentiles of so few clusters are too narrow."""

GROUPS = 2_000
"""Of more commits than these, as many random groups of commits are drawn instead of single ones."""

_FEW = 400
"""Commits up to which draws are kept, of which 500 replicates take 400 kB."""
_TAILS = (0.025, 0.975)

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def replicate_kinds(times: Codes, replicates: int = REPLICATES, seed: int = SEED) -> Floats:
    """How often each replicate drew each kind of commits, where ``times`` commits of a kind are all alike.

    Row 0 has every commit once.
    """
    from scipy.sparse import csr_array

    kind = np.repeat(np.arange(len(times)), times)
    one = np.ones(len(kind)), (np.arange(len(kind)), kind)
    return replicate_sums(csr_array(one, shape=(len(kind), len(times))), replicates, seed)


def replicate_sums(values: csr_array | Floats, replicates: int = REPLICATES, seed: int = SEED) -> Floats:
    """Sum the columns of ``values`` (a row a commit) over the commits of each replicate.

    Of more than ``GROUPS`` commits random groups are drawn: their sums vary as those of commits do (random
    groups: Wolter, Introduction to Variance Estimation, 2007, chapter 2).

    Returns:
        One row more than ``replicates``: row 0 has every commit once, so it holds the figures themselves.
    """
    if values.shape[0] > GROUPS:
        values = _sums_of(values, random_groups(values.shape[0], GROUPS, seed))
    weights = _weights(values.shape[0], replicates, seed)
    return np.asarray((values.T @ weights.T).T, dtype=np.float64)


def random_groups(commits: int, at_most: int, seed: int = SEED) -> Codes:
    """Put each commit into one of at most so many groups, as even as can be; few commits are groups of their own."""
    if commits <= at_most:
        return np.arange(commits, dtype=np.intp)
    return np.random.default_rng(seed).permutation(commits).astype(np.intp) % at_most


def interval(replicates: Floats) -> tuple[float, float] | None:
    """Percentile interval at 95 % of replicates (without row 0); None where over 5 % have no value."""
    return intervals(replicates[:, None])[0]


def intervals(replicates: Floats) -> list[tuple[float, float] | None]:
    """The `interval` of each column."""
    return bootstrap.intervals(replicates, _TAILS)


def _sums_of(values: csr_array | Floats, group: Codes) -> csr_array | Floats:
    """Sum the rows of each group."""
    from scipy.sparse import csr_array

    one = np.ones(len(group)), (group, np.arange(len(group)))
    return csr_array(one, shape=(int(group.max()) + 1, len(group))) @ values


def _weights(commits: int, replicates: int, seed: int) -> Floats:
    """How often each replicate (row) drew each commit (column); row 0 has every commit once."""
    times = (_kept if commits <= _FEW else _drawn)(commits, replicates, seed)
    return times.reshape(replicates + 1, commits).astype(np.float64)


def _drawn(commits: int, replicates: int, seed: int) -> Codes:
    drawn = np.random.default_rng(seed).integers(0, max(commits, 1), size=(replicates, commits))
    drawn += np.arange(1, replicates + 1)[:, None] * commits
    times = np.bincount(drawn.ravel(), minlength=(replicates + 1) * commits)
    times[:commits] = 1
    return times


@lru_cache(maxsize=160)
def _kept(commits: int, replicates: int, seed: int) -> NDArray[np.uint16]:
    """Many of a fleet's repositories have as many commits: what is drawn of them is the same."""
    return _drawn(commits, replicates, seed).astype(np.uint16)
