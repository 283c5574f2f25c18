from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from codeshare.collector import without_collector


@pytest.fixture
def walked() -> Iterator[list[int]]:
    """Over how many objects the collector has walked, each time."""
    met: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            met.append(sum(len(gc.get_objects(young)) for young in range(info["generation"] + 1)))

    gc.callbacks.append(note)
    try:
        yield met
    finally:
        gc.callbacks.remove(note)


def test_nobody_walks_over_what_was_made_meanwhile(walked: list[int]) -> None:
    kept: list[list[int]] = []
    with without_collector():
        kept += [[n] for n in range(50_000)]
        assert walked == []
    kept += [[n] for n in range(5_000)]
    assert gc.isenabled()
    assert walked  # it is at work again
    assert walked[0] < 10_000 < len(kept)
    assert gc.get_freeze_count() == 0


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with without_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_somebody_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with without_collector():
            pass
        assert gc.isenabled()
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()
