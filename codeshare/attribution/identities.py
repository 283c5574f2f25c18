"""Rules looked up by identity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from codeshare.attribution.rule import LOGIN_END, Rule
from codeshare.model import Identity


class IdentityRules:
    """Rules that look at a name or an address; remembers each identity it was asked about."""

    def __init__(self, rules: Iterable[Rule], all_rules: Iterable[Rule]) -> None:
        """Take some ``rules`` of a catalogue, and all that it has."""
        self._rules = [rule for rule in rules if rule.has_identity]
        # One look tells that none of the catalogue's addresses matches, which is so of nearly everybody. A pattern
        # with groups of its own (a user's) might not survive being joined to others and is always tried.
        joined = {r.address.pattern for r in all_rules if r.address is not None and not r.address.groups}
        self._always = [r for r in self._rules if r.address is None or r.address.pattern not in joined]
        self._any_address = _any_of(frozenset(joined))
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


@cache
def _any_of(patterns: frozenset[str]) -> re.Pattern[str]:
    """What matches an address that one of the patterns matches; most of them end alike, and compiling takes the time."""
    # What `entry` puts before such an end is one group.
    logins = sorted(each.removesuffix(LOGIN_END) for each in patterns if each.endswith(LOGIN_END))
    others = sorted(each for each in patterns if not each.endswith(LOGIN_END))
    joined = [f"(?:{each})" for each in others]
    if logins:
        joined.append(f"(?:{'|'.join(logins)}){LOGIN_END}")
    return re.compile("|".join(joined) or "(?!)", re.IGNORECASE)
