"""Stable pseudonyms: one word for a person."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from functools import cache

from codeshare.shipped import shipped


def pseudonyms(persons: Iterable[str], salt: str = "", without: Iterable[str] = ()) -> dict[str, str]:
    """Give each person (id) a word of ``words.txt``; none of ``without`` (in lower case), which people are called by.

    The words depend on the set and on ``salt``, not on the order. Each person asks for the word that
    a keyed hash names, then for the next ones; who has the lesser hash goes first, so a newcomer takes
    a word from another only where both ask for the same one. Beyond the list: ``Word 2``, ``Word 3``…
    """
    words = _words_but(frozenset(without))
    taken: dict[str, str] = {}
    queue = sorted(
        {person: _digest(person, salt) for person in persons}.items(), key=lambda item: (item[1], item[0])
    )
    for place, (person, digest) in enumerate(queue):
        round_, start = place // len(words), digest % len(words)
        suffix = f" {round_ + 1}" if round_ else ""
        probe = (words[(start + n) % len(words)] + suffix for n in range(len(words)))
        word = next(word for word in probe if word not in taken)
        taken[word] = person
    return {person: word for word, person in taken.items()}


def _digest(person: str, salt: str) -> int:
    code = hmac.new(salt.encode(), person.encode(), hashlib.sha256).digest()
    return int.from_bytes(code[:8], "big")


def _words_but(without: Collection[str]) -> tuple[str, ...]:
    words = _words()
    return tuple(word for word in words if word.lower() not in without) if without else words


@cache
def _words() -> tuple[str, ...]:
    return tuple(shipped("attribution/words.txt").split())
