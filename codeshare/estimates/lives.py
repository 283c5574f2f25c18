"""Lives of lines by commit: what survival curves and hazard models are computed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codeshare.estimates.resampling import Codes, Floats

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LIVES = """
with numbered as (
    select repo, sha, (row_number() over (order by repo, ordinal) - 1)::integer as commit from commits
),
summed as materialized (
    select repo, sha, quarter, file_class::varchar as class, attribution, tool, age_days, is_dead, sum(lines)::double as lines
    from line_lives where attribution in ('ai', 'assisted', 'human') group by all
)
select
    n.commit, s.age_days, s.is_dead, s.lines,
    s.attribution::enum('ai', 'assisted', 'human') as part,
    s.class::enum('code', 'config', 'docs', 'test') as class,
    s.repo, s.quarter::timestamp as quarter, coalesce(s.tool, 'Others, unnamed') as tool
from summed as s join numbered as n on n.repo = s.repo and n.sha = s.sha
order by n.commit, s.attribution, s.class, s.tool, s.age_days, s.is_dead
"""

PARTS = ("ai", "assisted", "human")
CLASSES = ("code", "config", "docs", "test")


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """Lines of one commit, kind and fate each; all arrays are of one length.

    Attributes:
        commit: index of the commit, 0-based.
        age: day of life on which the lines died, else whole days that they were watched.
        dead: whether they died.
        part: index into ``PARTS``.
        file_class: index into ``CLASSES``.
    """

    commit: Codes
    age: Codes
    dead: NDArray[np.bool_]
    lines: Floats
    part: Codes
    file_class: Codes
    repo: NDArray[Any]
    quarter: NDArray[np.datetime64]
    tool: NDArray[Any]

    def where(self, chosen: NDArray[np.bool_]) -> Lives:
        """Keep some rows."""
        return Lives(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def of(self, *parts: str) -> Lives:
        """Keep attributions."""
        return self.where(np.isin(self.part, [PARTS.index(part) for part in parts]))

    def numbered(self) -> Lives:
        """Number the commits that are left from 0 on."""
        _, commit = np.unique(self.commit, return_inverse=True)
        return replace(self, commit=commit)

    @property
    def commits(self) -> int:
        """How many commits there are."""
        return len(np.unique(self.commit))


def read_lives(connection: DuckDBPyConnection) -> Lives:
    """Read ``line_lives``, summed by commit and day; empty on the basis ``added``."""
    found = connection.execute(_LIVES).fetchnumpy()
    return Lives(
        found["commit"].astype(np.intp),
        found["age_days"].astype(np.intp),
        found["is_dead"].astype(bool),
        found["lines"].astype(np.float64),
        _codes(found["part"], PARTS),
        _codes(found["class"], CLASSES),
        np.asarray(found["repo"]),
        np.asarray(found["quarter"]).astype("datetime64[D]"),
        np.asarray(found["tool"]),
    )


def _codes(column: Any, names: tuple[str, ...]) -> Codes:
    """Codes of an enumeration, which DuckDB gives as a categorical or as its words."""
    codes = getattr(column, "codes", None)
    if codes is not None:
        return np.asarray(codes, dtype=np.intp)
    return np.searchsorted(np.array(names), np.asarray(column, dtype=str)).astype(np.intp)


def contemporary_since(lives: Lives) -> np.datetime64 | None:
    """First quarter in which at least one line in a hundred was AI's; None: none.

    Lines of years without agents had other projects, people and habits: they are in the curve of all
    years, but AI is compared with lines of the same time.
    """
    if not len(lives.commit):
        return None
    quarters, place = np.unique(lives.quarter, return_inverse=True)
    every = np.bincount(place, lives.lines)
    ai = np.bincount(place, np.where(lives.part == PARTS.index("ai"), lives.lines, 0.0))
    enough = quarters[ai >= 0.01 * every]
    return enough[0] if len(enough) else None
