"""Why a commit, a file or a line is attributed as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codeshare.attribution.catalogue import Catalogue
from codeshare.errors import RepositoryError
from codeshare.metrics.commit_evidence import CommitWhy, explain_commit
from codeshare.metrics.file_evidence import FileWhy, LineWhy, explain_file, explain_line
from codeshare.metrics.revisions import find_revision
from codeshare.metrics.targets import Targets

if TYPE_CHECKING:
    import duckdb

    from codeshare.metrics.at_hand import AtHand

_LINE = re.compile(r"(?P<path>.+):(?P<line>\d{1,9})", re.DOTALL)
_PATHS = ("./", "../", "/")
Why = CommitWhy | FileWhy | LineWhy


def explain(
    connection: duckdb.DuckDBPyConnection,
    repo: str,
    target: str,
    catalogue: Catalogue,
    *,
    rev: str | None = None,
    at_hand: AtHand | None = None,
) -> Why:
    """Tell why a commit, a file or a line is attributed so.

    Args:
        connection: an open database of codeshare.
        repo: a repository in it.
        target: a commit (id, tag, branch, day), a path, or ``PATH:LINE``.
        catalogue: the rules in force.
        rev: the revision whose file is meant, as `find_revision` takes it; None: the mined tip.
        at_hand: the repository itself, for names of branches and tags, whole messages, and files of
            revisions that are no landing.

    Raises:
        NoSuchRevision: the commit is unknown, or not merged.
        RepositoryError: no such file or line, or both a file and a commit go by that name.
        CannotKnow: where the lines of the file are from neither the database nor git can tell.
    """
    revision = find_revision(connection, repo, rev, at_hand)
    targets = Targets(connection, revision, at_hand)
    path = targets.path(target)
    is_path = rev is not None or target.startswith(_PATHS) or target.endswith("/")
    if targets.is_file(path):
        if not is_path and targets.is_commit(target):
            raise RepositoryError(
                f"{target}: both a file and a commit go by that name. Write ./{target} for the file, or the commit's id."
            )
        return explain_file(connection, repo, path, revision.sha, rev, at_hand)
    if match := _LINE.fullmatch(target):
        inside = targets.path(match["path"])
        targets.check_file(inside)
        return explain_line(connection, repo, inside, int(match["line"]), revision.sha, rev, catalogue, at_hand)  # fmt: skip
    if is_path:
        targets.check_file(path)
    return explain_commit(connection, repo, targets.commit(target), catalogue, at_hand)
