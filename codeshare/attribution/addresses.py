"""Addresses that a rule names one by one: whether one is among them is told without compiling a pattern."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from codeshare.attribution.limits import Shipped

LOGIN_END = r"@users\.noreply\.github\.com"
"""How the pattern of a login's address ends."""

_DOMAIN = re.sub(r"\\", "", LOGIN_END)
_WORDS = re.compile(r"(?:\\[^\w\s]|[^\\()\[\]{}*+?^$|.])+")


class Named(Shipped, frozen=True):
    """A pattern of addresses that names each: GitHub's of ``logins``, with or without their number, and ``whole`` ones.

    Both are in lower case.
    """

    logins: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return super().fullmatch(text) if self.may_hold(text) else None

    def may_hold(self, address: str) -> bool:
        """Whether an address is among them; true of one that is not ASCII, whose letters have more cases."""
        lower = address.lower()
        if lower in self.whole or not lower.isascii():
            return True
        login = lower.removesuffix(_DOMAIN)
        number, _, rest = login.partition("+")
        return login != lower and (login in self.logins or (number.isdigit() and rest in self.logins))


def named(pattern: str) -> Shipped:
    """A pattern of addresses, as `Named` where it is nothing but some of them."""
    inner = pattern.removeprefix("(?:").removesuffix(")") if pattern.startswith("(?:") else pattern
    words = inner.split("|")
    if not all(map(_WORDS.fullmatch, words)):
        return Shipped(pattern)
    return Named(pattern, whole=frozenset(word.replace("\\", "").lower() for word in words))


def of_logins(logins: Collection[str]) -> tuple[str, Named]:
    """The pattern of the addresses of GitHub logins; one that begins with its number is meant with that alone."""
    numbered = [login for login in logins if login[0].isdigit() and "+" in login]
    forms = [re.escape(login) if login in numbered else rf"(?:\d+\+)?{re.escape(login)}" for login in logins]
    pattern = f"(?:{'|'.join(forms)}){LOGIN_END}"
    plain = frozenset(login.lower() for login in logins if login not in numbered)
    whole = frozenset(f"{login}{_DOMAIN}".lower() for login in numbered)
    return pattern, Named(pattern, logins=plain, whole=whole)


def all_named(patterns: Iterable[Named]) -> Named:
    """Whatever one of them names; for `Named.may_hold` alone."""
    every = list(patterns)
    return Named(
        "",
        logins=frozenset().union(*(each.logins for each in every)),
        whole=frozenset().union(*(each.whole for each in every)),
    )
