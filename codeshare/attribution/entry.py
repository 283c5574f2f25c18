"""An entry of a catalogue file, checked, and the rules it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from codeshare.attribution.addresses import named, of_logins
from codeshare.attribution.kinds import EVERY, KEYS, KINDS, NEEDS, TAKES
from codeshare.attribution.limits import LONGEST, Limited, Pattern, Shipped, is_too_slow
from codeshare.attribution.rule import BEFORE_ASSISTANTS, CO_AUTHOR_KEYS, Rule, Window
from codeshare.errors import CatalogueError
from codeshare.model import Attribution, Confidence
from codeshare.nearest import nearest

_SEARCHED = frozenset({"name", "value"})


class Source(Struct, frozen=True):
    """Where entries come from: the file to name in errors, what entries say by default, `{agents}`."""

    file: str
    kind: str | None = None
    attribution: Attribution = Attribution.AI
    agents: str = ""
    is_users: bool = False


def read_entry(raw: Mapping[str, object], source: Source, order: int) -> list[Rule]:
    """Check one entry and return its rules: five for an agent's ``identity``, else one.

    Raises:
        CatalogueError: names the file, the entry and, for a wrong key or word, the nearest right one.
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


def _among(words: str, known: tuple[str, ...]) -> str:
    return f"{words} {', '.join(known)}."


class _Entry:
    """Reads the values of one entry and knows how to complain about it."""

    def __init__(self, raw: Mapping[str, object], source: Source, order: int) -> None:
        self.raw, self.source = raw, source
        self.id = (
            str(raw.get("id") or f"number {order + 1}") if isinstance(raw, Mapping) else f"number {order + 1}"
        )
        if not isinstance(raw, Mapping):
            self.fail("must be a table of keys and values.")
        for key in raw:
            if key not in KEYS:
                meant = nearest(str(key), KEYS, _among("known:", KEYS))
                self.fail(f"{key}: unknown key, {meant}")

    def fail(self, words: str) -> NoReturn:
        raise CatalogueError(f"{self.source.file}: rule {self.id}: {words}")

    def rule(self) -> Rule:
        kind = self.choice("kind", KINDS, self.source.kind)
        self.check_keys(kind)
        attribution = self.attribution("class", self.default_class(kind))
        self.check_class(kind, attribution)
        keys = tuple(key.lower() for key in self.strings("key"))
        if kind == "trailer" and not keys:
            keys = CO_AUTHOR_KEYS
        confidence = Confidence(self.choice("confidence", tuple(Confidence), Confidence.HIGH))
        if kind == "heuristic" and confidence is not Confidence.LOW:
            self.fail('confidence must be "low": a heuristic is never more.')
        first = self.day("not_before", None if attribution is Attribution.BOT else BEFORE_ASSISTANTS)
        last = self.day("not_after", None)
        if first and last and last < first:
            self.fail(f"not_after = {last}: lies before the first credible day, {first}.")
        return Rule(
            id=self.text("id"),
            entry=self.text("id"),
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
            is_person=self.truth("person"),
            is_fallback=self.truth("fallback"),
            is_opt_in=self.truth("opt_in"),
            not_before=first,
            not_after=last,
            windows=self.windows(),
            source=self.text("source", ""),
            file=self.source.file,
            match=self.examples("match"),
            no_match=self.examples("no_match"),
        )

    @property
    def class_as_author(self) -> Attribution:
        return self.attribution("class_as_author", self.attribution("class", self.source.attribution))

    def default_class(self, kind: str) -> Attribution:
        return Attribution.BOT if kind == "bot_author" else self.source.attribution

    def check_keys(self, kind: str) -> None:
        takes = TAKES[kind]
        for key in self.raw:
            if key not in EVERY and key not in takes:
                self.fail(f"{key} says nothing in a rule of kind {kind}, which looks at {', '.join(takes)}.")
        if not any(self.raw.get(key) for key in NEEDS[kind]):
            self.fail(f"kind {kind} needs {' or '.join(NEEDS[kind])}.")
        if kind in ("footer", "heuristic") and not self.strings("contains"):
            self.fail(f"kind {kind} needs contains: literals, in lower case, that its lines hold.")
        if "fallback" in self.raw and "pattern" not in self.raw:
            self.fail("fallback needs pattern: a regular expression for `Name <address>`.")

    def check_class(self, kind: str, attribution: Attribution) -> None:
        if (kind == "bot_author") != (attribution is Attribution.BOT) and kind in ("author", "bot_author"):
            self.fail(f"class {attribution} does not go with kind {kind}: bots are of kind bot_author.")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            self.fail(f"{key} must be text." if key in self.raw else f"{key} is missing.")
        if "\n" in value:
            self.fail(f"{key} must be one line.")
        return value

    def truth(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.fail(f"{key} = {value!r}: must be true or false.")
        return value

    def choice(self, key: str, among: tuple[str, ...], default: str | None) -> str:
        value = self.text(key, default)
        if value not in among:
            meant = nearest(value, among, _among("one of", among))
            self.fail(f"{key} = {value!r}: {meant}")
        return value

    def attribution(self, key: str, default: Attribution) -> Attribution:
        return Attribution(self.choice(key, ("ai", "assisted", "bot"), default))

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key, ())
        values = (value,) if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(isinstance(item, str) and item for item in values):
            self.fail(f"{key} must be text or a list of texts.")
        return tuple(values)

    def regex(self, key: str) -> Pattern | None:
        if key not in self.raw:
            return None
        return self.compiled(key, self.text(key).replace("{agents}", self.source.agents))

    def address(self) -> Pattern | None:
        logins = self.strings("login")
        if not logins:
            found = self.regex("address")
            return named(found.pattern) if isinstance(found, Shipped) else found
        if "address" in self.raw:
            self.fail("login and address exclude each other.")
        pattern, found = of_logins(logins)
        return self.compiled("login", pattern) if self.source.is_users else found

    def compiled(self, key: str, pattern: str) -> Pattern:
        if not self.source.is_users:
            return Shipped(pattern)  # a test compiles them all
        try:
            found = re.compile(pattern, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            self.fail(f"{key} is no regular expression: {error}.")
        if key != "value" and found.search("") and found.match("anything"):
            self.fail(f"{key} = {pattern!r} matches everything.")
        if is_too_slow(pattern, is_searched=key in _SEARCHED):
            self.fail(
                f"{key} = {pattern!r} could take too long on {LONGEST} characters: begin it with ^, bound"
                " what repeats, and let nothing that repeats hold another thing that does."
            )
        return Limited(found, self.id)

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
        if until < since:
            self.fail(f"windows: until = {until}: lies before since, {since}.")
        return Window(since, until, Confidence(row["confidence"]))

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        value = self.raw.get(key, [])
        if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
            self.fail(f"{key} must be a list of tables.")
        return list(value)

    def examples(self, which: str) -> tuple[str, ...]:
        table = self.raw.get("examples", {})
        if not isinstance(table, Mapping) or not set(table) <= {"match", "no_match"}:
            self.fail("examples holds two lists, match and no_match.")
        values = table.get(which, ())
        if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
            self.fail(f"examples: {which} must be a list of texts.")
        return tuple(values)
