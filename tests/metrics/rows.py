"""A database in memory that tests fill by hand."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb

from codeshare.store.database import create_schema

_EMPTY: dict[str, Any] = {"BOOLEAN": False, "INTEGER": 0, "BIGINT": 0, "UBIGINT": 0, "DOUBLE": 0.0}


class Rows:
    """Rows put in one at a time, with defaults that a test need not say.

    They wait until somebody looks: a statement for many takes little longer than for one.
    """

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        self._waiting: dict[tuple[str, ...], list[list[Any]]] = {}
        create_schema(self._connection)
        self.required: dict[str, dict[str, Any]] = {}
        for table, column, kind in self.rows(
            "select table_name, column_name, data_type from duckdb_columns() where not is_nullable and not internal"
        ):
            self.required.setdefault(table, {})[column] = _EMPTY.get(kind, "")
        self.commits = 0
        self.repos: set[str] = set()
        self.people: set[str] = set()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database, with all rows in it."""
        waiting, self._waiting = self._waiting, {}
        for (table, *names), rows in waiting.items():
            marks = f"({', '.join('?' for _ in names)})"
            self._connection.execute(
                f"insert into {table} ({', '.join(names)}) values {', '.join(marks for _ in rows)}",
                [value for row in rows for value in row],
            )
        return self._connection

    def clear(self) -> None:
        """Empty every table, whatever a test before has left behind."""
        self._waiting.clear()
        with contextlib.suppress(duckdb.TransactionException):
            self.connection.rollback()
        filled = "select table_name from duckdb_tables() where not internal and estimated_size > 0"
        for (table,) in self.rows(filled):
            self.connection.execute(f"delete from {table}")
        self.commits = 0
        self.repos.clear()
        self.people.clear()

    def insert(self, table: str, **values: Any) -> None:
        """Put in a row; columns that must not be null and are not named are 0, false or empty."""
        values = self.required.get(table, {}) | values
        self._waiting.setdefault((table, *values), []).append(list(values.values()))

    def estimates(self, found: list[dict[str, Any]]) -> None:
        """Put in what ``estimate`` returned."""
        for row in found:
            self.insert("estimates", **row)

    def setting(self, key: str, value: str) -> None:
        self.insert("settings", key=key, value=value)

    def repo(self, name: str = "widget", **values: Any) -> None:
        self.repos.add(name)
        defaults = {
            "branch": "main",
            "tip_sha": "f" * 40,
            "is_shallow": False,
            "is_partial": False,
            "basis": "added",
        }
        self.insert("repos", **{"repo": name, **defaults, **values})

    def person(self, person: str, **values: Any) -> None:
        self.people.add(person)
        defaults = {"name": person.title(), "pseudonym": f"Bird of {person}", "kind": "person"}
        self.insert("people", **{"person": person, **defaults, **values})
        if values.get("team"):
            self.insert("memberships", person=person, team=values["team"])

    def commit(
        self,
        merged_at: str,
        lines: int | Mapping[str, int] = 0,
        engineer: str | None = "ann",
        file_class: str = "code",
        moved: int = 0,
        repo: str = "widget",
        **values: Any,
    ) -> str:
        """Put in a commit and its changes: lines of one file, or of several by path."""
        if repo not in self.repos:
            self.repo(repo)
        if engineer and engineer not in self.people:
            self.person(engineer)
        sha = f"{self.commits:040x}"
        moment = datetime.fromisoformat(merged_at)
        defaults: dict[str, Any] = {
            "repo": repo, "sha": sha, "ordinal": self.commits, "parents": [], "authored_at": moment,
            "committed_at": moment, "merged_at": moment, "merge_sha": sha, "is_mainline": True,
            "author": engineer, "engineer": engineer, "subject": f"Change {self.commits}", "attribution": "human",
            "confidence": "low", "scope": "commit", "rule": "no-evidence",
        }  # fmt: skip
        self.insert("commits", **defaults | values)
        self.commits += 1
        for path, added in (lines if isinstance(lines, Mapping) else {"src/a.py": lines}).items():
            self.change(sha, path, added, file_class=file_class, moved=moved, repo=repo)
        return sha

    def change(self, sha: str, path: str, added: int | None, repo: str = "widget", **values: Any) -> None:
        defaults = {"status": "M", "file_class": "code", "language": "python", "is_binary": added is None}
        self.insert(
            "changes", **{"repo": repo, "sha": sha, "path": path, "added": added, **defaults, **values}
        )

    def daily(self, since: str, days: int, lines: int, **values: Any) -> None:
        """Put in one commit a day, on calendar days that follow each other."""
        first = datetime.fromisoformat(since)
        for number in range(days):
            self.commit(f"{first + timedelta(days=number):%Y-%m-%d 12:00}", lines, **values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def row(self, sql: str) -> dict[str, Any]:
        """The only row, by column."""
        found = self.connection.execute(sql)
        names = [column[0] for column in found.description or ()]
        (values,) = found.fetchall()
        return dict(zip(names, values, strict=True))
