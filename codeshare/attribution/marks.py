"""The marks that agents leave in a message: trailers and lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.hints import GAP, any_key, any_of
from codeshare.attribution.identities import IdentityRules
from codeshare.attribution.rule import Rule
from codeshare.attribution.trailers import own_lines, parse_person, scan_trailers
from codeshare.model import Confidence, Evidence

_LONGEST = 1000
"""Of a line, in characters: no mark is longer, and patterns meet no more than this."""


class Marks:
    """Looks for the catalogue's trailers and lines in messages."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._models = catalogue.models
        self._keys = catalogue.trailer_keys
        self._by_key = {key: [rule for rule in catalogue.rules if key in rule.keys] for key in self._keys}
        self._of_people = IdentityRules((rule for rule in catalogue.rules if rule.keys), catalogue.rules)
        self._lines = [rule for rule in catalogue.rules if rule.kind in ("footer", "heuristic")]
        self._needles = _least({text for rule in self._lines for text in rule.contains})
        self._longest_key = max(map(len, self._keys), default=0) + 4
        self._seen: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self.words = any_of(self._needles)
        """Of `Messages`: the pattern of those that may hold a mark that is no trailer."""
        self.trailers = f"^{GAP}{any_key(self._keys)}"
        """Of their lines: the pattern of those that may be a mark that is a trailer."""

    def may_be_in(self, message: str) -> bool:
        """Whether the message may hold a mark. Cheap; never false where `find` finds one."""
        if ":" in message and any(map(self.may_be_trailer, message.split("\n"))):
            return True
        lower = message.lower()
        return any(needle in lower for needle in self._needles)

    def may_be_trailer(self, line: str) -> bool:
        """Whether the line may be a trailer that is a mark."""
        colon = line.find(":", 0, self._longest_key + 60)
        if colon < 1:
            return False
        key = line[:colon].strip().lower()
        return key in self._keys and bool(self._rules(key, line[colon + 1 :].strip()))

    def find(self, message: str, day: date, origin: str = "message") -> list[Evidence]:
        """Return the evidence in a message; ``day`` is the committer's. One piece a trailer or line."""
        return [*self._trailers(message, day, origin), *self._footers(message, day, origin)]

    def evidence(self, rule: Rule, day: date, text: str, origin: str, is_quoted: bool = False) -> Evidence:
        """Make the evidence that a hit of ``rule`` gives; a quoted hit is never more than medium."""
        confidence = rule.confidence_on(day)
        if is_quoted and confidence is Confidence.HIGH:
            confidence = Confidence.MEDIUM
        return rule.evidence(text, origin, confidence, self._model(rule, text[:_LONGEST]))

    def _trailers(self, message: str, day: date, origin: str) -> Iterator[Evidence]:
        lower = message.lower()
        for trailer, is_quoted in scan_trailers(message, self._keys):
            for rule in self._rules(trailer.key.lower(), trailer.value):
                if rule.fires(day) and all(text in lower for text in rule.also):
                    yield self.evidence(rule, day, f"{trailer.key}: {trailer.value}", origin, is_quoted)
                    break

    def _rules(self, key: str, value: str) -> tuple[Rule, ...]:
        """Rules that match a trailer, the catalogue's order."""
        known = self._seen.get((key, value))
        if known is None:
            cut = value[:_LONGEST]
            person = parse_person(cut)
            of_person = self._of_people.matching(person) if person else ()
            known = tuple(
                rule
                for rule in self._by_key.get(key, ())
                if (rule.value is None or rule.value.search(cut))
                and (not rule.has_identity or rule in of_person)
            )
            if len(value) < 200:
                self._seen[key, value] = known
        return known

    def _footers(self, message: str, day: date, origin: str) -> Iterator[Evidence]:
        lower = message.lower()
        rules = [rule for rule in self._lines if rule.fires(day) and _holds(lower, rule)]
        if not rules:
            return
        subject = message.lstrip("\n").partition("\n")[0].strip()
        for line in own_lines(message):
            text = line.text.strip()[:_LONGEST]
            rule = _first_match(rules, text, text == subject)
            if rule is not None:
                yield self.evidence(rule, day, text, origin, line.is_quoted)

    def _model(self, rule: Rule, text: str) -> str | None:
        own = (
            pattern
            for pattern in (rule.value, rule.name, rule.pattern)
            if pattern and "model" in pattern.groupindex
        )
        for pattern in own:
            match = pattern.search(text.partition(": ")[2] or text)
            if match and match["model"]:
                return match["model"].strip()
        match = self._models.search(text)
        return match[0].rstrip(".") if match else None


def _first_match(rules: Sequence[Rule], text: str, is_subject: bool) -> Rule | None:
    lower = text.lower()
    for rule in rules:
        is_candidate = (is_subject or not rule.on_subject) and any(
            needle in lower for needle in rule.contains
        )
        if is_candidate and rule.pattern is not None and rule.pattern.match(text):
            return rule
    return None


def _holds(lower: str, rule: Rule) -> bool:
    return any(text in lower for text in rule.contains) and all(text in lower for text in rule.also)


def _least(needles: Iterable[str]) -> tuple[str, ...]:
    """Those that hold no other one: what holds a longer one holds these."""
    found = sorted(needles, key=len)
    return tuple(text for n, text in enumerate(found) if not any(less in text for less in found[:n]))
