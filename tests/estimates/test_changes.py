from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from codeshare.estimates.changes import METHOD, MINIMUM_MONTHS, TOO_SHORT, estimate
from codeshare.estimates.segments import changes
from tests.metrics.rows import Rows


def noise(kind: str, months: int, seed: int) -> NDArray[np.float64]:
    from scipy.signal import lfilter  # half a second to load

    generator = np.random.default_rng(seed)
    if kind == "heavy":
        return generator.standard_t(3, months)
    drawn = generator.standard_normal(months + 50)
    return np.asarray(lfilter([1], [1, -0.3], drawn) if kind == "lasting" else drawn)[50:]


@pytest.mark.parametrize("months", [24, pytest.param(62, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("kind", ["white", "lasting", "heavy"])
def test_a_flat_history_shows_no_change_in_95_of_100(kind: str, months: int) -> None:
    """60 series a kind: up to 6 false alarms are what chance allows a method that raises 5 in 100."""
    assert sum(bool(changes(noise(kind, months, seed))) for seed in range(60)) <= 6


@pytest.mark.parametrize("seed", range(8))
def test_two_steps_are_found_and_dated(seed: int) -> None:
    levels = np.repeat([0.0, 1.0, 2.2], [30, 15, 15])
    found = changes(levels + 0.2 * noise("lasting", 60, seed))
    assert len(found) >= 2
    for at, size in ((30, 1.0), (45, 1.2)):
        nearest = min(found, key=lambda change: abs(change.at - at))
        assert abs(nearest.at - at) <= 1
        assert nearest.low <= nearest.at <= nearest.high
        assert nearest.after - nearest.before == pytest.approx(size, abs=0.3)


def test_a_step_of_a_history_counted_by_hand(rows: Rows) -> None:
    """One commit a month: 1,000 or 1,100 lines, from 2022 on 4,000 or 4,100 of an agent's."""
    for place in range(25):
        month = date(2021 + place // 12, place % 12 + 1, 10)
        late = month.year >= 2022
        mark = {"attribution": "ai", "confidence": "high", "kind": "trailer", "tool": "Agent"} if late else {}
        rows.commit(f"{month} 12:00", (4000 if late else 1000) + 100 * (place % 2), **mark)  # fmt: skip
    rows.insert("events", date=date(2021, 12, 20), label="A model", kind="release")
    found = list(estimate(rows.connection))
    (number,) = [e for e in found if e.metric == "change_points_share"]
    assert (number.value, number.n, number.unit, number.method) == (1, 24, "change points", METHOD)
    (day,) = [e for e in found if e.metric == "change_date_share"]
    assert None not in (day.value, day.low, day.high)
    assert (day.period, day.unit) == (date(2022, 1, 1), "days since 1970-01-01")
    assert date.fromordinal(date(1970, 1, 1).toordinal() + int(day.value or 0)) == day.period
    assert (day.low or 9e9) <= (day.value or 0) <= (day.high or 0)
    (size,) = [e for e in found if e.metric == "change_size_share"]
    assert (size.value, size.unit) == (pytest.approx(1.0), "share")
    (factor,) = [e for e in found if e.metric == "change_size_volume"]
    assert factor.value == pytest.approx(4.0, rel=0.1)
    assert (factor.low or 9) <= factor.value <= (factor.high or 0)
    for e in found:
        rows.insert(
            "estimates", metric=e.metric, scope=e.scope, part=e.part, period=e.period, value=e.value, low=e.low,
            high=e.high, n=e.n, unit=e.unit, method=e.method,
        )  # fmt: skip
    row = rows.row("from change_points where series = 'share'")
    assert (row["changed_on"], row["release"], row["first_ai_on"], row["first_ai_tool"]) == (
        date(2022, 1, 1), "A model", date(2022, 1, 10), "Agent",
    )  # fmt: skip


def test_too_few_months_tell_nothing_and_the_running_one_is_left_out(rows: Rows) -> None:
    rows.daily("2024-01-01", 30 * MINIMUM_MONTHS, 10)
    found = {e.metric: e for e in estimate(rows.connection)}
    volume = found["change_points_volume"]
    assert (volume.value, volume.n, volume.method) == (None, MINIMUM_MONTHS - 1, TOO_SHORT)
    assert "change_points_engineer" not in found, "one person is no series per engineer"


def test_a_history_without_a_change_says_so(rows: Rows) -> None:
    rows.daily("2022-01-01", 365 * 2 + 1, 10)
    found = {e.metric: e.value for e in estimate(rows.connection)}
    assert found == {"change_points_volume": 0, "change_points_share": 0}
