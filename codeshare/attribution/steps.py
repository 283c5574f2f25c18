"""How long a pattern can take at worst, told from the pattern alone.

Python's engine tries every way to match before it gives up. A repeat that is followed by something it
cannot itself take ends in one place only; any other one can end wherever it likes, and what one
such repeat holds inside another multiplies without end. `steps` bounds the product.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

Characters = frozenset[str]

# A stand-in for all characters: sets of them are told apart by those they hold.
_BEYOND = frozenset("\xa0éж字🤖\u2003")
_ALPHABET = frozenset(map(chr, range(128))) | _BEYOND
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda each: each.isalnum() or each == "_",
}
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_ENDLESS = 1e30
_END = frozenset("\n")
"""What can follow at the end of a text: no more of it."""


def steps(pattern: str, longest: int, *, is_searched: bool) -> float:
    """Return an upper bound of the ways in which a pattern is tried on a text.

    Args:
        pattern: one that compiles.
        longest: the text's length in characters.
        is_searched: whether it may begin anywhere; else it begins where the text begins.
    """
    parsed = list(_parser().parse(pattern, re.IGNORECASE))
    is_anchored = bool(parsed) and "AT_BEGINNING" in str(parsed[0][1])
    found = _Ways(longest).of(parsed, _END)
    return found * (longest if is_searched and not is_anchored else 1)


@cache
def _parser() -> Any:
    return import_module("re._parser")


class _Ways:
    def __init__(self, longest: int) -> None:
        self._longest = longest

    def of(self, items: Sequence[Any], after: Characters | None) -> float:
        """Ways through a sequence; ``after``: what can come next, None: anything."""
        found = 1.0
        for n, (op, value) in enumerate(items):
            found *= self._item(str(op), value, _first(items[n + 1 :], after))
            found = min(found, _ENDLESS)
        return found

    def _item(self, op: str, value: Any, after: Characters | None) -> float:
        if op == "ATOMIC_GROUP":
            return self.of(list(value), _END)
        if op in _REPEATS:
            return self._repeat(value[0], min(int(value[1]), self._longest), list(value[2]), after)
        if op == "BRANCH":
            return self._branch([list(branch) for branch in value[1]], after)
        if op == "GROUPREF_EXISTS":
            return sum(self.of(list(branch), after) for branch in value[1:] if branch)
        if op == "SUBPATTERN":
            return self.of(list(value[3]), after)
        return self.of(list(value[1]), _END) if op in ("ASSERT", "ASSERT_NOT") else 1.0

    def _branch(self, branches: list[list[Any]], after: Characters | None) -> float:
        ways = [self.of(branch, after) for branch in branches]
        starts = [_first(branch, after) for branch in branches]
        known = [start for start in starts if start is not None]
        is_told = len(known) == len(starts) and sum(map(len, known)) == len(frozenset().union(*known))
        return max(ways) if is_told else sum(ways)

    def _repeat(self, least: int, most: int, body: list[Any], after: Characters | None) -> float:
        again = _first(body, None)
        inside = self.of(body, None if again is None or after is None else again | after)
        is_told = again is not None and after is not None and not again & after
        turns = 1.0 if is_told else float(max(1, most - least + 1))
        if inside <= 1:
            return turns
        return 10 ** min(math.log10(inside) * most, 30.0) * turns


def _first(items: Sequence[Any], after: Characters | None) -> Characters | None:
    """The characters that can come first; None: it cannot be told."""
    if not items:
        return after
    (op, value), rest = (str(items[0][0]), items[0][1]), items[1:]
    if op in _REPEATS:
        once = _first(list(value[2]), None)
        return once if value[0] else _joined((once, _first(rest, after)))
    if op == "SUBPATTERN":
        return _first([*value[3], *rest], after)
    if op == "BRANCH":
        return _joined(_first([*branch, *rest], after) for branch in value[1])
    if op == "AT":
        return _END if "END" in str(value) else _first(rest, after)
    if op in ("ASSERT", "ASSERT_NOT"):
        return _first(rest, after)
    return _characters(op, value)


def _joined(sets: Iterable[Characters | None]) -> Characters | None:
    found: set[str] = set()
    for each in sets:
        if each is None:
            return None
        found |= each
    return frozenset(found)


def _characters(op: str, value: Any) -> Characters | None:
    """What an item of one character can be."""
    if op == "ANY":
        return _ALPHABET - {"\n"}
    if op in ("LITERAL", "NOT_LITERAL"):
        return _either(_cases(chr(value)), op == "NOT_LITERAL")
    if op == "IN":
        is_not = str(value[0][0]) == "NEGATE"
        return _either({each for part in value[is_not:] for each in _part(str(part[0]), part[1])}, is_not)
    return None


def _part(op: str, value: Any) -> set[str]:
    if op == "LITERAL":
        return _cases(chr(value))
    if op == "RANGE":
        found = {other for n in range(value[0], min(value[1], 127) + 1) for other in _cases(chr(n))}
        return found | (_BEYOND if value[1] > 127 else set())
    name = str(value)
    holds = _CATEGORIES.get(name.replace("NOT_", ""))
    if holds is None:
        return set(_ALPHABET)
    return {each for each in _ALPHABET if bool(holds(each)) != ("NOT_" in name)}


def _cases(character: str) -> set[str]:
    """The character in both cases; one beyond ASCII counts as any other such one."""
    return {character, character.lower(), character.upper()} if character.isascii() else set(_BEYOND)


def _either(found: set[str], is_not: bool) -> Characters:
    return frozenset(_ALPHABET - (found - _BEYOND)) if is_not else frozenset(found)
