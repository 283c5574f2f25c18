from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.attribution.people import People, normalise_email, person_id
from codeshare.attribution.pseudonyms import pseudonyms
from codeshare.config import Alias
from codeshare.errors import ConfigError
from codeshare.model import Identity
from tests.attribution.commits import CATALOGUE, identity


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("Ann@Example.ORG", "ann@example.org"),
        (" ann@example.org ", "ann@example.org"),
        ("123+Ann@users.noreply.github.com", "ann@users.noreply.github.com"),
        ("ann@users.noreply.github.com", "ann@users.noreply.github.com"),
        ("123-ann@users.noreply.gitlab.com", "ann@users.noreply.gitlab.com"),
        ("ann+x@example.org", "ann+x@example.org"),
        ("", ""),
    ],
)
def test_addresses_are_compared_in_one_form(email: str, expected: str) -> None:
    assert normalise_email(email) == expected
    assert normalise_email(normalise_email(email)) == expected


_PEOPLE = People(
    CATALOGUE,
    [Alias("ann@example.org", ("ann@old.example", "7+ann@users.noreply.github.com"), "Ann Lee")],
    {"core": ["ann@old.example", "bo@example.org"]},
)


@pytest.mark.parametrize(
    ("words", "mapped", "email", "kind", "how"),
    [
        ("Bo <bo@example.org>", None, "bo@example.org", "person", "itself"),
        ("Bo <BO@example.org>", None, "bo@example.org", "person", "itself"),
        ("Bo <bo@home.example>", "Bo <bo@example.org>", "bo@example.org", "person", "mailmap"),
        ("Ann <ann@old.example>", None, "ann@example.org", "person", "alias"),
        ("ann <8+ann@users.noreply.github.com>", None, "ann@example.org", "person", "alias"),
        ("Cy <9+cy@users.noreply.github.com>", None, "cy@users.noreply.github.com", "person", "noreply"),
        ("Bo (aider) <bo@example.org>", None, "bo@example.org", "person", "itself"),
        ("Claude <noreply@anthropic.com>", None, "", "agent", "rule"),
        ("Copilot <copilot@github.com>", None, "", "agent", "rule"),
        ("dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", None, "", "bot", "rule"),
        ("GitHub <noreply@github.com>", None, "", "bot", "rule"),
        ("Claude Dupont <claude@example.fr>", None, "claude@example.fr", "person", "itself"),
    ],
)
def test_who_stands_behind_an_identity(
    words: str, mapped: str | None, email: str, kind: str, how: str
) -> None:
    person = _PEOPLE.resolve(identity(words), identity(mapped) if mapped else None)
    assert (person.email, person.kind, person.how) == (email, kind, how)
    if kind == "person":
        assert person.person == person_id(email)
        assert "(aider)" not in person.name


def test_an_unknown_bot_is_one_bot_with_and_without_its_number() -> None:
    one = _PEOPLE.resolve(identity("acme[bot] <1+acme[bot]@users.noreply.github.com>"))
    other = _PEOPLE.resolve(identity("Acme <acme[bot]@users.noreply.github.com>"))
    assert (one.kind, one.person) == ("bot", other.person)


def test_a_shared_name_joins_nobody_and_neither_does_an_empty_address() -> None:
    ids = {
        _PEOPLE.resolve(Identity(name, email)).person
        for name, email in [("Jo", "jo@a.example"), ("Jo", "jo@b.example"), ("Jo", ""), ("Al", ""), ("", "")]
    }
    assert len(ids) == 5


def test_teams_are_found_by_any_address_of_a_person() -> None:
    assert _PEOPLE.team(person_id("ann@example.org")) == "core"
    assert _PEOPLE.team(person_id("nobody@example.org")) is None


@pytest.mark.parametrize(
    ("aliases", "teams"),
    [
        ([Alias("a@x", ("c@x",)), Alias("b@x", ("c@x",))], {}),
        ([Alias("a@x", ("b@x",)), Alias("b@x", ("A@x",))], {}),
        ([Alias("a@x", ("b@x",)), Alias("b@x", ("c@x",)), Alias("c@x", ("a@x",))], {}),
        ([], {"one": ["a@x"], "two": ["a@x"]}),
    ],
)
def test_contradictions_are_refused(aliases: list[Alias], teams: dict[str, list[str]]) -> None:
    with pytest.raises(ConfigError, match="stands in"):
        People(CATALOGUE, aliases, teams)


