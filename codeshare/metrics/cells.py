"""What ``explore.html`` is made of: sums of lines by month, place, class and evidence, and curves as they were estimated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from msgspec import Struct, field

from codeshare.metrics.queries import run
from codeshare.metrics.small_places import covering

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from codeshare.metrics.figures import Figures

MOST_REPOSITORIES = 250
MOST_CELLS = 260_000
"""At most fifteen bytes each in the file."""
_OTHERS = {"repository": "(other repositories)", "team": "(other teams)"}
SURVIVAL_BY = ("repository", "class", "tool")


class Cells(Struct, frozen=True, eq=False):
    """Rows of the named queries."""

    lines: pd.DataFrame
    """``explore_lines``: how many were merged, by evidence."""
    fates: pd.DataFrame = field(default_factory=pd.DataFrame)
    """``explore_fates``: what became of them, and who reviewed them."""
    survival: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """``survival_by``, by what it is split by."""


def explore_cells(
    connection: duckdb.DuckDBPyConnection,
    most: int = MOST_REPOSITORIES,
    at_most: int = MOST_CELLS,
    *,
    beside: Figures | None = None,
) -> Cells:
    """Read the cells, of fewer repositories where they would be too many for a file.

    Args:
        connection: an open database of codeshare.
        most: repositories with rows of their own; the rest are one, ``(other repositories)``.
        at_most: rows of lines and fates together.
        beside: the figures of the report that they lie beside.
    """
    lines, fates = _sums(connection, most)
    while (found := len(lines) + len(fates)) > at_most and most > 1:
        most = min(most - 1, max(1, int(0.9 * most * at_most / found)))
        lines, fates = _sums(connection, most)
    groups = run(connection, "explore_groups", most=most)
    if beside is not None:
        lines, fates = (_without(frame, beside) for frame in (lines, fates))
        groups = _small_where_left_out(groups, beside)
    told = _telling(lines, groups)
    lines, fates = (frame[~_are_in(frame, told)].reset_index(drop=True) for frame in (lines, fates))
    return Cells(lines, fates, {split: run(connection, "survival_by", split=split) for split in SURVIVAL_BY})


def _sums(connection: duckdb.DuckDBPyConnection, most: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    return run(connection, "explore_lines", most=most), run(connection, "explore_fates", most=most)


def _without(cells: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """The cells, with what a report leaves out of a quarter among the others: the two together would tell it."""
    is_left_out = {part: _left_out(cells[part], _quarter(cells), figures, part) for part in _OTHERS}
    kept = cells[~((cells["cut"] == "both") & (is_left_out["repository"] | is_left_out["team"]))].copy()
    for part, others in _OTHERS.items():
        kept.loc[is_left_out[part].reindex(kept.index), part] = others
    names = [name for name in kept if name != "lines"]
    return kept.groupby(names, dropna=False, sort=False)["lines"].sum().reset_index()


def _left_out(names: pd.Series, quarter: pd.Series, figures: Figures, part: str) -> pd.Series:
    shown = figures.worth.get(f"volume_by_{part}")
    if shown is None:
        return pd.Series(False, index=names.index)
    hidden = shown[shown["lines"].isna()]
    places = set(zip(hidden[part], hidden["quarter"], strict=True))
    return pd.Series([place in places for place in zip(names, quarter, strict=True)], index=names.index, dtype=bool)  # fmt: skip


def _quarter(cells: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(cells["month"]).dt.to_period("Q").dt.start_time


def _small_where_left_out(groups: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """The groups, with what a report leaves out of a quarter among the others."""
    named = groups.copy()
    for part, others in _OTHERS.items():
        is_left_out = _left_out(groups[part], groups["quarter"], figures, part)
        named.loc[is_left_out, part] = others
        named["is_small"] |= is_left_out
    return named


def _telling(lines: pd.DataFrame, groups: pd.DataFrame) -> set[tuple[object, ...]]:
    """Quarters, repositories and teams whose lines would tell those of a small team within a repository."""
    shown = lines[lines["cut"] == "both"]
    places = set(zip(_quarter(shown), shown["repository"], shown["team"], strict=True))
    told: set[tuple[object, ...]] = set()
    for quarter, own in groups.groupby("quarter") if places else ():
        here = {(repository, team) for when, repository, team in places if when == quarter}
        told |= {(quarter, *place) for place in covering(own, here)}
    return told


def _are_in(cells: pd.DataFrame, places: set[tuple[object, ...]]) -> pd.Series:
    rows = zip(_quarter(cells), cells["repository"], cells["team"], strict=True)
    return pd.Series([row in places for row in rows], index=cells.index, dtype=bool)
