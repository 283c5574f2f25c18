"""The word that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection


def nearest(word: str, known: Collection[str], otherwise: str) -> str:
    """Return ``did you mean …?``, else ``otherwise``."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}?" if near else otherwise
