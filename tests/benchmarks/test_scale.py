from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

FOLDER = str(Path(__file__).resolve().parents[2] / "benchmarks")
GIVEN = {"repositories": 1_000, "changed": 0.5, "workers": 4, "fetches": 4, "fetch": 0.5, "put": 0.0, "look": 0.01, "join": 0.0, "entry": 60}  # fmt: skip


def test_more_workers_mine_faster_until_the_largest_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FOLDER)
    import scale

    costs, given = scale.Costs(repository=0.05, commit=0.002), scale.Given(**GIVEN)
    steps = {step.name: step for step in scale.night(costs, given)}
    assert steps["fetch"].seconds == 125
    assert steps["look what is new"].seconds == 10
    assert steps["mine"].limit == "4 workers"
    eight = {step.name: step for step in scale.night(costs, replace(given, workers=8))}
    assert steps["mine"].seconds == pytest.approx(2 * eight["mine"].seconds, rel=0.05)
    many = {step.name: step for step in scale.night(costs, replace(given, workers=500))}
    assert many["mine"].limit == "the largest repository"
    assert many["mine"].seconds <= costs.of(5_000) + 1
    week = {step.name: step.seconds for step in scale.week(costs, given, commits_each=10)}
    assert week["mine"] == pytest.approx((27_500_000 * 0.05 + 275_000_000 * 0.002) / 4)
    for name in ("scale", "fleet", "histories", "measure", "commands"):
        sys.modules.pop(name, None)
