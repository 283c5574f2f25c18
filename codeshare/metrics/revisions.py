"""Which state of a repository a name, an id or a day means, and what the database knows of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.errors import NoSuchRevision, NotARepository
from codeshare.git.repository import find_commit
from codeshare.metrics.sides import is_called
from codeshare.nearest import named, nearest

if TYPE_CHECKING:
    import duckdb

    from codeshare.metrics.at_hand import AtHand

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[0-9a-f]{4,64}")


class Revision(Struct, frozen=True):
    """A commit; ``ordinal`` is its place in the walk if it is a landing of the mainline."""

    repo: str
    sha: str
    ordinal: int | None
    is_tip: bool


def parse_day(rev: str) -> date | None:
    """The day that a revision is written as, if it is one.

    Raises:
        NoSuchRevision: it looks like a day, but the calendar has none such.
    """
    if not _DAY.fullmatch(rev):
        return None
    try:
        return date.fromisoformat(rev)
    except ValueError:
        raise NoSuchRevision(f"{rev}: the calendar has no such day.") from None


def find_revision(
    connection: duckdb.DuckDBPyConnection, repo: str, rev: str | None, at_hand: AtHand | None
) -> Revision:
    """Find out what ``rev`` means in a repository of the database.

    Args:
        connection: an open database of codeshare.
        repo: its name there.
        rev: a day (its last landing or the one before), a branch, a tag, an id or one of these with
            ``~3`` or ``^2``; None: the mined tip. A tag that looks like a day is ``refs/tags/…``.
        at_hand: the repository itself; without it ids, days and the mined branch are known.

    Raises:
        NoSuchRevision: nothing goes by that name.
    """
    tip, branch = connection.execute(
        "select tip_sha, branch from repos where repo = ?", [repo]
    ).fetchone() or ("", "")
    if rev is None:
        sha = tip
    elif day := parse_day(rev):
        sha = _landing_of(connection, repo, day)
    elif at_hand is not None:
        sha = find_commit(at_hand.folder, rev)
    else:
        sha = tip if rev in (branch, f"refs/heads/{branch}") else _by_id(connection, repo, rev)
    rows = connection.execute(
        "select is_mainline and merge_sha = sha, ordinal from commits where repo = ? and sha = ?", [repo, sha]
    ).fetchall()
    ordinal = next((place for is_landing, place in rows if is_landing), None)
    return Revision(repo, sha, ordinal, sha == tip)


def _landing_of(connection: duckdb.DuckDBPyConnection, repo: str, day: date) -> str:
    row = connection.execute(
        """select arg_max(sha, ordinal) from commits
        where repo = ? and is_mainline and merge_sha = sha and merged_at::date <= ?""",
        [repo, day],
    ).fetchone()
    if row is None or row[0] is None:
        raise NoSuchRevision(f"{day}: nothing had been merged into {repo} by then.")
    return str(row[0])


def _by_id(connection: duckdb.DuckDBPyConnection, repo: str, rev: str) -> str:
    found: list[tuple[str]] = []
    if _ID.fullmatch(rev.lower()):
        found = connection.execute(
            "select sha from commits where repo = ? and starts_with(sha, ?) limit 2", [repo, rev.lower()]
        ).fetchall()
    if len(found) == 1:
        return found[0][0]
    if found:
        raise NoSuchRevision(f"{rev}: several commits begin so. Write more of the id.")
    raise NoSuchRevision(
        f"{rev}: neither a day nor a commit of {repo} in this database. Other names are known inside the repository only."
    )


def held(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the repositories of a database."""
    return [name for (name,) in connection.execute("select repo from repos order by repo").fetchall()]


def find_held(connection: duckdb.DuckDBPyConnection, repos: Sequence[str]) -> tuple[str, ...]:
    """Names of repositories as the database has them; of ``owner/name`` the name will do.

    Raises:
        NotARepository: it does not hold one, the nearest is named; or a name means several.
    """
    names = held(connection)
    return tuple(dict.fromkeys(_find(wanted, names) for wanted in repos))


def _find(wanted: str, names: Sequence[str]) -> str:
    found = [wanted] if wanted in names else [name for name in names if is_called(wanted, "repository", name)]
    if len(found) > 1:
        raise NotARepository(f"{wanted}: means several: write {' or '.join(found)}.")
    if not found:
        meant = nearest(wanted, names, f"it holds: {named(names) or 'nothing'}.")
        raise NotARepository(f"{wanted}: not in this database; {meant}")
    return found[0]


def choose_repository(
    connection: duckdb.DuckDBPyConnection, repo: str | None, here: str | None = None
) -> str:
    """The repository that is meant: the one named, else the one around here, else the only one.

    Raises:
        NotARepository: it is not in the database, or there are several.
    """
    if repo is not None:
        return find_held(connection, [repo])[0]
    names = held(connection)
    if here in names:
        return str(here)
    if len(names) == 1:
        return names[0]
    raise NotARepository(
        f"this database holds {named(names) or 'nothing'}. "
        + ("Name one of them with --repo." if names else "Mine a repository first.")
    )
