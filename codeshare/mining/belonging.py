"""Commits that several repositories hold, forks and mirrors: each counts in one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codeshare.config import Config

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ORDER = {"first-merged": "c.merged_at, coalesce(r.rank, 2147483647), c.repo", "first-listed": "coalesce(r.rank, 2147483647), c.repo"}  # fmt: skip


def write_shared_commits(
    connection: DuckDBPyConnection, config: Config, listed: Sequence[str], commits: str = "from commits"
) -> bool:
    """Write in which repository each commit counts that several hold; whether that is new. Call it inside a transaction.

    The one that merged it first; of several that did at the same moment, as before a fork, the one that
    comes first in the configuration.

    Args:
        connection: the database, or an empty one.
        config: ``shared_commits`` says who goes first, or that all count.
        listed: names of repositories, in the order of the configuration.
        commits: query of at least ``repo``, ``sha`` and ``merged_at``.
    """
    before = _content(connection)
    connection.execute("delete from shared_commits")
    if config.shared_commits != "each":
        _insert(connection, _ORDER[config.shared_commits], listed, commits)
    return _content(connection) != before


def _content(connection: DuckDBPyConnection) -> tuple[int, int] | None:
    return connection.execute(
        "select count(*), bit_xor(hash(repo, sha, holder)) from shared_commits"
    ).fetchone()


def _insert(connection: DuckDBPyConnection, order: str, listed: Sequence[str], commits: str) -> None:
    connection.execute(
        f"""insert into shared_commits
        with ranks as (select unnest(?) as repo, unnest(range(?)) as rank),
        held as (select repo, sha, merged_at from ({commits})),
        several as (select sha from held group by sha having count(*) > 1),
        claims as (
            select c.repo, c.sha, first_value(c.repo) over (partition by c.sha order by {order}) as holder
            from held as c semi join several using (sha) left join ranks as r using (repo))
        select repo, sha, holder from claims where repo <> holder order by all""",
        [list(listed), len(listed)],
    )
