from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.attribution.records.claim import Claim, Source
from codeshare.attribution.records.settle import settle
from codeshare.model import Attribution, Confidence


def source(key: str) -> Source:
    who = Attribution.HUMAN if key.startswith("h") else Attribution.AI
    return Source("git-ai.session", "refs/notes/ai", who, Confidence.HIGH, key=key)


def claim(key: str, first: int, last: int, path: bytes = b"a") -> Claim:
    return Claim(path, first, last - first + 1, source(key))


@pytest.mark.parametrize(
    ("claims", "added", "owners", "over"),
    [
        ([("s1", 1, 5)], [(1, 5)], [("s1", 1, 5)], 0),
        ([("s1", 1, 9)], [(3, 2), (7, 1)], [("s1", 3, 2), ("s1", 7, 1)], 6),
        ([("s1", 1, 9)], [], [], 9),
        ([("s1", 1, 2**31 - 1)], [(5, 1)], [("s1", 5, 1)], 2**31 - 2),
        ([("s1", 1, 6), ("s2", 3, 4)], [(1, 9)], [("s1", 1, 2), ("s2", 3, 2), ("s1", 5, 2)], 0),
        ([("s2", 3, 4), ("s1", 1, 6)], [(1, 9)], [("s1", 1, 6)], 0),
        ([("h1", 3, 4), ("s1", 1, 6)], [(1, 9)], [("s1", 1, 2), ("h1", 3, 2), ("s1", 5, 2)], 0),
        ([("s1", 5, 6), ("s1", 1, 4)], [(1, 9)], [("s1", 1, 6)], 0),
        ([("s1", 1, 4), ("s1", 3, 6)], [(1, 2), (3, 4)], [("s1", 1, 6)], 0),
        ([("s1", 1, 4), ("s2", 1, 4)], [(9, 1)], [], 4),
    ],
    ids=[
        "all",
        "cut",
        "nothing added",
        "past the end",
        "the later wins",
        "order counts",
        "a person wins",
        "joined",
        "overlap counts once",
        "overclaim counts once",
    ],
)
def test_lines_go_to_their_owners(
    claims: list[tuple[str, int, int]],
    added: list[tuple[int, int]],
    owners: list[tuple[str, int, int]],
    over: int,
) -> None:
    settled = settle([claim(*one) for one in claims], {b"a": added})
    assert [(one.source.key, one.start, one.count) for one in settled.claims] == owners
    assert settled.overclaimed == ({b"a": over} if over else {})


def test_a_path_that_the_commit_did_not_change_is_overclaimed() -> None:
    settled = settle([claim("s1", 1, 3, b"b"), claim("s1", 1, 1)], {b"a": [(1, 1)], b"c": [(1, 1)]})
    assert [one.path for one in settled.claims] == [b"a"]
    assert settled.overclaimed == {b"b": 3}


CLAIMS = st.lists(
    st.builds(
        claim,
        st.sampled_from(["s1", "s2", "h1", "h2"]),
        st.integers(1, 30),
        st.integers(30, 45),
        st.sampled_from([b"a", b"b"]),
    )
    | st.builds(claim, st.sampled_from(["s1", "h1"]), st.just(7), st.integers(7, 12)),
    max_size=12,
)
LINES = st.dictionaries(st.sampled_from([b"a", b"b"]), st.sets(st.integers(1, 50)))


@given(CLAIMS, LINES, st.randoms())
def test_settling_agrees_with_going_line_by_line(claims: list[Claim], lines: dict[bytes, set[int]], random) -> None:  # type: ignore[no-untyped-def]  # fmt: skip
    runs = {path: [(n, 1) for n in sorted(some)] for path, some in lines.items()}
    for some in runs.values():
        random.shuffle(some)
    settled = settle(claims, runs)
    owner: dict[tuple[bytes, int], Source] = {}
    for is_human in (False, True):
        for one in claims:
            if (one.source.attribution is Attribution.HUMAN) is is_human:
                owner |= {(one.path, n): one.source for n in range(one.start, one.start + one.count)}
    inside = {place: by for place, by in owner.items() if place[1] in lines.get(place[0], ())}
    assert [(c.path, n, c.source) for c in settled.claims for n in range(c.start, c.start + c.count)] == [
        (*place, by) for place, by in sorted(inside.items(), key=lambda item: item[0])
    ]
    assert settled.lines + sum(settled.overclaimed.values()) == len(owner)
    assert all(settled.overclaimed.values())


@pytest.mark.thorough
def test_many_claims_to_the_same_lines_take_no_longer() -> None:
    nested = [claim(f"s{k % 7}", k + 1, 200_000 - k) for k in range(50_000)]
    added = [(2 * k + 1, 1) for k in range(100_000)]
    begun = time.process_time()
    assert settle(nested, {b"a": added}).lines == 100_000
    assert time.process_time() - begun < 10
