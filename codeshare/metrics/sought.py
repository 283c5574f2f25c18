"""What attribution looked for in a commit: the rules in force, in vain, out of their dates, beside the point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import TypedDict

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.rule import CO_AUTHOR_KEYS, IDENTITY_STEPS, STEPS, Rule
from codeshare.attribution.trailers import own_lines, parse_person
from codeshare.model import Commit

_LONGEST = 2000
_NO_AUTHORS = frozenset(
    {"reviewed-by", "acked-by", "tested-by", "suggested-by", "reported-by", "helped-by", "cc"}
)
_SIGNING = frozenset({*CO_AUTHOR_KEYS, "signed-off-by"})


class Sought(TypedDict):
    """One kind of evidence: the rules credible on the commit's day, by tool, and what came of them."""

    kind: str
    rules: int
    tools: dict[str, int]
    found: int
    too_early: int
    too_late: int
    off: int


class Ignored(TypedDict):
    """Words that look like a mark and count for nothing."""

    text: str
    tool: str | None
    why: str


def sought(catalogue: Catalogue, day: date, found: Collection[str]) -> list[Sought]:
    """Count, by kind of evidence in order of strength, the rules held against a commit of ``day``.

    ``found``: ids of the rules that matched; ``too_early`` and ``too_late`` count those whose marks
    nobody can have left on that day, ``off`` the rules that are switched off.
    """
    answer = []
    for kind in STEPS:
        rules = [rule for rule in catalogue.rules if rule.kind == kind]
        credible = [rule for rule in rules if rule.fires(day)]
        off = sum(rule.kind == kind for rule in catalogue.off)
        if rules or off:
            answer.append(
                Sought(
                    kind=kind,
                    rules=len(credible),
                    tools=dict(sorted(Counter(rule.tool for rule in credible).items(), key=_most_first)),
                    found=sum(rule.id in found for rule in credible),
                    too_early=sum(rule.not_before is not None and day < rule.not_before for rule in rules),
                    too_late=sum(rule.not_after is not None and day > rule.not_after for rule in rules),
                    off=off,
                )
            )
    return answer


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0].casefold()


def ignored(
    catalogue: Catalogue,
    day: date,
    trailers: Sequence[tuple[str, str]],
    commit: Commit | None,
    counted: Collection[str],
) -> list[Ignored]:
    """List the marks of a commit that mean nothing.

    Args:
        catalogue: the rules.
        day: the commit's.
        trailers: its trailers, key and value.
        commit: the commit itself, where it can be read: for identities and the lines of its message.
        counted: the words of the evidence there is, which are left out.
    """
    found = [
        said
        for key, value in trailers
        if f"{key}: {value}"[:200] not in counted and (said := _of_trailer(catalogue, day, key, value))
    ]
    if commit is not None:
        found += _of_identities(catalogue, day, commit)
        found += _of_lines(catalogue, day, commit.message, counted)
    return list({each["text"]: each for each in found}.values())


def _of_trailer(catalogue: Catalogue, day: date, key: str, value: str) -> Ignored | None:
    """Why a trailer counts for nothing; None where it is not about an agent at all."""
    text, low = f"{key}: {value}", key.lower()
    named = [rule for rule in catalogue.rules if _names(rule, value)]
    for rule in catalogue.rules:
        if low in rule.keys and not rule.fires(day) and _matches(rule, value):
            return Ignored(text=text, tool=rule.tool, why=_out_of_dates(rule))
    if named and low in _NO_AUTHORS:
        return Ignored(
            text=text, tool=named[0].tool, why="who reviews, tests or suggests has not written the lines"
        )
    if named and not any(low in rule.keys and _matches(rule, value) for rule in catalogue.rules):
        return Ignored(
            text=text, tool=named[0].tool, why=f"no rule says that {key} names who wrote the lines"
        )
    if low in catalogue.trailer_keys - _SIGNING and not any(
        low in rule.keys and _matches(rule, value) for rule in catalogue.rules
    ):
        return Ignored(text=text, tool=None, why="names no agent that a rule knows")
    return None


def _names(rule: Rule, value: str) -> bool:
    """Whether a trailer's value is an agent's identity, whatever the trailer says of it."""
    if rule.kind != "author" or rule.address is None:
        return False
    person = parse_person(value[:_LONGEST])
    return person is not None and rule.matches_identity(person.name, person.email)


def _matches(rule: Rule, value: str) -> bool:
    value = value[:_LONGEST]
    if rule.value is not None and not rule.value.search(value):
        return False
    if not rule.has_identity:
        return True
    person = parse_person(value)
    return person is not None and rule.matches_identity(person.name, person.email)


def _of_identities(catalogue: Catalogue, day: date, commit: Commit) -> Iterator[Ignored]:
    for rule in catalogue.rules:
        if rule.kind not in IDENTITY_STEPS or rule.fires(day):
            continue
        who = commit.committer if rule.kind == "committer" else commit.author
        if rule.matches_identity(who.name, who.email):
            yield Ignored(text=f"{who.name} <{who.email}>", tool=rule.tool, why=_out_of_dates(rule))


def _of_lines(catalogue: Catalogue, day: date, message: str, counted: Collection[str]) -> Iterator[Ignored]:
    rules = [rule for rule in catalogue.rules if rule.kind == "footer" and not rule.fires(day)]
    for line in own_lines(message) if rules else []:
        text = line.text.strip()[:_LONGEST]
        lower = text.lower()
        for rule in rules:
            is_candidate = any(needle in lower for needle in rule.contains) and text[:200] not in counted
            if is_candidate and rule.pattern is not None and rule.pattern.match(text):
                yield Ignored(text=text[:200], tool=rule.tool, why=_out_of_dates(rule))
                break


def _out_of_dates(rule: Rule) -> str:
    return f"rule {rule.id} is credible {credible(rule)} only"


def credible(rule: Rule) -> str:
    """The days on which a rule's mark can be believed, in words."""
    if rule.not_before and rule.not_after:
        return f"from {rule.not_before} to {rule.not_after}"
    if rule.not_before:
        return f"from {rule.not_before} on"
    return f"until {rule.not_after}" if rule.not_after else "at any time"


def rule_words(rule: Rule) -> str:
    """What a rule looks for, in words."""
    if rule.kind == "trailer":
        words = "trailer " + " or ".join(key.capitalize() for key in rule.keys)
        words += f" whose {_identity_words(rule)}" if rule.has_identity else ""
        return words + (f" with a value like {rule.value.pattern}" if rule.value else "")
    if rule.kind in IDENTITY_STEPS:
        role = "committer" if rule.kind == "committer" else "author"
        return (
            f"{role} whose {_identity_words(rule)}" if rule.has_identity else f"{role} like {_pattern(rule)}"
        )
    where = {"branch": "name of the merged branch", "footer": "line of the message"}.get(rule.kind, rule.kind)
    return f"{where} like {_pattern(rule)}" if rule.pattern else where


def _pattern(rule: Rule) -> str:
    return rule.pattern.pattern if rule.pattern else "any"


def _identity_words(rule: Rule) -> str:
    parts = (("address", rule.address), ("name", rule.name))
    return " and ".join(f"{what} is like {pattern.pattern}" for what, pattern in parts if pattern)
