from __future__ import annotations

import pickle
import re

import pytest

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.examples import example_evidence, failures
from codeshare.attribution.rule import Rule
from codeshare.errors import CatalogueError
from tests.attribution.commits import CATALOGUE, commit

EVERYTHING = load_catalogue(enabled=["*"])


_FROM_MESSAGES = [rule for rule in EVERYTHING.rules if rule.entry != "burst"]  # which looks at many commits


@pytest.mark.parametrize("rule", _FROM_MESSAGES, ids=lambda rule: rule.id)
def test_each_rule_on_its_examples(rule: Rule) -> None:
    assert rule.match
    assert rule.no_match
    assert rule.source
    engine = Attributor(EVERYTHING)
    for example in rule.match:
        found = [piece for piece in example_evidence(engine, rule, example) if piece.rule == rule.id]
        tool = found[0].tool if rule.is_fallback else rule.tool
        assert [(piece.attribution, piece.tool) for piece in found] == [(rule.attribution, tool)], example
    for example in rule.no_match:
        assert rule.id not in {piece.rule for piece in example_evidence(engine, rule, example)}, example


def test_examples_that_fail_are_told() -> None:
    own = {**_OWN, "examples": {"match": ["Bo <bo@example.org>"], "no_match": []}}
    catalogue = load_catalogue([own])
    assert [(each.rule, each.example) for each in failures(catalogue, catalogue.rules[:1])] == [
        ("own.author", "Bo <bo@example.org>")
    ]
    assert list(failures(EVERYTHING)) == []


def test_the_commonest_agents_and_bots_are_there() -> None:
    agents = {rule.tool for rule in CATALOGUE.rules if rule.attribution in ("ai", "assisted")}
    bots = {rule.tool for rule in CATALOGUE.rules if rule.attribution == "bot"}
    assert {
        "Claude Code",
        "Cursor",
        "Codex",
        "Aider",
        "Devin",
        "Jules",
        "OpenHands",
        "Amp",
        "Roo Code",
    } <= agents
    assert {"Dependabot", "Renovate", "GitHub Actions", "pre-commit.ci", "Weblate", "Snyk"} <= bots
    assert len(agents) > 50
    assert len(bots) > 20


def test_reviewing_agents_are_never_more_than_assisted_as_co_authors() -> None:
    reviewers = (
        "copilot-review",
        "codex-review",
        "gemini-code-assist",
        "ellipsis",
        "vercel-agent",
        "cubic",
        "greptile",
    )
    for entry in (*reviewers, "coderabbit", "sourcery", "qodo"):
        rules = [rule for rule in CATALOGUE.rules if rule.entry == entry and rule.kind == "trailer"]
        assert rules
        assert {rule.attribution for rule in rules} == {"assisted"}


_RULES = (*CATALOGUE.rules, *CATALOGUE.off)
_PATTERNS = [
    (key, pattern)
    for rule in _RULES
    for key in ("name", "address", "value", "pattern")
    if (pattern := getattr(rule, key)) is not None
]


def test_patterns_of_ours_that_are_compiled_when_they_are_needed_are_right() -> None:
    assert len(_PATTERNS) > 200
    for key, pattern in _PATTERNS:
        compiled = re.compile(pattern.pattern, re.IGNORECASE)
        assert (pattern.groups, dict(pattern.groupindex)) == (compiled.groups, dict(compiled.groupindex))
        assert key == "value" or not (pattern.search("") and pattern.match("anything")), pattern.pattern


def test_a_catalogue_can_be_sent_to_other_processes() -> None:
    CATALOGUE.rules[0].matches_identity("Bo", "bo@example.org")
    assert pickle.loads(pickle.dumps(CATALOGUE)) == CATALOGUE


_OWN = {"id": "own", "tool": "Own", "kind": "identity", "login": ["own-agent[bot]"]}


def test_the_users_rules_come_first_and_change_the_hash() -> None:
    own = load_catalogue([{**_OWN, "class": "assisted"}])
    assert own.rules[0].id == "own.author"
    assert own.hash != CATALOGUE.hash == load_catalogue().hash
    found = Attributor(own).attribute(
        commit(author="own-agent[bot] <7+own-agent[bot]@users.noreply.github.com>")
    )
    assert (found.attribution, found.tool) == ("assisted", "Own")


@pytest.mark.parametrize(
    ("name", "left"), [("claude-code.trailer", "human"), ("claude-code", "human"), ("devin", "ai")]
)
def test_rules_can_be_switched_off(name: str, left: str) -> None:
    engine = Attributor(load_catalogue(disabled=[name]))
    found = engine.attribute(commit("Add\n\nCo-authored-by: Claude <noreply@anthropic.com>\n"))
    assert found.attribution == left


def test_switching_off_what_is_not_there_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"no rule is called 'devn', did you mean devin\?"):
        load_catalogue(disabled=["devn"])


def test_a_rule_is_found_by_its_id() -> None:
    assert CATALOGUE.rule("devin.trailer").tool == "Devin"
    with pytest.raises(KeyError):
        CATALOGUE.rule("devin.trailers")
