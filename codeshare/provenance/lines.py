"""One row per line ever born: where it was born, which landing brought it in, which one ended it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

Ids = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]

NEVER = -1
UNKNOWN = -1
"""The id of a line whose origin could not be read."""

_LATER = ("landed_at", "landed_path", "landed_number", "died_at", "died_path", "died_number")
"""Columns of which nothing is known when a line is born."""
_COLUMNS = ("file", "number", *_LATER)


class Lines:
    """Columns by line id, int32 each; ``count`` of them are in use.

    ``file``: row of `Files` where the line was born, ``number``: its 1-based number there.
    ``landed_at``: the landing (index into the walk) that brought it in, `NEVER` if none did;
    ``landed_path``, ``landed_number``: where it then stood. ``died_at``: the landing that ended it,
    ``died_path``, ``died_number``: where it stood in the mainline before. ``moved``: a moved line.
    """

    def __init__(self, capacity: int = 1 << 16) -> None:
        self.count = 0
        self._capacity = capacity
        for name in _COLUMNS:
            setattr(self, name, _column(capacity))
        self.moved = np.zeros(capacity, dtype=bool)
        self.stamp = np.zeros(capacity, dtype=np.int32)
        self._stamped = 0

    file: Ids
    number: Ids
    landed_at: Ids
    landed_path: Ids
    landed_number: Ids
    died_at: Ids
    died_path: Ids
    died_number: Ids

    def bear(self, file: Ids, number: Ids) -> Ids:
        """Give ids to new lines; they are consecutive."""
        first, self.count = self.count, self.count + len(file)
        # The last row stays free: it is what UNKNOWN, as an index, means.
        if self.count >= self._capacity:
            self._grow(first, max(self.count + 1, self._capacity * 3 // 2))
        self.file[first : self.count] = file
        self.number[first : self.count] = number
        for name in _LATER:
            getattr(self, name)[first : self.count] = NEVER
        return np.arange(first, self.count, dtype=np.int32)

    def new_stamps(self) -> int:
        """The first of two values that no line has in ``stamp``."""
        self._stamped += 2
        return self._stamped

    def _grow(self, used: int, capacity: int) -> None:
        for name in (*_COLUMNS, "moved", "stamp"):
            old = getattr(self, name)
            new = _column(capacity) if name in _COLUMNS else np.zeros(capacity, dtype=old.dtype)
            new[:used] = old[:used]
            setattr(self, name, new)
        self._capacity = capacity


def _column(capacity: int) -> Ids:
    """Room for so many rows, the last of them what UNKNOWN points to; where no line is yet, it takes no memory."""
    column = np.empty(capacity, dtype=np.int32)
    column[-1] = NEVER
    return column


class Files(Struct):
    """One row per commit and file in which lines were born: index into the walk, index of the path."""

    commit: list[int] = field(default_factory=list)
    path: list[int] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    index: dict[bytes, int] = field(default_factory=dict)

    def path_of(self, name: bytes) -> int:
        """The index of a path."""
        known = self.index.get(name)
        if known is None:
            known = self.index[name] = len(self.names)
            self.names.append(name)
        return known
