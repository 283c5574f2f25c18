"""Teams within repositories: which large ones must go as well, so that no small one follows from the totals."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

Place = tuple[str, str]
"""A repository and a team."""


def covering(groups: pd.DataFrame, shown: Collection[Place]) -> set[Place]:
    """Return those of one quarter's places to leave out with the others.

    Repositories and teams have totals. A small place can be anything only where lines may be exchanged
    without changing one: around a rectangle of places that are all left out. Where a small place is in
    none, the places of one that costs least are left out.

    Args:
        groups: a row per place, with its ``lines`` and whether it ``is_small``.
        shown: the places to be shown.
    """
    lines, small = (
        groups.pivot_table(column, "repository", "team", "sum", fill_value=0)
        for column in ("lines", "is_small")
    )
    repositories, teams = lines.index.tolist(), lines.columns.tolist()
    held = lines.to_numpy() > 0
    is_shown = np.array([[(repository, team) in shown for team in teams] for repository in repositories])
    before = is_shown.copy()
    for row, column in np.argwhere(small.to_numpy(dtype=bool) & held & ~is_shown):
        _cover(is_shown, held, row, column)
    return {(repositories[row], teams[column]) for row, column in np.argwhere(before & ~is_shown)}


def _cover(is_shown: np.ndarray, held: np.ndarray, row: int, column: int) -> None:
    """Leave out a rectangle of which a place is a corner, if there is any in which lines can be exchanged."""
    along, down = np.ix_([row], range(held.shape[1])), np.ix_(range(held.shape[0]), [column])
    cost = is_shown.astype(int) + is_shown[along] + is_shown[down]
    cost[~(held | (held[along] & held[down]))] = 4  # nothing to exchange
    cost[row] = cost[:, column] = 4
    other, across = np.unravel_index(int(cost.argmin()), cost.shape)
    if cost[other, across] < 4:
        for place in ((row, across), (other, across), (other, column)):
            is_shown[place] = False
