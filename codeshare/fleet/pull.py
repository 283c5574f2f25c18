"""A lake as a local database: all of it the first time, then what has changed."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeshare.config import cache_folder
from codeshare.errors import NotADatabase, StoreError
from codeshare.lake.files import drop, fill, load
from codeshare.lake.manifest import Manifest, read_manifest
from codeshare.lake.shared import load_shared_rows
from codeshare.lake.storage import Storage, open_storage
from codeshare.mining.shared import write_estimates
from codeshare.store.database import open_database, transaction
from codeshare.store.failures import failures
from codeshare.temporary import placed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FROM = "lake"
"""Key of ``meta``: which version of which lake this is, and from which batch each repository is."""


def pull(url: str, database: Path, wait: float = 0.0) -> Manifest:
    """Bring a database up to the newest version of a lake; it is made where there is none.

    Args:
        wait: seconds to wait for a database that is there and in use.

    Raises:
        NotADatabase: there is no lake.
        StoreError: the database holds something else.
        StoreBusy: it is in use.
        OutputError: it cannot be written, or the lake cannot be reached.
    """
    storage = open_storage(url)
    manifest = read_manifest(storage)
    if not manifest.version:
        raise NotADatabase(f"{url}: there is no lake. Make one with `codeshare mine --lake {url}`.")
    if not database.exists():
        with suppress(FileExistsError):  # somebody else was faster
            _make(database, storage, manifest)
            return manifest
    _bring_up_to_date(database, storage, manifest, wait)
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


def _make(database: Path, storage: Storage, manifest: Manifest) -> None:
    """All of a lake, into a file that is not there until all is in it."""
    with (
        failures(database),
        placed(database) as made,
        closing(open_database(made, write=True, external=True)) as connection,
    ):
        fill(connection, storage, manifest.batches)
        with transaction(connection):
            _finish(connection, storage, manifest)
        connection.execute("checkpoint")  # closing does so, too, but says nothing where that fails


def _bring_up_to_date(database: Path, storage: Storage, manifest: Manifest, wait: float) -> None:
    """Load the batches of repositories that are new or changed, and drop those that have gone."""
    with closing(open_database(database, write=True, wait=wait, external=True)) as connection:
        before = _pulled(connection, storage.url, database)
        if before == _as_pulled(storage, manifest):
            return
        held, batch_of = before.get("batches", {}), manifest.batch_of()
        current = {repo for repo, batch in batch_of.items() if held.get(repo) == batch.id}
        changed = (batch.without(current) for batch in manifest.batches)
        with transaction(connection):
            drop(connection, sorted(held.keys() - batch_of.keys()))
            load(connection, storage, [batch for batch in changed if batch.repos], held)
            _finish(connection, storage, manifest)


def _finish(connection: DuckDBPyConnection, storage: Storage, manifest: Manifest) -> None:
    load_shared_rows(connection, storage, manifest)
    write_estimates(connection)
    pulled = json.dumps(_as_pulled(storage, manifest))
    connection.execute("insert or replace into meta values (?, ?)", [_FROM, pulled])


def _as_pulled(storage: Storage, manifest: Manifest) -> dict[str, Any]:
    """What a database says it is that holds this version; the version alone does not do: another lake counts from 1 again."""
    batches = {repo: batch.id for repo, batch in manifest.batch_of().items()}
    return {"url": storage.url, "version": manifest.version, "batches": batches}
