from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeshare.metrics.bootstrap import LEVEL, Resampling, average, interval, intervals, ratio

values = st.lists(st.integers(0, 5) | st.floats(0, 1e6), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(values=values, data=st.data())
def test_medians_and_means_are_those_of_the_persons_drawn(values: list[float], data: st.DataObject) -> None:
    some = data.draw(st.lists(st.sampled_from(range(len(values))), min_size=1, unique=True))
    resampling = Resampling.draw(len(values), replicates=40, seed=data.draw(st.integers(0, 99)))
    persons, theirs = np.array(some), np.array([values[person] for person in some], dtype=float)
    medians, means = resampling.medians(persons, theirs), resampling.means(persons, theirs)
    assert (medians[0], means[0]) == (pytest.approx(np.median(theirs)), pytest.approx(np.mean(theirs)))
    for replicate in range(41):
        drawn = np.repeat(theirs, resampling.weights[persons, replicate])
        assert medians[replicate] == pytest.approx(np.median(drawn) if len(drawn) else np.nan, nan_ok=True)
        assert means[replicate] == pytest.approx(np.mean(drawn) if len(drawn) else np.nan, nan_ok=True)


@pytest.mark.parametrize("persons", [1, 5, 300])
def test_each_replicate_draws_as_many_as_there_are(persons: int) -> None:
    weights = Resampling.draw(persons, replicates=50).weights
    assert weights.shape == (persons, 51)
    assert (weights.sum(axis=0, dtype=int) == persons).all()


def test_everybody_is_drawn_equally_often() -> None:
    mean = Resampling.draw(20, replicates=20_000).weights[:, 1:].mean(axis=1)
    assert np.abs(mean - 1).max() < 0.04  # six standard errors


def test_the_same_seed_draws_the_same() -> None:
    one, same, other = (Resampling.draw(30, seed=seed).weights for seed in (1, 1, 2))
    assert (one == same).all()
    assert not (one == other).all()


def test_nobody_gives_no_value() -> None:
    nobody = np.array([], dtype=np.intp)
    resampling = Resampling.draw(3, replicates=4)
    assert np.isnan(resampling.medians(nobody, np.array([]))).all()
    assert np.isnan(resampling.means(nobody, np.array([]))).all()
    assert Resampling.draw(0, replicates=4).weights.shape == (0, 5)


def test_average_leaves_quarters_without_a_value_apart() -> None:
    found = average([np.array([1.0, np.nan, np.nan]), np.array([3.0, 5.0, np.nan])])
    assert found is not None
    assert found.tolist()[:2] == [2.0, 5.0]
    assert np.isnan(found[2])
    assert average([]) is None


def test_ratio_has_no_value_over_an_empty_baseline() -> None:
    found = ratio(np.array([4.0, 4.0, 4.0]), np.array([2.0, 0.0, np.nan]))
    assert found is not None
    assert found[0] == 2.0
    assert np.isnan(found[1:]).all()
    assert ratio(np.array([1.0]), None) is None


@pytest.mark.parametrize(
    ("missing", "expected"),
    [(0, (2.5, 97.5)), (5, True), (6, None)],
    ids=["none", "one in twenty", "more"],
)
def test_interval(missing: int, expected: object) -> None:
    replicates = np.linspace(0, 100, 101 if not missing else 100)
    replicates[:missing] = np.nan
    found = interval(np.insert(replicates, 0, 1e9))  # the value itself is no part of it
    if expected is True:
        assert found is not None
    else:
        assert found == (expected if expected is None else pytest.approx(expected))


@pytest.mark.thorough
def test_thousands_of_persons_take_a_second_or_so() -> None:
    chance = np.random.default_rng(1)
    lines, persons = chance.exponential(size=(90, 2500)), np.arange(2500)
    started = time.process_time()
    resampling = Resampling.draw(2500)
    for quarter in lines:
        resampling.medians(persons, quarter)
    assert time.process_time() - started < 5  # 0.6 s on an idle machine


replicated = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=120)


@settings(max_examples=60, deadline=None)
@given(columns=st.lists(replicated, min_size=1, max_size=4), without=st.integers(0, 8))
def test_ends_are_numpys_quantiles_of_what_has_a_value(columns: list[list[float]], without: int) -> None:
    rows = min(map(len, columns))
    drawn = np.array([column[:rows] for column in columns]).T.copy()
    drawn[:without, 0] = np.nan
    found = intervals(drawn)
    for column, ends in zip(drawn.T, found, strict=True):
        known = column[~np.isnan(column)]
        if len(known) < 0.95 * rows:
            assert ends is None
        else:
            assert ends == tuple(np.quantile(known, [(1 - LEVEL) / 2, 1 - (1 - LEVEL) / 2]))
