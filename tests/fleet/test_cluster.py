"""Real Dask workers, each a process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from codeshare.config import Config
from codeshare.errors import CannotKnow, ConfigError
from codeshare.fleet import cluster as cluster_room
from codeshare.fleet.cluster import Cluster
from codeshare.fleet.homes import DatabaseHome
from codeshare.fleet.processes import Result
from codeshare.fleet.run import Options, mine_fleet
from codeshare.fleet.tasks import Orders, Task
from codeshare.mining.run import mine
from tests.stored import rows

from .conftest import targets

distributed = pytest.importorskip("distributed", reason="a cluster is tested with codeshare[cluster]")
pytestmark = pytest.mark.filterwarnings("default")  # theirs, not ours


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two workers of one thread."""
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


class Disturbed(Cluster):
    """Something happens as soon as a task has come back."""

    def __init__(self, address: str, disturb: Callable[[], object]) -> None:
        super().__init__(address)
        self.disturb, self.is_disturbed = disturb, False

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        for result in super().run(tasks, orders):
            if not self.is_disturbed:
                self.is_disturbed = True
                self.disturb()
            yield result


class Processes:
    """A scheduler and a worker, each started by its own command."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, list[subprocess.Popen[bytes]]()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._run("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        self._run(
            "dask_worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--local-directory",
            str(self.folder),
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(CannotKnow):
                Cluster(self.address)
                return
        pytest.fail("the cluster does not start")

    def kill(self) -> None:
        """The scheduler first, as where its machine goes down; workers end when they miss it."""
        for process in self.running:
            process.kill()
            process.wait()
        self.running.clear()

    def again(self) -> None:
        self.kill()
        self.start()

    def _run(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        self.running.append(
            subprocess.Popen(
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            )
        )


@pytest.fixture
def dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """A cluster that one can kill."""
    monkeypatch.setattr(cluster_room, "PATIENCE", 3.0)
    found = Processes(tmp_path)
    try:
        found.start()
        yield found
    finally:
        found.kill()


def assert_as_plain(folder: Path, database: Path) -> None:
    """A database holds what one process stores, mining one repository after the other."""
    plain = database.with_name("plain.duckdb")
    mine(targets(folder), plain, Config(), jobs=1)
    for table in ("commits", "line_spans", "tip_blame", "identities", "evidence"):
        query = f"from {table} order by all"
        assert rows(database, query) == rows(plain, query), table


def test_a_cluster_stores_what_one_process_does_and_a_killed_worker_changes_nothing(
    cluster: Any, folder: Path, tmp_path: Path
) -> None:
    workers = Disturbed(
        cluster.scheduler_address, lambda: next(iter(cluster.workers.values())).process.process.kill()
    )
    assert workers.count == 2
    with closing(DatabaseHome(tmp_path / "x.duckdb")) as home:
        found = mine_fleet(targets(folder), home, workers, Config(), Options())
    assert workers.is_disturbed
    assert not found.failed
    assert_as_plain(folder, tmp_path / "x.duckdb")


def test_a_scheduler_that_starts_again_changes_nothing(dask: Processes, folder: Path, tmp_path: Path) -> None:
    workers = Disturbed(dask.address, dask.again)
    with closing(DatabaseHome(tmp_path / "x.duckdb")) as home:
        found = mine_fleet(targets(folder), home, workers, Config(), Options())
    assert workers.is_disturbed
    assert not found.failed
    assert len(found.outcomes) == 4
    assert_as_plain(folder, tmp_path / "x.duckdb")


def test_a_scheduler_that_is_gone_ends_the_mine_and_a_rerun_goes_on(
    dask: Processes, folder: Path, tmp_path: Path
) -> None:
    with (
        closing(DatabaseHome(tmp_path / "x.duckdb")) as home,
        pytest.raises(CannotKnow, match="no Dask scheduler answers"),
    ):
        mine_fleet(targets(folder), home, Disturbed(dask.address, dask.kill), Config(), Options())
    dask.start()
    with closing(DatabaseHome(tmp_path / "x.duckdb")) as home:
        found = mine_fleet(targets(folder), home, Cluster(dask.address), Config(), Options())
    assert 0 < sum(outcome.was_current for outcome in found.outcomes) < 4
    assert_as_plain(folder, tmp_path / "x.duckdb")


def test_wrong_addresses_are_said() -> None:
    with pytest.raises(ConfigError, match="local:N"):
        Cluster("local:many")
    with pytest.raises(CannotKnow, match="no Dask scheduler answers"):
        Cluster("nonsense://nowhere:1")
