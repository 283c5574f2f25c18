"""Intervals of differences and ratios against published figures and closed formulas."""

from __future__ import annotations

from math import hypot, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.estimates.mover import Bounded, difference, ratio


def wilson(successes: int, of: int, z: float = 1.959964) -> Bounded:
    p = successes / of
    middle = (p + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z * sqrt(p * (1 - p) / of + z**2 / (4 * of**2)) / (1 + z**2 / of)
    return Bounded(p, middle - half, middle + half)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10
        pytest.param((56, 70), (48, 80), 0.0524, 0.3339, id="56/70 - 48/80"),
        pytest.param((9, 10), (3, 10), 0.1705, 0.8090, id="9/10 - 3/10"),
        pytest.param((10, 10), (0, 10), 0.6075, 1.0, id="10/10 - 0/10"),
    ],
)
def test_differences_of_proportions_are_those_of_newcombe(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    found = difference(wilson(*first), wilson(*second))
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


values = st.floats(0.1, 1e4)
errors = st.floats(0.001, 0.3)


@given(values, errors, values, errors)
def test_of_symmetric_intervals_the_difference_is_walds(a: float, s: float, b: float, t: float) -> None:
    one, two = symmetric(a, s), symmetric(b, t)
    found, half = difference(one, two), hypot(a * s, b * t)
    assert (found.low, found.high) == pytest.approx((a - b - half, a - b + half), rel=1e-9, abs=1e-9)


@given(values, errors, values, errors)
def test_of_symmetric_intervals_the_ratio_is_fiellers(a: float, s: float, b: float, t: float) -> None:
    found = ratio(symmetric(a, s), symmetric(b, t))
    assert found is not None
    # Fieller: the ends are the r at which a - r b is as far from 0 as its own error
    for end in (found.low, found.high):
        assert (a - end * b) ** 2 == pytest.approx((a * s) ** 2 + (end * b * t) ** 2, rel=1e-6)
    assert found.low <= found.value <= found.high


@given(values, errors, errors, values, errors, errors)
def test_a_difference_holds_0_where_the_ratio_holds_1(
    a: float, below: float, above: float, b: float, under: float, over: float
) -> None:
    one, two = Bounded(a, a * (1 - below), a * (1 + above)), Bounded(b, b * (1 - under), b * (1 + over))
    gap, times = difference(one, two), ratio(one, two)
    assert times is not None
    if min(abs(gap.low), abs(gap.high)) > 1e-6 * max(a, b):
        assert (gap.low < 0 < gap.high) == (times.low < 1 < times.high)


@given(values, errors, values, errors)
def test_turned_around_the_difference_changes_its_sign(a: float, s: float, b: float, t: float) -> None:
    one, two = Bounded(a, a * (1 - s), a * (1 + t)), symmetric(b, t)
    there, back = difference(one, two), difference(two, one)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


@pytest.mark.parametrize("low", [0.0, -0.1])
def test_there_is_no_ratio_to_what_may_be_0(low: float) -> None:
    assert ratio(Bounded(0.5, 0.4, 0.6), Bounded(0.1, low, 0.2)) is None


def test_a_ratio_of_what_may_be_0_begins_at_0() -> None:
    found = ratio(Bounded(0.1, 0.0, 0.2), Bounded(0.5, 0.4, 0.6))
    assert found is not None
    assert found.low == 0


def symmetric(value: float, error: float) -> Bounded:
    return Bounded(value, value * (1 - error), value * (1 + error))
