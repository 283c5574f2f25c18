"""Write what was mined: Arrow tables in, one transaction a repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from codeshare.store.database import ROW_GROUP, SMALL_ROW_GROUP
from codeshare.store.registered import registered
from codeshare.store.stretches import Stretches

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.store.columns import Rows
    from codeshare.store.stretches import Arriving
    from codeshare.store.tables import Table


# Tables whose rows belong to one repository, in the order in which they are written.
REPOSITORY_TABLES = (
    "repos", "commits", "trailers", "changes", "evidence", "line_spans", "landed_lines", "tip_blame", "mainline_renames", "recurring_lines", "generated_marks", "skipped", "identities", "records", "unusable_records", "overclaimed", "signals", "path_owners", "requests_seen", "fixes", "named_reverts", "fixed_lines",
)  # fmt: skip

# Of these, tables whose rows say of one commit what nothing merged later changes.
_OF_COMMITS = ("commits", "trailers", "evidence", "requests_seen", "fixes", "named_reverts")

# Tables whose rows somebody imported about a repository.
IMPORTED_TABLES = ("pull_requests", "request_commits", "reviews", "exported_lines", "imported")

_FEW = 1000
"""Rows that DuckDB takes as parameters of a statement."""

_PERSON_COLUMNS = (
    ("commits", "author"),
    ("commits", "committer"),
    ("commits", "engineer"),
    ("line_spans", "engineer"),
    ("landed_lines", "engineer"),
    ("identities", "person"),
    ("memberships", "person"),
)


class PersonRow(Struct, frozen=True):
    """A row of ``people``."""

    person: str
    name: str
    pseudonym: str
    kind: str


def replace_repositories(
    connection: DuckDBPyConnection,
    found: Mapping[str, Mapping[str, Arriving]],
    stored: Collection[str],
) -> None:
    """Put the rows of repositories in the place of what was stored for them. Call it inside a transaction.

    Args:
        found: by repository its tables, by name.
        stored: the repositories among them of which anything is stored.
    """
    if not found:
        return
    for name in REPOSITORY_TABLES:
        if stored:
            connection.execute(f"delete from {name} where repo in (select unnest(?))", [list(stored)])
        parts = [tables[name] for tables in found.values() if name in tables]
        _insert(connection, name, [part for part in parts if not isinstance(part, Stretches)])
        for part in parts:
            if isinstance(part, Stretches):
                append(connection, name, part)
    drop_estimates(connection)


def update_repository(
    connection: DuckDBPyConnection,
    repo: str,
    tables: Mapping[str, Arriving],
    *,
    left: Sequence[str],
    born_in: Table,
    paths: Table,
    behind: Table,
    adds_commits: bool = False,
) -> None:
    """Put new rows beside those that still stand. Call it inside a transaction.

    Args:
        left: ids of stored commits that are no longer part of the branch, or were read anew.
        born_in: ``sha`` and ``path`` of the files whose lines' rows are replaced.
        paths: ``path`` of the files whose lines at the tip are replaced.
        behind: ``sha``, ``author``, ``committer`` and ``engineer`` of commits that stay, where those are others now;
            their lines follow.
        adds_commits: the rows of commits come beside those stored, not in their place.
    """
    standing = (
        "line_spans", "landed_lines", "tip_blame", "mainline_renames", "recurring_lines", "changes", "fixed_lines",
    )  # fmt: skip
    kept = (*standing, *_OF_COMMITS) if adds_commits else standing
    with registered(connection, born_in=born_in, at_tip=paths):
        for name in REPOSITORY_TABLES:
            if name not in kept:
                connection.execute(f"delete from {name} where repo = ?", [repo])
        if left:
            for name, column in (
                *((name, "sha") for name in standing[:2]),
                ("changes", "sha"),
                ("mainline_renames", "merge_sha"),
                ("recurring_lines", "merge_sha"),
                ("fixed_lines", "fix_sha"),
            ):
                connection.execute(
                    f"delete from {name} where repo = ? and {column} in (select unnest(?))", [repo, left]
                )
        for name in standing[:2]:
            connection.execute(
                f"delete from {name} where repo = ? and (sha, path) in (select (sha, path) from born_in)",
                [repo],
            )
        connection.execute(
            "delete from tip_blame where repo = ? and path in (select path from at_tip)", [repo]
        )
    if behind.num_rows:
        with registered(connection, behind=behind):
            connection.execute(
                "update commits set author = b.author, committer = b.committer, engineer = b.engineer"
                " from behind as b where repo = ? and commits.sha = b.sha",
                [repo],
            )
            for name in standing[:2]:
                connection.execute(
                    f"update {name} set engineer = b.engineer from behind as b where repo = ? and {name}.sha = b.sha"
                    f" and b.engineer is distinct from {name}.engineer",
                    [repo],
                )
    for name in REPOSITORY_TABLES:
        if name in tables:
            append(connection, name, tables[name])
    drop_estimates(connection)


def drop_estimates(connection: DuckDBPyConnection, metrics: Sequence[str] | None = None) -> None:
    """What was computed from rows that have changed goes: all of it, or some metrics."""
    if metrics is None:
        connection.execute("delete from estimates")
    else:
        connection.execute("delete from estimates where list_contains(?, metric)", [list(metrics)])
    connection.execute("delete from meta where key = 'estimated'")


def mark_estimated(connection: DuckDBPyConnection, version: str) -> None:
    """Say that all estimates are there, by which version of codeshare."""
    connection.execute("insert or replace into meta values ('estimated', ?)", [version])


def follow_engineers(connection: DuckDBPyConnection, repo: str) -> None:
    """Bring the engineers of stored lines in line with those of their commits."""
    for name in ("line_spans", "landed_lines"):
        connection.execute(
            f"update {name} set engineer = c.engineer from commits as c where {name}.repo = ? and c.repo = {name}.repo"
            f" and c.sha = {name}.sha and c.engineer is distinct from {name}.engineer",
            [repo],
        )


def append(connection: DuckDBPyConnection, name: str, table: Arriving, *, without: str | None = None) -> None:
    """Add rows to a table, by column name.

    Args:
        without: a relation of commits (``sha``); the rows that speak of these are left out.
    """
    for part in table if isinstance(table, Stretches) else (table,):
        _insert(connection, name, [part], without)
        del part  # else a third one is there while the next is made


def _insert(
    connection: DuckDBPyConnection, name: str, parts: Sequence[Table | Rows], without: str | None = None
) -> None:
    count = sum(part.num_rows for part in parts)
    if not count:
        return
    # Only here: where nothing is new numpy is not needed.
    from codeshare.store.arrow import Batches
    from codeshare.store.columns import Rows

    rows = [part.rows for part in parts if isinstance(part, Rows)]
    if count <= _FEW and len(rows) == len(parts) and not without:
        # A relation for them would take as long again as to take them in.
        insert_rows(connection, name, list(parts[0].columns), [row for some in rows for row in some])
        return
    tables = [part.table() if isinstance(part, Rows) else part for part in parts]
    columns = tables[0].columns
    names = _listed(columns)
    where = f" where (sha in (select sha from {without})) is not true" if without and "sha" in columns else ""
    # In batches, each of which another processor takes in.
    batches = Batches(tables, ROW_GROUP if count > 2 * ROW_GROUP else SMALL_ROW_GROUP)
    with closing(batches), registered(connection, arriving=batches):
        connection.execute(f"insert into {name} ({names}) select {names} from arriving{where}")


def replace_people(
    connection: DuckDBPyConnection, people: Iterable[PersonRow], renamed: Mapping[str, str]
) -> None:
    """Write all people anew, without teams; ``renamed``: ids that turned out to be another person's, with that one's."""
    rename_people(connection, renamed)
    rows = [(row.person, row.name, row.pseudonym, row.kind) for row in people]
    replace_rows(connection, "people", ["person", "name", "pseudonym", "kind"], rows)


def rename_people(connection: DuckDBPyConnection, renamed: Mapping[str, str]) -> None:
    """Put new ids of people in the place of old ones, wherever a row names one."""
    if not renamed:
        return
    connection.execute("create or replace temp table renamed (old varchar, new varchar)")
    insert_rows(connection, "renamed", ["old", "new"], list(renamed.items()))
    # Whom any row names, an identity or a membership names too: most often nobody has the old id any more.
    named = "select person from identities union all select person from memberships"
    if connection.execute(f"select 1 from renamed where old in ({named}) limit 1").fetchone():
        for table, column in _PERSON_COLUMNS:
            connection.execute(
                f"update {table} set {column} = renamed.new from renamed where {table}.{column} = renamed.old"
            )
    connection.execute("drop table renamed")


def replace_rows(
    connection: DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write a table anew that belongs to no one repository: people, settings, holidays, events, estimates."""
    connection.execute(f"delete from {table}")
    insert_rows(connection, table, columns, rows)


def replace_others(
    connection: DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> bool:
    """Write such a table anew, unless it has these very rows: a file to which nothing is new stays as it is.

    Returns:
        Whether it had others.
    """
    before = connection.execute(f"select {_listed(columns)} from {table}").fetchall()
    if Counter(before) == Counter(rows):
        return False
    if before:
        connection.execute(f"delete from {table}")
    insert_rows(connection, table, columns, rows)
    return True


def insert_rows(
    connection: DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Add rows to a table."""
    if rows:
        marks = ", ".join("unnest(?)" for _ in columns)
        values = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table} ({_listed(columns)}) select {marks}", values)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
