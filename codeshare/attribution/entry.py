"""An entry of a catalogue file, checked, and the rules it stands for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NoReturn

from codeshare.attribution.rule import BEFORE_ASSISTANTS, CO_AUTHOR_KEYS, RECORDED, STEPS, Rule, Window
from codeshare.errors import CatalogueError
from codeshare.model import Attribution, Confidence

KINDS = ("identity", *(step for step in STEPS if step not in RECORDED))
_TEXT = ("id", "tool", "kind", "class", "class_as_author", "confidence", "where", "source")
_PATTERNS = ("address", "name", "value", "pattern")
_LISTS = ("login", "key", "contains", "also")
_OTHER = ("person", "not_before", "not_after", "windows", "examples")
KEYS = (*_TEXT, *_PATTERNS, *_LISTS, *_OTHER)
_NEEDS = {
    "identity": ("login", "address", "name"),
    "author": ("login", "address", "name"),
    "bot_author": ("login", "address", "name"),
    "committer": ("login", "address", "name"),
    "trailer": ("key", "login", "address", "name"),
    "footer": ("pattern",),
    "branch": ("pattern",),
    "heuristic": ("pattern",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries come from: the file to name in errors, what entries say by default, `{agents}`."""

    file: str
    kind: str | None = None
    attribution: Attribution = Attribution.AI
    agents: str = ""


def read_entry(raw: Mapping[str, object], source: Source, order: int) -> list[Rule]:
    """Check one entry and return its rules: five for an agent's ``identity``, else one.

    Raises:
        CatalogueError: names the file, the entry and, for a wrong key, the nearest right one.
    """
    entry = _Entry(raw, source, order)
    rule = entry.rule()
    return list(_identity_rules(rule, entry.class_as_author)) if rule.kind == "identity" else [rule]


def _identity_rules(rule: Rule, as_author: Attribution) -> Iterator[Rule]:
    step = "bot_author" if as_author is Attribution.BOT else "author"
    weaker = Confidence.MEDIUM if rule.confidence is Confidence.HIGH else rule.confidence
    yield replace(rule, id=f"{rule.entry}.author", kind=step, attribution=as_author)
    if rule.attribution is Attribution.BOT:
        return
    yield replace(rule, id=f"{rule.entry}.trailer", kind="trailer", keys=CO_AUTHOR_KEYS)
    yield replace(rule, id=f"{rule.entry}.committer", kind="committer", confidence=weaker)
    yield replace(
        rule, id=f"{rule.entry}.sign-off", kind="trailer", keys=("signed-off-by",), confidence=weaker
    )
    yield replace(
        rule,
        id=f"{rule.entry}.assisted-by",
        kind="trailer",
        keys=("assisted-by",),
        attribution=Attribution.ASSISTED,
    )