def test_a_main_address_may_be_another_aliases_further_one() -> None:
    aliases = [Alias("b@x", ("c@x",)), Alias("a@x", ("b@x",), "Al"), Alias("a@x", ("d@x",))]
    people = People(CATALOGUE, aliases, {"core": ["c@x"]})
    found = {people.resolve(identity(f"Al <{each}@x>")) for each in "bcd"}
    assert {(each.person, each.name, each.email, each.how) for each in found} == {
        (person_id("a@x"), "Al", "a@x", "alias")
    }
    assert people.team(person_id("a@x")) == "core"


def _row(words: str, mapped: str | None = None) -> tuple[str, str, str, str]:
    raw, target = identity(words), identity(mapped or words)
    return raw.name, raw.email, target.name, target.email


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([_row("Al <al@old>"), _row("Al <al@old>", "Al <al@new>")], {"al@old": "al@new"}),
        ([_row("Al <al@old>", "Al <al@new>"), _row("Al <al@new>")], {"al@old": "al@new"}),
        (
            [_row("Al <a@1>", "Al <a@2>"), _row("Al <a@2>", "Al <a@3>"), _row("Al <a@1>")],
            {"a@1": "a@3", "a@2": "a@3"},
        ),
        (
            [
                _row("Al <root@host>", "Al <al@x>"),
                _row("Bo <root@host>", "Bo <bo@x>"),
                _row("Cy <root@host>"),
            ],
            {},
        ),
        ([_row("Jo <jo@a>"), _row("Jo <jo@b>")], {}),
        ([_row("Claude <noreply@anthropic.com>", "Al <al@x>"), _row("Al <al@x>")], {}),
    ],
    ids=["in another repository", "in one", "through two", "a shared machine", "only a name", "an agent"],
)
def test_joining_over_repositories(rows: list[tuple[str, str, str, str]], expected: dict[str, str]) -> None:
    ids = {person_id(old): person_id(new) for old, new in expected.items()}
    people = People(CATALOGUE)
    assert people.join(rows) == ids
    assert people.join(reversed(rows)) == ids


_addresses = st.sampled_from(["a@x", "b@x", "c@x", "d@x"])
_rows = st.lists(st.tuples(st.just("N"), _addresses, st.just("N"), _addresses), max_size=8)


@given(_rows)
def test_joining_is_settled_at_once(rows: list[tuple[str, str, str, str]]) -> None:
    joined = People(CATALOGUE).join(rows)
    assert not set(joined) & set(joined.values())


@given(st.sets(st.text(min_size=1, max_size=8), max_size=40), st.text(max_size=4))
def test_pseudonyms_are_one_each_and_depend_on_the_set_alone(persons: set[str], salt: str) -> None:
    words = pseudonyms(sorted(persons), salt)
    assert set(words) == persons
    assert len(set(words.values())) == len(persons)
    assert words == pseudonyms(sorted(persons, reverse=True), salt)


def test_a_newcomer_changes_hardly_anybodys_pseudonym() -> None:
    ids = [person_id(f"{n}@example.org") for n in range(60)]
    before = pseudonyms(ids, "salt")
    changed = [
        sum(
            pseudonyms([*ids, person_id(f"new{n}@example.org")], "salt")[each] != before[each] for each in ids
        )
        for n in range(40)
    ]
    assert sum(changed) < 20
    assert max(changed) <= 3


def test_pseudonyms_beyond_the_list_and_other_salts() -> None:
    ids = [person_id(str(n)) for n in range(1500)]
    words = pseudonyms(ids, "salt")
    assert len(set(words.values())) == 1500
    assert any(word.endswith(" 2") for word in words.values())
    assert pseudonyms(ids[:50], "other") != pseudonyms(ids[:50], "salt")
