"""The work of a fleet, cut into tasks: the biggest repositories first and alone, the small ones together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from codeshare.config import Config
from codeshare.errors import CodeshareError
from codeshare.git.repository import Repository
from codeshare.lake.manifest import Batch
from codeshare.mining.miner import Outcome
from codeshare.mining.targets import Target

TASKS = 48
"""Tasks of a large fleet, unless it has very many workers; a lake then has as many files a table."""
PER_WORKER, LEAST_PER_WORKER = 12, 2
TOGETHER = 8
"""Repositories that a task of a small fleet has."""
_BASE = 200_000  # bytes of packs that take as long to read as a repository takes to begin


class Work(Struct, frozen=True):
    """One repository to mine. ``past``: files with what is stored of it; ``weight``: bytes to read."""

    name: str
    target: Target
    weight: int
    past: Batch | None = None


class Task(Struct, frozen=True):
    """Repositories that one worker mines, one after the other, into one batch of files; ``jobs``: git processes at once."""

    id: str
    work: tuple[Work, ...]
    jobs: int = 1

    @property
    def weight(self) -> int:
        """How much there is to do, in no unit."""
        return sum(work.weight + _BASE for work in self.work)


class Orders(Struct, frozen=True):
    """What holds for all tasks of a run: settings, and the storage that the files go to."""

    storage: str
    config: Config
    lines: bool | None = None
    again: bool = False


class Failed(Struct, frozen=True):
    """A repository that could not be mined, and why: one line."""

    repo: str
    why: str
    exit_status: int = CodeshareError.exit_status


class Done(Struct, frozen=True):
    """What a task came to: its files, each repository's outcome and timings, and what failed."""

    task: str
    batch: Batch | None
    outcomes: tuple[Outcome, ...]
    seconds: Mapping[str, Mapping[str, float]]
    failed: tuple[Failed, ...] = ()


def weigh(repository: Repository) -> int:
    """Bytes of a repository's objects, as far as a look at the packs tells."""
    return sum(pack.stat().st_size for folder in repository.objects for pack in folder.glob("pack/*.pack"))


def cut(work: Iterable[Work], workers: int, prefix: str) -> list[Task]:
    """Cut work into tasks, the biggest first.

    A repository of more than a worker's fair share may use all processors: the others would wait for it.
    """
    waiting = sorted(work, key=lambda each: (-each.weight, each.name))
    total = sum(each.weight + _BASE for each in waiting)
    tasks = max(LEAST_PER_WORKER * workers, len(waiting) // TOGETHER)
    most = total / min(tasks, max(TASKS, PER_WORKER * workers))
    groups: list[list[Work]] = []
    full = most
    for each in waiting:
        if full + each.weight + _BASE > most:
            groups.append([])
            full = 0
        groups[-1].append(each)
        full += each.weight + _BASE
    return [_task(f"{prefix}-{number:04d}", group, total, workers) for number, group in enumerate(groups)]


def _task(name: str, group: Sequence[Work], total: float, workers: int) -> Task:
    is_giant = len(group) == 1 and workers > 1 and group[0].weight > total / workers
    return Task(name, tuple(group), workers if is_giant else 1)
