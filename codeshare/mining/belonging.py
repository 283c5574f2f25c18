"""Commits that several repositories hold, forks and mirrors: each counts in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.config import Config

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ALL = "from commits"
_PLACE = "coalesce(l.place, 2147483647), c.repo"
_IS_ALONE = "select count(*) < 2 from repos"
_ORDER = {"first-merged": f"c.merged_at, {_PLACE}", "first-listed": _PLACE}


def write_shared_commits(connection: DuckDBPyConnection, config: Config, commits: str = _ALL) -> bool:
    """Write in which repository each commit counts that several hold; whether that is new. Call it inside a transaction.

    The one that merged it first; of several that did at the same moment, as before a fork, the one that
    comes first in the configuration.

    Args:
        connection: the database, or one that knows what is listed and nothing else.
        config: ``shared_commits`` says who goes first, or that all count.
        commits: query of at least ``repo``, ``sha`` and ``merged_at``.
    """
    # Of a lake, whose rows lie elsewhere, `repos` does not tell how many there are.
    if commits == _ALL and connection.execute(_IS_ALONE).fetchone() == (True,):
        return False
    before = _content(connection)
    connection.execute("delete from shared_commits")
    if config.shared_commits != "each":
        _insert(connection, _ORDER[config.shared_commits], commits)
    return _content(connection) != before


def _content(connection: DuckDBPyConnection) -> tuple[int, int] | None:
    return connection.execute(
        "select count(*), bit_xor(hash(repo, sha, holder)) from shared_commits"
    ).fetchone()


def _insert(connection: DuckDBPyConnection, order: str, commits: str) -> None:
    connection.execute(
        f"""insert into shared_commits
        with held as (select repo, sha, merged_at from ({commits})),
        several as (select sha from held group by sha having count(*) > 1),
        claims as (
            select c.repo, c.sha, first_value(c.repo) over (partition by c.sha order by {order}) as holder
            from held as c semi join several using (sha) left join listed_repositories as l using (repo))
        select repo, sha, holder from claims where repo <> holder order by all"""
    )