class _Entry:
    """Reads the values of one entry and knows how to complain about it."""

    def __init__(self, raw: Mapping[str, object], source: Source, order: int) -> None:
        self.raw, self.source, self.order = raw, source, order
        self.id = str(raw.get("id") or f"number {order + 1}")
        for key in raw:
            if key not in KEYS:
                near = difflib.get_close_matches(str(key), KEYS, n=1)
                self.fail(
                    f"{key}: unknown key, "
                    + (f"did you mean {near[0]}?" if near else f"known: {', '.join(KEYS)}.")
                )

    def fail(self, words: str) -> NoReturn:
        raise CatalogueError(f"{self.source.file}: rule {self.id}: {words}")

    def rule(self) -> Rule:
        kind = self.choice("kind", KINDS, self.source.kind)
        self.check_needs(kind)
        attribution = self.attribution("class", self.source.attribution)
        keys = tuple(key.lower() for key in self.strings("key"))
        if kind == "trailer" and not keys:
            keys = CO_AUTHOR_KEYS
        confidence = Confidence(self.choice("confidence", tuple(Confidence), Confidence.HIGH))
        if kind == "heuristic" and confidence is not Confidence.LOW:
            self.fail('confidence must be "low": a heuristic is never more.')
        return Rule(
            id=self.text("id"),
            entry=self.text("id"),
            order=self.order,
            tool=self.text("tool"),
            kind=kind,
            attribution=attribution,
            confidence=confidence,
            name=self.regex("name"),
            address=self.address(),
            keys=keys,
            value=self.regex("value"),
            pattern=self.regex("pattern"),
            contains=tuple(text.lower() for text in self.strings("contains")),
            also=tuple(text.lower() for text in self.strings("also")),
            on_subject=self.choice("where", ("line", "subject"), "line") == "subject",
            is_person=self.raw.get("person") is True,
            not_before=self.day("not_before", None if attribution is Attribution.BOT else BEFORE_ASSISTANTS),
            not_after=self.day("not_after", None),
            windows=self.windows(),
            source=self.text("source", ""),
            match=self.examples("match"),
            no_match=self.examples("no_match"),
        )

    @property
    def class_as_author(self) -> Attribution:
        return self.attribution("class_as_author", self.attribution("class", self.source.attribution))

    def check_needs(self, kind: str) -> None:
        if not any(key in self.raw for key in _NEEDS[kind]):
            self.fail(f"kind {kind} needs {' or '.join(_NEEDS[kind])}.")
        if kind in ("footer", "heuristic") and not self.strings("contains"):
            self.fail(f"kind {kind} needs contains: literals, in lower case, that its lines hold.")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            self.fail(f"{key} must be text." if key in self.raw else f"{key} is missing.")
        return value

    def choice(self, key: str, among: tuple[str, ...], default: str | None) -> str:
        value = self.text(key, default)
        if value not in among:
            near = difflib.get_close_matches(value, among, n=1)
            self.fail(
                f"{key} = {value!r}: "
                + (f"did you mean {near[0]}?" if near else f"one of {', '.join(among)}.")
            )
        return value

    def attribution(self, key: str, default: Attribution) -> Attribution:
        return Attribution(self.choice(key, ("ai", "assisted", "bot"), default))

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key, ())
        values = (value,) if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(isinstance(item, str) and item for item in values):
            self.fail(f"{key} must be text or a list of texts.")
        return tuple(values)

    def regex(self, key: str) -> re.Pattern[str] | None:
        if key not in self.raw:
            return None
        return self.compiled(key, self.text(key).replace("{agents}", self.source.agents))

    def address(self) -> re.Pattern[str] | None:
        logins = self.strings("login")
        if not logins:
            return self.regex("address")
        if "address" in self.raw:
            self.fail("login and address exclude each other.")
        numbered = (login if login[0].isdigit() and "+" in login else None for login in logins)
        forms = [
            re.escape(whole) if whole else rf"(?:\d+\+)?{re.escape(login)}"
            for whole, login in zip(numbered, logins, strict=True)
        ]
        return self.compiled("login", rf"(?:{'|'.join(forms)})@users\.noreply\.github\.com")

    def compiled(self, key: str, pattern: str) -> re.Pattern[str]:
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            self.fail(f"{key} is no regular expression: {error}.")

    def day(self, key: str, default: date | None) -> date | None:
        return self.as_day(key, self.raw[key]) if key in self.raw else default

    def as_day(self, key: str, value: object) -> date:
        if type(value) is not date:
            self.fail(f"{key} = {value!r}: must be a date such as 2025-02-24.")
        return value

    def windows(self) -> tuple[Window, ...]:
        return tuple(self.window(row) for row in self.rows("windows"))

    def window(self, row: Mapping[str, Any]) -> Window:
        if set(row) != {"since", "until", "confidence"}:
            self.fail("windows: each needs since, until and confidence, and nothing else.")
        if row["confidence"] not in tuple(Confidence):
            self.fail(f"windows: confidence = {row['confidence']!r}: one of {', '.join(Confidence)}.")
        since, until = (self.as_day(f"windows: {key}", row[key]) for key in ("since", "until"))
        return Window(since, until, Confidence(row["confidence"]))

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        value = self.raw.get(key, [])
        if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
            self.fail(f"{key} must be a list of tables.")
        return list(value)

    def examples(self, which: str) -> tuple[str, ...]:
        value = self.raw.get("examples", {})
        if not isinstance(value, Mapping) or not set(value) <= {"match", "no_match"}:
            self.fail("examples holds two lists, match and no_match.")
        return tuple(str(example) for example in value.get(which, ()))
