"""What a word of the user's means in a repository: a file, or a merged commit."""

from __future__ import annotations

import difflib
import os
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.errors import NoSuchRevision, NotARepository, RepositoryError
from codeshare.git.quoting import bytes_of, text_of
from codeshare.git.repository import tip_blob
from codeshare.metrics.revisions import Revision, choose_repository, find_revision, held, parse_day

if TYPE_CHECKING:
    import duckdb

    from codeshare.metrics.at_hand import AtHand

_ID = re.compile(r"[0-9a-fA-F]{4,64}")


def choose_for(
    connection: duckdb.DuckDBPyConnection, target: str, repo: str | None, here: str | None = None
) -> str:
    """The repository that is meant: as `choose_repository`, else the only one with a commit of that id.

    Raises:
        NotARepository: it is not in the database, or several are meant.
    """
    if repo is None and here not in held(connection) and _ID.fullmatch(target):
        query = "select distinct repo from commits where starts_with(sha, ?) order by repo"
        names = [name for (name,) in connection.execute(query, [target.lower()]).fetchall()]
        if len(names) > 1:
            raise NotARepository(f"{target}: a commit of {', '.join(names)}. Name one of them with --repo.")
        repo = names[0] if names else None
    return choose_repository(connection, repo, here)


class Targets(Struct, frozen=True):
    """Files of one revision, and commits of its repository; ``at_hand`` is the repository itself."""

    connection: duckdb.DuckDBPyConnection
    revision: Revision
    at_hand: AtHand | None

    def path(self, word: str) -> str:
        """A path of the user's from the repository's root, in the database's form."""
        name = self.at_hand.path_from_root(word) if self.at_hand else os.path.normpath(word)
        return text_of(os.fsencode(name))

    def is_file(self, path: str) -> bool:
        """Whether the revision holds a file of that path, as far as it is known."""
        if self.revision.is_tip and self._is_known("tip_blame", path):
            return True
        if self.at_hand is None:
            return not (self.revision.is_tip and self._has_lines) and self._is_known("changes", path)
        with self.at_hand.repository.shadow() as shadow:
            return tip_blob(shadow, self.revision.sha, os.fsdecode(bytes_of(path))) is not None

    def check_file(self, path: str) -> None:
        """Refuse a path that the revision does not hold.

        Raises:
            RepositoryError: the message says where the file has gone, or the nearest name.
        """
        if not self.is_file(path):
            hint = self._hint(path) or "Name it from the top of the repository, or another --rev."
            raise RepositoryError(f"{path}: no such file in {self._where}. {hint}")

    def is_commit(self, word: str) -> bool:
        """Whether a merged commit goes by that name."""
        try:
            return self._is_merged(self._named(word))
        except NoSuchRevision:
            return False

    def commit(self, word: str) -> str:
        """The merged commit that goes by a name.

        Raises:
            NoSuchRevision: there is none, or it is not merged.
        """
        try:
            sha = self._named(word)
        except NoSuchRevision:
            if _ID.fullmatch(word) or parse_day(word):
                raise
            hint = self._hint(self.path(word)) or (
                "Name a file from the top of the repository, or another --rev."
                if self.at_hand
                else "Names of tags and of other branches are known inside the repository only."
            )
            raise NoSuchRevision(
                f"{word}: neither a commit of {self.revision.repo} nor a file at {self.revision.sha[:10]}. {hint}"
            ) from None
        if not self._is_merged(sha):
            raise NoSuchRevision(
                f"{word}: {sha[:10]} is in the repository, but not merged into {self._branch} as it was mined. "
                "Mine again, or a branch that holds it with `codeshare mine --branch NAME`."
            )
        return sha

    def _named(self, word: str) -> str:
        """What a name stands for, in the repository at hand or else, of an id, in the database."""
        repo = self.revision.repo
        try:
            return find_revision(self.connection, repo, word, self.at_hand).sha
        except NoSuchRevision:
            if self.at_hand is None or not _ID.fullmatch(word):
                raise
        query = "select sha from commits where repo = ? and starts_with(sha, ?) limit 2"
        found = self.connection.execute(query, [repo, word.lower()]).fetchall()
        if len(found) == 1:
            return str(found[0][0])
        why = "several commits begin so. Write more of the id." if found else f"no commit of {repo} has an id that begins so."  # fmt: skip
        raise NoSuchRevision(f"{word}: {why}")

    def _is_merged(self, sha: str) -> bool:
        query = "select 1 from commits where repo = ? and sha = ?"
        return self.connection.execute(query, [self.revision.repo, sha]).fetchone() is not None

    def _is_known(self, table: str, path: str) -> bool:
        query = f"select 1 from {table} where repo = ? and path = ? limit 1"
        return self.connection.execute(query, [self.revision.repo, path]).fetchone() is not None

    def _hint(self, path: str) -> str:
        """Where the file has gone, that it is gone, or the name that is nearest; empty: nothing is near."""
        if self.revision.is_tip and (now := self._moved_to(path)):
            return f"It is {now} now."
        query = "select distinct path from tip_blame where repo = ? order by path"
        names = [name for (name,) in self.connection.execute(query, [self.revision.repo]).fetchall()]
        if any(name.startswith(path.rstrip("/") + "/") for name in names):
            return f"It is a folder; `codeshare share --alive --path {path}` tells its share."
        if self.revision.is_tip and self._is_known("changes", path):
            return "It was there once; name a revision that has it with --rev."
        near = difflib.get_close_matches(path, names, n=1, cutoff=0.5)
        near = near or [name for name in names if name.rpartition("/")[2] == path.rpartition("/")[2]]
        return f"Did you mean {near[0]}?" if near else ""

    def _moved_to(self, path: str) -> str | None:
        """Where the mainline's renames have taken a file, if it is there."""
        query = """select r.old_path, r.path from mainline_renames as r
            join commits as c on c.repo = r.repo and c.sha = r.merge_sha
            where r.repo = ? order by c.ordinal"""
        now = path
        for old, new in self.connection.execute(query, [self.revision.repo]).fetchall():
            now = new if old == now else now
        return now if now != path and self._is_known("tip_blame", now) else None

    @property
    def _has_lines(self) -> bool:
        query = "select basis = 'landed' from repos where repo = ?"
        return self.connection.execute(query, [self.revision.repo]).fetchone() == (True,)

    @property
    def _where(self) -> str:
        return f"{self.revision.repo} at {self.revision.sha[:10]}"

    @property
    def _branch(self) -> str:
        query = "select branch from repos where repo = ?"
        row = self.connection.execute(query, [self.revision.repo]).fetchone()
        return str(row[0]) if row else "the branch"
