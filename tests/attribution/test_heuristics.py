from __future__ import annotations

import time
from datetime import date

import pytest

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.forms import Forms, Message
from codeshare.attribution.heuristics import LEAST_PRECISION, load_heuristics
from codeshare.model import Attribution, Confidence
from tests.attribution.commits import commit

_ALL = load_heuristics()
_EXAMPLES = [
    (rule.id, message, is_hit)
    for rule in _ALL.rules
    for messages, is_hit in ((rule.match, True), (rule.no_match, False))
    for message in messages
]


@pytest.mark.parametrize(("rule", "message", "is_hit"), _EXAMPLES)
def test_each_form_finds_its_examples(rule: str, message: str, is_hit: bool) -> None:
    assert (_ALL.forms[rule].find(Message.read(message)) is not None) == is_hit


def test_each_form_has_examples_of_both_kinds() -> None:
    assert {rule for rule, _, is_hit in _EXAMPLES if is_hit} == set(_ALL.forms)
    assert {rule for rule, _, is_hit in _EXAMPLES if not is_hit} == set(_ALL.forms)


def test_what_is_right_too_seldom_is_off_until_it_is_asked_for() -> None:
    off = {rule.id for rule in load_catalogue().off}
    for rule in _ALL.rules:
        measured = _ALL.measured[rule.id]
        assert (rule.id in off) == (measured.precision < LEAST_PRECISION or measured.repositories < 3)
        assert f"Right in {measured.right:,} of {measured.found:,} hits." in rule.source
        assert 0 < measured.right <= measured.found


def test_every_heuristic_is_of_low_confidence_and_of_the_last_step() -> None:
    assert {(rule.kind, rule.confidence) for rule in _ALL.rules} == {("heuristic", Confidence.LOW)}


_MESSAGE = "Add an index\n\nKey changes:\n- one\n"


def test_a_form_that_is_switched_on_attributes_a_commit_at_low_confidence() -> None:
    on = Attributor(load_catalogue(enabled=["form.key-changes"]))
    found = on.attribute(commit(_MESSAGE, day="2025-06-01"))
    assert (found.attribution, found.confidence, found.rule) == ("ai", "low", "form.key-changes")
    assert found.evidence[0].excerpt == "Key changes:"


def test_by_default_no_form_attributes_anything() -> None:
    found = Attributor(load_catalogue()).attribute(commit(_MESSAGE, day="2025-06-01"))
    assert (found.attribution, found.evidence) == (Attribution.HUMAN, ())


def test_a_form_says_nothing_of_days_before_agents() -> None:
    forms = Forms(_ALL.rules, _ALL.forms)
    assert forms.find(_MESSAGE, date(2022, 12, 31)) == []
    assert [piece.rule for piece in forms.find(_MESSAGE, date(2023, 1, 1))] == ["form.key-changes"]


def test_any_other_evidence_is_stronger() -> None:
    on = Attributor(load_catalogue(enabled=["form.key-changes"]))
    marked = f"{_MESSAGE}\nAssisted-by: Claude:claude-opus-4-6\n"
    found = on.attribute(commit(marked, day="2026-03-01"))
    assert (found.attribution, found.rule.startswith("form.")) == (Attribution.ASSISTED, False)
    assert "form.key-changes" in {piece.rule for piece in found.evidence}


@pytest.mark.parametrize("quoted", ["> Key changes:\n> - one\n", "    Key changes:\n    - one\n"])
def test_quotations_are_no_form_of_their_own(quoted: str) -> None:
    assert Forms(_ALL.rules, _ALL.forms).find(f"Answer\n\n{quoted}", date(2025, 1, 1)) == []


@pytest.mark.parametrize("text", ["- **a", "Key changes ", "—→", "#### ", "feat(", "do not add ", "sed "])
def test_hostile_text_takes_no_time(text: str) -> None:
    message = f"feat: x\n\n{text * (1_000_000 // len(text))}\n" + f"{text}\n" * 10_000
    began = time.process_time()
    Forms(_ALL.rules, _ALL.forms).find(message, date(2025, 1, 1))
    for ban in _ALL.bans:
        ban.read("AGENTS.md", message.encode())
    assert time.process_time() - began < 3
