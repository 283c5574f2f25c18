from __future__ import annotations

from pathlib import Path

from codeshare.config import Config
from codeshare.mining.belonging import write_shared_commits
from codeshare.store.database import open_database

_COMMITS = "select * from (values ('fork', 'aa', timestamp '2026-01-02'), ('first', 'aa', timestamp '2026-01-01'), ('first', 'bb', timestamp '2026-01-03')) as t (repo, sha, merged_at)"


def test_of_rows_that_lie_elsewhere_the_database_need_not_know_the_repositories(tmp_path: Path) -> None:
    """As on the first run into a lake."""
    with open_database(tmp_path / "x.duckdb", write=True) as connection:
        assert write_shared_commits(connection, Config(), _COMMITS)
        shared = connection.execute("from shared_commits").fetchall()
        assert shared == [("fork", "aa", "first")]
        assert not write_shared_commits(connection, Config(), _COMMITS)
        assert not write_shared_commits(connection, Config())  # its own rows: none
