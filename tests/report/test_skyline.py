"""Release labels above bars: whatever stands there, nothing crosses anything."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeshare.report.skyline import Block, Flag, Placed, pack

WIDTH = 850.0


def _bars(tops: list[float]) -> list[Block]:
    step = WIDTH / len(tops)
    return [Block(k * step + 4, (k + 1) * step - 4, top) for k, top in enumerate(tops)]


def _crossings(placed: list[Placed], blocks: list[Block]) -> list[str]:
    found = []
    for one, two in combinations(placed, 2):
        if one.left < two.right and two.left < one.right and one.bottom < two.top and two.bottom < one.top:
            found.append(f"texts {one.flag.text}, {two.flag.text}")
    for one in placed:
        for two in placed:
            passes = one is not two and two.left < one.flag.x < two.right
            if passes and one.foot < two.top and two.bottom < one.top:
                found.append(f"leader of {one.flag.text} through {two.flag.text}")
        for block in blocks:
            if block.left < one.right and one.left < block.right and one.bottom < block.top:
                found.append(f"{one.flag.text} on a bar")
            if block.left < one.flag.x < block.right and one.foot < block.top:
                found.append(f"leader of {one.flag.text} in a bar")
    return found


@pytest.mark.parametrize("number", range(21))
def test_no_two_boxes_cross(number: int) -> None:
    chance = random.Random(number)
    for _ in range(20):
        blocks = _bars([chance.uniform(5, 300) for _ in range(chance.randint(1, 40))])
        flags = [Flag(chance.uniform(0, WIDTH), f"label {k}", chance.uniform(30, 200)) for k in range(number)]
        assert _crossings(pack(flags, blocks, WIDTH), blocks) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, WIDTH), st.floats(10, 260)), max_size=20),
    st.lists(st.floats(0, 400), min_size=1, max_size=30),
)
def test_nothing_crosses_wherever_the_releases_fall(at: list[tuple[float, float]], tops: list[float]) -> None:
    blocks = _bars(tops)
    flags = [Flag(x, f"label {k}", width) for k, (x, width) in enumerate(at)]
    placed = pack(flags, blocks, WIDTH)
    assert _crossings(placed, blocks) == []
    assert all(p.left >= 0 and p.right <= WIDTH for p in placed)


def test_all_labels_are_kept_where_there_is_room() -> None:
    flags = [Flag(200.0 + 60 * k, f"label {k}", 150) for k in range(10)]
    assert len(pack(flags, _bars([40.0] * 10), WIDTH)) == 10


def test_a_label_at_the_left_edge_begins_right_of_its_leader() -> None:
    (placed,) = pack([Flag(20, "early", 120)], _bars([40.0]), WIDTH)
    assert placed.is_right
    assert placed.left > placed.flag.x


def test_releases_of_one_day_stand_above_one_another() -> None:
    placed = pack([Flag(400, "one", 90), Flag(400, "two", 90)], _bars([40.0]), WIDTH)
    assert [p.flag.text for p in placed] == ["one", "two"]
    assert placed[1].bottom >= placed[0].top
