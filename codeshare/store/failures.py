"""What DuckDB says when the file, the disk or the memory fails, as one line of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codeshare.errors import (
    CannotKnow,
    CodeshareError,
    NotADatabase,
    OutputError,
    StoreBusy,
    StoreDamaged,
)

_HOLDER = re.compile(r"Conflicting lock is held in (?P<program>\S+) \(PID (?P<pid>\d+)\)")
_MAGIC = b"DUCK"
_WAIT = "Wait for it with --wait SECONDS."
_KINDS = (
    (r"set lock", StoreBusy, f"in use by another process. {_WAIT}"),
    (r"No space left|Disk quota|File too large|file size limit", OutputError, "there is no room to write. What was stored before is whole: make room, and try again."),
    (r"Permission denied|Read-only file system|read-only mode", OutputError, "cannot be written. Name another with --db, or ask for the right to write it."),
    (r"[Cc]orrupt|checksum|[Dd]eseriali|not read enough bytes|database has been invalidated|INTERNAL", StoreDamaged, "the file is damaged. Mine into another with --db; a copy of this one may still be whole."),
    (r"[Oo]ut of [Mm]emory|failed to allocate", CannotKnow, "there is too little memory for this. Nothing that was stored is lost: give it more, or ask for less at once."),
)  # fmt: skip


def told(error: Exception, path: Path) -> CodeshareError | None:
    """The error of ours that an error of DuckDB about the database at ``path`` comes to; None: none that we know."""
    words = str(error)
    if holder := _HOLDER.search(words):
        program = Path(holder["program"]).name
        return StoreBusy(f"{path}: in use by {program} (process {holder['pid']}). {_WAIT}")
    for pattern, kind, remedy in _KINDS:
        if re.search(pattern, words):
            return kind(f"{path}: {remedy}")
    return None


@contextmanager
def failures(path: Path) -> Iterator[None]:
    """Tell what fails in the block as it concerns the user of the database at ``path``."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        if "KeyboardInterrupt" in str(error):  # of a Ctrl-C while it looks at an object of Python's
            raise KeyboardInterrupt from None
        if known := told(error, path):
            raise known from None
        raise


def refuse_strange(path: Path) -> None:
    """Refuse a file that does not begin as DuckDB's do, before DuckDB looks what else could read it.

    Raises:
        NotADatabase: it does not.
        OutputError: it cannot be read.
    """
    try:
        if path.is_file():
            with path.open("rb") as file:
                is_duckdb = file.read(12)[8:] == _MAGIC
        else:
            is_duckdb = False
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror}.") from None
    if not is_duckdb:
        raise NotADatabase(f"{path}: not a DuckDB database. Name another with --db.")
