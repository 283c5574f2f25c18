"""What a pass has found out, and what one begins with that goes on from stored lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from codeshare.provenance.lines import Files, Ids, Lines
from codeshare.provenance.recurring import Recurring
from codeshare.provenance.trees import Tree


class CannotResume(Exception):
    """What was stored does not fit what git says; everything must be read anew."""


class Resumed(Struct):
    """What a pass that goes on begins with.

    ``lines`` and ``files`` hold what was stored and may be met again; ``seeds``: trees of commits
    (index into the walk), only the paths that will be asked for; ``replayed``: commits that are read
    once more for the sake of their trees; ``known``: per commit and path (index) the numbers and ids
    of the lines born there.
    """

    lines: Lines
    files: Files
    seeds: dict[int, Tree]
    replayed: frozenset[int]
    known: dict[tuple[int, int], tuple[Ids, Ids]]


class Removals(Struct):
    """Every removal of a line by a commit that is no merge: line ids, indexes into the walk, whether it was idle.

    An idle line is blank or nothing but a comment.
    """

    ids: list[Ids] = field(default_factory=list)
    commit: list[Ids] = field(default_factory=list)
    idle: list[npt.NDArray[np.bool_]] = field(default_factory=list)


class Followed:
    """What a pass has found out so far.

    ``unread``: of merges (index into the walk), the paths whose lines are unknown; ``renames``:
    landing, path before, path after.
    """

    def __init__(self, lines: Lines, files: Files, resumed: Resumed | None) -> None:
        self.lines, self.files, self.resumed = lines, files, resumed
        self.removals, self.recurring = Removals(), Recurring()
        self.renames: list[tuple[int, int, int]] = []
        self.unread: dict[int, list[bytes]] = {}
