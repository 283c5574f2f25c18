"""Columns that say what was decided: of commits, and of lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from codeshare.model import CommitAttribution
from codeshare.store.columns import Lookup
from codeshare.store.tables import Column

_DECIDED = ("attribution", "confidence", "rule", "kind", "tool", "model")


class DecisionColumns:
    """Looks decisions up by index; of tens of thousands of commits without evidence there are a few."""

    def __init__(self, decisions: Sequence[CommitAttribution]) -> None:
        distinct = {id(each): each for each in decisions}
        place = {key: k for k, key in enumerate(distinct)}
        self._place = np.array([place[id(each)] for each in decisions] or [0], dtype=np.int32)
        self._columns = {
            name: Lookup(_text(getattr(each, name)) for each in distinct.values()) for name in _DECIDED
        }

    def __call__(self, index: NDArray[np.integer]) -> dict[str, Column]:
        """The columns, by name, of the decisions at ``index``."""
        return {name: column(self._place[index]) for name, column in self._columns.items()}


def _text(value: object) -> str | None:
    return None if value is None else str(getattr(value, "value", value))
