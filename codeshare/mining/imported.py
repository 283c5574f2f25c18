"""What was imported for a repository, known before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def imports_of(connection: DuckDBPyConnection, repo: str) -> tuple[tuple[str, str], ...]:
    """Kind and digest of what was imported for a repository: changes when it does."""
    return tuple(
        connection.execute(
            "select kind, digest from imported where repo = ? order by kind", [repo]
        ).fetchall()
    )
