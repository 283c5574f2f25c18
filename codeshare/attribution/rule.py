"""One rule: what it looks for, and what it says about a commit that has it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from codeshare.attribution.limits import Pattern
from codeshare.model import Attribution, Confidence, Evidence

STEPS = (
    "line_record", "author", "trailer", "export", "bot_author", "committer", "footer", "branch", "heuristic",
)  # fmt: skip
"""Kinds of evidence, the strongest first."""

RECORDED = frozenset({"line_record", "export"})
"""Kinds whose evidence comes from records of numbers, and from no pattern of the catalogue."""

IDENTITY_STEPS = frozenset({"author", "bot_author", "committer"})
CO_AUTHOR_KEYS = ("co-authored-by", "co-developed-by")

BEFORE_ASSISTANTS = date(2021, 6, 29)
"""First public preview of an assistant (GitHub Copilot): no mark of an AI is credible before."""


_EXCERPT = 200  # characters


class Window(Struct, frozen=True):
    """A span of days, both ends in, in which a rule counts for less."""

    since: date
    until: date
    confidence: Confidence


class Rule(Struct, frozen=True):
    """A rule. ``entry`` is the catalogue's entry it was made from, ``file`` where.

    ``is_fallback``: looks at ``Name <address>`` with ``pattern`` where no other rule knows the author.
    ``is_opt_in``: in force only where the user switches it on.
    """

    id: str
    entry: str
    tool: str
    kind: str
    attribution: Attribution
    confidence: Confidence
    name: Pattern | None = None
    address: Pattern | None = None
    keys: tuple[str, ...] = ()
    value: Pattern | None = None
    pattern: Pattern | None = None
    contains: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    on_subject: bool = False
    is_person: bool = False
    is_fallback: bool = False
    is_opt_in: bool = False
    not_before: date | None = None
    not_after: date | None = None
    windows: tuple[Window, ...] = ()
    source: str = ""
    file: str = ""
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()

    def fires(self, day: date) -> bool:
        """Whether a hit on ``day`` (of the committer date) is credible."""
        return (self.not_before is None or self.not_before <= day) and (
            self.not_after is None or day <= self.not_after
        )

    def confidence_on(self, day: date) -> Confidence:
        """The rule's confidence, or that of the window that ``day`` falls in."""
        for window in self.windows:
            if window.since <= day <= window.until:
                return window.confidence
        return self.confidence

    def evidence(
        self, words: str, origin: str, confidence: Confidence | None = None, model: str | None = None
    ) -> Evidence:
        """Make the evidence that a hit gives; ``confidence`` where it is not the rule's own."""
        return Evidence(
            rule=self.id,
            kind=self.kind,
            tool=self.tool,
            attribution=self.attribution,
            confidence=confidence or self.confidence,
            origin=origin,
            excerpt=words[:_EXCERPT],
            model=model,
        )

    @property
    def has_identity(self) -> bool:
        """Whether the rule looks at a name or an address."""
        return self.name is not None or self.address is not None

    def matches_identity(self, name: str, email: str) -> bool:
        """Whether name and address are those of the rule; an address counts whole."""
        if self.address is not None and not self.address.fullmatch(email):
            return False
        return self.has_identity and (self.name is None or self.name.search(name) is not None)
