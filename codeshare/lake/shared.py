"""What of a lake belongs to no one repository: people, settings, runs; and whose ids became whose."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from codeshare.lake.files import write_batch
from codeshare.lake.manifest import Manifest, publish
from codeshare.lake.storage import Storage
from codeshare.store.writer import rename_people

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = (
    "meta", "settings", "runs", "people", "memberships", "holidays", "events", "headcount", "shared_commits",
    "listed_repositories", "imported_teams", "imported_headcount", "imported_holidays",
)  # fmt: skip
_RENAMED = "renamed_people"
"""Ids of people that turned out to be somebody else's: files of repositories keep the old ones."""


def write_shared_rows(
    connection: DuckDBPyConnection, storage: Storage, renamed: Mapping[str, str]
) -> Manifest:
    """Publish a database's rows of these tables, with the ids that readers are to replace."""
    connection.execute(f"create or replace table {_RENAMED} (old varchar, new varchar)")
    connection.execute(
        f"insert into {_RENAMED} select unnest(?), unnest(?)", [[*renamed], [*renamed.values()]]
    )
    batch = write_batch(
        connection,
        storage,
        f"shared-{uuid.uuid4().hex[:12]}",
        (),
        {table: f"from {table}" for table in (*TABLES, _RENAMED)},
    )
    return publish(storage, lambda newest: replace(newest, shared=batch))


def shared_content(connection: DuckDBPyConnection) -> list[tuple[Any, ...] | None]:
    """Changes when a row of these tables does."""
    sums = "select count(*), bit_xor(hash(each)) from {} as each"
    return [connection.execute(sums.format(table)).fetchone() for table in TABLES]


def load_shared_rows(connection: DuckDBPyConnection, storage: Storage, manifest: Manifest) -> None:
    """Put a lake's rows of these tables in the place of a database's. Call it inside a transaction."""
    if manifest.shared is None:
        return
    names = {table: manifest.shared.file(table) for table in manifest.shared.tables}
    with tempfile.TemporaryDirectory(prefix="codeshare-") as folder:
        near = storage.near(names.values(), Path(folder)).path
        for table in TABLES:
            if table != "meta":
                connection.execute(f"delete from {table}")
            if table in names:
                connection.execute(
                    f"insert or replace into {table} by name from read_parquet(?)"
                    if table == "meta"
                    else f"insert into {table} by name from read_parquet(?)",
                    [str(near / names[table])],
                )
        if _RENAMED in names:
            rows = connection.execute("select old, new from read_parquet(?)", [str(near / names[_RENAMED])]).fetchall()  # fmt: skip
            rename_people(connection, dict(rows))
