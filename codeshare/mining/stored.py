"""A stored history that only grew: what is known of its commits, so that none of them is read or judged again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from codeshare.git.history import Walk, walk_on
from codeshare.git.quoting import bytes_of
from codeshare.git.repository import Repository, tip_blob
from codeshare.git.shadow import Shadow
from codeshare.model import Attribution, Commit, CommitAttribution, Confidence, Evidence, Identity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.mining.identities import Behind

_NOBODY = Identity("", "")
_COMMITS = """
select sha, parents, committed_at, subject, author, committer, engineer, request,
    attribution, confidence, rule, tool, model, kind, is_mixed, dup_of, reverts,
    added, deleted, whitespace, patch_id, inverse_id
from commits where repo = ? order by ordinal
"""


_EVIDENCE = """
select rule, kind, tool, attribution, confidence, origin, excerpt, model
from evidence where repo = ? and sha = ? order by rowid
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an identity: what the mailmap made of it, its person (id), how many commits it authored."""

    mapped: Identity
    person: str
    commits: int


class Stored:
    """The commits of a repository as they are stored, in the order of their walk."""

    def __init__(self, connection: DuckDBPyConnection, repo: str, tip: str) -> None:
        self._connection, self._repo, self._tip = connection, repo, tip

    def walk_on(self, shadow: Shadow, tip: str) -> Walk | None:
        """The walk of a tip that only adds to what is stored; None: more than that has changed."""
        ignored = (tip_blob(shadow, each, ".git-blame-ignore-revs") for each in (self._tip, tip))
        if len(set(ignored)) > 1:
            return None
        return walk_on(shadow, Walk(self._column["sha"], self._parents, frozenset()), tip)

    def commits(self) -> list[Commit]:
        """Of each commit its committer date and its subject, for the message; nobody in the place of people."""
        return [
            Commit(sha, tuple(parents), _NOBODY, _NOBODY, at, at, _unquoted(subject))
            for sha, parents, at, subject in zip(
                *self._columns("sha", "parents", "committed_at", "subject"), strict=True
            )
        ]

    def attributions(self) -> list[CommitAttribution]:
        """What was decided of each commit, without the evidence."""
        names = ("attribution", "confidence", "rule", "tool", "model", "kind", "is_mixed")
        rows = list(zip(*self._columns(*names), strict=True))
        decided = {
            row: CommitAttribution(Attribution(row[0]), Confidence(row[1]), *row[2:]) for row in set(rows)
        }
        return [decided[row] for row in rows]

    def behind(self) -> list[Behind]:
        """Author, committer and engineer of each commit."""
        return list(zip(*self._columns("author", "committer", "engineer"), strict=True))

    def requests(self) -> list[int | None]:
        """The number of the request that each commit names."""
        return self._column["request"]

    def links(self, name: str) -> dict[int, int]:
        """The commits that repeat (``dup_of``) or undo (``reverts``) another one, by index."""
        return {i: self._index[sha] for i, sha in enumerate(self._column[name]) if sha is not None}

    def patches(self) -> list[list[int]]:
        """Lines added, deleted, whitespace, and hashes: each a column."""
        return self._columns("added", "deleted", "whitespace", "patch_id", "inverse_id")

    def identities(self) -> dict[Identity, Known]:
        """The identities met in the repository."""
        sql = "select name, email, mapped_name, mapped_email, person, commits from identities where repo = ?"
        rows = self._connection.execute(sql, [self._repo]).fetchall()
        return {
            _identity(name, email): Known(_identity(*mapped), person, commits)
            for name, email, *mapped, person, commits in rows
        }

    def others(self) -> list[tuple[str, str, str, str]]:
        """Name and address of the identities of the database's other repositories, and as mapped there."""
        sql = "select name, email, mapped_name, mapped_email from identities where repo <> ?"
        return self._connection.execute(sql, [self._repo]).fetchall()

    def evidence(self, sha: str) -> tuple[Evidence, ...]:
        """What is known of one commit as a whole."""
        rows = self._connection.execute(_EVIDENCE, [self._repo, sha]).fetchall()
        return tuple(
            Evidence(
                rule, kind, tool, Attribution(attribution), Confidence(confidence), origin, excerpt, model
            )
            for rule, kind, tool, attribution, confidence, origin, excerpt, model in rows
        )

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self._column["sha"])

    @cached_property
    def _column(self) -> dict[str, list[Any]]:
        from codeshare.store.columns import plain  # numpy: where nothing is new it is not needed

        rows = self._connection.sql(_COMMITS, params=[self._repo]).to_arrow_table()
        return {name: plain(rows.column(name)) for name in rows.column_names}

    def _columns(self, *names: str) -> list[list[Any]]:
        return [self._column[name] for name in names]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {sha: i for i, sha in enumerate(self._column["sha"])}

    @cached_property
    def _parents(self) -> list[tuple[int, ...]]:
        index = self._index
        return [tuple(index[parent] for parent in parents) for parents in self._column["parents"]]


def _identity(name: str, email: str) -> Identity:
    return Identity(_unquoted(name), _unquoted(email))


def _unquoted(text: str) -> str:
    return bytes_of(text).decode("utf-8", "surrogateescape") if text.startswith('"') else text


def find_stored(
    connection: DuckDBPyConnection, repository: Repository, mined_with: str, requests_with: str
) -> Stored | None:
    """What is stored of a repository, where new commits can be put beside it.

    Records of lines and the heads of requests may speak of commits that are merged already.
    """
    if repository.records or repository.requests:
        return None
    rows = connection.execute(
        "select tip_sha from repos where repo = ? and branch = ? and mined_with = ? and requests_with = ?"
        " and basis = 'landed' and unknown_commits = 0 and not is_shallow",
        [repository.name, repository.branch, mined_with, requests_with],
    ).fetchall()
    return Stored(connection, repository.name, rows[0][0]) if rows else None
