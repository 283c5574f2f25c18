"""What a report is to be about: names and days resolved, and refused where there is nothing to say."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from codeshare.errors import CannotKnow, EmptyHistory, ScopeError
from codeshare.metrics.sides import folded, is_called, parse_period
from codeshare.nearest import named
from codeshare.store.filter import Filter, commits_in
from codeshare.store.views_of import home_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NAMES = {
    "repository": "select repo from repos order by 1",
    "team": "select distinct team from memberships order by 1",
}


def first_day(text: str, option: str) -> date:
    """Read a day, or the first one of a month, quarter or year: ``2025-03-31``, ``2025-03``, ``2025-Q1``, ``2025``.

    Raises:
        ScopeError: it is none.
    """
    found = None if ".." in text else parse_period(text)
    if found is None:
        raise ScopeError(f"{option} {text}: no day; write it as 2026-06-30, 2026-06, 2026-Q2 or 2026.")
    return found[0]


def resolve_filter(
    connection: DuckDBPyConnection,
    repos: Sequence[str] = (),
    teams: Sequence[str] = (),
    paths: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> Filter:
    """Resolve what a report is to be about.

    Args:
        repos: whole names or the part after the last slash; upper case, spaces and dashes do not matter.
        teams: likewise.

    Raises:
        ScopeError: a name is not in the database (the nearest is named), or means several; or no day lies
            between ``since`` and ``until``.
    """
    if since and until and until <= since:
        raise ScopeError(
            f"--until {until}: no day lies between it and --since {since}. --until is the first day that does not count."
        )
    return Filter(
        tuple(dict.fromkeys(_resolve(connection, name, "repository") for name in repos)),
        tuple(dict.fromkeys(_resolve(connection, name, "team") for name in teams)),
        tuple(dict.fromkeys(paths)),
        since,
        until,
    )


def check_filter(connection: DuckDBPyConnection, asked: Filter) -> None:
    """Refuse a filter that leaves nothing, or a team so small that its figures would be those of persons.

    Raises:
        EmptyHistory: no commit is left; the message says which option to widen.
        CannotKnow: the commits of the teams are by fewer than ``minimum_engineers`` engineers.
    """
    if not asked:
        return
    home = home_of(connection)
    commits, engineers = _count(connection, home, asked)
    if not commits:
        raise EmptyHistory(_nothing(connection, home, asked))
    (minimum,) = connection.execute("select minimum_engineers from scope_settings").fetchone() or (0,)
    if asked.teams and engineers < minimum:
        who = f"{engineers} engineer{'' if engineers == 1 else 's'}"
        raise CannotKnow(
            f"team {' and '.join(asked.teams)}: {who} merged something in this scope, and nothing is reported of fewer than "
            f"{minimum} (minimum_engineers). Name another team besides, or widen the scope."
        )


def _resolve(connection: DuckDBPyConnection, wanted: str, kind: str) -> str:
    known = [str(name) for (name,) in connection.execute(_NAMES[kind]).fetchall()]
    found = [wanted] if wanted in known else [name for name in known if is_called(wanted, kind, name)]
    if len(found) == 1:
        return found[0]
    option = "--repo" if kind == "repository" else "--team"
    if found:
        raise ScopeError(f"{option} {wanted}: means several: write {' or '.join(found)}.")
    raise ScopeError(f"{option} {wanted}: no {kind} of that name; {_hint(wanted, kind, known)}")


def _hint(wanted: str, kind: str, known: Sequence[str]) -> str:
    if not known and kind == "team":
        return "none is configured: name teams in codeshare.toml and mine again."
    short = {folded(name.rsplit("/", 1)[-1] if kind == "repository" else name): name for name in known}
    near = difflib.get_close_matches(folded(wanted), short, n=1)
    if near:
        return f"did you mean {short[near[0]]}?"
    return f"there are {named(known)}."


def _count(connection: DuckDBPyConnection, home: str, asked: Filter) -> tuple[int, int]:
    sql = f"select count(*), count(distinct engineer) from ({commits_in(home, asked)})"
    commits, engineers = connection.execute(sql).fetchone() or (0, 0)
    return int(commits), int(engineers)


def _nothing(connection: DuckDBPyConnection, home: str, asked: Filter) -> str:
    """Say which option leaves nothing, and what there is."""
    in_time = f"select min(merged_at)::date, max(merged_at)::date from ({commits_in(home, replace(asked, since=None, until=None))})"
    first, last = connection.execute(in_time).fetchone() or (None, None)
    if first is not None:
        return f"nothing was merged in this scope in the days asked for: its first merge is of {first}, its last of {last}. Widen --since and --until."
    if asked.paths:
        without, _ = _count(connection, home, replace(asked, paths=()))
        if without:
            return (
                f"--path {' --path '.join(asked.paths)}: no merged commit changed such a file in this scope; there are "
                f"{named(list(_folders(connection, home, asked)))}. Quote the pattern, and name paths from the top of the repository."
            )
    widened = {"--team": replace(asked, teams=()), "--repo": replace(asked, repos=())}
    for option, other in widened.items():
        commits, _ = _count(connection, home, other)
        if other != asked and commits:
            return f"nothing was merged in this scope; without {option} it would hold {commits:,} commits."
    return "nothing was merged in this scope: leave out one of --repo, --team and --path."


def _folders(connection: DuckDBPyConnection, home: str, asked: Filter) -> list[str]:
    """The folders and files at the top, the most changed first."""
    found = connection.execute(
        f"""select case when contains(path, '/') then split_part(path, '/', 1) || '/' else path end as name
        from {home}.changes semi join ({commits_in(home, replace(asked, paths=()))}) using (repo, sha)
        where not starts_with(path, '"') group by 1 order by count(*) desc, 1"""
    ).fetchall()
    return [str(name) for (name,) in found]
