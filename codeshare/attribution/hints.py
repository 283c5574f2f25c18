"""Patterns of RE2 by which `Messages` tells what may be in many texts: conditions, not the thing itself.

They are met whatever the case, and see UTF-8 byte by byte.
"""

from __future__ import annotations

from collections.abc import Collection

GAP = r"[^\n!-~]*"
"""Whatever Python strips, and more: nothing that is ASCII and can be seen."""

_NOTHING = r"[^\x00-\xff]"


def any_of(words: Collection[str]) -> str:
    """Texts that hold one of ``words``, which are lower case."""
    return f"(?:{'|'.join(map(_literal, words)) if words else _NOTHING})"


def any_key(keys: Collection[str]) -> str:
    """Texts that hold what looks like a trailer: one of ``keys``, or what ends in one, before a colon."""
    return any_of(keys) + GAP + ":"


def _literal(word: str) -> str:
    """A letter that is not ASCII may be any such, for its upper case is another."""
    return "".join(
        (c if c.isalnum() else f"\\x{ord(c):02x}") if c.isascii() else r"[\x80-\xff]+" for c in word
    )
