"""Rows of repositories as files of a lake, and back."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.cores import available_cpus
from codeshare.lake.manifest import Batch
from codeshare.lake.storage import Storage
from codeshare.store.database import transaction
from codeshare.store.writer import REPOSITORY_TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = (*REPOSITORY_TABLES, "observations")
"""What a lake holds by repository."""
_LONGEST_FIRST = sorted(
    TABLES, key=lambda table: table not in ("line_spans", "commits", "landed_lines", "changes")
)
_MOMENT = 0.05  # seconds
_BESIDE = 4
"""Tables loaded at once: there are not more that take long."""
ALL_ROWS = {table: f"from {table}" for table in TABLES}
"""Queries of all rows of these tables."""


def write_batch(
    connection: DuckDBPyConnection,
    storage: Storage,
    batch: str,
    repos: Sequence[str],
    rows: Mapping[str, str],
) -> Batch:
    """Write the rows of queries, by table, as one batch of files; where there are none, no file."""
    with tempfile.TemporaryDirectory(prefix="codeshare-") as folder:
        written = {}
        for table, query in rows.items():
            file = Path(folder) / f"{table}.parquet"
            if _copy(connection, query, file):
                written[table] = file
        found = Batch(batch, tuple(written), tuple(repos))
        storage.put({found.file(table): file for table, file in written.items()})
    return found


def rows_in_force(
    connection: DuckDBPyConnection, storage: Storage, batches: Iterable[Batch], table: str
) -> str | None:
    """SQL that reads a table of a lake where it lies; None where no file has any row of it.

    Only what a query asks for comes over the wire.
    """
    whole, parts = [], []
    for batch in batches:
        if table not in batch.tables:
            continue
        (file,) = storage.readable(connection, [batch.file(table)])
        if batch.replaced:
            parts.append(f"from {_parquet([file])} where repo not in ({_quoted(batch.replaced)})")
        else:
            whole.append(file)
    if whole:
        parts.insert(0, f"from {_parquet(whole)}")
    return " union all by name ".join(f"({part})" for part in parts) or None


def load(
    connection: DuckDBPyConnection, storage: Storage, batches: Sequence[Batch], held: Collection[str] = ()
) -> None:
    """Put what is in force of batches in the place of what a database holds of their repositories.

    Call it inside a transaction.

    Args:
        held: repositories of which the database holds something.
    """
    drop(connection, [repo for batch in batches for repo in batch.repos if repo in held])
    with _near(storage, batches) as near:
        for table in TABLES:
            _insert(connection, near, batches, table)


def fill(connection: DuckDBPyConnection, storage: Storage, batches: Sequence[Batch]) -> None:
    """Load what is in force of batches into an empty database that nobody else knows yet, table beside table.

    Each table in a transaction of its own: where it fails, some of them are there. DuckDB puts the rows of one into
    the file one after the other, whatever threads it has.

    Raises:
        OutputError: the lake cannot be reached.
        duckdb.Error: a file of it cannot be read, or the database cannot be written.
    """
    with _near(storage, batches) as near, ExitStack() as stack:
        cursors = {table: stack.enter_context(closing(connection.cursor())) for table in _LONGEST_FIRST}

        def insert(table: str) -> None:
            cursors[table].execute("use codeshare")
            with transaction(cursors[table]):
                _insert(cursors[table], near, batches, table)

        connection.execute("set threads = 1")  # each of those that call has its own
        with ThreadPoolExecutor(min(available_cpus(), _BESIDE)) as pool:
            filled: list[Future[None]] = []
            try:
                filled += (pool.submit(insert, table) for table in _LONGEST_FIRST)
                for each in filled:
                    each.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                while any(each.running() for each in filled):
                    for cursor in cursors.values():
                        cursor.interrupt()
                    time.sleep(_MOMENT)  # one that is between two statements does not hear it
                raise
        connection.execute("reset threads")


def drop(connection: DuckDBPyConnection, repos: Collection[str]) -> None:
    """Remove what a database holds of repositories. Call it inside a transaction."""
    for table in TABLES if repos else ():
        connection.execute(f"delete from {table} where repo in ({_quoted(repos)})")


def load_rows(connection: DuckDBPyConnection, storage: Storage, batch: Batch, repos: Sequence[str]) -> None:
    """Load the rows of some repositories, and those of none, of all tables of a batch from where they lie."""
    for table in batch.tables:
        rows = rows_in_force(connection, storage, [batch], table)
        wanted = f"repo is null or repo in ({_quoted(repos)})"
        connection.execute(f"insert into {table} by name from ({rows}) where {wanted}")


@contextmanager
def _near(storage: Storage, batches: Sequence[Batch]) -> Iterator[Storage]:
    """The files of batches where DuckDB reads them best."""
    with tempfile.TemporaryDirectory(prefix="codeshare-") as folder:
        yield storage.near([batch.file(table) for batch in batches for table in batch.tables], Path(folder))


def _insert(connection: DuckDBPyConnection, storage: Storage, batches: Sequence[Batch], table: str) -> None:
    if rows := rows_in_force(connection, storage, batches, table):
        connection.execute(f"insert into {table} by name {rows}")


def _copy(connection: DuckDBPyConnection, query: str, file: Path) -> bool:
    """Write the rows of a query as Parquet, if there are any."""
    if connection.execute(f"select 1 from ({query}) limit 1").fetchone() is None:
        return False
    quoted = str(file).replace("'", "''")
    connection.execute(f"copy ({query}) to '{quoted}' (format parquet, compression zstd)")
    return True


def _parquet(files: Sequence[str]) -> str:
    return f"read_parquet([{_quoted(files)}], union_by_name = true)"


def _quoted(names: Iterable[str]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
