"""Which persons may be one: proposals with their reasons. They are only ever proposed, never joined."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

import tomli
from msgspec import Struct

from codeshare.attribution.people import SHARED_ADDRESSES
from codeshare.shipped import shipped

_NO_REPLY = re.compile(r"(?P<login>[^@]+)@users\.noreply\.[a-z.]+$")
_IN_BRACKETS = re.compile(r"(?<=\S)\s*\([^()]*\)")
_TAG = re.compile(r"\+[^@]*(?=@)")
_ADDRESSES = tomli.loads(shipped("attribution/addresses.toml"))
_PUBLIC = frozenset(_ADDRESSES["public_domains"])
_GENERIC = frozenset(_ADDRESSES["generic_local_parts"])
_MACHINES = tuple(f".{suffix}" for suffix in _ADDRESSES["machine_suffixes"])
_CROWD = 40


class Known(Struct, frozen=True):
    """A person as the database has it: names and canonical addresses, the most used first."""

    person: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    commits: int = 0


class Suggestion(Struct, frozen=True):
    """Two persons that may be one; the first has more commits. ``score`` puts the surest first; it is no probability."""

    person: Known
    other: Known
    reason: str
    score: float
    is_weak: bool = False


REASONS = {
    "same address, kept apart by name": 0.9,
    "same name, same address but for a tag or dots": 0.97,
    "same name, no-reply address of the same account": 0.97,
    "same name, same local part at a machine or subdomain of it": 0.95,
    "same name, same local part": 0.95,
    "same name, local parts of a few letters' difference": 0.9,
    "same name, an account called like the person": 0.85,
    "same name, same domain of their own": 0.7,
    "similar name, no-reply address of the same account": 0.8,
    "similar name, same local part": 0.8,
    "similar name, same address but for a tag or dots": 0.8,
    "the account's name is the other's local part": 0.6,
    "same name only": 0.3,
}
"""Reasons with their scores, the strongest that holds counts."""
_WEAK = frozenset({"same name only"})


def suggest(people: Sequence[Known]) -> list[Suggestion]:
    """Propose joins among persons (no agents, no bots), the surest first.

    Args:
        people: those who are apart now.
    """
    found = []
    for first, second in _pairs(people):
        reason = _reason(first, second)
        if reason is not None:
            person, other = sorted((first, second), key=lambda each: (-each.commits, each.person))
            found.append(Suggestion(person, other, reason, REASONS[reason], reason in _WEAK))
    return sorted(
        found, key=lambda each: (-each.score, -each.other.commits, each.person.person, each.other.person)
    )


def _pairs(people: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    """Pairs that have something in common, each once."""
    blocks: defaultdict[str, dict[str, Known]] = defaultdict(dict)
    for person in people:
        for key in _blocks(person):
            blocks[key][person.person] = person
    seen = set()
    for key in sorted(blocks):
        if len(blocks[key]) > _CROWD and not key.startswith("name "):
            continue
        for first, second in combinations(blocks[key].values(), 2):
            pair = (first.person, second.person)
            if pair not in seen and pair[::-1] not in seen:
                seen.add(pair)
                yield first, second


def _blocks(person: Known) -> Iterator[str]:
    for name in person.names:
        if key := _key(name):
            yield f"name {key}"
    for address in person.addresses:
        if address in SHARED_ADDRESSES:
            yield f"address {address}"
        elif (local := _plain_local(address)) and local not in _GENERIC:
            yield f"local {local}"


def _reason(first: Known, second: Known) -> str | None:
    """The strongest reason why two persons may be one."""
    names = _names(first, second)
    # `kevin@` stands for any Kevin.
    given = {word for name in (*first.names, *second.names) for word in _words(name)}
    found = [
        reason
        for one in first.addresses
        for other in second.addresses
        if (reason := _of_addresses(one, other, names, given)) is not None
    ]
    if not found and names == "same":
        found = ["same name only"]
    return max(found, key=lambda reason: REASONS[reason], default=None)


def _of_addresses(one: str, other: str, names: str | None, given: set[str]) -> str | None:
    if one in SHARED_ADDRESSES or other in SHARED_ADDRESSES:
        is_named = one == other and one != "" and names is not None
        return "same address, kept apart by name" if is_named else None
    alike = _alike(one, other, given)
    if alike is None:
        return None
    if names is None:
        return (
            "the account's name is the other's local part"
            if alike == _ACCOUNT and _is_own(one, other)
            else None
        )
    if names == "similar" and _plain_local(one) in given:
        return None
    reason = f"{names} name, {alike}"
    return reason if reason in REASONS else None


_ACCOUNT = "no-reply address of the same account"


def _alike(one: str, other: str, given: set[str]) -> str | None:
    """What two addresses have in common; ``given``: the words of both names, and each name as one word."""
    local, domain = _split(one)
    local2, domain2 = _split(other)
    if accounts := [each for each in (one, other) if _NO_REPLY.match(each)]:
        if _plain_local(one) == _plain_local(other):
            return _ACCOUNT
        is_called = any(_plain_local(each) in given for each in accounts)
        return "an account called like the person" if is_called else None
    if domain == domain2 and _plain_local(one) == _plain_local(other):
        return "same address but for a tag or dots"
    if _plain_local(one) == _plain_local(other) and local not in _GENERIC:
        if _is_within(domain, domain2):
            return "same local part at a machine or subdomain of it"
        return "same local part"
    if domain == domain2 and domain not in _PUBLIC and not _is_machine(domain):
        return "same domain of their own"
    if min(len(local), len(local2)) >= 4 and SequenceMatcher(None, local, local2).ratio() >= 0.8:
        return "local parts of a few letters' difference"
    return None


def _is_own(one: str, other: str) -> bool:
    """Whether an account's name is long enough to be one person's everywhere."""
    return len(_plain_local(one)) >= 6 and _plain_local(one) == _plain_local(other)


def _is_within(domain: str, other: str) -> bool:
    if _is_machine(domain) or _is_machine(other):
        return True
    return domain.endswith(f".{other}") or other.endswith(f".{domain}")


def _is_machine(domain: str) -> bool:
    return "." not in domain or domain.endswith(_MACHINES)


def _names(first: Known, second: Known) -> str | None:
    """``same`` or ``similar``, by the nearest two of their names."""
    best = None
    for one in map(_key, first.names):
        for other in map(_key, second.names):
            if not one or not other:
                continue
            if one == other:
                return "same"
            if _is_similar(one, other):
                best = "similar"
    return best


def _is_similar(one: str, other: str) -> bool:
    """Few letters apart, one a part of the other (`ann`, `ann lee`), initials, or written as one word."""
    words, words2 = one.split(), other.split()
    if set(words) <= set(words2) or set(words2) <= set(words):
        return True
    if "".join(words) == "".join(words2):
        return True
    short, long = sorted((words, words2), key=len)
    if len(short) == len(long) == 2 and any(a == b for a in short for b in long):
        rest = [[w for w in each if w not in other_] for each, other_ in ((short, long), (long, short))]
        if all(rest) and (rest[0][0].startswith(rest[1][0]) or rest[1][0].startswith(rest[0][0])):
            return True
    return SequenceMatcher(None, one, other).ratio() >= 0.85


def _key(name: str) -> str:
    """A name without case, accents, marks and order of its words."""
    return " ".join(sorted(_letters(name).split()))


def _words(name: str) -> list[str]:
    """The words of a name, and all of it as one word."""
    words = _letters(name).split()
    return [*words, "".join(words)]


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", _IN_BRACKETS.sub(" ", name)).casefold()
    return "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))


def _split(address: str) -> tuple[str, str]:
    local, _, domain = address.rpartition("@")
    return _TAG.sub("", f"{local}@")[:-1], domain


def _plain_local(address: str) -> str:
    """The local part without a tag and dots; of a no-reply address the account."""
    return re.sub(r"[._-]", "", _split(address)[0])
