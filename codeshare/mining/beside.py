"""The mined database beside a range: what it may be asked, and when it is not to be believed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.config import FILE_NAME, root_of
from codeshare.git.ranges import commits_of
from codeshare.git.repository import tip_blob
from codeshare.metrics.gates import Merged
from codeshare.mining.opened import Found
from codeshare.mining.requests import Imported, read_imported
from codeshare.mining.stamp import fingerprint, mined_with
from codeshare.mining.standing import read_standing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def imported_beside(found: Found, connection: DuckDBPyConnection | None, database: Path | None) -> Imported:
    """What was imported about the repository of a range; nothing from a file that is the repository's own."""
    if connection is None or _is_tracked(found, database):
        return Imported()
    return read_imported(connection, found.repository.name)


def merged_beside(found: Found, connection: DuckDBPyConnection | None, database: Path | None) -> Merged:
    """What is mined beside a range, unless the range may have had a say in it."""
    if connection is None:
        return Merged(None)
    if _is_tracked(found, database):
        return Merged(
            None,
            doubt=f"{database} is a file of the repository itself, so anybody's. Mine into another with --db",
        )
    name = found.repository.name
    stored = connection.execute("select mined_with, tip_sha from repos where repo = ?", [name]).fetchone()
    if stored is None:
        return Merged(None, doubt=f"the database does not hold {name}. Mine it with `codeshare mine`")
    shas = commits_of(found.shadow, found.span)
    held = connection.execute(
        "select sha from commits where repo = ? and list_contains(?, sha)", [name, shas]
    ).fetchall()
    if found.changed and (doubt := _doubt(found, connection, bool(held), str(stored[0]))):
        return Merged(None, doubt=doubt)
    return Merged(connection, (name,), shas if held else ())


def _is_tracked(found: Found, database: Path | None) -> bool:
    """Whether the head has a file where the database is."""
    root = root_of(found.where)
    if root is None or database is None:
        return False
    # A link would be the repository's own as well, wherever it leads.
    files = (Path(os.path.abspath(database)), database.resolve())
    paths = [file.relative_to(root).as_posix() for file in files if file.is_relative_to(root)]
    return any(tip_blob(found.shadow, found.span.head, path) is not None for path in paths)


def _doubt(found: Found, connection: DuckDBPyConnection, holds_range: bool, stored: str) -> str | None:
    """Why a database may have been mined under what the range changes."""
    if holds_range:
        return (
            f"the range changes {', '.join(found.changed)}, and the database was mined from a tip that holds the range. "
            "Mine the branch that it is to be merged into: `codeshare mine --branch NAME`"
        )
    files = [path for path in found.changed if path == found.settings or path.rpartition("/")[2] == FILE_NAME]
    if not files:
        return None
    if found.config.teams_file or stored != mined_with(
        read_standing(connection, [found.repository.name]),
        found.repository,
        fingerprint(found.config, found.catalogue),
    ):
        return (
            f"the range changes {', '.join(files)}, and the database was not mined under the base's. "
            "Mine in a work tree of the base"
        )
    return None
