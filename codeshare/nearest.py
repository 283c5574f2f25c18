"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def nearest(word: str, known: Collection[str], otherwise: str) -> str:
    """Return ``did you mean …?``, else ``otherwise``."""
    import difflib  # only where something is wrong

    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def named(names: Sequence[str], most: int = 8) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
