"""Write a pseudonymous database: a new file, row by row as the table of columns says."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import tomli
from msgspec import Struct

from codeshare.attribution.pseudonyms import pseudonyms
from codeshare.errors import OutputError
from codeshare.metrics.events import load_events
from codeshare.metrics.identifying import Identifying, identifying, words_of_names
from codeshare.pseudonymous.codes import EXPRESSIONS, JOINED, MACROS, ColumnOf, statement
from codeshare.pseudonymous.teams import folded_teams
from codeshare.shipped import shipped
from codeshare.store.database import HANDED_ON, open_database
from codeshare.temporary import OwnFolder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROWS = {
    "meta": "where t.key in ('schema_version', 'views', 'estimated')",
    "settings": "where t.key in ('as_of', 'baseline_since', 'baseline_until', 'minimum_engineers', 'title')",
    "trailers": r"where regexp_matches(lower(t.key), '^[a-z-]*(reviewed|acked|tested)-by$')"
    r" and regexp_matches(t.value, '<\s*[^<>\s]+@[^<>\s]+\s*>')",
    "estimates": "where t.scope not in (select 'team/' || x.old from memory.teams as x)",
    **dict.fromkeys(("imported_teams", "imported_headcount", "imported_holidays"), "where false"),
    "people": "order by sha256(getvariable('salt') || t.person)",
    "identities": "order by sha256(getvariable('salt') || t.person), sha256(getvariable('salt') || t.email || t.name)",
    "memberships": "order by sha256(getvariable('salt') || t.person), t.since",
}


class Handed(Struct, frozen=True):
    """What was written: how many people it has under pseudonyms, and how many of them merged anything.

    ``folded``: teams of too few people, now one; ``masked``: paths and names of which a part named somebody.
    """

    path: Path
    people: int
    engineers: int
    minimum_engineers: int
    folded: int
    masked: int


def export(
    source: Path,
    target: Path,
    *,
    hide_repositories: bool = False,
    hide_paths: bool = False,
    keep_shas: bool = False,
    force: bool = False,
    wait: float = 0.0,
) -> Handed:
    """Write the database ``source`` to the new file ``target`` without anything that names a person.

    Args:
        hide_repositories: call repositories `repository-1` and so on, and leave the title out.
        hide_paths: call folders and files by codes.
        keep_shas: leave commits' ids and requests' numbers, which lead back to their authors.
        force: replace a file that is there.
        wait: seconds to wait for another process that holds the source.

    Raises:
        OutputError: ``target`` is there already, or cannot be written.
        StoreError: ``source`` cannot be read.
    """
    if target.exists() and not force:
        raise OutputError(f"{target}: is there already. Name another file, or replace it with --force.")
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError(f"{target}: is the database itself. Name another file.")
    open_database(source, wait=wait).close()  # its errors, and views of this version
    try:
        making = OwnFolder(".codeshare-making-", inside=target.absolute().parent)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror}.") from None
    try:
        draft = making.path / "handed.duckdb"
        open_database(draft, write=True).close()
        handed = _Export(source, draft, making.path, keep_shas).run(
            target, hide_repositories=hide_repositories, hide_paths=hide_paths
        )
        _put(draft, target, force)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror or error}.") from None
    finally:
        making.close()
    return handed


def _put(draft: Path, target: Path, force: bool) -> None:
    if force:
        os.replace(draft, target)
        return
    try:
        os.link(draft, target)  # never over a file that came to be meanwhile
    except FileExistsError:
        raise OutputError(
            f"{target}: is there already. Name another file, or replace it with --force."
        ) from None
    except OSError:  # a file system without links
        os.replace(draft, target)


class _Export:
    def __init__(self, source: Path, draft: Path, folder: Path, keep_shas: bool) -> None:
        import duckdb

        self.connection = duckdb.connect()
        self.keep_shas = keep_shas
        self.salt = secrets.token_hex(32)
        for name, path, more in (("source", source, " (read_only)"), ("handed", draft, "")):
            quoted = str(path).replace("'", "''")
            self.connection.execute(f"attach '{quoted}' as {name}{more}")
        self.connection.execute(f"set temp_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'")
        self.connection.execute("set variable salt = $salt", {"salt": self.salt})
        for macro in MACROS:
            self.connection.execute(macro)
        self.used: set[str] = set()

    def run(self, target: Path, *, hide_repositories: bool, hide_paths: bool) -> Handed:
        columns = _columns(self.connection)
        with _used(self.connection, "source"):
            found = identifying(self.connection)
            no_words = words_of_names(self.connection)
            folded = folded_teams(self.connection)
        masked = self._paths(columns, found, hide_paths)
        masked += self._repositories(columns, found, hide_repositories)
        self._labels(columns, found, hide_repositories)
        self._map("teams", folded)
        self._scopes()
        self._words(no_words)
        self._numbers()
        self.connection.execute(
            "create table memory.subjects as select distinct repo, first_line_of(message) as subject"
            " from source.main.request_commits where message is not null"
        )
        self.connection.execute("begin")
        for table, these in columns.items():
            self.connection.execute(f"delete from handed.main.{table}")
            self.connection.execute(
                statement(table, self._kept(these), self.used.__contains__, _ROWS.get(table, ""))
            )
        self.connection.execute("insert into handed.main.meta values (?, 'true')", [HANDED_ON])
        if hide_repositories:
            self.connection.execute("delete from handed.main.settings where key = 'title'")
        self.connection.execute("commit")
        counts = self.connection.execute(
            "select (select count(*) from handed.main.people where kind = 'person'),"
            " (select count(distinct engineer) from handed.main.commits),"
            " (select coalesce(max(value)::integer, 5) from handed.main.settings where key = 'minimum_engineers')"
        ).fetchone()
        people, engineers, minimum = counts or (0, 0, 5)
        self.connection.execute("detach handed")
        self.connection.close()
        return Handed(target, people, engineers, minimum, len(folded), masked)

    def _kept(self, columns: list[ColumnOf]) -> list[ColumnOf]:
        if not self.keep_shas:
            return columns
        plain = ("sha", "shas", "number", "id")
        return [ColumnOf(c.name, "keep" if c.kind in plain else c.kind, c.is_nullable) for c in columns]

    def _map(self, name: str, pairs: dict[str, str]) -> None:
        """Make a table of what becomes of values that change."""
        self.connection.execute(f"create table memory.{name} (old varchar primary key, new varchar)")
        if pairs:
            self.used |= {kind for kind, (table, _) in JOINED.items() if table == f"memory.{name}"}
            self.connection.execute(
                f"insert into memory.{name} select unnest(?), unnest(?)", [list(pairs), list(pairs.values())]
            )

    def _values(self, columns: dict[str, list[ColumnOf]], kind: str) -> list[str]:
        parts = [
            f'select distinct "{column.name}" as value from source.main.{table}'
            for table, these in columns.items()
            for column in these
            if column.kind == kind
        ]
        rows = self.connection.execute(
            f"select distinct value from ({' union all '.join(parts)}) order by value"
        )
        return [value for (value,) in rows.fetchall() if value]

    def _code(self, kind: str, text: str) -> str:
        import hashlib

        return hashlib.sha256(f"{self.salt}{kind}\0{text}".encode()).hexdigest()[:12]

    def _paths(self, columns: dict[str, list[ColumnOf]], found: Identifying, hide: bool) -> int:
        changed = {}
        for path in self._values(columns, "path"):
            steps = path.split("/")
            new = [
                self._code("step", "/".join(steps[: place + 1])) if hide or found.is_in(step) else step
                for place, step in enumerate(steps)
            ]
            if new != steps:
                changed[path] = "/".join(new)
        self._map("paths", changed)
        return 0 if hide else len(changed)

    def _repositories(self, columns: dict[str, list[ColumnOf]], found: Identifying, hide: bool) -> int:
        names = self._values(columns, "repo")
        if hide:
            order = sorted(names, key=lambda name: self._code("repo", name))
            width = len(str(len(order)))
            changed = {name: f"repository-{number:0{width}}" for number, name in enumerate(order, 1)}
        else:
            changed = {
                name: "/".join(
                    self._code("owner", step) if found.is_in(step) else step for step in name.split("/")
                )
                for name in names
            }
            changed = {old: new for old, new in changed.items() if old != new}
        self._map("repositories", changed)
        return 0 if hide else len(changed)

    def _labels(self, columns: dict[str, list[ColumnOf]], found: Identifying, hide: bool) -> None:
        import re

        names = self._values(columns, "repo") if hide else []
        held = re.compile("|".join(re.escape(name) for name in names)) if names else None
        public = {text for event in load_events() for text in (event.label, event.short_label, event.source)}
        self._map(
            "labels",
            {
                text: f"hidden {self._code('label', text)}"
                for text in self._values(columns, "label")
                if text not in public and (found.is_in(text) or (held and held.search(text)))
            },
        )

    def _scopes(self) -> None:
        rows = self.connection.execute("select old, new from memory.repositories").fetchall()
        self._map("scopes", {f"repository/{old}": f"repository/{new}" for old, new in rows})

    def _words(self, without: Iterable[str]) -> None:
        rows = self.connection.execute(
            "select pseudonym, person from source.main.people where kind = 'person' and pseudonym is not null"
        ).fetchall()
        words = pseudonyms((person for _, person in rows), self.salt, without)
        others = self.connection.execute(
            "select distinct pseudonym, code_of('person', person) from source.main.people where kind <> 'person'"
        ).fetchall()
        named = {pseudonym: code for pseudonym, code in others if pseudonym}
        self._map("words", named | {pseudonym: words[person] for pseudonym, person in rows})

    def _numbers(self) -> None:
        tables = ("commits", "pull_requests", "requests_seen", "request_commits", "reviews")
        parts = " union ".join(
            f"select repo, {'request' if table == 'commits' else 'number'} as number from source.main.{table}"
            for table in tables
        )
        self.connection.execute(
            "create table memory.numbers as select repo, number as old, row_number() over ("
            "partition by repo order by sha256(getvariable('salt') || number::varchar))::integer as new"
            f" from ({parts}) where number is not null"
        )
        self.used.add("number")


class _used:  # noqa: N801
    """Inside, names without a catalog mean those of one."""

    def __init__(self, connection: DuckDBPyConnection, catalog: str) -> None:
        self.connection, self.catalog = connection, catalog

    def __enter__(self) -> None:
        self.connection.execute(f"use {self.catalog}")

    def __exit__(self, *_: object) -> None:
        self.connection.execute("use memory")


def kinds_of_columns() -> dict[str, dict[str, str]]:
    """What becomes of each column, by table."""
    text = shipped("pseudonymous/columns.toml")
    found: dict[str, dict[str, str]] = tomli.loads(text)
    unknown = (
        {kind for these in found.values() for kind in these.values()} - EXPRESSIONS.keys() - JOINED.keys()
    )
    assert not unknown, unknown
    return found


def _columns(connection: DuckDBPyConnection) -> dict[str, list[ColumnOf]]:
    """Every column of the source with its kind.

    Raises:
        OutputError: a table or column is not listed, so nobody has decided what may be handed on of it.
    """
    kinds = kinds_of_columns()
    found: dict[str, list[ColumnOf]] = {}
    rows = connection.execute(
        "select c.table_name, c.column_name, c.is_nullable from duckdb_columns() as c join duckdb_tables() as t"
        " using (database_name, schema_name, table_name) where c.database_name = 'handed' order by c.table_name, c.column_index"
    ).fetchall()
    for table, column, is_nullable in rows:
        kind = kinds.get(table, {}).get(column)
        if kind is None:
            raise OutputError(
                f"{table}.{column}: nothing says what may be handed on of it, so nothing was written. Please report this."
            )
        found.setdefault(table, []).append(ColumnOf(column, kind, is_nullable))
    return found
