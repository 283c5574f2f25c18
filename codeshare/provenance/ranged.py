"""Lines that a range of commits adds, followed from where it left the rest of the history.

Of the rest nothing is read: a line that was there before is of unknown origin (`UNKNOWN`), and so is every
line beyond the last that the range changed. The whole range lands at once, as if it were merged now.
"""

from __future__ import annotations

from collections.abc import Mapping

from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.mergednames import Paths
from codeshare.provenance.forward import Forward
from codeshare.provenance.landings import Landings


class Ranged(Forward):
    """A pass over a range; the first ``edge`` commits of the walk lie before it and are never fed."""

    def __init__(self, walked: Walk, mainline: Mainline, edge: int, trees: Mapping[int, Paths]) -> None:
        """Begin.

        Args:
            mainline: as `at_once` makes it.
            trees: path and blob of all files of commits before the range, where it has merges: these take
                whole files from there.
        """
        # The edge is a member too: one commit alone would be taken for a landing of its own.
        members = {walked.tip: list(range(len(walked.shas)))}
        before = {walked.tip: 0 if edge else None}
        super().__init__(
            walked, mainline, Landings(members, before), cut={i: trees.get(i, []) for i in range(edge)}
        )


def at_once(walked: Walk, mainline: Mainline) -> Mainline:
    """The mainline of a range that lands with its head: no line that it adds and takes away again ever lands."""
    tip = walked.tip
    count = len(walked.shas)
    at = mainline.merged_at[tip]
    return Mainline([tip], frozenset(), [tip] * count, [at] * count, frozenset())
