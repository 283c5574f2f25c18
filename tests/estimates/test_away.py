"""Figures computed beside: whatever is sent there and back, they are those that are computed here."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pandas as pd
import pytest

from codeshare.estimates.run import ESTIMATORS, at_once, estimate
from codeshare.metrics.figures import Figures, collect, collect_counts
from tests.metrics.rows import Rows

AI: dict[str, Any] = {"attribution": "ai", "confidence": "high", "tool": "Aider"}


class Away(Executor):
    """Does work as another process would: on a copy that went through a pipe."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **given: Any) -> Future[Any]:
        done: Future[Any] = Future()
        work, args, given = pickle.loads(pickle.dumps((work, args, given)))
        done.set_result(pickle.loads(pickle.dumps(work(*args, **given))))
        return done


@pytest.fixture
def company(rows: Rows) -> Rows:
    """Two repositories of two people over two years, every third commit an agent's."""
    for repo in ("service", "web"):
        for month in range(20):
            for day in (3, 17):
                marks = AI if (month + day) % 3 == 0 else {}
                rows.commit(f"{2024 + month // 12}-{month % 12 + 1:02}-{day:02} 12:00", 20 + month, "ann" if day == 3 else "ben", repo=repo, **marks)  # fmt: skip
    return rows


@pytest.mark.thorough
def test_what_is_computed_beside_is_what_is_computed_here(company: Rows) -> None:
    seconds = estimate(company.connection)
    here = company.rows("from estimates")
    assert len({row[0] for row in here}) > 5
    told: list[str] = []
    assert estimate(company.connection, told.append, Away()).keys() == seconds.keys()
    assert company.rows("from estimates") == here
    assert told == ["volume", *ESTIMATORS] * 2


@pytest.mark.thorough
def test_what_fails_beside_is_told_here(company: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    estimate(company.connection)
    before = company.rows("from estimates")
    monkeypatch.setattr("codeshare.estimates.quality.LARGE", None)
    with pytest.raises(TypeError):
        estimate(company.connection, workers=Away())
    assert company.rows("from estimates") == before


@pytest.mark.thorough
def test_counts_read_no_estimate_but_those_that_mining_stores(company: Rows) -> None:
    counts: dict[str, Any] = {}

    def count() -> None:
        assert {row[0] for row in company.rows("select metric from estimates")} == {
            row.metric for row in at_once(company.connection)
        }
        counts.update(collect_counts(company.connection, names=True))

    estimate(company.connection, meanwhile=count)
    one, other = (collect(company.connection, names=True, counts=given) for given in (counts, None))
    assert len(company.rows("from estimates")) > 100
    for name in Figures.__struct_fields__:
        assert_same(getattr(one, name), getattr(other, name))


def assert_same(one: object, other: object) -> None:
    if isinstance(one, pd.DataFrame) and isinstance(other, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
    elif isinstance(one, dict) and isinstance(other, dict):
        assert set(one) == set(other)
        for key in one:
            assert_same(one[key], other[key])
    else:
        assert one == other
