"""A side of a comparison: the database as if it held nothing else, without copying a row.

Beside the database an empty one in memory is attached, whose tables are views of the first. There the
view ``merged_commits`` is narrowed to the side's commits, and with it every figure that is read from it.
All else stays whole, because what became of the side's lines is seen in commits of others: who removed
them, what reverted them, which fix they needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.errors import ComparisonError
from codeshare.store.views_of import attach, home_of, make_views, read_whole

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KINDS = ("repository", "team", "tool", "period")
_COMMITS = {
    "repository": "select repo, sha from {home}.merged_commits where repo = $name",
    "team": """
        select c.repo, c.sha from {home}.merged_commits as c
        join {home}.memberships as m on m.person = c.engineer and m.team = $name
            and coalesce(m.since <= c.merged_at::date, true) and coalesce(c.merged_at::date <= m.until, true)""",
    "tool": """
        select repo, sha from {home}.landed_lines where tool = $name and attribution in ('ai', 'assisted')
        union select repo, sha from {home}.merged_commits where tool = $name and attribution in ('ai', 'assisted')""",
    "period": "select repo, sha from {home}.merged_commits where merged_at >= $since and merged_at < $until",
}
_LINES = ("landed_lines", "line_spans")


class Side(Struct, frozen=True):
    """A repository, a team, a tool or a period.

    Attributes:
        since: first day of a period.
        until: first day after it.
    """

    kind: str
    name: str
    since: date | None = None
    until: date | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """What its condition binds."""
        return {"since": self.since, "until": self.until} if self.kind == "period" else {"name": self.name}


@contextmanager
def open_sides(
    connection: DuckDBPyConnection, first: Side, second: Side
) -> Iterator[tuple[DuckDBPyConnection, DuckDBPyConnection, int]]:
    """Open two sides of a database and count the commits that both would hold.

    Such commits are left out of both, so that the two are independent. Lines of two tools are never the
    same; a commit with lines of both is then on both sides, and counts as one.

    Raises:
        ComparisonError: nothing is left of a side.
    """
    home = home_of(connection)
    cursors: list[DuckDBPyConnection] = []
    try:
        for number, side in enumerate((first, second)):
            cursors.append(_attach(connection, home, side, number))
        common = 0
        if (first.kind, second.kind) != ("tool", "tool"):
            common = _part(connection)
        _refuse_empty(cursors[0], first, second, common)
        _refuse_empty(cursors[1], second, first, common)
        for cursor, side in zip(cursors, (first, second), strict=True):
            _make_views(cursor, home, side)
        yield cursors[0], cursors[1], common
    finally:
        for cursor in cursors:
            cursor.close()
        for number in range(len(cursors)):
            connection.execute(f"detach {_name(number)}")


def _name(number: int) -> str:
    return f"codeshare_side_{number}"


def _attach(connection: DuckDBPyConnection, home: str, side: Side, number: int) -> DuckDBPyConnection:
    cursor = attach(connection, _name(number))
    condition = _COMMITS[side.kind].format(home=home)
    cursor.execute(
        f"create table side_commits as select distinct repo, sha from ({condition})", side.parameters
    )
    return cursor


def _part(connection: DuckDBPyConnection) -> int:
    """Take what both hold out of both."""
    one, two = _name(0), _name(1)
    connection.execute(
        f"create table {one}.common as from {one}.side_commits semi join {two}.side_commits using (repo, sha)"
    )
    common = _count(connection, f"from {one}.common")
    if common:
        for name in (one, two):
            connection.execute(f"delete from {name}.side_commits where (repo, sha) in (from {one}.common)")
    return common


def _refuse_empty(cursor: DuckDBPyConnection, side: Side, other: Side, common: int) -> None:
    if _count(cursor, "from side_commits"):
        return
    if common:
        raise ComparisonError(
            f"{side.kind} {side.name}: all its commits are also in {other.kind} {other.name}. Compare two that share none."
        )
    raise ComparisonError(f"{side.kind} {side.name}: no commit of it was merged. Compare another.")


def _make_views(cursor: DuckDBPyConnection, home: str, side: Side) -> None:
    name = side.name.replace("'", "''")

    def condition(table: str, has_repo: bool) -> str:
        if side.kind == "repository" and has_repo:
            return f"repo = '{name}'"
        return _lines(home, table, side.kind, name) if table in _LINES else ""

    make_views(cursor, home, condition, f"(select as_of from {home}.scope_settings)", "side_commits")
    if side.kind != "repository":
        read_whole(cursor, home)


def _lines(home: str, table: str, kind: str, name: str) -> str:
    """The side's lines; beside them those of bulk commits, in which a reformatted line lives on."""
    mine = "(repo, sha) in (from side_commits)"
    if kind == "tool":
        mine += f" and tool = '{name}' and attribution in ('ai', 'assisted')"
    bulk = (
        f" or (repo, sha) in (select (repo, sha) from {home}.commits where is_bulk)"
        if table == "line_spans"
        else ""
    )
    return f"({mine}){bulk}"


def _count(connection: DuckDBPyConnection, rows: str) -> int:
    (number,) = connection.execute(f"select count(*) {rows}").fetchone() or (0,)
    return int(number)
