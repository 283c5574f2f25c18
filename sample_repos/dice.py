"""Random draws that are the same on every Python: only ``Random.random`` is used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, MutableSequence, Sequence
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


def total(values: Iterable[float]) -> float:
    """Add floats one after the other: the built-in ``sum`` rounds otherwise since Python 3.12."""
    result = 0.0
    for value in values:
        result += value
    return result


class Dice:
    """A stream of draws, named by what it is for, so that one stream never disturbs another."""

    def __init__(self, *name: object) -> None:
        """Seed the stream with the digest of its name."""
        digest = hashlib.sha256("/".join(map(str, name)).encode()).digest()
        self.random = Random(int.from_bytes(digest[:16], "big")).random

    def between(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, p: float) -> bool:
        """Return True once in ``1/p`` draws."""
        return self.random() < p

    def pick(self, values: Sequence[T]) -> T:
        """Return one of the values, all equally likely."""
        return values[int(self.random() * len(values))]

    def weighted(self, pairs: Iterable[tuple[T, float]]) -> T:
        """Return one of the values, likely as its weight says."""
        choices = list(pairs)
        left = self.random() * total(weight for _, weight in choices)
        for value, weight in choices:
            left -= weight
            if left < 0:
                return value
        return choices[-1][0]

    def skewed(self, mean: int) -> int:
        """Return a size of at least 1: many small, few up to about five times the mean."""
        draw = self.random()
        return max(1, int(mean * (0.12 + 0.9 * draw + 1.75 * draw * draw * draw)))

    def bell(self) -> float:
        """Return a number around 1, between 0.55 and 1.45."""
        return 0.55 + 0.3 * (self.random() + self.random() + self.random())

    def shuffle(self, values: MutableSequence[Any]) -> None:
        """Shuffle in place."""
        for i in range(len(values) - 1, 0, -1):
            j = int(self.random() * (i + 1))
            values[i], values[j] = values[j], values[i]

    def hexadecimal(self, length: int) -> str:
        """Return so many hexadecimal digits."""
        return "".join("0123456789abcdef"[int(self.random() * 16)] for _ in range(length))

    def digits(self, length: int) -> str:
        """Return so many decimal digits, the first not zero."""
        return str(self.between(1, 9)) + "".join(str(self.between(0, 9)) for _ in range(length - 1))
