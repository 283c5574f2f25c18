"""Tasks on worker processes of this machine, which live as long as the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from msgspec.structs import replace

from codeshare.errors import CannotKnow
from codeshare.fleet.tasks import Done, Orders, Task
from codeshare.fleet.worker import mine_task, start
from codeshare.git.shadow import end_running
from codeshare.workers import worker_pool

SMALL = 16 << 20
"""With less work, as tasks weigh it, processes take longer to start than they save."""

_PATIENCE = 3
"""Pools that may break, one after the other, without a task done."""

Result = tuple[Task, Done | BaseException]


class Workers(Protocol):
    """Who does the tasks: each comes back once, with what it came to or the error that ended it."""

    count: int

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        """Do tasks, in about their order; results come as they are ready."""


class Here:
    """One worker: this process."""

    count = 1

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        """Do one task after the other."""
        for task in tasks:
            try:
                yield task, mine_task(task, orders)
            except Exception as error:
                yield task, error


class Processes:
    """Worker processes, started by ``spawn``. Whoever kills one takes its task from it, and no more."""

    def __init__(self, count: int) -> None:
        self.count = count

    def run(self, tasks: Sequence[Task], orders: Orders) -> Iterator[Result]:
        """Do tasks, each as soon as a process is free."""
        if sum(task.weight for task in tasks) < SMALL:
            yield from Here().run([replace(task, jobs=self.count) for task in tasks], orders)
            return
        waiting = list(reversed(tasks))
        in_vain = 0
        while waiting:
            in_vain += 1
            if in_vain > _PATIENCE:
                raise CannotKnow(
                    f"worker processes end before they have done anything, {_PATIENCE} times. Try --jobs 1."
                )
            for task, result in self._run(waiting, orders):
                in_vain = 0 if isinstance(result, Done) else in_vain
                yield task, result

    def _run(self, waiting: list[Task], orders: Orders) -> Iterator[Result]:
        """Do tasks until none waits, or a process dies: then none of the others' can be trusted to come."""
        with worker_pool(self.count, start, end=end_running) as pool:
            running: dict[Future[Done], Task] = {}
            while waiting or running:
                while waiting and len(running) < 2 * self.count:  # the next at hand
                    task = waiting.pop()
                    running[pool.submit(mine_task, task, orders)] = task
                ready, _ = wait(running, return_when=FIRST_COMPLETED)
                is_broken = any(isinstance(future.exception(), BrokenProcessPool) for future in ready)
                for future in list(running) if is_broken else ready:
                    yield running.pop(future), future.exception() or future.result()
                if is_broken:
                    return
