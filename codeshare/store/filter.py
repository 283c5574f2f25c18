"""A database as if it held only some repositories, teams, paths or days, without copying what is not asked for.

What became of the lines in scope is still seen in commits of others: who removed them, what reverted
them, which fix they needed. Volume is compared with the baseline, whether or not that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from codeshare.store.views_of import attach, home_of, make_views, narrow, read_whole

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LINES = ("landed_lines", "line_spans", "fixed_lines")
_BY_PATH = (*_LINES, "changes")
# Of the quarters that volume is compared with, those before the first day shown are part of.
_OF_HISTORY = (
    "working_day",
    "working_days",
    "volume_window",
    "volume_by_window",
    "lines_by_window",
    "volume_compared",
    "volume_by_repository_and_engineer",
    "volume_by_team_and_engineer",
    "net_volume_by_engineer",
    "review_by_window",
)
_SHOWN_OF_HISTORY = (
    "working_days",
    "volume_by_engineer",
    "volume_quarterly",
    "volume_by_part",
    "net_volume_quarterly",
    "review_quarterly",
)
_numbers = count()


class Filter(Struct, frozen=True):
    """What a figure is about; every part that is given must hold, of several names one.

    Attributes:
        repos: names of repositories.
        teams: an engineer's commits count while they are in one of them.
        paths: patterns in which ``*`` also matches ``/``, or folders.
        since: first day shown, UTC; the baseline is read all the same.
        until: first day that does not count: all figures are those of the evening before.
    """

    repos: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        """Whether it narrows anything."""
        return self != Filter()


@contextmanager
def filtered(connection: DuckDBPyConnection, asked: Filter) -> Iterator[DuckDBPyConnection]:
    """Open what a filter leaves of a database; of one that asks for nothing, the database itself.

    Nothing is written to the database. Of estimates the view has only what marks are worth:
    ``codeshare.estimates.run.estimate`` puts its own there, which are gone with it.
    """
    if not asked:
        yield connection
        return
    opened: list[tuple[str, DuckDBPyConnection]] = []
    try:
        home = home_of(connection)
        cursor = _open(connection, home, asked, opened)
        if asked.since:
            whole = _open(connection, home, replace(asked, since=None), opened)
            _compare_with(cursor, home_of(whole), asked.since)
            cursor.execute("insert into meta values ('history', ?)", [opened[-1][0]])
        yield cursor
    finally:
        for _, each in opened:
            each.close()
        for name, _ in opened:
            connection.execute(f"detach {name}")


@contextmanager
def history_of(connection: DuckDBPyConnection) -> Iterator[DuckDBPyConnection]:
    """Open what a database is compared with: of one that shows only what came since a day, the whole time."""
    found = connection.execute("select value from meta where key = 'history'").fetchone()
    if found is None:
        yield connection
        return
    cursor = connection.cursor()
    try:
        cursor.execute(f"use {found[0]}")
        yield cursor
    finally:
        cursor.close()


def path_condition(paths: tuple[str, ...], column: str = "path") -> str:
    """SQL that holds of a path that one of the patterns matches."""
    found = []
    for path in paths:
        quoted = path.replace("'", "''")
        folder = quoted.rstrip("/")
        found.append(f"{column} glob '{quoted}' or starts_with({column}, '{folder}/')")
    return f"({' or '.join(found)})"


def _open(
    connection: DuckDBPyConnection, home: str, asked: Filter, opened: list[tuple[str, DuckDBPyConnection]]
) -> DuckDBPyConnection:
    name = f"codeshare_filter_{next(_numbers)}"
    cursor = attach(connection, name)
    opened.append((name, cursor))
    _find(cursor, home, asked)
    make_views(
        cursor,
        home,
        lambda table, has_repo: _condition(home, asked, table, has_repo),
        _as_of(home, asked),
        "commits_asked",
    )
    for view in ("commits_left_out", "commit_review"):
        narrow(cursor, view, "commits_asked")
    if asked.teams or asked.paths or asked.since:
        for view in ("logins", "review_trailers"):
            cursor.execute(f"create or replace view {view} as from {home}.{view}")
        read_whole(cursor, home)
    # what a mark is worth is told by the whole, until somebody estimates it here
    cursor.execute(f"insert into estimates from {home}.estimates where metric = 'agent_part'")
    return cursor


def commits_in(home: str, asked: Filter) -> str:
    """SQL of the commits that a filter asks for: ``repo``, ``sha``, ``merged_at``, ``engineer``."""
    where = ["true"]
    if asked.repos:
        where.append(f"c.repo in ({_quoted(asked.repos)})")
    if asked.since:
        where.append(f"c.merged_at >= date '{asked.since}'")
    if asked.until:
        where.append(f"c.merged_at < date '{asked.until}'")
    if asked.teams:
        where.append(
            f"""exists (
                from {home}.memberships as m where m.person = c.engineer and m.team in ({_quoted(asked.teams)})
                and coalesce(m.since <= c.day, true) and coalesce(c.day <= m.until, true))"""
        )
    if asked.paths:
        where.append(f"(c.repo, c.sha) in ({_touching(home, asked.paths)})")
    return f"select c.repo, c.sha, c.merged_at, c.engineer from {home}.merged_commits as c where {' and '.join(where)}"


def _find(cursor: DuckDBPyConnection, home: str, asked: Filter) -> None:
    """List the commits asked for, their repositories and people."""
    cursor.execute(f"create table commits_asked as select repo, sha from ({commits_in(home, asked)})")
    is_every = not (asked.teams or asked.paths or asked.since)
    cursor.execute(
        "create table repos_asked as "
        + (
            f"select repo from {home}.repos where {_named(asked)}"
            if is_every
            else "select distinct repo from commits_asked"
        )
    )
    cursor.execute(
        f"""create table people_asked as
        select distinct unnest([author, committer, engineer]) as person from {home}.commits semi join commits_asked using (repo, sha)"""
    )


def _touching(home: str, paths: tuple[str, ...]) -> str:
    """Commits that changed such a file, or may have, where that could not be read; merges too that wrote lines of one."""
    matches = path_condition(paths)
    return f"""
        select repo, sha from {home}.changes where {matches}
        union select repo, sha from {home}.landed_lines where {matches}
        union select repo, sha from {home}.skipped where {matches}
        union select repo, sha from {home}.merged_commits
            anti join (select repo, sha from {home}.skipped where path is not null) using (repo, sha) where is_unknown"""


def _condition(home: str, asked: Filter, table: str, has_repo: bool) -> str:
    """What rows of a table must meet."""
    where = []
    if has_repo:
        where.append("repo in (select repo from repos_asked)")
    is_of_some = bool(asked.teams or asked.paths or asked.since)
    if table == "identities" and is_of_some:
        where.append("person in (select person from people_asked)")
    if table in _BY_PATH and asked.paths:
        # lines of a bulk commit are those in which a reformatted one lives on
        bulk = (
            f" or (repo, sha) in (select (repo, sha) from {home}.commits where is_bulk)"
            if table == "line_spans"
            else ""
        )
        where.append(f"({path_condition(asked.paths)}{bulk})")
    if table == "signals" and asked.since:
        where.append(f"coalesce(until >= date '{asked.since}', true)")
    if table == "headcount" and asked.teams and not (asked.repos or asked.paths):
        where.append(f"team in ({_quoted(asked.teams)})")
    elif table in ("headcount", "external_metrics") and (asked.teams or asked.repos or asked.paths):
        # measured of the whole, not of a part
        where.append("false")
    return " and ".join(where)


def _as_of(home: str, asked: Filter) -> str:
    """The last moment that counts: of the repositories asked for, not later than the day before ``until``."""
    last = f"(select as_of from {home}.scope_settings)"
    if asked.repos:
        given = f"select value from {home}.settings where key = 'as_of' and value is not null"
        merged = f"select max(merged_at) from {home}.merged_commits where {_named(asked)}"
        last = f"(select case when exists ({given}) then {last} else ({merged}) end)"
    if asked.until:
        return f"least({last}, timestamp '{asked.until}' - interval 1 second)"
    return last


def _compare_with(cursor: DuckDBPyConnection, whole: str, since: date) -> None:
    """Read volume from the whole time, whose baseline it is compared with, and show the quarters since a day."""
    shown = f"quarter >= date_trunc('quarter', date '{since}')"
    baseline = "(select quarter >= baseline_since and quarter < baseline_until from scope_settings)"
    for view in dict.fromkeys((*_OF_HISTORY, *_SHOWN_OF_HISTORY)):
        where = f" where {shown}" if view in _SHOWN_OF_HISTORY else ""
        if view == "volume_quarterly":
            # reports say how thin the baseline is, and of how many people
            where += f" or {baseline}"
        cursor.execute(f"drop view {view}")
        cursor.execute(f"create table {view} as from {whole}.{view}{where}")


def _named(asked: Filter) -> str:
    return f"repo in ({_quoted(asked.repos)})" if asked.repos else "true"


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
