"""Open and create the database; the only place that knows DuckDB's files, versions and locks."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.ending import catch_up, unless_near
from codeshare.errors import NotADatabase, OutputError, StoreBusy, StoreError, StoreTooOld
from codeshare.shipped import shipped
from codeshare.store.empty import put_empty
from codeshare.store.failures import failures, refuse_strange
from codeshare.store.stand_ins import create_views

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_log = logging.getLogger(__name__)
SCHEMA_VERSION = "7.0"
# The oldest DuckDB that must be able to open the file with its views and macros.
STORAGE_VERSION = "v1.2.0"
ROW_GROUP = 40_960
"""Rows that DuckDB compresses, writes and scans at once, on one processor: a third of what it would take by itself,
so that the tables of one repository keep several busy."""
SMALL_ROW_GROUP = 6_144
"""The same for tables of so few rows that they would be one such group, or two; and for rows that come later, for all of
the last group is written anew with them, unless it is full."""
SMALL_BLOCK = 16_384
"""Bytes of a block in a database of few rows: each of its tables ends with one that is hardly filled, which with DuckDB's
256 KiB takes two thirds of the file."""
HANDED_ON = "pseudonymous"
"""Key of ``meta`` in a database that was exported without names."""
_NEW = (f"storage_version '{STORAGE_VERSION}'",)
_NEW_SMALL = (*_NEW, f"block_size {SMALL_BLOCK}")
_SALT = "pseudonym_salt"
_COMMENT = "comment on "
_VIEWS = (
    "shared",
    "imported",
    "shares",
    "periods",
    "volume",
    "left_out",
    "seen",
    "survival",
    "churn",
    "reverts",
    "defects",
    "quality",
    "review",
    "changes",
    "beside",
    "explore",
)


def open_database(
    path: Path,
    *,
    write: bool = False,
    wait: float = 0.0,
    external: bool | Path = False,
    is_small: bool = False,
) -> DuckDBPyConnection:
    """Connect to a database of codeshare's; with ``write`` it is created where there is none.

    Args:
        wait: seconds to wait for another process that holds the file.
        external: let queries reach other files and the network, or only what is in a folder. The views of a
            file that somebody handed on are queries, too.
        is_small: few rows will go into a database that is new; into one that is there, rows come few at a time.

    Raises:
        NotADatabase: there is no such file, it is no DuckDB database, or none of codeshare's.
        StoreTooOld: it has the schema of another major version.
        StoreBusy: another process holds it; the message says which.
        OutputError: it cannot be created or written.
    """
    _log.info("opening %s to %s", path, "write" if write else "read")
    catch_up()  # one process must not hold a file twice
    until = time.monotonic() + wait
    while True:
        try:
            return _open_to_write(path, external, is_small) if write else _open_to_read(path, external)
        except StoreBusy:
            if time.monotonic() >= until:
                raise
            time.sleep(0.1)


def leave(connection: DuckDBPyConnection, path: Path) -> None:
    """Close the connection to a database; where the process is about to end and all is in the file, the system does so."""
    if Path(f"{path}.wal").exists():
        connection.close()
    else:
        unless_near(connection.close)


@contextmanager
def transaction(connection: DuckDBPyConnection, *, is_last: bool = False) -> Iterator[None]:
    """All that happens inside is stored, or nothing of it.

    Args:
        is_last: nothing follows it, so that it goes into the file itself. Else DuckDB writes it into a log beside
            the file first, and once more where the file is closed.
    """
    connection.execute("begin")
    try:
        yield
    except BaseException as error:
        with suppress(Exception):  # what failed may have ended it already
            connection.execute("rollback")
        raise _first(error) from None
    if is_last:
        connection.execute("set checkpoint_threshold = '1 KB'")
    connection.execute("commit")
    if is_last:
        connection.execute("reset checkpoint_threshold")


def _first(error: BaseException) -> BaseException:
    """What ended a transaction; whatever is cleaned up after it, DuckDB then only says that it has ended."""
    while error.__context__ is not None and "transaction is aborted" in str(error):
        error = error.__context__
    return error


def _open_to_read(path: Path, external: bool | Path) -> DuckDBPyConnection:
    if not path.exists():
        raise NotADatabase(
            f"{path}: there is no such database. Make one with `codeshare mine`, or name another with --db."
        )
    refuse_strange(path)
    with failures(path):
        connection = _connect(path, external, "read_only")
        _check(connection, path)
    if not _has_views(connection):
        # Another version of codeshare made it: its tables hold, its views may not.
        connection.close()
        try:
            _open_to_write(path).close()
        except OutputError:
            raise StoreTooOld(
                f"{path}: another version of codeshare made its views, and they cannot be renewed here. "
                "Copy it to where it can be written."
            ) from None
        with failures(path):
            connection = _connect(path, external, "read_only")
    return connection


def _open_to_write(path: Path, external: bool | Path = False, is_small: bool = False) -> DuckDBPyConnection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent}: cannot be made: {error.strerror}.") from None
    with failures(path):
        options = _NEW_SMALL if is_small else _NEW
        is_new = not path.exists() and put_empty(
            path, _content_hash(options), partial(_make, options=options)
        )
        refuse_strange(path)
        row_group = ROW_GROUP if is_new and not is_small else SMALL_ROW_GROUP
        connection = _connect(path, external, f"row_group_size {row_group}")
        if not is_new:
            try:
                _check(connection, path)
                with transaction(connection):
                    _renew_views(connection)
            except BaseException:
                connection.close()
                raise
    return connection


def _connect(path: Path, external: bool | Path, *options: str) -> DuckDBPyConnection:
    """Attach the file in a room of its own: what is set there holds for no other connection of this process."""
    import duckdb

    connection = duckdb.connect()
    try:
        quoted = str(path).replace("'", "''")
        # It saves a twentieth of the file, and trying it out on every column costs a seventh of the time.
        connection.execute("set disabled_compression_methods = 'fsst'")
        # What does not fit into the memory goes beside the file, not to where one stands.
        connection.execute(f"set temp_directory = '{quoted}.tmp'")
        connection.execute(f"attach '{quoted}' as codeshare ({', '.join(options)})")
        connection.execute("set schema = 'codeshare.main'")  # `use` takes seven times as long
        if external is not True:  # from the first query on: a table that we expect may be a view there
            if isinstance(external, Path):
                connection.execute("set allowed_directories = ?", [[str(external)]])
            connection.execute("set enable_external_access = false")
    except BaseException:
        connection.close()
        raise
    return connection


def pseudonym_salt(connection: DuckDBPyConnection) -> str:
    """Return the database's own secret for pseudonyms, drawn when it is first asked for; needs a database to write."""
    import secrets

    known = connection.execute("select value from meta where key = ?", [_SALT]).fetchone()
    if known:
        return str(known[0])
    salt = secrets.token_hex(16)
    connection.execute("insert into meta values (?, ?)", [_SALT, salt])
    return salt


