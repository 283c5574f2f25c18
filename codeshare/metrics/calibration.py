"""How much of a marked commit's lines is the agent's: from commits that have both a mark and a record of lines.

A mark of a commit as a whole (a trailer, a footer, a branch's name) gives all of its lines to the agent.
Records of single lines say how many really were. What they say of commits that have both is taken for
the others: by what the mark says, its kind and its tool.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import tomli
from msgspec import Struct

from codeshare.metrics.bootstrap import REPLICATES, SEED, Resampling, interval
from codeshare.metrics.variants import Row, rows_of
from codeshare.shipped import shipped

if TYPE_CHECKING:
    import duckdb

METRIC = "agent_part"
_RECORDED = """
select 1 from commits where kind = 'line_record' union all select 1 from landed_lines where kind = 'line_record' limit 1
"""
ENOUGH = 30
"""Commits with a mark and a record, from which on they are believed."""

OWN = "bootstrap over commits, percentile"
SHIPPED = "shipped with codeshare"
_ALL_TIME = date(1970, 1, 1)


class Mark(Struct, frozen=True, order=True):
    """What a mark says (ai or assisted), the step of evidence, and the tool; none: of whatever tool."""

    attribution: str
    kind: str
    tool: str = ""

    @property
    def scope(self) -> str:
        """As ``estimates.scope`` has it; the view ``calibration`` takes it apart again."""
        return f"{self.attribution}/{self.kind}/{self.tool}"


class Part(Struct, frozen=True):
    """The agent's part of the lines of commits with a mark, with its 95 % interval and where it is from."""

    mark: Mark
    value: float
    low: float
    high: float
    commits: int
    method: str


def estimate_parts(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Estimate the agent's part by mark: from the database's own records where there are enough, else as shipped.

    Returns:
        Rows for the table ``estimates``, one a mark; ``n``: commits behind it. Of a mark that neither
        speaks of there is none.
    """
    # Where there are no records, which is the rule, every line would be summed up to find none.
    recorded = connection.execute(_RECORDED).fetchone()
    order = "attribution, kind, tool, repo, sha"
    rows = rows_of(connection, f"from recorded_marks order by {order}") if recorded else []
    return [_row(part) for part in resolve(own_parts(rows), shipped_parts())]


def own_parts(rows: Iterable[Row]) -> list[Part]:
    """Parts from rows of ``recorded_marks``: by tool, and of all tools together; those with enough commits."""
    found: list[Part] = []
    listed = sorted(rows, key=lambda row: (row["attribution"], row["kind"], row["tool"]))
    for (attribution, kind), of_kind in groupby(listed, lambda row: (row["attribution"], row["kind"])):
        kept = list(of_kind)
        marks = [(Mark(attribution, kind), kept)]
        for tool, of_tool in groupby(kept, lambda row: row["tool"]):
            if tool:
                marks.append((Mark(attribution, kind, tool), list(of_tool)))
        found += [part for mark, some in marks if (part := _own_part(mark, some))]
    return found


def resolve(own: Iterable[Part], shipped: Iterable[Part]) -> Iterator[Part]:
    """The parts to go by: own ones before shipped ones, also where those name the tool and own ones do not."""
    own = list(own)
    marks = {part.mark for part in own}
    kinds = {(mark.attribution, mark.kind) for mark in marks if not mark.tool}
    yield from own
    for part in shipped:
        if part.mark not in marks and (part.mark.attribution, part.mark.kind) not in kinds:
            yield part


@cache
def shipped_parts() -> tuple[Part, ...]:
    """The parts of ``calibration.toml``, which says where they come from."""
    table = tomli.loads(shipped("metrics/calibration.toml"))
    method = f"{SHIPPED}: {table['source']}"
    return tuple(
        Part(
            Mark(part["attribution"], part["kind"], part.get("tool", "")),
            part["value"],
            part["low"],
            part["high"],
            part["commits"],
            method,
        )
        for part in table["part"]
    )


def _own_part(mark: Mark, rows: list[Row]) -> Part | None:
    if len(rows) < ENOUGH:
        return None
    agents, lines = (
        np.array([row[name] for row in rows], dtype=np.float64) for name in ("agent_lines", "lines")
    )
    weights = Resampling.draw(len(rows), REPLICATES, SEED).weights.astype(np.float64)
    replicates = (agents @ weights) / (lines @ weights)
    bounds = interval(replicates)
    if bounds is None:
        return None
    return Part(mark, float(replicates[0]), *bounds, len(rows), OWN)


def _row(part: Part) -> Row:
    return {
        "metric": METRIC,
        "scope": part.mark.scope,
        "period": _ALL_TIME,
        "value": part.value,
        "low": part.low,
        "high": part.high,
        "n": part.commits,
        "unit": "share",
        "method": part.method,
        "seed": SEED,
    }
