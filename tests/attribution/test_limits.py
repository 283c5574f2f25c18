"""Users' patterns cannot hang a run, and ours are quick on anything."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.limits import ALLOWANCE, LONGEST, MOST_STEPS, Limited, is_too_slow
from codeshare.attribution.rule import Rule
from codeshare.attribution.steps import steps
from codeshare.errors import CatalogueError
from tests.attribution.commits import commit

EVERYTHING = load_catalogue(enabled=["*"])
_MEGABYTE = 1_000_000
_ENDLESS = [
    r"(a+)+$", r"(a*)*b", r"(a|a)*$", r"(a|aa)+$", r"(\w+\s?)+$", r"(x+x+)+y", r"^(?:\s*\w+)*$", r"(?:a?){40}a{40}",
    r"(.*a){12}", r"((a{0,10}){0,10}){0,10}b", r"(?=(a+)+$)a", r"(?:b?a+)+c", r"a*a*a*a*b", r"\S+@\S+\.\S+", r"(?i:(A+a+)+)z",
    r"(é+)+$", r"([à-ö]+[é-ü]+)+z", r"(?:(?:ab|a)b?)*c", r"(a+)+?$", r"(?:(?P<x>a+))+$", r"^(a+)+\Z", r"(a*)*(?!b)c",
]  # fmt: skip
_QUICK = [
    r"agent\+\d+@example\.org", r"^(?:yes|partly)\b", r"^(\w+\.)*example\.com", r"(?:[\w-]+\.)*example\.org", r"[^<]*<[^>]*>", r".*house.*",
    r"(?:ab|cd)+e", r"^\W{0,8}Made with \[Own\]\(https://own\.example/", r"(?:\d+,)*\d+$", r"^.{1,100} via Own", r"own-[a-z0-9]+$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", _ENDLESS)
def test_what_could_take_long_is_refused(pattern: str) -> None:
    assert re.compile(pattern)
    assert is_too_slow(pattern, is_searched=True)


@pytest.mark.parametrize("pattern", _QUICK)
def test_what_users_write_is_taken(pattern: str) -> None:
    assert not is_too_slow(pattern, is_searched=True)


@pytest.mark.parametrize("key", ["name", "address", "value", "pattern"])
def test_a_users_rule_that_could_take_long_is_refused(key: str) -> None:
    kind = {"name": "identity", "address": "author", "value": "trailer", "pattern": "footer"}[key]
    needed: dict[str, dict[str, object]] = {"value": {"key": "X"}, "pattern": {"contains": ["a"]}}
    more = needed.get(key, {})
    entry = {"id": "own", "tool": "Own", "kind": kind, key: "(a+)+$", **more}
    with pytest.raises(CatalogueError, match=rf"rule own: {key} = '\(a\+\)\+\$' could take too long"):
        load_catalogue([entry])


_atom = st.sampled_from(["a", "b", "[ab]", ".", r"\w", "[^a]", r"\s", "é", r"[^\w\n]"])
_repeat = st.sampled_from(["*", "+", "?", "{0,5}", "*?", "{2,40}", "+?", "{3}"])
_patterns = st.recursive(
    _atom,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, _repeat).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"(?={pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    _patterns, st.sampled_from(["", "$", r"\b", "x", "b"]), st.sampled_from(["a", "b", "ab", "a ", "é", " "])
)
def test_what_is_taken_is_quick(pattern: str, end: str, unit: str) -> None:
    if steps(pattern + end, LONGEST, is_searched=True) > MOST_STEPS:
        return
    text = (unit * LONGEST)[: LONGEST - 1] + "!"
    start = time.process_time()
    re.compile(pattern + end, re.IGNORECASE).search(text)
    assert time.process_time() - start < 5


def test_a_users_pattern_sees_no_more_than_the_limit() -> None:
    limited = Limited(re.compile("x+"), "own")
    found = limited.search("x" * _MEGABYTE)
    assert found is not None
    assert found.end() == LONGEST
    assert limited.match("y" * LONGEST + "x") is None
    assert limited.fullmatch("x" * LONGEST) is not None
    assert limited.fullmatch("x" * (LONGEST + 1)) is None


def test_what_uses_up_its_time_ends_the_run() -> None:
    limited = Limited(re.compile(r"^(a+)+$"), "own")  # past the check, as a gap in it would let one
    limited._left = 0.05

    def look() -> None:
        for _ in range(50):
            limited.search("a" * 18 + "!")

    with pytest.raises(CatalogueError, match=r"rule own: the pattern .* has taken more than 10 s"):
        look()
    assert ALLOWANCE < 60


def test_a_users_pattern_is_limited_in_the_engine() -> None:
    entry = {"id": "own", "tool": "Own", "kind": "trailer", "key": "Own", "value": "^(?P<model>[a-z]+)"}
    engine = Attributor(load_catalogue([entry]))
    start = time.process_time()
    found = engine.attribute(commit(f"Add\n\nOwn: {'a' * _MEGABYTE}\n"))
    assert (found.rule, found.model) == ("own", "a" * LONGEST)
    assert time.process_time() - start < 1


def _units(rule: Rule) -> Iterator[str]:
    """What may be slow: runs of one thing, and of beginnings that nearly match."""
    yield from ("-\n", "a", " ", "-", "1", "claude ", "<@", "a.", "a-")
    for example in rule.match[:1]:
        yield from (example, example[:-1], example[: len(example) // 2], f" {example}\n")
    yield from (f"{key}: " for key in rule.keys[:1])


_ENTRIES = {rule.entry: rule for rule in EVERYTHING.rules}


@pytest.mark.parametrize("rule", _ENTRIES.values(), ids=_ENTRIES)
def test_no_pattern_is_slow_on_a_megabyte(rule: Rule) -> None:
    for unit in _units(rule):
        text = unit * (_MEGABYTE // len(unit))
        start = time.process_time()
        rule.matches_identity(text, text)
        for pattern in (rule.name, rule.value):
            if pattern is not None:
                pattern.search(text)
        if rule.pattern is not None:
            (rule.pattern.search if rule.is_fallback else rule.pattern.match)(text)
        assert time.process_time() - start < 1, unit


@pytest.mark.thorough
@pytest.mark.parametrize(
    "unit",
    [
        *("-\n", "a", " ", "\n", "x: y\n\n", "\n* a\n\n", "> ", "```\n", "[Claude](https://", "🤖 Generated with ["),
        *("Co-authored-by: a\n", "Co-authored-by: ", "Co-authored-by: Claude <noreply@anthropic.com\n"),
        *("Assisted-by: claude:", "Assisted-by: claude-opus\n", "Co-authored-by: Claude <noreply@anthropic.com>\n"),
        *("    Co-authored-by: Claude <noreply@anthropic.com>\n", "https://claude.ai/code/session_\n", "---------\n"),
    ],
)  # fmt: skip
def test_no_message_is_slow_to_attribute(unit: str) -> None:
    body = unit * (_MEGABYTE // len(unit))
    made = commit(f"Add (#3)\n\n{body}\n\nCo-authored-by: Claude <noreply@anthropic.com>\n")
    start = time.process_time()
    found = Attributor(EVERYTHING).attribute(made)
    assert time.process_time() - start < 4
    assert found.attribution in ("ai", "human")


def test_ordinary_commits_take_microseconds() -> None:
    body = "Explain why.\n" * 20 + "\nSigned-off-by: Ann Lee <ann@example.org>\n"
    commits = [commit(f"area: change {n}\n\n{body}", day="2026-03-01") for n in range(2000)]
    engine = Attributor(EVERYTHING)
    start = time.process_time()
    kinds = {engine.attribute(each).attribution for each in commits}
    assert time.process_time() - start < 0.5
    assert kinds == {"human"}
