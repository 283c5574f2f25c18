"""What all messages at once are asked never misses what each by itself would show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeshare.attribution import messages as module
from codeshare.attribution.engine import Attributor
from codeshare.attribution.examples import example_commit
from codeshare.attribution.hints import any_of
from codeshare.attribution.messages import Messages
from codeshare.attribution.trailers import find_all_trailers, find_trailers
from tests.attribution.commits import CATALOGUE, commit
from tests.attribution.messages import message

ONE = Attributor(CATALOGUE)
MANY = Attributor(CATALOGUE)


@pytest.fixture(autouse=True, scope="module")
def _short_arrays() -> Iterator[None]:
    with patch.object(module, "_AT_ONCE", 3):
        yield


def many(texts: list[str]) -> Messages:
    """Messages that are many enough to be asked all at once."""
    found = Messages(texts)
    with patch.object(module, "FEW", 0):
        assert found.may_hold("").all()
    return found


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(message, min_size=1, max_size=7),
    days=st.lists(st.integers(0, 4000), min_size=7, max_size=7),
)
def test_all_at_once_are_attributed_as_one_after_another(texts: list[str], days: list[int]) -> None:
    dates = [datetime(2016, 1, 1) + timedelta(days=n) for n in days[: len(texts)]]
    speaking = MANY.may_speak(many(texts), dates)
    for text, at, speaks in zip(texts, dates, speaking, strict=True):
        made = commit(text)
        assert MANY.attribute(made, at=at, may_speak=speaks) == ONE.attribute(made, at=at)


@pytest.mark.parametrize("day", [None, datetime(2019, 1, 1)])
def test_examples_of_the_rules_are_attributed_as_one_after_another(day: datetime | None) -> None:
    commits = [
        example_commit(rule, text) for rule in CATALOGUE.rules for text in (*rule.match, *rule.no_match)
    ]
    dates = [day or each.committed_at for each in commits]
    speaking = MANY.may_speak(many([each.message for each in commits]), dates)
    assert not all(speaking)
    for each, at, speaks in zip(commits, dates, speaking, strict=True):
        assert MANY.attribute(each, at=at, may_speak=speaks) == ONE.attribute(each, at=at)


@pytest.mark.thorough
@settings(max_examples=150, deadline=None)
@given(texts=st.lists(message, max_size=7))
def test_all_trailers_are_those_of_each(texts: list[str]) -> None:
    assert find_all_trailers(many(texts)) == [find_trailers(text) for text in texts]


@settings(max_examples=100, deadline=None)
@given(text=message, word=st.text(max_size=3))
def test_what_a_message_holds_it_may_hold(text: str, word: str) -> None:
    lower = text.lower()
    words = [word.lower(), "claude"]
    if any(each in lower for each in words):
        assert many(["", text]).may_hold(any_of(words))[1]


def test_no_other_letter_is_taken_for_ascii() -> None:
    others = "".join(map(chr, range(128, 0x110000)))
    found = set(re.findall("[!-~]", others, re.IGNORECASE))
    found |= {letter for letter in others if re.search("[!-~]", letter.lower())}
    assert found == set(module._LIKE_ASCII)


@pytest.mark.parametrize("count", [0, 1, module.FEW - 1])
def test_few_may_hold_anything(count: int) -> None:
    few = Messages(["x"] * count)
    assert few.may_hold("y").tolist() == [True] * count
    assert few.may_have_line("y", lambda line: False, 1).tolist() == [False, *[True] * (count - 1)][:count]


def test_many_are_read_by_what_they_hold() -> None:
    found = many(["Assisted-by: A", "\n x\nAssisted-By\t: B\n", "assisted by: A", "İ", "\udc80 ÄÖ"])
    assert found.may_hold(any_of(["assisted-by", "äö"])).tolist() == [True, True, False, True, True]
    assert found.may_hold(any_of([])).tolist() == [False, False, False, True, False]
    asked: list[str] = []
    lines = found.may_have_line("^assisted", lambda line: bool(asked.append(line)) or "B" in line, 1)
    assert lines.tolist() == [False, True, False, True, False]
    assert asked == ["Assisted-by: A", "Assisted-By\t: B", "assisted by: A"]


@pytest.mark.thorough
def test_what_is_too_large_for_re2_may_be_anywhere() -> None:
    assert many(["x"]).may_hold(any_of([f"{n}{'y' * 100}" for n in range(30_000)])).all()
