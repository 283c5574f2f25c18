"""Feed mutated inputs to a parser; each either keeps its law or is refused, soon and in little memory."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from codeshare.errors import CodeshareError
from tests.fuzz.mutation import mutate
from tests.patience import StillWaiting, patience

PATIENCE = 5.0
"""Seconds of computing that one input may take."""
MOST_MEMORY = 256 << 20
"""Bytes by which all inputs together may raise the memory of this process."""


class Finding(AssertionError):
    """An input that neither keeps the law nor is refused."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser with its law: ``look`` raises AssertionError where the result is not consistent in itself."""

    name: str
    seeds: Sequence[bytes]
    look: Callable[[bytes], None]
    refusals: tuple[type[Exception], ...] = (CodeshareError,)


@dataclass(slots=True)
class Tally:
    """What became of the inputs, by target; ``slowest``: seconds of one input."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    def __str__(self) -> str:
        """A line a target."""
        rows = [
            f"{self.taken[name] + self.refused[name]:8,} {name}: {self.taken[name]:,} read, {self.refused[name]:,} refused"
            for name in sorted({*self.taken, *self.refused})
        ]
        return "\n".join([*rows, f"{'':8} the slowest input took {self.slowest * 1000:.0f} ms"])


def fuzz(targets: Sequence[Target], count: int, seed: int) -> Tally:
    """Try ``count`` inputs, the targets in turn; the same seed makes the same inputs.

    Raises:
        Finding: names target, number and input.
    """
    tally = Tally()
    before = _memory()
    for number in range(count):
        target = targets[number % len(targets)]
        _try(target, Random(f"{seed} {number}"), tally, f"seed {seed}, input {number}")
    assert _memory() - before < MOST_MEMORY
    return tally


def _try(target: Target, random: Random, tally: Tally, where: str) -> None:
    text = mutate(random, random.choice(target.seeds), target.seeds)
    start = time.process_time()
    try:
        with patience(PATIENCE, of_work=True):
            target.look(text)
        tally.taken[target.name] += 1
    except target.refusals:
        tally.refused[target.name] += 1
    except (Exception, StillWaiting) as error:
        raise Finding(f"{target.name}, {where}: {error!r}\n{text!r}") from error
    tally.slowest = max(tally.slowest, time.process_time() - start)


def _memory() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