def refuse_handed_on(connection: DuckDBPyConnection, path: Path) -> None:
    """Refuse to add to a database that holds nobody's name, for what is added would bring names.

    Raises:
        StoreError: it was exported pseudonymously.
    """
    if connection.execute("select 1 from meta where key = ?", [HANDED_ON]).fetchone():
        raise StoreError(
            f"{path}: was exported pseudonymously, and what is added would name people. "
            "Add to the database that it came from, then export that again."
        )


def create_schema(connection: DuckDBPyConnection) -> None:
    """Make all tables, views and macros in an empty database (also one in memory)."""
    connection.execute(_sql("schema.sql"))
    connection.execute("insert into meta values ('schema_version', ?)", [SCHEMA_VERSION])
    _renew_views(connection)


def create_tables(connection: DuckDBPyConnection) -> None:
    """Make the tables alone: what rows pass through on their way to another place needs no views."""
    _create_from(connection, "schema.sql", "views/shared.sql", "views/imported.sql")


def create_share_schema(connection: DuckDBPyConnection) -> None:
    """Make the tables, and of the views those of shares: what a database for one question needs, in a tenth of the time."""
    _create_from(
        connection, "schema.sql", *(f"views/{name}.sql" for name in ("shared", "imported", "shares", "seen"))
    )
    connection.execute("insert into meta values ('schema_version', ?)", [SCHEMA_VERSION])


def _create_from(connection: DuckDBPyConnection, *names: str) -> None:
    """Without comments: nobody reads those of what is gone in a moment."""
    for name in names:
        lines = (line for line in _sql(name).splitlines() if not line.startswith(_COMMENT))
        connection.execute("\n".join(lines))


def views() -> str:
    """The SQL of all views and macros; later files may build on those before them."""
    return "\n".join(_sql(f"views/{name}.sql") for name in _VIEWS)


@cache
def view_statements() -> tuple[str, ...]:
    """The same, statement by statement, without comments: those take a quarter of the time."""
    kept = (line for line in views().splitlines() if line and not line.startswith((_COMMENT, "--")))
    return tuple(filter(None, "\n".join(kept).split(";\n")))


def _renew_views(connection: DuckDBPyConnection) -> None:
    """Make the views of this version, where the database does not have them yet."""
    if not _has_views(connection):
        create_views(connection, view_statements())
        connection.execute("\n".join(line for line in views().splitlines() if line.startswith(_COMMENT)))
        connection.execute("insert or replace into meta values ('views', ?)", [_views_hash()])


def _has_views(connection: DuckDBPyConnection) -> bool:
    return connection.execute("select value from meta where key = 'views'").fetchone() == (_views_hash(),)


def _views_hash() -> str:
    return hashlib.sha256(views().encode()).hexdigest()[:16]


def _make(path: Path, options: Sequence[str]) -> None:
    with closing(_connect(path, True, *options)) as connection:
        with transaction(connection):
            create_schema(connection)
        connection.execute("checkpoint")  # closing does so, too, but says nothing where that fails


def _content_hash(options: Sequence[str]) -> str:
    """Changes with whatever an empty database is made of."""
    import duckdb

    parts = (SCHEMA_VERSION, *options, duckdb.__version__, _sql("schema.sql"), views())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _check(connection: DuckDBPyConnection, path: Path) -> None:
    import duckdb

    try:
        row = connection.execute("select value from meta where key = 'schema_version'").fetchone()
    except (duckdb.CatalogException, duckdb.PermissionException):  # no such table, or a view that reaches out
        row = None
    except duckdb.Error:
        connection.close()
        raise
    if row is None:
        connection.close()
        raise NotADatabase(
            f"{path}: a DuckDB database, but not one that codeshare made. Name another with --db."
        )
    if row[0].partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        connection.close()
        is_newer = row[0].partition(".")[0].rjust(9) > SCHEMA_VERSION.partition(".")[0].rjust(9)
        remedy = "Update codeshare" if is_newer else "Remove it and mine again"
        raise StoreTooOld(
            f"{path}: has schema {row[0]}, this codeshare writes {SCHEMA_VERSION}. {remedy}, or name another with --db."
        )


@cache
def _sql(name: str) -> str:
    return shipped(f"store/{name}")
