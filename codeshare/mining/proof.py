"""Prove what a database says of a repository: rebuild the mined tip's files from their lines' origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.errors import CannotKnow, ConfigError
from codeshare.git.quoting import bytes_of
from codeshare.git.repository import Repository
from codeshare.provenance.prove import Proof, Run, prove

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_RUNS = "select path, sha, orig_path, orig_line, line_count from tip_blame where repo = ? order by path, line_start"


def prove_stored(connection: DuckDBPyConnection, repository: Repository) -> Proof:
    """Prove every text file of the tip that was mined, whatever the repository's tip is now.

    Raises:
        ConfigError: the database does not hold the repository.
        CannotKnow: it was mined without the lives of lines.
        GitError: the mined tip is not there any more.
    """
    row = connection.execute("select tip_sha, basis from repos where repo = ?", [repository.name]).fetchone()
    if row is None:
        raise ConfigError(
            f"{repository.name}: the database does not hold it. Mine it first: codeshare mine REPO."
        )
    tip, basis = row
    if basis != "landed":
        raise CannotKnow(
            f"{repository.name}: mined with --no-lines, so there are no origins to prove. "
            "Mine it without that: codeshare mine --again REPO."
        )
    with repository.shadow() as shadow:
        return prove(shadow, tip, _stored_runs(connection, repository.name))


def _stored_runs(connection: DuckDBPyConnection, repo: str) -> dict[bytes, list[Run]]:
    files: dict[bytes, list[Run]] = {}
    known: dict[str, bytes] = {}  # a path stands in many rows
    result = connection.execute(_RUNS, [repo])
    while rows := result.fetchmany(100_000):
        for path, sha, orig_path, line, count in rows:
            for name in (path, orig_path):
                if name is not None and name not in known:
                    known[name] = bytes_of(name)
            run = Run(sha, known[orig_path], line, count) if sha else Run(None, b"", 0, count)
            files.setdefault(known[path], []).append(run)
    return files
