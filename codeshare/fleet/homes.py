"""Where what workers wrote goes: into a database, or it stays in the lake where it lies."""

from __future__ import annotations

import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.lake.compact import MOST_FILES, compact
from codeshare.lake.files import TABLES, load, rows_in_force, write_batch
from codeshare.lake.manifest import Batch, publish, read_manifest
from codeshare.lake.shared import load_shared_rows, shared_content, write_shared_rows
from codeshare.lake.storage import Folder, Storage, open_storage
from codeshare.mining.belonging import write_shared_commits
from codeshare.mining.miner import Miner, Outcome
from codeshare.mining.shared import write_given, write_shared
from codeshare.store.database import create_tables, open_database, refuse_handed_on, transaction
from codeshare.store.writer import IMPORTED_TABLES, drop_estimates, replace_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PUBLISHED_EVERY = 10  # seconds


class Home(ABC):
    """What is stored already, and where new batches go. ``connection`` answers what is up to date."""

    connection: DuckDBPyConnection
    storage: Storage

    @abstractmethod
    def past(self, repos: Sequence[str]) -> Mapping[str, Batch]:
        """Files with what is stored of repositories, for their workers to go on from."""

    @abstractmethod
    def take(self, batch: Batch) -> None:
        """Take in what a worker has written."""

    @abstractmethod
    def finish(self, miner: Miner, outcomes: Sequence[Outcome], as_of: str | None) -> None:
        """Write what belongs to no one repository."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    def set_listed(self, teams: Mapping[str, str | None]) -> None:
        """Write down which repositories the configuration lists, in its order, and whose they are."""
        rows = [(repo, place, team) for place, (repo, team) in enumerate(teams.items())]
        with transaction(self.connection):
            replace_rows(self.connection, "listed_repositories", ["repo", "place", "team"], rows)


class DatabaseHome(Home):
    """A DuckDB file: its one writer loads each batch in a transaction, and the files are gone then."""

    def __init__(self, database: Path, wait: float = 0.0) -> None:
        """Open the database.

        Raises:
            NotADatabase, StoreBusy, StoreTooOld, OutputError: it cannot be used.
        """
        self.connection = open_database(database, write=True, wait=wait, external=True)
        refuse_handed_on(self.connection, database)
        # Beside the database, not in the system's folder: workers elsewhere may have to write there.
        beside, prefix = database.resolve().parent, f".{database.name}.batches-"
        for left in beside.glob(f"{prefix}*"):  # by a run that was killed: who has the database is alone
            shutil.rmtree(left, ignore_errors=True)
        self._folder = tempfile.TemporaryDirectory(prefix=prefix, dir=beside)
        self.storage = Folder(Path(self._folder.name))
        self._held = {repo for (repo,) in self.connection.execute("select repo from repos").fetchall()}

    def past(self, repos: Sequence[str]) -> Mapping[str, Batch]:  # noqa: D102
        self.connection.execute(
            "create or replace temp table wanted as select unnest(?) as repo", [list(repos)]
        )
        batch = write_batch(
            self.connection,
            self.storage,
            "past",
            repos,
            {table: f"from {table} semi join wanted using (repo)" for table in TABLES}
            | {
                table: f"from {table} where repo is null or repo in (from wanted)"
                for table in IMPORTED_TABLES
            },
        )
        return dict.fromkeys(repos, batch) if batch.tables else {}

    def take(self, batch: Batch) -> None:  # noqa: D102
        with transaction(self.connection):
            load(self.connection, self.storage, [batch], self._held)
            drop_estimates(self.connection)
        self.storage.remove(batch.file(table) for table in batch.tables)

    def finish(self, miner: Miner, outcomes: Sequence[Outcome], as_of: str | None) -> None:  # noqa: D102
        with transaction(self.connection):
            write_shared(self.connection, miner.config, miner.people)
            miner.finish(outcomes, as_of)

    def close(self) -> None:  # noqa: D102
        self.connection.close()
        self._folder.cleanup()


class LakeHome(Home):
    """A lake: what workers wrote counts as soon as a manifest names it."""

    def __init__(self, storage: Storage) -> None:
        """Read what the lake holds, as far as it decides what is up to date."""
        import duckdb

        self.storage = storage
        self.manifest = read_manifest(storage)
        self.connection = duckdb.connect()
        create_tables(self.connection)
        self._waiting: list[Batch] = []
        self._published = time.monotonic()
        self._load("repos")
        self._load("skipped")
        with transaction(self.connection):
            load_shared_rows(self.connection, storage, self.manifest)
        self._shared = shared_content(self.connection)

    def past(self, repos: Sequence[str]) -> Mapping[str, Batch]:  # noqa: D102
        held = self.manifest.batch_of()
        return {repo: held[repo] for repo in repos if repo in held}

    def take(self, batch: Batch) -> None:  # noqa: D102
        self._waiting.append(batch)
        if time.monotonic() - self._published >= _PUBLISHED_EVERY:
            self._publish()

    def finish(self, miner: Miner, outcomes: Sequence[Outcome], as_of: str | None) -> None:  # noqa: D102
        self._publish()
        self._load("identities")
        with transaction(self.connection):
            renamed = write_shared(self.connection, miner.config, miner.people)
            commits = rows_in_force(self.connection, self.storage, self.manifest.batches, "commits")
            if commits:
                write_shared_commits(self.connection, miner.config, commits)
            write_given(self.connection, miner.config, miner.people, as_of)
            miner.record(outcomes)
        if shared_content(self.connection) != self._shared:
            self.manifest = write_shared_rows(self.connection, self.storage, renamed)
        if len(self.manifest.batches) > MOST_FILES:
            self.manifest = compact(self.storage)

    def close(self) -> None:  # noqa: D102
        self._publish()  # what is left where somebody interrupted it
        self.connection.close()

    def _publish(self) -> None:
        if self._waiting:
            batches, self._waiting = self._waiting, []
            self.manifest = publish(self.storage, lambda newest: newest.with_batches(*batches))
        self._published = time.monotonic()

    def _load(self, table: str) -> None:
        self.connection.execute(f"delete from {table}")
        rows = rows_in_force(self.connection, self.storage, self.manifest.batches, table)
        if rows:
            self.connection.execute(f"insert into {table} by name {rows}")


def open_home(database: Path, lake: str | None = None, *, wait: float = 0.0) -> Home:
    """A lake, if one is named, else a database.

    Raises:
        StoreError: the database cannot be used.
    """
    return LakeHome(open_storage(lake)) if lake else DatabaseHome(database, wait)
