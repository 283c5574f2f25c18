"""Writes blocks of plausible code of an exact number of lines.

The first and last line of a block, and each statement, occur only once in a repository. So git's
choice of which lines an insertion added is never in doubt, and numstat counts exactly what was put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sample_repos.dice import Dice
from sample_repos.tables import table

_WORDS = table("languages")["words"]
NOUNS: list[str] = _WORDS["nouns"]
PLACES: list[str] = _WORDS["places"]
VERBS: list[str] = _WORDS["verbs"]
CHANGES: list[str] = _WORDS["changes"]
_DIGITS = "0123456789abcdefghijkmnpqrstuvwxyz"


def _repertoire() -> list[dict[str, Any]]:
    """Return the words that go together, in their spellings."""
    threes = ((NOUNS[n * 7 % 32], PLACES[n * 5 % 21], VERBS[n * 3 % 20]) for n in range(32 * 21 * 5))
    return [
        {"noun": noun, "Noun": noun.capitalize(), "NOUN": noun.upper()}
        | {"place": place, "Place": place.capitalize(), "verb": verb, "Verb": verb.capitalize()}
        for noun, place, verb in threes
    ]


_REPERTOIRE = _repertoire()


@dataclass(slots=True, eq=False)
class Block:
    """Some lines that belong together; ``core`` to ``core + size`` are statements, each of them unique."""

    lines: list[str]
    core: int
    size: int


class Vocabulary:
    """Gives out words with an id that no other line of the repository has."""

    def __init__(self) -> None:
        """Start counting."""
        self.count = 0

    def words(self) -> dict[str, Any]:
        """Return the values of one template."""
        self.count = n = self.count + 1
        words = _REPERTOIRE[n % len(_REPERTOIRE)].copy()
        words["u"], words["a"], words["b"] = token(n), n * 31 % 97 + 2, n * 17 % 53 + 2
        return words


def token(n: int) -> str:
    """Return a short identifier for a number: a letter, then letters and digits."""
    digits = ""
    while n:
        n, rest = divmod(n, 34)
        digits = _DIGITS[rest] + digits
    return "x" + digits


class Language:
    """The templates of one language."""

    def __init__(self, name: str, vocabulary: Vocabulary) -> None:
        """Take the templates of the language from data/languages.toml."""
        row = table("languages")[name]
        self.vocabulary = vocabulary
        self.head: list[str] = row["head"]
        self.tail: list[str] = row["tail"]
        self.head_of_file: list[str] = row["header"]
        self.statements_of: list[str] = row["statement"]
        self.groups: list[list[str]] = row["group"]
        self.smallest = len(self.head) + len(self.tail) + 2

    def statements(self, count: int) -> list[str]:
        """Return so many unique lines."""
        words, templates = self.vocabulary.words, self.statements_of
        kinds = len(templates)
        return [templates[i % kinds] % words() for i in range(count)]

    def header(self) -> list[str]:
        """Return the first lines of a file."""
        words = self.vocabulary.words()
        return [line % words for line in self.head_of_file]

    def block(self, lines: int, dice: Dice) -> Block:
        """Return a block of exactly so many lines, at least ``smallest``."""
        words = self.vocabulary.words()
        text = [line % words for line in self.head]
        left = lines - len(text) - len(self.tail)
        core = Block(text, len(text), max(2, left * 2 // 3))
        text += self.statements(core.size)
        left -= core.size
        while left:
            group = dice.pick(self.groups)
            if len(group) > left:
                group = self.statements_of[:1]
            words = self.vocabulary.words()
            text += [line % words for line in group]
            left -= len(group)
        words = self.vocabulary.words()
        text += [line % words for line in self.tail]
        return core

    def blocks(self, lines: int, dice: Dice) -> list[Block]:
        """Return blocks of so many lines together, each of the size of a function."""
        found = []
        while lines:
            size = min(lines, self.smallest + dice.between(0, 28))
            if 0 < lines - size < self.smallest:
                size = lines
            found.append(self.block(size, dice))
            lines -= size
        return found

    def loose(self, lines: int) -> Block:
        """Return a block of any number of lines, all of them statements."""
        return Block(self.statements(lines), 0, lines)
