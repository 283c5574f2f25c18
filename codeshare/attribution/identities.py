"""Rules looked up by identity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from codeshare.attribution.addresses import Named, all_named
from codeshare.attribution.rule import Rule
from codeshare.model import Identity


class IdentityRules:
    """Rules that look at a name or an address; remembers each identity it was asked about."""

    def __init__(self, rules: Iterable[Rule], all_rules: Iterable[Rule]) -> None:
        """Take some ``rules`` of a catalogue, and all that it has."""
        self._rules = [rule for rule in rules if rule.has_identity]
        # A look or two tell that nothing of the catalogue matches, which is so of nearly everybody. A pattern with
        # groups of its own (a user's) might not survive being joined to others and is always tried.
        addresses = {r.address for r in all_rules if r.address is not None and not r.address.groups}
        names = {r.name for r in all_rules if r.address is None and r.name is not None and not r.name.groups}
        self._named = all_named(each for each in addresses if isinstance(each, Named))
        self._any_address = _any_of(frozenset(x.pattern for x in addresses if not isinstance(x, Named)))
        self._any_name = _any_of(frozenset(each.pattern for each in names))
        self._without_address = [r for r in self._rules if r.address not in addresses]
        self._always = [r for r in self._without_address if r.address is not None or r.name not in names]
        self._known: dict[tuple[str, str], tuple[Rule, ...]] = {}

    def matching(self, who: Identity) -> tuple[Rule, ...]:
        """Return the rules that match, in the catalogue's order."""
        key = (who.name, who.email)
        known = self._known.get(key)
        if known is None:
            if self._named.may_hold(who.email) or self._any_address.fullmatch(who.email):
                rules = self._rules
            else:
                rules = self._without_address if self._any_name.search(who.name) else self._always
            known = tuple(rule for rule in rules if rule.matches_identity(who.name, who.email))
            self._known[key] = known
        return known


@cache
def _any_of(patterns: frozenset[str]) -> re.Pattern[str]:
    """What matches that one of the patterns matches."""
    return re.compile("|".join(f"(?:{each})" for each in sorted(patterns)) or "(?!)", re.IGNORECASE)
