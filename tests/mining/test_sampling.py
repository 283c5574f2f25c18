from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.mining.sampling import Candidate, draw, equally, proportionally


def candidates(**sizes: int) -> list[Candidate]:
    """So many commits of each stratum, ``ai_small=3``."""
    return [
        Candidate(f"{name}{number}", name.partition("_")[0], name.replace("_", "/"))
        for name, size in sizes.items()
        for number in range(size)
    ]


@pytest.mark.parametrize(
    ("there", "size", "expected"),
    [
        ({"ai": 100, "human": 100}, 60, {"ai": 30, "human": 30}),
        ({"ai": 10, "human": 100}, 60, {"ai": 10, "human": 50}),
        ({"ai": 100, "assisted": 4, "human": 100}, 24, {"assisted": 4, "ai": 10, "human": 10}),
        ({"human": 5}, 60, {"human": 5}),
        ({}, 60, {}),
    ],
    ids=["equal", "what is missing goes to the others", "three", "all there are", "nothing"],
)
def test_attributions_share_equally(there: dict[str, int], size: int, expected: dict[str, int]) -> None:
    assert equally(there, size) == expected


def test_strata_share_in_proportion_and_none_goes_without() -> None:
    assert proportionally({"small": 90, "large": 10}, 20) == {"small": 18, "large": 2}
    assert proportionally({"small": 99, "huge": 1}, 10) == {"small": 10, "huge": 1}


def test_weights_by_hand() -> None:
    # 10 each; of 90 and 10 human commits 9 and 1 are drawn, each for ten; all ten of the agent's, each for itself
    drawn = draw(candidates(ai_small=10, human_small=90, human_large=10), 20)
    assert Counter((each.stratum, each.weight) for each in drawn) == {
        ("ai/small", 1.0): 10, ("human/small", 10.0): 9, ("human/large", 10.0): 1,
    }  # fmt: skip


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4), st.integers(1, 100))
def test_weights_add_up_to_the_commits_there_are(sizes: list[int], size: int) -> None:
    names = ("ai_small", "ai_large", "human_small", "human_large")
    found = candidates(**dict(zip(names, sizes, strict=True)))
    drawn = draw(found, size)
    assert draw(found[::-1], size) == drawn
    weights: Counter[str] = Counter()
    for each in drawn:
        weights[each.stratum] += each.weight  # type: ignore[assignment]
    there = Counter(each.stratum for each in found)
    assert all(weights[name] == pytest.approx(there[name]) for name in weights)


def test_a_larger_sample_holds_the_smaller_one() -> None:
    found = candidates(ai_small=50, human_small=200)
    assert {each.sha for each in draw(found, 20)} < {each.sha for each in draw(found, 40)}
