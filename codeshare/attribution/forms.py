"""How a message is built: a sign, and a weak one, that an agent wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from codeshare.attribution.limits import Shipped
from codeshare.attribution.rule import Rule
from codeshare.attribution.trailers import own_lines
from codeshare.model import Evidence

_BULLET = re.compile(r"(?:[-•]|\d{1,3}[.)])[ \t]+\S")
_LONGEST = 1000


class Form(Struct, frozen=True):
    """What all must hold of a message.

    ``subject``: how it begins. ``line``: what ``lines`` lines of the body, or more, begin with.
    ``bullets`` and ``length``: how many bullets and characters the body has at least.
    """

    subject: Shipped | None = None
    line: Shipped | None = None
    lines: int = 1
    bullets: int = 0
    length: int = 0

    def find(self, message: Message) -> str | None:
        """Return the words that show it, or None."""
        if message.length < self.length or message.bullets < self.bullets:
            return None
        if self.subject is not None and not self.subject.match(message.subject):
            return None
        if self.line is None:
            return message.subject
        found = [line for line in message.body if self.line.match(line)]
        return found[0] if len(found) >= self.lines else None


class Message(Struct, frozen=True):
    """A message taken apart: quotations and empty lines are left out."""

    subject: str
    body: tuple[str, ...]
    bullets: int
    length: int

    @staticmethod
    def read(message: str) -> Message:
        """Take a message apart."""
        texts = (line.text.strip()[:_LONGEST] for line in own_lines(message) if not line.is_quoted)
        subject, *body = [text for text in texts if text] or [""]
        return Message(
            subject,
            tuple(body),
            sum(1 for text in body if _BULLET.match(text)),
            sum(map(len, body)),
        )


class Forms:
    """The forms that are switched on."""

    def __init__(self, rules: Sequence[Rule], forms: Mapping[str, Form]) -> None:
        """Pair rules in force with what they look for, by id."""
        self._forms = [(rule, forms[rule.id]) for rule in rules if rule.id in forms]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._forms)

    def find(self, message: str, day: date) -> list[Evidence]:
        """Return one piece of evidence for each form that a message of ``day`` has; none costs nothing."""
        rules = [(rule, form) for rule, form in self._forms if rule.fires(day)]
        if not rules:
            return []
        read = Message.read(message)
        found = ((rule, form.find(read)) for rule, form in rules)
        return [rule.evidence(words, "message") for rule, words in found if words is not None]
