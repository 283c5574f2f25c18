"""What ``explore.html`` is made of: sums of lines by month, place, class and evidence, and curves as they were estimated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from codeshare.metrics.queries import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

MOST_REPOSITORIES = 250
MOST_CELLS = 260_000
"""At most fifteen bytes each in the file."""
SURVIVAL_BY = ("repository", "class", "tool")


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Rows of the named queries."""

    lines: pd.DataFrame
    """``explore_lines``: how many were merged, by evidence."""
    fates: pd.DataFrame = field(default_factory=pd.DataFrame)
    """``explore_fates``: what became of them, and who reviewed them."""
    survival: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """``survival_by``, by what it is split by."""


def explore_cells(
    connection: duckdb.DuckDBPyConnection, most: int = MOST_REPOSITORIES, at_most: int = MOST_CELLS
) -> Cells:
    """Read the cells, of fewer repositories where they would be too many for a file.

    Args:
        connection: an open database of codeshare.
        most: repositories with rows of their own; the rest are one, ``(other repositories)``.
        at_most: rows of lines and fates together.
    """
    lines, fates = _sums(connection, most)
    while (found := len(lines) + len(fates)) > at_most and most > 1:
        most = min(most - 1, max(1, int(0.9 * most * at_most / found)))
        lines, fates = _sums(connection, most)
    return Cells(lines, fates, {split: run(connection, "survival_by", split=split) for split in SURVIVAL_BY})


def _sums(connection: duckdb.DuckDBPyConnection, most: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    return run(connection, "explore_lines", most=most), run(connection, "explore_fates", most=most)
