"""Limits on patterns that users write: none can hang a run.

Three things hold together: a pattern that could be tried in too many ways is refused when it is read, what
it looks at is cut after `LONGEST` characters, and the seconds it takes count against an allowance. A run
that uses it up ends with an error that names the rule: were the rule left out half-way, the figures
would depend on the machine.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct

from codeshare.attribution.steps import steps
from codeshare.errors import CatalogueError

LONGEST = 300
"""Of what a user's pattern looks at, in characters."""

MOST_STEPS = 1e6
"""Ways to try a pattern on one text that still take a second or two at the very worst."""

ALLOWANCE = 10.0
"""Seconds that one pattern may take in a run, all its looks together."""

_GROUP = re.compile(r"\((?:[^?]|\?P<|$)")  # or a bracket that stands for itself


def is_too_slow(pattern: str, *, is_searched: bool) -> bool:
    """Whether a pattern that compiles could take long on `LONGEST` characters."""
    return steps(pattern, LONGEST, is_searched=is_searched) > MOST_STEPS


class Limited:
    """A user's pattern. It has the methods of a compiled one and keeps to the limits."""

    def __init__(self, pattern: re.Pattern[str], rule: str) -> None:
        self._compiled, self._rule = pattern, rule
        self._left = ALLOWANCE
        self.pattern = pattern.pattern
        self.groupindex: Mapping[str, int] = pattern.groupindex
        self.groups = max(1, pattern.groups)
        """At least one: patterns with groups are not joined with others into a larger one."""

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self._look(self._compiled.search, text)

    def match(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self._look(self._compiled.match, text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`; what is longer than the limit does not match."""
        return self._look(self._compiled.fullmatch, text) if len(text) <= LONGEST else None

    def _look(self, look: Callable[[str], re.Match[str] | None], text: str) -> re.Match[str] | None:
        start = time.perf_counter()
        found = look(text[:LONGEST])
        self._left -= time.perf_counter() - start
        if self._left < 0:
            raise CatalogueError(
                f"rule {self._rule}: the pattern {self.pattern!r} has taken more than {ALLOWANCE:.0f} s;"
                " make it more exact (begin it with ^, bound what repeats) or switch the rule off."
            )
        return found


class Shipped(Struct, frozen=True, dict=True):
    """A pattern of our own files. It has the methods of a compiled one; most are never looked at, nor compiled."""

    pattern: str
    flags: re.RegexFlag = re.IGNORECASE

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)

    @property
    def groupindex(self) -> Mapping[str, int]:
        """As `re.Pattern.groupindex`."""
        return self._compiled.groupindex if "(?P<" in self.pattern else {}

    @property
    def groups(self) -> int:
        """As `re.Pattern.groups`."""
        return self._compiled.groups if _GROUP.search(self.pattern) else 0

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self._compiled.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return self._compiled.fullmatch(text)


Pattern = re.Pattern[str] | Limited | Shipped
"""A pattern that can be looked for, ours or a user's."""
