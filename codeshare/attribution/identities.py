"""Rules looked up by identity."""

from __future__ import annotations

import re
from collections.abc import Iterable

from codeshare.attribution.rule import Rule
from codeshare.model import Identity


class IdentityRules:
    """Rules that look at a name or an address; remembers each identity it was asked about."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [rule for rule in rules if rule.has_identity]
        # One look tells that none of the addresses matches, which is so of nearly everybody. A pattern with
        # groups of its own (a user's) might not survive being joined to others and is always tried.
        joined = {r.address.pattern for r in self._rules if r.address is not None and not r.address.groups}
        self._always = [r for r in self._rules if r.address is None or r.address.pattern not in joined]
        self._any_address = re.compile(
            "|".join(f"(?:{each})" for each in sorted(joined)) or "(?!)", re.IGNORECASE
        )
        self._known: dict[tuple[str, str], tuple[Rule, ...]] = {}

    def matching(self, who: Identity) -> tuple[Rule, ...]:
        """Return the rules that match, in the catalogue's order."""
        key = (who.name, who.email)
        known = self._known.get(key)
        if known is None:
            rules = self._rules if self._any_address.fullmatch(who.email) else self._always
            known = tuple(rule for rule in rules if rule.matches_identity(who.name, who.email))
            self._known[key] = known
        return known
