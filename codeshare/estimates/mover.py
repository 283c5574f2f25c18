"""Intervals of a difference and a ratio from the intervals of two independent figures.

The method of variance estimates recovery (MOVER): the distance from a figure to the end of its interval
stands for its standard error on that side, so intervals that are not symmetric stay so.

Source: G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: A general
approach", Statistics in Medicine 27 (2008), 1693-1702 (differences); A. Donner and G. Y. Zou, "Closed-form
confidence intervals for functions of the normal mean and standard deviation", Statistical Methods in
Medical Research 21 (2012), 347-359, equation 9 (ratios, a generalisation of Fieller's theorem).
"""

from __future__ import annotations

from math import hypot, sqrt

from msgspec import Struct


class Bounded(Struct, frozen=True):
    """A figure and the ends of its interval."""

    value: float
    low: float
    high: float


def difference(first: Bounded, second: Bounded) -> Bounded:
    """``first - second`` with its interval; the two are independent."""
    value = first.value - second.value
    return Bounded(
        value,
        value - hypot(first.value - first.low, second.high - second.value),
        value + hypot(first.high - first.value, second.value - second.low),
    )


def ratio(first: Bounded, second: Bounded) -> Bounded | None:
    """``first / second`` with its interval; None where an interval reaches below 0, or the second's down to it."""
    if min(first.low, first.value) < 0 or min(second.low, second.value) <= 0:
        return None
    product = first.value * second.value
    # The products of the roots; written so that nothing is divided by what may be 0.
    below = first.low * (2 * first.value - first.low)
    over = first.high * (2 * first.value - first.high)
    wide = second.high * (2 * second.value - second.high)
    narrow = second.low * (2 * second.value - second.low)
    low_root = product + sqrt(max(product**2 - below * wide, 0.0))
    low = below / low_root if low_root else 0.0
    high = (product + sqrt(max(product**2 - over * narrow, 0.0))) / narrow
    return Bounded(first.value / second.value, low, high)
