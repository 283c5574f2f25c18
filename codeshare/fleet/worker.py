"""What a worker does: mine the repositories of a task into memory, write their rows, report.

It holds no state but what takes long to make: imports, the catalogue, an empty database.
"""

from __future__ import annotations

import atexit
import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from codeshare.attribution.catalogue import Catalogue, configured_catalogue
from codeshare.collector import without_collector
from codeshare.config import Config
from codeshare.errors import CodeshareError
from codeshare.fleet.tasks import Done, Failed, Orders, Task, Work
from codeshare.git.repository import open_repository
from codeshare.lake.files import ALL_ROWS, TABLES, load_rows, write_batch
from codeshare.lake.storage import Storage, open_storage
from codeshare.mining.miner import Found, Miner, Outcome
from codeshare.mining.observations import observe
from codeshare.mining.standing import Standing, read_standing
from codeshare.store.database import create_tables, transaction
from codeshare.store.writer import IMPORTED_TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 2_000  # commits


def mine_task(task: Task, orders: Orders) -> Done:
    """Mine the repositories of a task and store their rows; one that fails is no reason to leave out the next.

    Raises:
        OutputError: the rows cannot be stored.
    """
    connection, storage = _memory(), open_storage(orders.storage)
    _empty(connection)
    _load_past(connection, storage, task)
    miner = Miner(connection, orders.config, _catalogue(orders.config), task.jobs, orders.lines, orders.again)
    standing = read_standing(connection, [work.name for work in task.work])
    outcomes: list[Outcome] = []
    failed = []
    with without_collector(), _Writer(miner) as writer:
        for work in task.work:
            try:
                outcomes.append(_mine(miner, work, standing, writer))
            except (CodeshareError, OSError, MemoryError) as error:
                failed.append(Failed(work.name, str(error), getattr(error, "exit_status", 2)))
                _remove(connection, work.name)
    batch = write_batch(connection, storage, task.id, [each.repo for each in outcomes], ALL_ROWS)
    _empty(connection)
    return Done(task.id, batch, tuple(outcomes), miner.seconds, tuple(failed))


def _mine(miner: Miner, work: Work, standing: Standing, writer: _Writer) -> Outcome:
    target = work.target
    repository = open_repository(target.where, branch=target.branch, name=work.name)
    if outcome := miner.current(repository, target, standing):
        return outcome
    found = miner.read(repository, target, standing)
    writer.add(found)
    return found.outcome


class _Writer:
    """Stores several small repositories at once: a statement a table costs more than their rows."""

    def __init__(self, miner: Miner) -> None:
        self._miner = miner
        self._waiting: list[Found] = []

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._flush()

    def add(self, found: Found) -> None:
        self._waiting.append(found)
        if sum(each.outcome.commits for each in self._waiting) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        with transaction(self._miner.connection):
            self._miner.store(self._waiting)
            observe(self._miner.connection, [found.repository for found in self._waiting])
        self._waiting = []


def _load_past(connection: DuckDBPyConnection, storage: Storage, task: Task) -> None:
    for past in dict.fromkeys(work.past for work in task.work if work.past):
        load_rows(connection, storage, past, [work.name for work in task.work if work.past == past])


_catalogues: list[tuple[Config, Catalogue]] = []


def _catalogue(config: Config) -> Catalogue:
    """The rules in force, made once: all tasks of a run have the same settings."""
    if not _catalogues or _catalogues[0][0] != config:
        _catalogues[:] = [(config, configured_catalogue(config))]
    return _catalogues[0][1]


@cache
def _memory() -> DuckDBPyConnection:
    """The worker's database in memory: tables, no views."""
    import duckdb

    connection = duckdb.connect()
    atexit.register(_memory.cache_clear)  # a connection that outlives the module is told of as a leak
    connection.execute("set threads = 1")
    create_tables(connection)
    return connection


def _remove(connection: DuckDBPyConnection, repo: str) -> None:
    for table in TABLES:
        connection.execute(f"delete from {table} where repo = ?", [repo])


def _empty(connection: DuckDBPyConnection) -> None:
    for table in (*TABLES, *IMPORTED_TABLES):
        connection.execute(f"truncate {table}")


def start() -> None:
    """Load what every task needs, before the first one comes."""
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    for name in ("git", "codeshare.mining.repository", "codeshare.mining.rows", "codeshare.mining.signals"):
        import_module(name)
    _memory()
