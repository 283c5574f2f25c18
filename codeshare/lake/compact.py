"""Keep a lake in good order: few files a table, and none that nobody needs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence

from msgspec import Struct

from codeshare.lake.files import TABLES, rows_in_force, write_batch
from codeshare.lake.manifest import FOLDER, Batch, Manifest, publish, read_manifest
from codeshare.lake.storage import Storage, Stored

MOST_FILES = 64
"""Files a table that a lake has at most after it was mined into."""

_LEAST = 8 << 20  # bytes of a batch that is left alone


class Vacuumed(Struct, frozen=True):
    """What was removed: how many files, how many bytes."""

    files: int
    bytes: int


def compact(storage: Storage) -> Manifest:
    """Merge small batches, and those of which little still counts, until there are at most half of `MOST_FILES`."""
    import duckdb

    manifest = read_manifest(storage)
    sizes = _sizes(storage, manifest)
    with duckdb.connect() as connection:
        merged = {}
        for group in _groups(manifest, sizes):
            batch = f"merged-{uuid.uuid4().hex[:12]}"
            repos = tuple(repo for each in group for repo in each.repos)
            rows = {table: rows_in_force(connection, storage, group, table) for table in TABLES}
            written = write_batch(
                connection, storage, batch, repos, {table: sql for table, sql in rows.items() if sql}
            )
            merged[written] = {each.id for each in group}
    return publish(storage, lambda newest: _merged(newest, merged)) if merged else manifest


def vacuum(storage: Storage, keep_hours: float) -> Vacuumed:
    """Remove what the newest manifest does not name, unless it is so new that somebody may be writing or reading it."""
    needed = read_manifest(storage).files()
    until = time.time() - keep_hours * 3600
    manifests = sorted(storage.names(FOLDER), key=lambda stored: stored.name)
    idle = [stored for stored in storage.names("data") if stored.name not in needed] + manifests[:-1]
    gone = [stored for stored in idle if stored.written <= until]
    storage.remove(stored.name for stored in gone)
    return Vacuumed(len(gone), sum(stored.size for stored in gone))


def _sizes(storage: Storage, manifest: Manifest) -> dict[str, int]:
    """Bytes of each batch, by id."""
    stored: dict[str, Stored] = {each.name: each for each in storage.names("data")}
    return {
        batch.id: sum(stored[batch.file(table)].size for table in batch.tables) for batch in manifest.batches
    }


def _groups(manifest: Manifest, sizes: Mapping[str, int]) -> list[list[Batch]]:
    """What to write anew, together: batches until they are of a fair size, and those that are mostly replaced."""
    fair = max(sum(sizes.values()) / (MOST_FILES / 2), _LEAST)
    groups: list[list[Batch]] = [[]]
    for batch in manifest.batches:
        if sizes[batch.id] >= fair and len(batch.replaced) <= len(batch.repos):
            continue
        if sum(sizes[each.id] for each in groups[-1]) >= fair:
            groups.append([])
        groups[-1].append(batch)
    return [group for group in groups if len(group) > 1 or any(batch.replaced for batch in group)]


def _merged(newest: Manifest, merged: Mapping[Batch, set[str]]) -> Manifest:
    """Merged batches in the place of theirs; what was mined anew meanwhile stays the newer."""
    held = newest.batch_of()
    batches: Sequence[Batch] = [
        batch.without({repo for repo in batch.repos if repo not in held or held[repo].id not in ids})
        for batch, ids in merged.items()
    ]
    return newest.with_batches(*(batch for batch in batches if batch.repos))
