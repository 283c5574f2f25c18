"""Commits found by the beginnings of their ids, as messages name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

_DIGITS = 8
"""Of an id that are put in order: few commits of a history have these in common."""
_HEX = re.compile(r"[0-9a-f]*")


class ShortIds:
    """Looks commits of a walk up by the beginnings of their ids; prepared only once one is asked for."""

    def __init__(self, shas: Sequence[str]) -> None:
        self._shas = shas

    def starting(self, short: str) -> list[int]:
        """Indexes of the commits whose id begins so, in order of the ids."""
        if not _HEX.fullmatch(short):  # a user's pattern may take anything for an id
            return []
        begins, order = self._sorted
        bounds = [int(short[:_DIGITS].ljust(_DIGITS, digit), 16) for digit in "0f"]
        low, high = np.searchsorted(begins, bounds[0]), np.searchsorted(begins, bounds[1], side="right")
        found = [i for i in order[low:high].tolist() if self._shas[i].startswith(short)]
        return sorted(found, key=self._shas.__getitem__)

    def only_before(self, short: str, before: int) -> int | None:
        """The only commit of those before the one that names it whose id begins so."""
        found = [i for i in self.starting(short) if i < before]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _sorted(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
        """The first digits of all ids in order, and whose they are."""
        digits = bytes.fromhex("".join([sha[:_DIGITS] for sha in self._shas]))
        begins = np.frombuffer(digits, dtype=">u4").astype(np.int64)
        order = np.argsort(begins, kind="stable")
        return begins[order], order
