"""Tasks on the workers of a Dask cluster, on this machine or on many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from codeshare.errors import CannotKnow, ConfigError
from codeshare.fleet.processes import Processes, Result, Workers
from codeshare.fleet.tasks import Done, Orders, Task
from codeshare.fleet.worker import mine_task
from codeshare.git.reading import available_cpus

if TYPE_CHECKING:
    from distributed import Client, Future

_LOCAL = "local:"
_PATIENCE = "30s"  # for a scheduler that starts anew


class Cluster:
    """Dask workers: whatever becomes of one of them, its tasks come to another."""

    def __init__(self, address: str) -> None:
        """Look at the cluster.

        Args:
            address: of a scheduler, as ``tcp://HOST:8786``; or ``local:N`` for N processes here.

        Raises:
            ConfigError: ``local:`` without a number.
            CannotKnow: distributed is not installed, or nobody answers there.
        """
        self._address = address
        if address.startswith(_LOCAL):
            self.count = _count(address)
            return
        with ExitStack() as stack:
            self.count = sum(self._client(stack).nthreads().values())
        if not self.count:
            raise CannotKnow(f"{address}: the cluster has no worker. Start one with `dask worker {address} --nthreads 1`.")  # fmt: skip

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        """Do tasks, the first first; with a client of its own, so that a scheduler may have started anew."""
        from distributed import as_completed

        with ExitStack() as stack:
            client = self._client(stack)
            waiting = {
                client.submit(mine_task, task, orders, key=task.id, priority=-number, pure=False): task
                for number, task in enumerate(tasks)
            }
            for future in as_completed(list(waiting), loop=client.loop):
                yield waiting[future], _result(future)

    def _client(self, stack: ExitStack) -> Client:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise CannotKnow(
                "--cluster needs Dask: `pip install '.[cluster]'` in a checkout of codeshare."
            ) from None
        where: object = self._address
        if self._address.startswith(_LOCAL):
            where = stack.enter_context(
                LocalCluster(self.count, threads_per_worker=1, processes=True, dashboard_address=None)
            )
        try:
            return stack.enter_context(Client(where, timeout=_PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise CannotKnow(f"{self._address}: no Dask scheduler answers: {error}.") from None


def open_workers(jobs: int | None = None, cluster: str | None = None) -> Workers:
    """The workers of a cluster, if one is named, else processes here: as many as there are processors."""
    return Cluster(cluster) if cluster else Processes(jobs or available_cpus())


def _count(address: str) -> int:
    number = address.removeprefix(_LOCAL)
    if not number.isdecimal() or not int(number):
        raise ConfigError(f"--cluster {address}: must be local:N, N workers, or the address of a scheduler.")
    return int(number)


def _result(future: Future) -> Done | BaseException:
    """What a task came to; an error that its worker, or the loss of it, left."""
    from distributed import CancelledError

    try:
        found = future.result()
    except (Exception, CancelledError) as error:
        return error
    assert isinstance(found, Done)
    return found
