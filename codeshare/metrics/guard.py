"""Refuse an answer that the data cannot support."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from codeshare.errors import CannotKnow, EmptyHistory
from codeshare.metrics.queries import run
from codeshare.metrics.share import period_name, shares

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
) -> None:
    """Stop where too much of what is asked for could not be read.

    Args:
        connection: an open database of codeshare.
        allow_unknown: answer all the same; only an empty history is refused then.
        by: the periods that the answer shows; with ``all`` none of them is judged alone.
        since: first day shown, UTC.
        until: first day not shown, UTC.
        repos: repositories shown; none: all.

    Raises:
        EmptyHistory: no commit is in scope.
        CannotKnow: a repository is a shallow clone, over 1 % of the commits are unknown, or over 5 % of
            those of one period shown.
    """
    whole = shares(connection, "all", since, until, repos)
    if whole.empty:
        raise EmptyHistory(
            "nothing was merged in this scope: mine a repository, or widen --since and --until."
        )
    if allow_unknown:
        return
    sources = run(connection, "unknown")
    if repos:
        sources = sources[sources["repo"].isin(list(repos))]
    _check_shallow(sources)
    _check_share(sources, int(whole["unknown_commits"].iloc[0]), int(whole["commits"].iloc[0]))
    if by != "all":
        _check_periods(sources, shares(connection, by, since, until, repos), by)


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


def _check_periods(sources: pd.DataFrame, periods: pd.DataFrame, by: str) -> None:
    over = periods[periods["unknown_commits"] > MOST_UNKNOWN_IN_PERIOD * periods["commits"]]
    if not over.empty:
        first = over.iloc[0]
        where = f"{_where(sources)}, {period_name(first['period'], by)}"
        more = f" (and {len(over) - 1} more such periods)" if len(over) > 1 else ""
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
