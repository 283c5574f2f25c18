"""Lives of lines by commit: what survival curves and hazard models are computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from codeshare.estimates.resampling import Codes, Floats

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LIVES = """
with numbered as (
    select repo, sha, (row_number() over (order by repo, ordinal) - 1)::integer as commit from commits
),
named as (select repo, (row_number() over (order by repo) - 1)::integer as place from repos),
summed as materialized (
    select repo, sha, quarter, file_class, attribution, tool, age_days, is_dead, sum(lines)::double as lines
    from line_lives where attribution in ('ai', 'assisted', 'human') group by all
),
tools as (
    select tool, (row_number() over (order by tool) - 1)::integer as place
    from (select distinct coalesce(tool, 'Others, unnamed') as tool from landed_lines where attribution in ('ai', 'assisted'))
)
select
    n.commit, s.age_days, s.is_dead, s.lines,
    (list_position(['ai', 'assisted', 'human'], s.attribution) - 1)::integer as part,
    (list_position(['code', 'config', 'docs', 'test'], s.file_class) - 1)::integer as class,
    named.place as repo, s.quarter::timestamp as quarter, coalesce(tools.place, -1) as tool
from summed as s
join numbered as n on n.repo = s.repo and n.sha = s.sha
join named on named.repo = s.repo
left join tools on s.attribution <> 'human' and tools.tool = coalesce(s.tool, 'Others, unnamed')
order by all  -- sums of many parts depend on their order in the last digit
"""
_TOOLS = "select distinct coalesce(tool, 'Others, unnamed') from landed_lines where attribution in ('ai', 'assisted') order by 1"

PARTS = ("ai", "assisted", "human")
CLASSES = ("code", "config", "docs", "test")


class Lives(Struct, frozen=True, eq=False):
    """Lines of one commit, kind and fate each; all arrays are of one length, rows in the order of their commits.

    Attributes:
        commit: index of the commit, 0-based.
        age: day of life on which the lines died, else whole days that they were watched.
        dead: whether they died.
        part: index into ``PARTS``.
        file_class: index into ``CLASSES``.
        repo: index into all names of repositories, sorted.
        tool: index into the names of tools, sorted; -1: of lines without AI evidence.
    """

    commit: Codes
    age: Codes
    dead: NDArray[np.bool_]
    lines: Floats
    part: Codes
    file_class: Codes
    repo: Codes
    quarter: NDArray[np.datetime64]
    tool: Codes

    def where(self, chosen: NDArray[np.bool_] | slice) -> Lives:
        """Keep some rows."""
        return Lives(*(getattr(self, name)[chosen] for name in self.__struct_fields__))

    def of(self, *parts: str) -> Lives:
        """Keep attributions."""
        return self.where(np.isin(self.part, [PARTS.index(part) for part in parts]))

    def numbered(self) -> Lives:
        """Number the commits that are left from 0 on."""
        return replace(self, commit=np.cumsum(self._is_first()) - 1)

    @property
    def commits(self) -> int:
        """How many commits there are."""
        return int(np.count_nonzero(self._is_first()))

    def longest(self) -> Codes:
        """The greatest age of each commit's lines; there must be a row."""
        ages: Codes = np.maximum.reduceat(self.age, np.flatnonzero(self._is_first()))
        return ages

    def _is_first(self) -> NDArray[np.bool_]:
        """Which rows are the first of their commit."""
        first: NDArray[np.bool_] = np.diff(self.commit, prepend=-1) != 0
        return first


def read_lives(connection: DuckDBPyConnection) -> Lives:
    """Read ``line_lives``, summed by commit and day; empty on the basis ``added``."""
    # no column can be null, so each is an array without a mask
    found: dict[str, NDArray[Any]] = connection.execute(_LIVES).fetchnumpy()  # type: ignore[assignment]
    return Lives(
        found["commit"].astype(np.intp),
        found["age_days"].astype(np.intp),
        found["is_dead"].astype(bool),
        found["lines"].astype(np.float64),
        found["part"].astype(np.intp),
        found["class"].astype(np.intp),
        found["repo"].astype(np.intp),
        found["quarter"].astype("datetime64[D]"),
        found["tool"].astype(np.intp),
    )


def tool_names(connection: DuckDBPyConnection) -> list[str]:
    """Names that ``Lives.tool`` counts through."""
    return [name for (name,) in connection.execute(_TOOLS).fetchall()]


def repository_names(connection: DuckDBPyConnection) -> list[str]:
    """Names that ``Lives.repo`` counts through."""
    return [name for (name,) in connection.execute("select repo from repos order by repo").fetchall()]


def ai_since(connection: DuckDBPyConnection) -> np.datetime64 | None:
    """First quarter in which at least one line in a hundred was AI's; None: none.

    Lines of years without agents had other projects, people and habits: they are in the curve of all
    years, but AI is compared with lines of the same time.
    """
    row = connection.execute("select since from ai_since").fetchone()
    return np.datetime64(row[0], "D") if row and row[0] is not None else None
