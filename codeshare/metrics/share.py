"""The share of AI in the lines merged, over any days, repositories, paths or commits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

from codeshare.errors import CatalogueError
from codeshare.metrics.queries import run
from codeshare.metrics.revisions import find_held

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

PERIODS = ("day", "week", "month", "quarter", "year", "all")
_CALIBRATED = ("share_calibrated", "share_calibrated_low", "share_calibrated_high")
_FRACTIONS = ("share", "share_strict", "share_high", "share_min", "share_max")
SPLITS = {
    "repository": "repo",
    "team": "team",
    "owner": "owner",
    "path": "path",
    "file": "path",
    "commit": "sha",
    "tool": "tool",
    "class": "file_class",
}
"""What else a share can be split by, and the column that names the parts."""


class Readings(TypedDict):
    """The readings of a share as JSON has them; they are null without a denominator."""

    schema_version: str
    repo: str
    branch: str
    tip: str
    as_of: str | None
    basis: str
    period: str
    share: float | None
    share_strict: float | None
    share_high: float | None
    share_min: float | None
    share_max: float | None
    numerator: int
    denominator: int
    coverage: float | None
    unknown: float | None


class ShareRow(Readings):
    """One period or part as ``share --format json`` prints it; ``share_calibrated`` is null, too, where no record tells.

    A part's row has its name besides, after ``period``: ``team``, ``owner``, ``path``, ``sha``,
    ``tool`` or ``file_class``; ``share_calibrated`` is of periods only.
    """

    share_calibrated: NotRequired[float | None]
    share_calibrated_low: NotRequired[float | None]
    share_calibrated_high: NotRequired[float | None]


def shares(
    connection: duckdb.DuckDBPyConnection,
    by: str = "all",
    since: date | None = None,
    until: date | None = None,
    repos: Sequence[str] = (),
    path: str | None = None,
    shas: Sequence[str] = (),
    depth: int = 1,
) -> pd.DataFrame:
    """Compute the share of AI by period, or by what the code belongs to.

    Args:
        connection: an open database of codeshare.
        by: one of `PERIODS` or of `SPLITS`.
        since: first day counted, UTC.
        until: first day not counted, UTC.
        repos: names of repositories; none: all.
        path: a pattern in which ``*`` also matches ``/``, or a folder.
        shas: only these commits; none: all.
        depth: folders down to this one, by ``path``.

    Returns:
        The columns of ``ai_share_monthly``, one row a period in order, also where nothing merged;
        with ``all`` one row whose period is null, none where no commit is in scope. By one of `SPLITS`:
        one row a part, the largest first, which ``repo``, ``team``, ``owner``, ``path``, ``sha``, ``tool`` or ``file_class``
        names in the place of ``period``.

    Raises:
        CatalogueError: ``by`` is none of those.
        NotARepository: a name is not in the database.
    """
    if by not in (*PERIODS, *SPLITS):
        raise CatalogueError(f"by {by!r}: must be one of {', '.join((*PERIODS, *SPLITS))}.")
    within = {
        "since": since,
        "until": until,
        "repos": find_held(connection, repos),
        "path": path,
        "shas": shas,
    }
    if by not in SPLITS:
        return run(connection, "ai_share", part=by, **within)
    found = run(connection, "ai_share_split", split=by, depth=depth, **within)
    return found.rename(columns={"part": SPLITS[by]})


def share_rows(
    connection: duckdb.DuckDBPyConnection,
    by: str = "all",
    since: date | None = None,
    until: date | None = None,
    repos: Sequence[str] = (),
    path: str | None = None,
    shas: Sequence[str] = (),
    depth: int = 1,
) -> list[ShareRow]:
    """Compute the same as records for JSON; several repositories are joined by a comma, in one order."""
    frame = shares(connection, by, since, until, repos, path, shas, depth)
    found = _scopes(connection, repos, since, until)
    whole = _joined(found.values())
    return [
        _row(record, by, found[record["repo"]] if by == "repository" else whole)
        for record in frame.to_dict("records")
    ]


def closed_rows(
    connection: duckdb.DuckDBPyConnection,
    by: str,
    since: date | None = None,
    until: date | None = None,
    repos: Sequence[str] = (),
) -> list[ShareRow]:
    """As `share_rows`, only the periods that are over at ``as_of`` and lie whole within the days asked for."""
    frame = shares(connection, by, since, until, repos)
    scope = scope_of(connection, repos, since, until)
    return [
        _row(record, by, scope)
        for record in frame.to_dict("records")
        if not record["is_running"] and _is_whole(record["period"], by, since, until)
    ]


def _is_whole(first_day: object, by: str, since: date | None, until: date | None) -> bool:
    """Whether days asked for cut nothing off a period."""
    import pandas as pd

    start = pd.Timestamp(str(first_day)[:10])
    step = {"day": pd.DateOffset(days=1), "week": pd.DateOffset(weeks=1), "month": pd.DateOffset(months=1), "quarter": pd.DateOffset(months=3), "year": pd.DateOffset(years=1)}[by]  # fmt: skip
    return (since is None or start.date() >= since) and (until is None or (start + step).date() <= until)


class Scope(TypedDict):
    """What is answered about: several repositories are joined by a comma."""

    schema_version: str
    repo: str
    branch: str
    tip: str
    as_of: str | None
    span: str


def scope_of(
    connection: duckdb.DuckDBPyConnection, repos: Sequence[str], since: date | None, until: date | None
) -> Scope:
    """Say what an answer about some repositories and days is about."""
    return _joined(_scopes(connection, repos, since, until).values())


_SCOPES = """
    with days as (
        select repo, min(day) as first, max(day) as last from merged_commits
        where ($2::date is null or day >= $2::date) and ($3::date is null or day < $3::date)
        group by repo
    )
    select
        (select value from meta where key = 'schema_version'), r.repo, r.branch, r.tip_sha, s.as_of, d.first, d.last
    from repos as r cross join scope_settings as s left join days as d on d.repo = r.repo
    where $1::varchar[] is null or list_contains($1::varchar[], r.repo)
    order by r.repo"""


def _scopes(
    connection: duckdb.DuckDBPyConnection, repos: Sequence[str], since: date | None, until: date | None
) -> dict[str, Scope]:
    """What an answer about each repository is about."""
    found = connection.execute(_SCOPES, [list(repos) or None, since, until]).fetchall()
    return {
        repo: Scope(
            schema_version=version or "",
            repo=repo,
            branch=branch,
            tip=tip,
            as_of=f"{as_of:%Y-%m-%dT%H:%M:%SZ}" if as_of else None,
            span=f"{first}..{last}" if first else "",
        )
        for version, repo, branch, tip, as_of, first, last in found
    }


def _joined(scopes: Collection[Scope]) -> Scope:
    """What an answer about all of them is about."""
    days = [day for scope in scopes if scope["span"] for day in scope["span"].split("..")]
    first = next(iter(scopes), None)
    return Scope(
        schema_version=first["schema_version"] if first else "",
        repo=", ".join(scope["repo"] for scope in scopes),
        branch=", ".join(scope["branch"] for scope in scopes),
        tip=", ".join(scope["tip"] for scope in scopes),
        as_of=first["as_of"] if first else None,
        span=f"{min(days)}..{max(days)}" if days else "",
    )


def _row(record: Mapping[Any, Any], by: str, scope: Scope) -> ShareRow:
    def fraction(name: str) -> float | None:
        value = record[name]
        return value if isinstance(value, float) and not math.isnan(value) else None

    named = {SPLITS[by]: record[SPLITS[by]]} if by in SPLITS and by != "repository" else {}
    row = {key: value for key, value in scope.items() if key != "span"}
    row |= {
        "basis": record["basis"],
        "period": scope["span"] if by in ("all", *SPLITS) else part_name(record, by),
        **named,
    }
    row |= {name: fraction(name) for name in _FRACTIONS}
    row |= {"numerator": int(record["numerator"]), "denominator": int(record["denominator"])}
    row |= {name: fraction(name) for name in ("coverage", "unknown")}
    if by in PERIODS:
        row |= {name: fraction(name) for name in _CALIBRATED}
    return cast("ShareRow", row)


def part_name(record: Mapping[Any, Any], by: str) -> str:
    """What a row of `shares` is about: a period, or one of the parts of a split."""
    return str(record[SPLITS[by]]) if by in SPLITS else period_name(record["period"], by)


def period_name(first_day: object, by: str) -> str:
    """Write a period as ``2026``, ``2026-Q2``, ``2026-05``, ``2026-W22`` (ISO) or ``2026-05-31``."""
    day = date.fromisoformat(str(first_day)[:10])
    if by == "year":
        return f"{day:%Y}"
    if by == "quarter":
        return f"{day:%Y}-Q{(day.month + 2) // 3}"
    if by == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if by == "month" else f"{day:%Y-%m-%d}"
