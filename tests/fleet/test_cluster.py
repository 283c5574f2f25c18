"""Real Dask workers, each a process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.errors import CannotKnow, ConfigError
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
def cluster() -> Iterator[object]:
    """Two workers of one thread."""
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


class Killing(Cluster):
    """Kills the first worker as soon as a task has come back."""

    def __init__(self, cluster: object) -> None:
        super().__init__(cluster.scheduler_address)  # type: ignore[attr-defined]
        self.cluster = cluster
        self.is_killed = False

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        for result in super().run(tasks, orders):
            if not self.is_killed:
                self.is_killed = True
                next(iter(self.cluster.workers.values())).process.process.kill()  # type: ignore[attr-defined]
            yield result


def test_a_cluster_stores_what_one_process_does_and_a_killed_worker_changes_nothing(
    cluster: object, folder: Path, tmp_path: Path
) -> None:
    workers = Killing(cluster)
    assert workers.count == 2
    with closing(DatabaseHome(tmp_path / "x.duckdb")) as home:
        found = mine_fleet(targets(folder), home, workers, Config(), Options())
    assert workers.is_killed
    assert not found.failed
    mine(targets(folder), tmp_path / "plain.duckdb", Config(), jobs=1)
    for table in ("commits", "line_spans", "tip_blame", "identities", "evidence"):
        query = f"from {table} order by all"
        assert rows(tmp_path / "x.duckdb", query) == rows(tmp_path / "plain.duckdb", query), table


def test_wrong_addresses_are_said() -> None:
    with pytest.raises(ConfigError, match="local:N"):
        Cluster("local:many")
    with pytest.raises(CannotKnow, match="no Dask scheduler answers"):
        Cluster("nonsense://nowhere:1")
