"""What a landing brings and takes beyond what the rows of lines tell."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from codeshare.provenance.recurring import differences

IDS = st.lists(st.integers(-1, 12), max_size=30).map(lambda ids: np.array(ids, dtype=np.int32))


@given(IDS, IDS)
def test_without_what_came_and_went_two_sides_are_one(after: np.ndarray, before: np.ndarray) -> None:
    came, went = differences(after, before)
    assert np.array_equal(after[~came], before[~went])


def test_what_is_on_one_side_only_is_all_there_is() -> None:
    ids = np.arange(50_000, dtype=np.int32)
    came, went = differences(ids, np.delete(ids, [1, 49_998]))
    assert np.flatnonzero(came).tolist() == [1, 49_998]
    assert not went.any()


def test_of_many_equal_lines_all_go_and_come() -> None:
    after, before = np.tile([1, 2], 1000), np.tile([1, 2, 2], 1000)
    came, went = differences(after.astype(np.int32), before.astype(np.int32))
    assert np.array_equal(after[~came], before[~went])
