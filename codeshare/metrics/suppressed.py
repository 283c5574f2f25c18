"""Marks that a repository keeps out: from then on its share is a lower one, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.metrics.queries import load_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Suppressed(Struct, frozen=True):
    """One setting or ban; ``until`` None: it still holds. Without ``excerpt`` where nobody is to be named."""

    repo: str
    sign: str
    tool: str
    since: datetime
    until: datetime | None
    path: str
    excerpt: str

    def __str__(self) -> str:
        """A sentence."""
        what = f"{self.tool}'s marks" if self.sign == "switch" else "agents' marks"
        how = "switches off" if self.sign == "switch" else "forbids"
        span = f"from {self.since:%Y-%m-%d}" + (f" to {self.until:%Y-%m-%d}" if self.until else " on")
        words = f" ({self.excerpt})" if self.excerpt else ""
        return f"{self.repo}: {self.path} {how} {what}{words}: {span} the share is a lower one."


def suppressed(
    connection: DuckDBPyConnection,
    repos: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> list[Suppressed]:
    """Return what keeps marks out between two days, the second not in (None: open), the latest first.

    Source: ``queries/suppressed_marks.sql``.
    """
    query = load_query("suppressed_marks")
    found = connection.execute(query.sql, query.bind({"repos": list(repos) or None})).fetchall()
    return [
        Suppressed(*row[:7])
        for row in found
        if (until is None or row[3].date() < until)
        and (since is None or row[4] is None or row[4].date() >= since)
    ]
