"""Who wrote each line of a file, and on what evidence: at the mined tip, at any landing, at any commit."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING

from msgspec import Struct, field

from codeshare.errors import CannotKnow, RepositoryError
from codeshare.git.blame import blame_file, read_lines
from codeshare.git.quoting import bytes_of, text_of
from codeshare.git.shadow import is_binary
from codeshare.metrics.past import Place, lines_at, lines_at_tip
from codeshare.metrics.revisions import Revision, find_revision
from codeshare.store.registered import registered

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from codeshare.metrics.at_hand import AtHand

_FACTS = """
select
    l.line, l.sha, coalesce(s.merged_at, c.merged_at) as merged_at, coalesce(p.name, s.engineer, c.engineer) as engineer,
    coalesce(s.attribution, c.attribution, 'unknown') as attribution, coalesce(s.confidence, c.confidence) as confidence,
    case when s.sha is null then c.tool else s.tool end as tool, case when s.sha is null then c.rule else s.rule end as rule,
    l.orig_path, l.orig_line
from places as l
left join line_spans as s on s.repo = $repo and s.sha = l.sha and s.path = l.orig_path
    and l.orig_line >= s.line_start and l.orig_line < s.line_start + s.line_count
left join commits as c on c.repo = $repo and c.sha = l.sha
left join people as p on p.person = coalesce(s.engineer, c.engineer)
order by l.line
"""


class Blamed(Struct, frozen=True):
    """The rows, and what a reader should hear about them."""

    frame: pd.DataFrame
    notes: list[str] = field(default_factory=list)


def blame(
    connection: duckdb.DuckDBPyConnection, repo: str, path: str, rev: str | None, at_hand: AtHand | None
) -> Blamed:
    """Tell the origin of every line of a file.

    The database answers for the mined tip and for every landing of its mainline; for other commits, and
    where the database alone cannot tell, git does in the repository at hand.

    Args:
        connection: an open database of codeshare.
        repo: a repository in it.
        path: the file, from the repository's root.
        rev: as `find_revision` takes it; None: the mined tip.
        at_hand: the repository itself, for the text of the lines and for other commits.

    Returns:
        One row a line, in order: line, sha, merged_at (UTC), engineer, attribution, confidence, tool, rule,
        orig_path, orig_line, and text where it can be read. What is not known is null; a line whose
        commit is not in the database is ``unknown``.

    Raises:
        NoSuchRevision: nothing goes by the name ``rev``.
        RepositoryError: there is no such file of text.
        CannotKnow: neither the database nor git can tell.
    """
    revision = find_revision(connection, repo, rev, at_hand)
    name = text_of(os.fsencode(path))
    lines, notes = _text(revision, name, at_hand)
    places = _known(connection, revision, name)
    is_whole = bool(places) and (lines is None or len(lines) == len(places or ()))
    if not is_whole or None in (places or ()):
        asked = _asked(revision, name, at_hand)
        if asked is None and not is_whole:
            raise _no_answer(connection, revision, name, at_hand, is_there=lines is not None)
        places = asked if asked is not None else places
    assert places is not None
    frame = _with_facts(connection, repo, places)
    if lines is not None and len(lines) == len(places):
        frame["text"] = [line.decode("utf-8", "replace") for line in lines]
    return Blamed(frame, notes)


def _text(revision: Revision, path: str, at_hand: AtHand | None) -> tuple[list[bytes] | None, list[str]]:
    """The lines' text, and why there is none or of which state it is."""
    where = f"{revision.repo} at {revision.sha[:10]}"
    if at_hand is None:
        return None, [f"{where}: the text is left out, for the repository is not at hand."]
    notes = []
    if revision.is_tip and at_hand.repository.tip != revision.sha:
        notes.append(
            f"{revision.repo}: {at_hand.repository.branch} is at {at_hand.repository.tip[:10]} now; this is the mined "
            f"tip, {revision.sha[:10]}. Mine again to see the other."
        )
    with at_hand.repository.shadow() as shadow:
        lines = read_lines(shadow, revision.sha, bytes_of(path))
    if lines and is_binary(b"\n".join(lines)):
        raise RepositoryError(f"{path}: a binary file, it has no lines to tell about.")
    if lines is None:
        notes.append(f"{where}: the text is left out, for it cannot be read there.")
    return lines, notes


def _known(connection: duckdb.DuckDBPyConnection, revision: Revision, path: str) -> list[Place | None] | None:
    """What the database says of a file's lines; none of a file it does not know, None where it cannot tell."""
    if revision.is_tip:
        return lines_at_tip(connection, revision.repo, path)
    if revision.ordinal is None:
        return None
    return lines_at(connection, revision.repo, path, revision.ordinal)


def _asked(revision: Revision, path: str, at_hand: AtHand | None) -> list[Place | None] | None:
    """What git says of a file's lines."""
    if at_hand is None:
        return None
    with at_hand.repository.shadow() as shadow:
        origins = blame_file(shadow, revision.sha, bytes_of(path))
    return None if origins is None else [Place(each.sha, text_of(each.path), each.number) for each in origins]


def _no_answer(
    connection: duckdb.DuckDBPyConnection,
    revision: Revision,
    path: str,
    at_hand: AtHand | None,
    *,
    is_there: bool,
) -> RepositoryError | CannotKnow:
    repo, sha = revision.repo, revision.sha[:10]
    basis = connection.execute("select basis from repos where repo = ?", [repo]).fetchone()
    if basis != ("landed",) and at_hand is None:
        return CannotKnow(
            f"{repo}: the lives of its lines are not known. Mine it again without --no-lines, or ask inside the repository."
        )
    if is_there:
        return CannotKnow(
            f"{path}: at {sha} neither the database nor git can tell where its lines are from: objects are missing."
        )
    if (
        at_hand is None
        and not revision.is_tip
        and (revision.ordinal is None or _stood(connection, revision, path))
    ):
        return CannotKnow(
            f"{path}: the database alone cannot tell its lines at {sha}. Ask inside the repository, where git can."
        )
    names = [
        name
        for (name,) in connection.execute(
            "select distinct path from tip_blame where repo = ?", [repo]
        ).fetchall()
    ]
    near = difflib.get_close_matches(path, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else "Name it from the top of the repository, or another --rev."
    return RepositoryError(f"{path}: no file with lines of text in {repo} at {sha}. {hint}")


def _stood(connection: duckdb.DuckDBPyConnection, revision: Revision, path: str) -> bool:
    """Whether lines had landed under a path by a landing."""
    row = connection.execute(
        """select count(*) from line_spans as s join commits as c on c.repo = s.repo and c.sha = s.merge_sha
        where s.repo = ? and coalesce(s.landed_path, s.path) = ? and c.ordinal <= ?""",
        [revision.repo, path, revision.ordinal],
    ).fetchone()
    moved = connection.execute(
        "select count(*) from mainline_renames where repo = ? and path = ?", [revision.repo, path]
    ).fetchone()
    return bool(row and row[0]) or bool(moved and moved[0])


def _with_facts(connection: duckdb.DuckDBPyConnection, repo: str, places: list[Place | None]) -> pd.DataFrame:
    from codeshare.store.columns import numbers, optional, texts
    from codeshare.store.tables import Table

    table = Table(
        {
            "line": numbers(range(1, len(places) + 1)),
            "sha": texts(place.sha if place else None for place in places),
            "orig_path": texts(place.path if place else None for place in places),
            "orig_line": optional([place.number if place else None for place in places]),
        }
    )
    with registered(connection, places=table):
        return connection.execute(_FACTS, {"repo": repo}).df()
