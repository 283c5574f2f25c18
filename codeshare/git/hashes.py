"""Hashes of 64 bits, many at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codeshare.git.patch import Ints, counting

Hashes = npt.NDArray[np.uint64]

# Odd 64-bit constants for mixing; any will do.
C1, C2, C3 = (np.uint64(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def mix(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * C2
    values = (values ^ (values >> np.uint64(27))) * C3
    return values ^ (values >> np.uint64(31))


def _powers(count: int) -> Hashes:
    powers: Hashes = np.cumprod(np.full(max(count, 1), C1, dtype=np.uint64), dtype=np.uint64)
    return powers


def ordered_sums(lines: Hashes, group: Ints, groups: int) -> Hashes:
    """Per group Σ line × C^(place in the group), modulo 2⁶⁴; groups come in runs, 0 where empty."""
    result = np.zeros(groups, dtype=np.uint64)
    if not len(lines):
        return result
    heads = np.flatnonzero(np.concatenate((np.ones(1, dtype=bool), group[1:] != group[:-1])))
    lengths = np.diff(np.append(heads, len(group)))
    weighted = lines * _powers(int(lengths.max()))[counting(lengths)]
    np.add.at(result, group[heads], np.add.reduceat(weighted, heads))
    return result
