"""Hashes of 64 bits, many at once."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt

from codeshare.git.patch import Ints, counting

Hashes = npt.NDArray[np.uint64]

WORD = 8
"""Bytes."""
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(WORD + 1)], dtype=np.uint64)
_MOST = 512  # bytes: so long may be a text that is hashed word by word, beside others
_AT_ONCE = 1 << 16  # texts: what is made of them stays in the processor's cache
# Odd 64-bit constants for mixing; any will do.
C1, C2, C3 = (np.uint64(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def mix(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * C2
    values = (values ^ (values >> np.uint64(27))) * C3
    return values ^ (values >> np.uint64(31))


def text_hashes(buffer: bytes, begins: Ints, sizes: Ints) -> Hashes:
    """Of each text in a buffer, told by where it begins and its bytes; `WORD` bytes or more stand behind the last."""
    words = np.ndarray((len(buffer) - WORD + 1,), dtype="<u8", buffer=buffer, strides=(1,))
    hashes: Hashes = (sizes + 1).astype(np.uint64) * C1  # an empty text, too, counts in a sum
    for first in range(0, len(begins), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        _hash_words(words, begins[part], sizes[part], hashes[part])
    for k in np.flatnonzero(sizes > _MOST).tolist():
        hashes[k] ^= np.uint64(crc32(buffer[begins[k] : begins[k] + sizes[k]]))
    return mix(hashes)


def _hash_words(words: Hashes, at: Ints, left: Ints, hashes: Hashes) -> None:
    """Take word by word of texts into their hashes, the last one without what follows it; of long texts no word."""
    texts = np.flatnonzero((left > 0) & (left <= _MOST))
    at, left, held = at[texts], left[texts], hashes[texts]
    while len(texts):
        # All of it: with less, two letters of a word and two of the next would often make up for each other.
        held = mix(held ^ (words[at] & _MASKS[np.minimum(left, WORD)]))
        hashes[texts] = held
        going = np.flatnonzero(left > WORD)
        texts, at, left, held = texts[going], at[going] + WORD, left[going] - WORD, held[going]


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
