"""The cells of ``explore.html``: lines by month, repository or team, class of file and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.metrics.queries import run

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MOST_REPOSITORIES = 250
MOST_CELLS = 200_000
"""About ten bytes each in the file."""


def explore_cells(
    connection: duckdb.DuckDBPyConnection, most: int = MOST_REPOSITORIES, at_most: int = MOST_CELLS
) -> pd.DataFrame:
    """Read the rows of ``explore_lines``, of fewer repositories where they would be too many for a file.

    Args:
        connection: an open database of codeshare.
        most: repositories with rows of their own; the rest are one, ``(other repositories)``.
        at_most: rows.
    """
    cells = run(connection, "explore_lines", most=most)
    while len(cells) > at_most and most > 1:
        most = min(most - 1, max(1, int(0.9 * most * at_most / len(cells))))
        cells = run(connection, "explore_lines", most=most)
    return cells
