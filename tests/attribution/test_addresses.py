"""Addresses that are named one by one are those that their pattern matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.attribution.addresses import Named, all_named, named, of_logins
from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.identities import IdentityRules
from codeshare.model import Identity

CATALOGUE = load_catalogue()
RULES = (*CATALOGUE.rules, *CATALOGUE.off)
ADDRESSES = sorted({rule.address.pattern for rule in RULES if rule.address is not None})
NAMED = [rule.address for rule in RULES if isinstance(rule.address, Named)]
WORDS = sorted({word for each in NAMED for word in (*each.logins, *each.whole)})
NAMES = sorted({
    example.partition(" <")[0] for rule in RULES if rule.name is not None for example in rule.match
} | {re.sub(r"[\\^$]", "", rule.name.pattern) for rule in RULES if rule.name is not None})  # fmt: skip
PARTS = st.sampled_from(["", "12+", "+", "٣+", "1x+", " ", "\n", "x", "ſ", "K", "@users.noreply.github.com", "@USERS.noreply.github.com", "@x.ai"])  # fmt: skip


def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def test_most_addresses_of_the_catalogue_are_named() -> None:
    assert len({each.pattern for each in NAMED}) > 0.8 * len(ADDRESSES)


@given(st.sampled_from(NAMED), st.sampled_from(WORDS), PARTS, PARTS, st.booleans())
def test_named_is_as_its_pattern(found: Named, word: str, before: str, after: str, is_upper: bool) -> None:
    for each in (word, *sorted(found.logins), *sorted(found.whole)):
        address = before + (each.upper() if is_upper else each) + after
        expected = compiled(found.pattern).fullmatch(address) is not None
        assert (found.fullmatch(address) is not None) == expected, address
        assert found.may_hold(address) or not expected


@pytest.mark.parametrize("pattern", ["a@b.c", "(?:a|b)@c", "a?@b", r"\d@b", "(?:a@b|(?:c)@d)", "(?:a@b)|(?:c@d)", "a@b$"])  # fmt: skip
def test_what_is_more_than_addresses_is_compiled(pattern: str) -> None:
    assert not isinstance(named(pattern), Named)


def test_what_is_named() -> None:
    found = named(r"(?:Bot@A\.b|c\-d@e\.f)")
    assert isinstance(found, Named)
    assert found.whole == {"bot@a.b", "c-d@e.f"}
    pattern, logins = of_logins(["Some[bot]", "12+other"])
    for address in ("some[bot]@users.noreply.github.com", "7+SOME[bot]@users.noreply.github.com", "12+other@users.noreply.github.com"):  # fmt: skip
        assert logins.fullmatch(address)
        assert compiled(pattern).fullmatch(address)
    for address in ("other@users.noreply.github.com", "13+other@users.noreply.github.com", "some[bot]@x.org"):
        assert not logins.fullmatch(address)
        assert not compiled(pattern).fullmatch(address)
    assert all_named([found, logins]).may_hold("12+OTHER@users.noreply.github.com")


@given(st.sampled_from(["Somebody", *NAMES]), st.sampled_from(["me@example.org", *WORDS]), PARTS, PARTS)
def test_rules_that_match_an_identity_are_those_that_match_one_by_one(
    name: str, word: str, before: str, after: str
) -> None:
    who = Identity(name, before + word + after)
    expected = [rule for rule in CATALOGUE.rules if rule.matches_identity(who.name, who.email)]
    assert list(IdentityRules(CATALOGUE.rules, CATALOGUE.rules).matching(who)) == expected
