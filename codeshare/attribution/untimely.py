"""Marks of agents in commits that are older than the agents.

Such a mark is a coincidence, or the date is wrong in a way that the history does not show. It decides
nothing. But it is kept on record, and a commit that has one is not called older than any assistant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.decision import AI_CLASSES, UNTIMELY
from codeshare.attribution.hints import any_key, any_of
from codeshare.attribution.marks import Marks
from codeshare.attribution.rule import Rule
from codeshare.model import Commit, Confidence, Evidence

_KINDS = ("author", "trailer", "footer")
_BEGINNING = 9
"""Characters of a literal that are looked for first: many begin alike, so this is fewer looks."""


class UntimelyMarks:
    """Looks for explicit marks (those of high confidence) that came too early to be believed."""

    def __init__(self, catalogue: Catalogue, marks: Marks) -> None:
        explicit = [
            rule
            for rule in catalogue.rules
            if rule.kind in _KINDS
            and rule.attribution in AI_CLASSES
            and rule.confidence is Confidence.HIGH
            and rule.not_before is not None
        ]
        self._marks = marks
        self._rules = {rule.id: rule for rule in explicit}
        self._latest = max((_first_day(rule) for rule in explicit), default=date.min)
        keys = sorted({key for rule in explicit for key in rule.keys})
        self._keys = re.compile(rf"\n[ \t]*(?:{'|'.join(map(re.escape, keys)) or '(?!)'})[ \t]*:")
        self._beginnings = sorted({text[:_BEGINNING] for rule in explicit for text in rule.contains})
        self.words = f"{any_of(self._beginnings)}|\n[ \t]*{any_key(keys)}"
        """Of `Messages`: the pattern of those that may hold such a mark."""

    def find(
        self, commit: Commit, authors: Iterable[Rule], day: date, may_speak: bool = True
    ) -> list[Evidence]:
        """Return the marks that the commit shows too early, if ``day`` is its date.

        Args:
            commit: the commit.
            authors: the rules that match its author, the catalogue's order.
            day: the date by which it is judged.
            may_speak: false where it is known already that the message holds none.
        """
        if day >= self._latest:
            return []
        found: list[Evidence] = []
        rule = next((rule for rule in authors if self._is_early(rule.id, day)), None)
        if rule is not None:
            text = f"{commit.author.name} <{commit.author.email}>"
            found.append(self._marks.evidence(rule, day, text, "identity"))
        if may_speak and self._may_be_in(commit.message):
            # What the message would say if every rule were in force already.
            said = self._marks.find(commit.message, self._latest)
            found += [piece for piece in said if self._is_early(piece.rule, day)]
        return _as_untimely(found)

    def _is_early(self, rule: str, day: date) -> bool:
        return rule in self._rules and day < _first_day(self._rules[rule])

    def _may_be_in(self, message: str) -> bool:
        """Whether the message may hold such a mark. Cheap: nearly every old commit holds none."""
        lower = message.lower()
        for text in self._beginnings:  # a generator for each message would cost more than the search
            if text in lower:
                return True
        return ":" in lower and self._keys.search(lower) is not None


def _first_day(rule: Rule) -> date:
    return rule.not_before or date.min


def _as_untimely(evidence: Sequence[Evidence]) -> list[Evidence]:
    return [replace(piece, kind=UNTIMELY, confidence=Confidence.LOW) for piece in dict.fromkeys(evidence)]
