"""What comes into a database from files, as ``codeshare import`` puts it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeshare.config import load_config
from codeshare.exports.claude_code import read_claude_code
from codeshare.exports.commit_lines import CommitLines
from codeshare.exports.cursor import read_cursor
from codeshare.exports.forms import read_requests
from codeshare.exports.metrics import read_metrics
from codeshare.mining.imports import import_lines, import_requests
from codeshare.mining.outside import import_metrics
from codeshare.mining.staff_imports import import_staff
from codeshare.staff import READERS
from codeshare.store.database import open_database, refuse_handed_on

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_VENDORS: dict[str, Callable[[Path], Sequence[CommitLines]]] = {
    "cursor": read_cursor,
    "claude-code": read_claude_code,
}


def import_file(
    database: str | Path,
    kind: str,
    file: str | Path,
    *,
    repo: str | None = None,
    source: str | None = None,
    replace: bool = False,
    config: str | Path | None = None,
    wait: float = 0.0,
) -> dict[str | None, int]:
    """Import what a forge, a vendor or a spreadsheet wrote, as ``codeshare import KIND FILE`` does.

    Args:
        database: made where there is none.
        kind: ``prs``, ``cursor``, ``claude-code``, ``metrics``, ``teams``, ``headcount`` or ``holidays``.
        repo: of ``prs``: the repository they belong to; None: as the file says, else the only one.
        source: of teams, head counts and holidays: what the file is called; default: its name.
        replace: of these: in the place of all that was imported of the kind.
        config: a ``codeshare.toml``, which goes before these; default: that of the current directory, if any.
        wait: seconds to wait while another process holds the database.

    Returns:
        How many were stored, by repository (of a vendor's lines None: those that no repository holds), series or source.

    Raises:
        ValueError: ``kind`` is none.
        ExportError: the file cannot be read, or is wrong; nothing is stored.
        StoreError: the database cannot be used.
    """
    path = Path(file)
    store = _storing(kind, path, repo, source or path.name, replace, config)
    with closing(open_database(Path(database), write=True, wait=wait)) as connection:
        refuse_handed_on(connection, Path(database))
        return dict(store(connection))


def _storing(
    kind: str, file: Path, repo: str | None, source: str, replace: bool, config: str | Path | None
) -> Callable[[DuckDBPyConnection], Mapping[Any, int]]:
    """Read a file; what is then to be done with the database."""
    if kind in READERS:
        rows, settings = READERS[kind](file), load_config(Path(config) if config is not None else None)
        return lambda connection: {
            source: import_staff(connection, settings, kind, source, rows, replace=replace).rows
        }
    if kind == "prs":
        requests = read_requests(file)
        return lambda connection: import_requests(connection, requests, repo)
    if kind == "metrics":
        values = read_metrics(file)
        return lambda connection: import_metrics(connection, values)
    if kind not in _VENDORS:
        raise ValueError(
            f"kind {kind!r}: must be one of prs, {', '.join(_VENDORS)}, metrics, {', '.join(READERS)}"
        )
    lines = _VENDORS[kind](file)
    return lambda connection: import_lines(connection, lines)
