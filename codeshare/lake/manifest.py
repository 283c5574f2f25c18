"""Which files of a lake are in force: a manifest a version, written whole, never changed.

Readers take the newest manifest and see what it names and nothing else. A writer that finds that
somebody else has written the next version meanwhile makes its change again, to that one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from codeshare.errors import NotADatabase, StoreTooOld
from codeshare.lake.storage import Storage
from codeshare.store.database import SCHEMA_VERSION

FOLDER = "manifests"
_FORMAT = 1


class Batch(Struct, frozen=True):
    """Files written together, at most one a table: ``data/TABLE/ID.parquet``.

    ``repos``: whose rows in them are in force; ``replaced``: whose are there too, and no longer count.
    """

    id: str
    tables: tuple[str, ...]
    repos: tuple[str, ...]
    replaced: tuple[str, ...] = ()

    def file(self, table: str) -> str:
        """Name of the file of one table."""
        return f"data/{table}/{self.id}.parquet"

    def without(self, repos: Collection[str]) -> Batch:
        """The same batch, when the rows of some of its repositories no longer count."""
        gone = tuple(repo for repo in self.repos if repo in repos)
        if not gone:
            return self
        kept = tuple(repo for repo in self.repos if repo not in repos)
        return replace(self, repos=kept, replaced=(*self.replaced, *gone))


class Manifest(Struct, frozen=True):
    """One version of a lake. ``shared`` is the batch of what belongs to no one repository."""

    version: int = 0
    schema: str = SCHEMA_VERSION
    batches: tuple[Batch, ...] = ()
    shared: Batch | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def with_batches(self, *batches: Batch) -> Manifest:
        """The lake with these batches in the place of what it held of their repositories."""
        new = {repo for batch in batches for repo in batch.repos}
        ids = {batch.id for batch in batches}  # written twice, it is the same
        kept = (batch.without(new) for batch in self.batches if batch.id not in ids)
        return replace(self, batches=(*(batch for batch in kept if batch.repos), *batches))

    def batch_of(self) -> dict[str, Batch]:
        """The batch that holds each repository."""
        return {repo: batch for batch in self.batches for repo in batch.repos}

    def files(self) -> set[str]:
        """Every file that it names."""
        batches = (*self.batches, *((self.shared,) if self.shared else ()))
        return {batch.file(table) for batch in batches for table in batch.tables}


def is_lake(storage: Storage) -> bool:
    """Whether a lake is there."""
    return bool(_versions(storage))


def read_manifest(storage: Storage) -> Manifest:
    """The newest version of a lake; an empty one where there is no lake yet.

    Raises:
        NotADatabase: what is there is no manifest.
        StoreTooOld: it has the schema of another major version.
    """
    versions = _versions(storage)
    if not versions:
        return Manifest()
    try:
        content = json.loads(storage.read(_name(versions[-1])))
        if content.pop("format") != _FORMAT:
            raise StoreTooOld(
                f"{storage.url}: a lake of another version of codeshare. Mine into another one."
            )
        batches = tuple(_batch(each) for each in content.pop("batches"))
        shared = content.pop("shared")
        manifest = Manifest(**content, batches=batches, shared=_batch(shared) if shared else None)
    except (ValueError, KeyError, TypeError):
        raise NotADatabase(f"{storage.url}: {_name(versions[-1])} is no manifest of codeshare.") from None
    if manifest.schema.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise StoreTooOld(
            f"{storage.url}: has schema {manifest.schema}, this codeshare writes {SCHEMA_VERSION}. Mine into another one."
        )
    return manifest


def publish(storage: Storage, change: Callable[[Manifest], Manifest]) -> Manifest:
    """Change a lake: from then on every reader sees all of the change."""
    while True:
        newest = read_manifest(storage)
        changed = replace(change(newest), version=newest.version + 1, schema=SCHEMA_VERSION)
        content = json.dumps({"format": _FORMAT, **to_builtins(changed)}, indent=1).encode()
        try:
            storage.create(_name(changed.version), content)
        except FileExistsError:
            continue
        return changed


def _versions(storage: Storage) -> list[int]:
    names = (stored.name.rpartition("/")[2] for stored in storage.names(FOLDER))
    return sorted(int(name.removesuffix(".json")) for name in names if name.removesuffix(".json").isdecimal())


def _name(version: int) -> str:
    return f"{FOLDER}/{version:08d}.json"


def _batch(row: Mapping[str, object]) -> Batch:
    return Batch(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})  # type: ignore[arg-type]
