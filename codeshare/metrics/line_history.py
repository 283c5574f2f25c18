"""The earlier lives of a line: what it took the place of, what it brings back, the paths it went by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from codeshare.metrics.rows import first_row, rows_of
from codeshare.store.registered import registered

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_SPAN = """
select
    s.sha, s.path, s.line_start, s.merged_at, coalesce(p.name, s.engineer) as engineer, s.attribution, s.confidence,
    s.tool, s.rule, s.is_moved, s.landed, s.merge_sha, coalesce(s.landed_path, s.path) as landed_path,
    coalesce(s.landed_line, s.line_start) as landed_line, s.died_sha, s.died_at,
    s.repeats_sha, s.repeats_path, s.repeats_line, s.succeeds_sha, s.succeeds_path, s.succeeds_line,
    c.dup_of, c.reverts, c.subject
from line_spans as s
left join commits as c on c.repo = s.repo and c.sha = s.sha
left join people as p on p.person = s.engineer
where s.repo = $repo and s.sha = $sha and s.path = $path and $line between s.line_start and s.line_start + s.line_count - 1
"""

_WRITTEN = """
with recursive traced as (
    select line, sha, orig_path as path, orig_line::integer as number, 0 as depth from places where sha is not null
    union all
    select
        t.line, coalesce(s.succeeds_sha, s.repeats_sha), coalesce(s.succeeds_path, s.repeats_path),
        coalesce(s.succeeds_line, s.repeats_line) + t.number - s.line_start, t.depth + 1
    from traced as t
    join line_spans as s on s.repo = $repo and s.sha = t.sha and s.path = t.path
        and t.number >= s.line_start and t.number < s.line_start + s.line_count
    where (s.succeeds_sha is not null or s.repeats_sha is not null) and t.depth < 1000
),
origins as (
    select line, arg_max(sha, depth) as sha, arg_max(path, depth) as path, arg_max(number, depth) as number
    from traced group by line having max(depth) > 0
)
select
    o.line, o.sha, o.path as orig_path, o.number as orig_line, s.merged_at, coalesce(p.name, s.engineer) as engineer,
    s.attribution, s.confidence, s.tool, s.rule
from origins as o
join line_spans as s on s.repo = $repo and s.sha = o.sha and s.path = o.path
    and o.number >= s.line_start and o.number < s.line_start + s.line_count
left join people as p on p.person = s.engineer
"""


class Step(TypedDict):
    """One life of a line, the latest first; ``how`` it comes from the one after it in the list."""

    sha: str
    path: str
    line: int
    how: str
    merged_at: datetime | None
    engineer: str | None
    attribution: str
    confidence: str | None
    tool: str | None
    rule: str | None
    subject: str | None
    landed_path: str
    landed_line: int
    died_sha: str | None
    died_at: datetime | None


def line_history(connection: duckdb.DuckDBPyConnection, repo: str, row: Mapping[str, Any]) -> list[Step]:
    """Follow a line back.

    Args:
        connection: an open database of codeshare.
        repo: a repository in it.
        row: of `codeshare.metrics.blame.blame`.

    Returns:
        The line's own birth first; then, one after the other, the lines that it took the place of
        or brings back. Empty where it is not known which commit it is from.
    """
    if row["sha"] is None:
        return []
    steps: list[Step] = []
    place = (row["sha"], row["orig_path"], int(row["orig_line"]))
    seen = set()
    while place not in seen:
        seen.add(place)
        sha, path, line = place
        span = first_row(connection, _SPAN, {"repo": repo, "sha": sha, "path": path, "line": line})
        if span is None:
            return steps or [_unknown(row)]
        steps.append(_step(span, line))
        further = _earlier(span, line)
        if further is None:
            break
        place = further
    return steps


def as_written(
    connection: duckdb.DuckDBPyConnection, repo: str, frame: pd.DataFrame
) -> dict[int, dict[str, Any]]:
    """The lines of a file that a commit only reformatted or brought back, as they were written before.

    Args:
        frame: of `codeshare.metrics.blame.blame`.

    Returns:
        Number of the line → what is known about the line at the beginning of its history, named as there.
    """
    with registered(connection, places=frame[["line", "sha", "orig_path", "orig_line"]]):
        found = connection.execute(_WRITTEN, {"repo": repo})
        return {row["line"]: row for row in rows_of(found.df())}


def _earlier(span: Mapping[str, Any], line: int) -> tuple[str, str, int] | None:
    """The line that this one took the place of or brings back."""
    for kind in ("succeeds", "repeats"):
        if span[f"{kind}_sha"] is not None:
            return span[f"{kind}_sha"], span[f"{kind}_path"], span[f"{kind}_line"] + line - span["line_start"]
    return None


def _step(span: Mapping[str, Any], line: int) -> Step:
    return Step(
        sha=span["sha"],
        path=span["path"],
        line=line,
        how=_how(span),
        merged_at=span["merged_at"],
        engineer=span["engineer"],
        attribution=span["attribution"],
        confidence=span["confidence"],
        tool=span["tool"],
        rule=span["rule"],
        subject=span["subject"],
        landed_path=span["landed_path"],
        landed_line=span["landed_line"] + line - span["line_start"],
        died_sha=span["died_sha"],
        died_at=span["died_at"],
    )


def _how(span: Mapping[str, Any]) -> str:
    if span["succeeds_sha"] is not None:
        return "took the place of an earlier line, equal but for whitespace"
    if span["repeats_sha"] is not None and span["reverts"] is not None:
        return f"brought back by undoing {span['reverts'][:10]}"
    if span["repeats_sha"] is not None:
        return "repeats a line merged before"
    return "moved within its commit, from where it was removed" if span["is_moved"] else "written"


def _unknown(row: Mapping[str, Any]) -> Step:
    """Where lives are not known there is only what blame says."""
    line, path = int(row["orig_line"]), row["orig_path"]
    told = {
        name: row[name]
        for name in ("sha", "merged_at", "engineer", "attribution", "confidence", "tool", "rule")
    }
    place = {"path": path, "line_start": line, "landed_path": path, "landed_line": line}
    unknown = dict.fromkeys(("subject", "died_sha", "died_at", "succeeds_sha", "repeats_sha", "is_moved"))
    return _step({**unknown, **told, **place}, line)


def renames(
    connection: duckdb.DuckDBPyConnection, repo: str, path: str, history: Sequence[Step]
) -> list[str]:
    """The paths that a line's file went by, the oldest first, ``path`` the last; one alone: it never moved."""
    paths = [path]
    for step in history:
        for name in [
            *reversed(_between(connection, repo, step["landed_path"], paths[-1])),
            step["landed_path"],
            step["path"],
        ]:
            if name != paths[-1]:
                paths.append(name)
    return paths[::-1]


def _between(connection: duckdb.DuckDBPyConnection, repo: str, start: str, end: str) -> list[str]:
    """Paths between two of a file, by the renames of the mainline; none where they do not lead from one to the other."""
    rows = connection.execute(
        """select r.old_path, r.path from mainline_renames as r
        join commits as c on c.repo = r.repo and c.sha = r.merge_sha
        where r.repo = ? order by c.ordinal""",
        [repo],
    ).fetchall()
    trail = [start]
    for old, new in rows:
        if old == trail[-1]:
            trail.append(new)
            if new == end:
                return trail[1:-1]
    return []
