"""Tasks on the workers of a Dask cluster, on this machine or on many."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from codeshare.cores import available_cpus
from codeshare.errors import CannotKnow, ConfigError
from codeshare.fleet.processes import Processes, Result, Workers
from codeshare.fleet.tasks import Done, Orders, Task
from codeshare.fleet.worker import mine_task

if TYPE_CHECKING:
    from distributed import Client, Future

_LOCAL = "local:"
PATIENCE = 30.0
"""Seconds for a scheduler or a worker that starts anew."""


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
            raise self._without_worker()

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        """Do tasks, the first first; with a client of its own, so that a scheduler may have started anew.

        Raises:
            CannotKnow: no scheduler answers, or there is no worker and none comes.
        """
        with ExitStack() as stack:
            client = self._client(stack)
            waiting = {
                client.submit(mine_task, task, orders, key=task.id, priority=-number, pure=False): task
                for number, task in enumerate(tasks)
            }
            while waiting and client.status == "running":
                self._wait_for_worker(client)
                for future in _completed(client, list(waiting)):
                    yield waiting.pop(future), _result(future)
            for task in waiting.values():
                yield task, ConnectionError("the scheduler is gone")

    def _wait_for_worker(self, client: Client) -> None:
        """Wait for one, where nobody is there to do a task: the scheduler would do so for ever."""
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise self._without_worker() from None
        except OSError as error:
            raise self._without_scheduler(error) from None

    def _without_scheduler(self, error: Exception) -> CannotKnow:
        return CannotKnow(f"{self._address}: no Dask scheduler answers: {error}.")

    def _without_worker(self) -> CannotKnow:
        return CannotKnow(
            f"{self._address}: the cluster has no worker. Start one with `dask worker {self._address} --nthreads 1`."
        )

    def _client(self, stack: ExitStack) -> Client:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise CannotKnow(
                "--cluster needs Dask: `pip install '.[cluster]'` in a checkout of codeshare."
            ) from None
        # A lost scheduler is said in one line, here or where it is given up.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        where: object = self._address
        if self._address.startswith(_LOCAL):
            where = stack.enter_context(
                LocalCluster(self.count, threads_per_worker=1, processes=True, dashboard_address=None)
            )
        try:
            return stack.enter_context(Client(where, timeout=PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise self._without_scheduler(error) from None


def open_workers(jobs: int | None = None, cluster: str | None = None) -> Workers:
    """The workers of a cluster, if one is named, else processes here: as many as there are processors."""
    return Cluster(cluster) if cluster else Processes(jobs or available_cpus())


def _count(address: str) -> int:
    number = address.removeprefix(_LOCAL)
    if not number.isdecimal() or not int(number):
        raise ConfigError(f"--cluster {address}: must be local:N, N workers, or the address of a scheduler.")
    return int(number)


def _completed(client: Client, futures: Sequence[Future]) -> Iterator[Future]:
    """Futures as they are done, for as long as one is every now and then."""
    from distributed import as_completed

    with suppress(TimeoutError):
        yield from as_completed(futures, loop=client.loop, timeout=PATIENCE)


def _result(future: Future) -> Done | BaseException:
    """What a task came to; an error that its worker, or the loss of it, left."""
    from distributed import CancelledError

    try:
        found = future.result()
    except (Exception, CancelledError) as error:
        return error
    assert isinstance(found, Done)
    return found
