"""Lines of the commits that a request is made of, followed from where it left the branch.

Of the branch itself nothing is read: a line that was there before the request began is of unknown
origin (`UNKNOWN`), and so is every line beyond the last that the request changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.provenance.forward import Forward
from codeshare.provenance.landings import Landings
from codeshare.provenance.lines import NEVER
from codeshare.provenance.trees import Tree


class Parts(Forward):
    """A pass over commits off the branch, none of which lands."""

    def __init__(self, walked: Walk, before: Iterable[int], heads: Iterable[int]) -> None:
        """Begin.

        Args:
            walked: the commits, parents first.
            before: those of them that the branch holds (index into the walk): they are never fed.
            heads: those whose trees are wanted.
        """
        nowhere = Mainline([], frozenset(), [NEVER] * len(walked.shas), [], frozenset())
        super().__init__(walked, nowhere, Landings({NEVER: []}, {}), cut={i: [] for i in before})
        for head in heads:
            self._waiting[head] += 1

    def tree(self, head: int) -> Tree:
        """The files that the commits up to a head touched; once all is fed."""
        return self._trees[head]
