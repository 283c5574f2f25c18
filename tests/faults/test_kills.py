from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.kills import LOST, SIGNALS, endure


@pytest.mark.parametrize(
    ("times", "seed"),
    [(3, 20261121), pytest.param(10, 11, marks=pytest.mark.long)],
    ids=["a few kills", "some kills"],
)
def test_nothing_is_lost_when_a_mine_is_killed(
    tmp_path: Path, times: int, seed: int, record_property: Callable[[str, object], None]
) -> None:
    """`python -m tests.faults.kills 200` does it more often; each kill looks at what is left and mines again."""
    record_property("tried: kills", times)
    met = endure(times, seed, tmp_path)
    assert met.total() == times
    assert {how for how, _ in met} <= set(SIGNALS)
    assert LOST not in {state for _, state in met}, "what is printed above tells"
