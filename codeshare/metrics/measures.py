"""The measures that are set beside each other, read from ``measures.toml``."""

from __future__ import annotations

from functools import cache

import tomli
from msgspec import Struct

from codeshare.shipped import shipped


class Measure(Struct, frozen=True):
    """A figure of the table ``estimates`` with its words.

    Attributes:
        at_days: the age or window that it is for; None: none.
        says: what it is, in a sentence without its first word in upper case.
        query: the named query that carries its definition.
        estimator: the module of ``codeshare.estimates`` that computes it.
        only: ``attribution`` or ``sides`` where it does not serve both; empty: both.
    """

    metric: str
    label: str
    says: str
    query: str
    estimator: str
    at_days: float | None = None
    only: str = ""

    @property
    def key(self) -> tuple[str, float | None]:
        """What finds its rows."""
        return self.metric, self.at_days


def measures(of: str) -> tuple[Measure, ...]:
    """What is compared of two attributions (``attribution``) or two ``sides``, in the order in which it is shown."""
    return tuple(measure for measure in all_measures() if measure.only in ("", of))


@cache
def all_measures() -> tuple[Measure, ...]:
    """Every measure."""
    text = shipped("metrics/measures.toml")
    return tuple(Measure(**row) for row in tomli.loads(text)["measure"])
