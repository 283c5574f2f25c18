"""A lake as a local database: all of it the first time, then what has changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeshare.config import cache_folder
from codeshare.errors import NotADatabase, StoreError
from codeshare.lake.files import drop, load
from codeshare.lake.manifest import Manifest, read_manifest
from codeshare.lake.shared import load_shared_rows
from codeshare.lake.storage import Storage, open_storage
from codeshare.mining.shared import write_estimates
from codeshare.store.database import open_database, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FROM = "lake"
"""Key of ``meta``: which version of which lake this is, and from which batch each repository is."""


def pull(url: str, database: Path, wait: float = 0.0) -> Manifest:
    """Bring a database up to the newest version of a lake; it is made where there is none.

    Raises:
        NotADatabase: there is no lake.
        StoreError: the database holds something else.
    """
    storage = open_storage(url)
    manifest = read_manifest(storage)
    if not manifest.version:
        raise NotADatabase(f"{url}: there is no lake. Make one with `codeshare mine --lake {url}`.")
    connection = open_database(database, write=True, wait=wait, external=True)
    try:
        before = _pulled(connection, storage.url, database)
        row = {"url": storage.url, "version": manifest.version, "batches": {repo: batch.id for repo, batch in manifest.batch_of().items()}}  # fmt: skip
        if before != row:  # not the version alone: another lake in its place counts from 1 again
            with transaction(connection):
                _bring(connection, storage, manifest, before.get("batches", {}))
                connection.execute("insert or replace into meta values (?, ?)", [_FROM, json.dumps(row)])
    finally:
        connection.close()
    return manifest


def pulled_database(url: str) -> Path:
    """Where the cache keeps a lake's database."""
    place = open_storage(url).url  # a path may be relative
    digest = hashlib.sha256(place.encode()).hexdigest()[:10]
    return cache_folder() / "lakes" / f"{place.rpartition('/')[2]}-{digest}.duckdb"


def _pulled(connection: DuckDBPyConnection, url: str, database: Path) -> dict[str, Any]:
    """What the database says it is; nothing of an empty one."""
    row = connection.execute("select value from meta where key = ?", [_FROM]).fetchone()
    found = json.loads(row[0]) if row else {}
    is_other = connection.execute("select 1 from repos limit 1").fetchone() and found.get("url") != url
    if is_other:
        raise StoreError(f"{database}: holds something else than this lake. Name another file.")
    return dict(found)


def _bring(
    connection: DuckDBPyConnection, storage: Storage, manifest: Manifest, held: dict[str, str]
) -> None:
    """Load the batches of repositories that are new or changed, and drop those that have gone."""
    drop(connection, sorted(held.keys() - manifest.batch_of().keys()))
    current = {repo for repo, batch in manifest.batch_of().items() if held.get(repo) == batch.id}
    changed = (batch.without(current) for batch in manifest.batches)
    load(connection, storage, [batch for batch in changed if batch.repos], held)
    load_shared_rows(connection, storage, manifest)
    write_estimates(connection)
