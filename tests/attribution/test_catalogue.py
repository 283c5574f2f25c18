from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.rule import Rule
from codeshare.errors import CatalogueError
from codeshare.model import Commit, Evidence
from tests.attribution.commits import CATALOGUE, commit

_KEY = {"co-authored-by": "Co-authored-by", "signed-off-by": "Signed-off-by", "assisted-by": "Assisted-by"}


def _example_commit(rule: Rule, example: str) -> Commit:
    """The commit that an example stands for."""
    day = (rule.not_before or date(2026, 8, 1)).isoformat()
    if rule.kind in ("author", "bot_author"):
        return commit(author=example, day=day)
    if rule.kind == "committer":
        return commit(committer=example, day=day)
    if rule.kind == "branch" or rule.on_subject:
        return commit(f"{example}\n", day=day)
    if rule.kind == "trailer" and ":" not in example.partition("<")[0]:
        example = f"{_KEY[rule.keys[0]]}: {example}"
    return commit(f"Add a thing\n\n{example}\n", day=day)


def _evidence(rule: Rule, example: str) -> list[Evidence]:
    engine = Attributor(CATALOGUE)
    made = _example_commit(rule, example)
    if rule.kind == "branch":
        found = engine.branch_evidence(made)
        return [found] if found else []
    return list(engine.attribute(made).evidence)


@pytest.mark.parametrize("rule", CATALOGUE.rules, ids=lambda rule: rule.id)
def test_each_rule_on_its_examples(rule: Rule) -> None:
    assert rule.match
    assert rule.no_match
    assert rule.source
    for example in rule.match:
        found = [piece for piece in _evidence(rule, example) if piece.rule == rule.id]
        assert [(piece.attribution, piece.tool) for piece in found] == [(rule.attribution, rule.tool)], (
            example
        )
    for example in rule.no_match:
        assert rule.id not in {piece.rule for piece in _evidence(rule, example)}, example


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


_OWN = {"id": "own", "tool": "Own", "kind": "identity", "login": ["own-agent[bot]"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"confidnce": "low"}, "codeshare.toml: rule own: confidnce: unknown key, did you mean confidence?"),
        ({"kind": "trailers"}, "rule own: kind = 'trailers': did you mean trailer?"),
        ({"class": "human"}, "rule own: class = 'human': one of ai, assisted, bot."),
        ({"confidence": "hihg"}, "did you mean high?"),
        ({"name": "("}, "rule own: name is no regular expression"),
        ({"not_before": "2025-01-01"}, "must be a date such as 2025-02-24."),
        ({"not_before": datetime(2025, 1, 1)}, "must be a date"),
        ({"address": "x"}, "login and address exclude each other."),
        ({"id": ""}, "rule number 1: id must be text."),
        ({"tool": None}, "rule own: tool must be text."),
        ({"windows": [{"since": date(2025, 1, 1)}]}, "windows: each needs since, until and confidence"),
        ({"kind": "footer"}, "kind footer needs pattern."),
        ({"kind": "footer", "pattern": "x"}, "kind footer needs contains"),
        ({"kind": "heuristic", "pattern": "x", "contains": ["x"]}, 'confidence must be "low"'),
        ({"id": "devin"}, "rule devin.author: the id is there twice"),
        ({"contains": [3]}, "contains must be text or a list of texts."),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_a_wrong_entry_names_file_entry_and_key(change: dict[str, object], words: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue([{**_OWN, **change}])
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


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


def _hostile(rule: Rule) -> Iterator[str]:
    for unit in ("-\n", "a", " ", "claude ", "<@", *rule.match[:1]):
        yield unit * (1_000_000 // len(unit))


@pytest.mark.parametrize(
    "rule", {rule.entry: rule for rule in CATALOGUE.rules}.values(), ids=lambda rule: rule.entry
)
def test_no_pattern_is_slow_on_a_megabyte(rule: Rule) -> None:
    for text in _hostile(rule):
        start = time.perf_counter()
        rule.matches_identity(text, text)
        for pattern in (rule.name, rule.value):
            if pattern is not None:
                pattern.search(text)
        if rule.pattern is not None:
            rule.pattern.match(text)
        assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    "unit", ["-\n", "Co-authored-by: a\n", "x: y\n\n", "\n* a\n\n", "> ", "Co-authored-by: ", "```\n"]
)
def test_no_message_is_slow_to_attribute(unit: str) -> None:
    text = (
        "Add (#3)\n\n"
        + unit * (1_000_000 // len(unit))
        + "\n\nCo-authored-by: Claude <noreply@anthropic.com>\n"
    )
    start = time.perf_counter()
    Attributor(CATALOGUE).attribute(commit(text))
    assert time.perf_counter() - start < 1.5


def test_ordinary_commits_take_microseconds() -> None:
    body = "Explain why.\n" * 20 + "\nSigned-off-by: Ann Lee <ann@example.org>\n"
    commits = [commit(f"area: change {n}\n\n{body}", day="2026-03-01") for n in range(2000)]
    engine = Attributor(CATALOGUE)
    start = time.perf_counter()
    kinds = {engine.attribute(each).attribution for each in commits}
    assert time.perf_counter() - start < 0.5
    assert kinds == {"human"}
