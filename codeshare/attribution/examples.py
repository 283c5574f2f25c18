"""The examples that rules carry: what each must find, and what it must not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from msgspec import Struct

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.heuristics import FILE as HEURISTICS
from codeshare.attribution.rule import Rule
from codeshare.attribution.trailers import parse_person
from codeshare.model import Commit, Evidence, Identity

_SOMEBODY = Identity("Ann Lee", "ann@example.org")
_LATE = date(2026, 8, 1)


class Failure(Struct, frozen=True):
    """An example that its rule does not read as it says it does."""

    rule: str
    example: str
    should_match: bool


def failures(catalogue: Catalogue, rules: Sequence[Rule] | None = None) -> Iterator[Failure]:
    """Try the examples of rules in force (default: of all), each with the whole catalogue."""
    engine = Attributor(catalogue)
    for rule in catalogue.rules if rules is None else rules:
        for should_match, examples in ((True, rule.match), (False, rule.no_match)):
            for example in examples:
                is_found = any(piece.rule == rule.id for piece in example_evidence(engine, rule, example))
                if is_found != should_match:
                    yield Failure(rule.id, example, should_match)


def example_evidence(engine: Attributor, rule: Rule, example: str) -> list[Evidence]:
    """Return the evidence in the commit that an example stands for."""
    commit = example_commit(rule, example)
    if rule.kind == "branch":
        found = engine.branch_evidence(commit)
        return [found] if found else []
    return list(engine.attribute(commit).evidence)


def example_commit(rule: Rule, example: str) -> Commit:
    """Return a commit with the example where the rule looks, on the first day that it is believed."""
    day = datetime.combine(rule.not_before or rule.not_after or _LATE, time())
    author = committer = _SOMEBODY
    message = f"Add a thing\n\n{example}\n"
    if rule.kind in ("author", "bot_author", "committer"):
        message = "Add a thing\n"
        who = parse_person(example) or Identity(example, "")
        author, committer = (author, who) if rule.kind == "committer" else (who, who)
    elif rule.kind == "branch" or rule.on_subject or rule.file == HEURISTICS:
        message = f"{example}\n"
    elif rule.kind == "trailer" and ":" not in example.partition("<")[0]:
        message = f"Add a thing\n\n{rule.keys[0]}: {example}\n"
    return Commit("0" * 40, ("1" * 40,), author, committer, day, day, message)
