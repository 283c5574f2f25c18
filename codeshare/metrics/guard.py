"""Refuse an answer that the data cannot support."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from codeshare.errors import CannotKnow, EmptyHistory
from codeshare.metrics.queries import run
from codeshare.metrics.share import SPLITS, part_name, shares

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MOST_UNKNOWN = 0.01
MOST_UNKNOWN_IN_PERIOD = 0.05
_ANYWAY = "or go on with --allow-unknown."


def check_known(
    connection: duckdb.DuckDBPyConnection,
    allow_unknown: bool = False,
    by: str = "month",
    since: date | None = None,
    until: date | None = None,
    repos: Sequence[str] = (),
    path: str | None = None,
    shas: Sequence[str] = (),
    depth: int = 1,
) -> None:
    """Stop where too much of what is asked for could not be read.

    Args:
        connection: an open database of codeshare.
        allow_unknown: answer all the same; only where there is nothing to answer about is refused then.
        by: the periods or parts that the answer shows; with ``all`` none of them is judged alone.
        since: first day shown, UTC.
        until: first day not shown, UTC.
        repos: repositories shown; none: all.
        path: only commits that change a file of this pattern or folder, or may have; none: all.
        shas: only these commits; none: all.
        depth: as of the answer, by ``path``.

    Raises:
        EmptyHistory: no commit is in scope.
        CannotKnow: a repository is a shallow clone, over 1 % of the commits in scope are unknown, or over
            5 % of those of one period or part shown; or none of ``shas``, or no line at ``path``, is there.
    """
    in_scope = partial(shares, connection, since=since, until=until, repos=repos, path=path, shas=shas)
    whole = in_scope("all")
    if whole.empty:
        raise _nothing(len(shas))
    if not allow_unknown:
        unknown = int(whole["unknown_commits"].iloc[0])
        sources = check_sources(connection, repos, unknown, int(whole["commits"].iloc[0]))
        if unknown and by != "all":
            _check_parts(sources, in_scope(by, depth=depth), by)
    if path and not whole["strict_denominator"].iloc[0]:
        raise CannotKnow(
            f"{path}: no line that counts was merged in such a file in this scope. Quote the pattern, name a path "
            "from the top of the repository, or leave --path out."
        )


def check_sources(
    connection: duckdb.DuckDBPyConnection, repos: Sequence[str], unknown: int, commits: int
) -> pd.DataFrame:
    """Stop where one of some repositories is shallow, or over 1 % of the commits could not be read.

    Returns:
        Of these repositories those of which something is missing: rows of the query ``unknown``.

    Raises:
        CannotKnow: it is so.
    """
    sources = run(connection, "unknown")
    if repos:
        sources = sources[sources["repo"].isin(list(repos))]
    _check_shallow(sources)
    _check_share(sources, unknown, commits)
    return sources


def _nothing(commits: int) -> CannotKnow | EmptyHistory:
    if commits:
        return CannotKnow(
            f"of the {commits:,} commits of this range none is in scope: run `codeshare mine`, with --branch where "
            "they are not merged, or widen --since and --until."
        )
    return EmptyHistory("nothing was merged in this scope: mine a repository, or widen --since and --until.")


def _check_shallow(sources: pd.DataFrame) -> None:
    shallow = sources[sources["is_shallow"].astype(bool)]
    if not shallow.empty:
        names = ", ".join(shallow["repo"])
        raise CannotKnow(
            f"{names}: shallow clone, most of its history is absent. Fetch it with `git fetch --unshallow`, {_ANYWAY}"
        )


def _check_share(sources: pd.DataFrame, unknown: int, commits: int) -> None:
    if unknown > MOST_UNKNOWN * commits:
        raise CannotKnow(
            f"{_where(sources)}: {unknown:,} of {commits:,} commits could not be read. {_remedy(sources)}"
        )


def _check_parts(sources: pd.DataFrame, parts: pd.DataFrame, by: str) -> None:
    over = parts[parts["unknown_commits"] > MOST_UNKNOWN_IN_PERIOD * parts["commits"]]
    if not over.empty:
        first = over.iloc[0].to_dict()
        where = _where(sources) if by == "repository" else f"{_where(sources)}, {part_name(first, by)}"
        kind = "parts" if by in SPLITS else "periods"
        more = f" (and {len(over) - 1} more such {kind})" if len(over) > 1 else ""
        raise CannotKnow(
            f"{where}: {first['unknown_commits']} of {first['commits']} commits could not be read{more}. {_remedy(sources)}"
        )


def _where(sources: pd.DataFrame) -> str:
    return ", ".join(sources.loc[sources["unknown_commits"] > 0, "repo"])


def _remedy(sources: pd.DataFrame) -> str:
    partial = bool(sources.loc[sources["unknown_commits"] > 0, "is_partial"].any())
    how = (
        "`git fetch --refetch --no-filter`"
        if partial
        else "`git fetch`, after `git fsck` has said what is missing"
    )
    return f"Fetch what is missing with {how}, {_ANYWAY}"
