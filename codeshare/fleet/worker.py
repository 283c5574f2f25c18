"""What a worker does: mine the repositories of a task into memory, write their rows, report.

It holds no state but what takes long to make: imports, the catalogue, an empty database.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from codeshare.attribution.catalogue import configured_catalogue
from codeshare.errors import CodeshareError
from codeshare.fleet.tasks import Done, Failed, Orders, Task, Work
from codeshare.git.repository import open_repository
from codeshare.lake.files import ALL_ROWS, TABLES, load_rows, write_batch
from codeshare.lake.storage import Storage, open_storage
from codeshare.mining.run import Outcome, Run, without_collector
from codeshare.store.writer import IMPORTED_TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def mine_task(task: Task, orders: Orders) -> Done:
    """Mine the repositories of a task and store their rows; one that fails is no reason to leave out the next.

    Raises:
        OutputError: the rows cannot be stored.
    """
    connection = _memory()
    _empty(connection)
    run = Run(
        connection, orders.config, configured_catalogue(orders.config), task.jobs, orders.lines, orders.again,
        lambda repo, what, done, total: None, joins_people=False,
    )  # fmt: skip
    storage = open_storage(orders.storage)
    outcomes, failed = [], []
    with without_collector():
        for work in task.work:
            try:
                outcomes.append(_mine(run, work, storage))
            except (CodeshareError, OSError, MemoryError) as error:
                failed.append(Failed(work.name, str(error), getattr(error, "exit_status", 2)))
    names = [outcome.repo for outcome in outcomes]
    batch = write_batch(connection, storage, task.id, names, ALL_ROWS)
    _empty(connection)
    return Done(task.id, batch, tuple(outcomes), run.seconds, tuple(failed))


def _mine(run: Run, work: Work, storage: Storage) -> Outcome:
    if work.past:
        load_rows(run.connection, storage, work.past, work.name)
    target = work.target
    repository = open_repository(target.where, branch=target.branch, name=work.name)
    try:
        return run.mine(repository, target)
    except BaseException:
        _remove(run.connection, work.name)
        raise


@cache
def _memory() -> DuckDBPyConnection:
    """The worker's database in memory: tables, no views."""
    import duckdb

    from codeshare.store.database import create_tables

    connection = duckdb.connect()
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
    _memory()
