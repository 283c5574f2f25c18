from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.attribution.decision import decide, strongest
from codeshare.attribution.rule import STEPS
from codeshare.model import Attribution, Confidence, Evidence

_classes = st.sampled_from([Attribution.AI, Attribution.ASSISTED, Attribution.BOT, Attribution.HUMAN])


@st.composite
def _pieces(draw: st.DrawFn, steps: tuple[str, ...] = STEPS) -> Evidence:
    return Evidence(
        rule=draw(st.sampled_from(["a", "b", "c"])),
        kind=draw(st.sampled_from(steps)),
        tool=draw(st.sampled_from(["One", "Two"])),
        attribution=draw(_classes),
        confidence=draw(st.sampled_from(list(Confidence))),
        origin="message",
        excerpt=draw(st.sampled_from(["x", "y"])),
    )


def _piece(kind: str, attribution: str, confidence: str = "high") -> Evidence:
    return Evidence("r", kind, "T", Attribution(attribution), Confidence(confidence), "message", "words")


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([_piece("trailer", "ai"), _piece("line_record", "human")], "human"),
        ([_piece("trailer", "ai"), _piece("author", "assisted")], "assisted"),
        ([_piece("bot_author", "bot"), _piece("trailer", "ai", "medium")], "ai"),
        ([_piece("bot_author", "bot"), _piece("committer", "ai")], "bot"),
        ([_piece("committer", "ai"), _piece("footer", "assisted")], "ai"),
        ([_piece("footer", "assisted"), _piece("branch", "ai")], "assisted"),
        ([_piece("branch", "ai"), _piece("heuristic", "assisted", "low")], "ai"),
        ([_piece("trailer", "assisted"), _piece("trailer", "ai", "low")], "ai"),
    ],
)
def test_the_strongest_step_decides_and_within_it_ai(pieces: list[Evidence], expected: str) -> None:
    assert decide(pieces).attribution == expected
    assert decide(pieces[::-1]).attribution == expected


@given(st.lists(_pieces(), min_size=1, max_size=6), st.randoms())
def test_the_order_of_evidence_does_not_matter(pieces: list[Evidence], random: object) -> None:
    shuffled = sorted(pieces, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = decide(pieces), decide(shuffled)
    assert (one.attribution, one.confidence, one.rule, one.tool) == (
        other.attribution,
        other.confidence,
        other.rule,
        other.tool,
    )


@given(st.lists(_pieces(), min_size=1, max_size=5), st.data())
def test_weaker_evidence_changes_nothing_but_the_record(pieces: list[Evidence], data: st.DataObject) -> None:
    by = strongest(pieces)
    assert by is not None
    weaker = STEPS[STEPS.index(by.kind) + 1 :]
    if not weaker:
        return
    piece = data.draw(_pieces(steps=weaker))
    before, after = decide(pieces), decide([*pieces, piece])
    assert (before.attribution, before.confidence, before.rule) == (
        after.attribution,
        after.confidence,
        after.rule,
    )
    assert len(after.evidence) == len(before.evidence) + 1


@given(st.lists(_pieces(), min_size=1, max_size=5))
def test_a_mixed_squash_is_at_most_assisted_and_medium(pieces: list[Evidence]) -> None:
    found = decide(pieces, is_mixed=True)
    if found.is_mixed:
        assert (found.attribution, found.confidence == "high") == ("assisted", False)
    else:
        assert found.attribution in ("bot", "human")
