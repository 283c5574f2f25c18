from __future__ import annotations

import time

import pytest

from codeshare.attribution.suggestions import REASONS, Known, suggest


def _known(person: str, names: str, *addresses: str, commits: int = 1) -> Known:
    return Known(person, tuple(names.split("/")), addresses, commits)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (("Ann Lee", "ann@example.org"), ("Ann Lee", "ann+git@example.org"), "same name, same address but for a tag or dots"),
        (("Ann Lee", "ann.lee@example.org"), ("Ann Lee", "annlee@example.org"), "same name, same address but for a tag or dots"),
        (("Ann Lee", "alee7@users.noreply.github.com"), ("ann  LEE", "alee7@example.org"), "same name, no-reply address of the same account"),
        (("Ann Lee", "alee7@users.noreply.github.com"), ("Ann Lee", "alee7@users.noreply.gitlab.com"), "same name, no-reply address of the same account"),
        (("Ann Lee", "annlee@users.noreply.github.com"), ("Ann Lee", "a@example.org"), "same name, an account called like the person"),
        (("Ann Lee", "al@example.org"), ("Lee, Ann", "al@laptop.example.org"), "same name, same local part at a machine or subdomain of it"),
        (("Ann Lee", "al@example.org"), ("Ann Lee", "al@anns-laptop.(none)"), "same name, same local part at a machine or subdomain of it"),
        (("Ann Lee", "al@example.org"), ("Ann Lee", "al@example.net"), "same name, same local part"),
        (("Ánn Lée", "al@example.org"), ("Ann Lee", "al@example.net"), "same name, same local part"),
        (("Ann Lee", "annlee@example.org"), ("Ann Lee", "annlee77@gmail.com"), "same name, local parts of a few letters' difference"),
        (("Ann Lee", "git@example.org"), ("Ann Lee", "mail@example.org"), "same name, same domain of their own"),
        (("Ann Lee", "alee7@example.org"), ("Ann B. Lee", "alee7@example.net"), "similar name, same local part"),
        (("Ann Lee", "alee77@example.org"), ("nightowl", "alee77@users.noreply.github.com"), "the account's name is the other's local part"),
        (("Ann Lee", "root@localhost"), ("Ann B Lee", "root@localhost"), "same address, kept apart by name"),
        (("Ann Lee (aider)", "al@example.org"), ("Ann Lee", "al@example.net"), "same name, same local part"),
    ],
)  # fmt: skip
def test_persons_who_may_be_one(first: tuple[str, str], second: tuple[str, str], reason: str) -> None:
    (found,) = suggest([_known("1", *first), _known("2", *second)])
    assert (found.reason, found.score, found.is_weak) == (reason, REASONS[reason], False)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Ann Lee", "ann@example.org"), ("Bob Ray", "bob@example.org")),
        (("Ann Lee", "info@example.org"), ("Bob Ray", "info@example.net")),
        (("Kim", "kim@one.example"), ("Kim Roe", "kim@two.example")),
        (("Ann Lee", "al@example.org"), ("Bob Ray", "al@users.noreply.github.com")),
        (("", "al@example.org"), ("", "bo@example.net")),
        (("Ann Lee", "root@localhost"), ("Bob Ray", "root@localhost")),
        (("Ann Lee", ""), ("Bob Ray", "")),
    ],
)
def test_persons_who_are_not_proposed(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert suggest([_known("1", *first), _known("2", *second)]) == []


@pytest.mark.parametrize("other", ["ann77@gmail.com", "x@users.noreply.github.com", ""])
def test_a_name_alone_is_weak(other: str) -> None:
    (found,) = suggest([_known("1", "Ann Lee", "dev@example.org"), _known("2", "Ann Lee", other)])
    assert (found.reason, found.is_weak) == ("same name only", True)


def test_people_of_one_name_at_a_public_domain_have_only_the_name_in_common() -> None:
    (found,) = suggest([_known("1", "Ann Lee", "ann@gmail.com"), _known("2", "Ann Lee", "zebra@gmail.com")])
    assert found.is_weak


def test_the_surest_come_first_and_the_first_of_a_pair_has_more_commits() -> None:
    people = [
        _known("1", "Ann Lee", "al@example.org", commits=2),
        _known("2", "Ann Lee", "al@example.net", "al+x@example.org", commits=9),
        _known("3", "Ann Lee", "mouse@zoo.example", commits=5),
    ]
    found = [(each.person.person, each.other.person, each.is_weak) for each in suggest(people)]
    assert found == [("2", "1", False), ("2", "3", True), ("3", "1", True)]
    assert suggest(people[::-1]) == suggest(people)


def test_thousands_of_people_take_seconds_at_most() -> None:
    people = [_known(f"{n}", f"Name{n % 2500} Lee", f"name{n}@d{n % 7}.example") for n in range(5000)]
    people += [_known(f"x{n}", f"Other{n} Roe", f"same@d{n}.example") for n in range(1000)]
    began = time.process_time()
    assert len(suggest(people)) == 2500
    assert time.process_time() - began < 5
