"""Reckon what mining very many repositories costs, with costs that `fleet.py costs --json FILE` measured.

    python benchmarks/scale.py FILE --repositories 10000 --changed 0.1 --workers 16
    python benchmarks/scale.py FILE --week

Repositories are drawn from those that were measured, cut into tasks as codeshare cuts them, and handed to
workers that take the next task when they are free. What was not measured here but assumed (how long a forge
takes to answer a fetch, storage to take a file) are options, and printed. `--week` reckons with all public
commits of a week on the largest forge.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import table

from codeshare.fleet.tasks import Work, cut
from codeshare.mining.targets import Target

WEEK = 275_000_000  # commits
TABLES = 12  # of the lake that most repositories have rows of


@dataclass(frozen=True, slots=True)
class Measured:
    """Processor seconds of one repository: ``seconds``, and ``commits`` in it."""

    commits: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Given:
    """What is mined, by whom, and what is assumed; seconds each."""

    repositories: int
    changed: float
    workers: int
    fetches: int
    fetch: float
    put: float
    look: float
    join: float
    entry: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run: wall seconds, and what limits it."""

    name: str
    seconds: float
    limit: str


def main() -> None:
    args = _arguments()
    measured = read_costs(args.file)
    given = Given(
        args.repositories, args.changed, args.workers, args.fetches, args.fetch, args.put, args.look, args.join, args.entry
    )  # fmt: skip
    if args.week:
        print(_table(week(measured, given, args.commits)))
    else:
        print(_table(night(measured, given)))


def read_costs(file: Path) -> list[Measured]:
    """What `fleet.py costs` measured."""
    return [Measured(row["commits"], row["git"] + row["own"]) for row in json.loads(file.read_text())]


def night(measured: Sequence[Measured], given: Given, seed: int = 1) -> list[Step]:
    """The steps of a run over repositories of which some have changed, mined anew from their first commit."""
    dice = random.Random(seed)
    changed = dice.choices(measured, k=round(given.repositories * given.changed))
    return [
        Step(
            "fetch", given.repositories * given.fetch / given.fetches, f"the forge: {given.fetches} at once"
        ),
        Step("look what is new", given.repositories * given.look, "one process opens all"),
        Step("mine", schedule(changed, given), _limit(changed, given)),
        Step("join people", given.repositories * given.join, "one process reads all identities"),
        Step("publish", _publish(given), "one manifest names all repositories"),
    ]


def schedule(changed: Sequence[Measured], given: Given) -> float:
    """When the last worker is done, each taking the next task as soon as it is free."""
    work = [
        Work(str(number), Target(""), round(each.seconds * 1_000_000)) for number, each in enumerate(changed)
    ]
    free = [0.0] * given.workers
    for task in cut(work, given.workers, "task"):
        took = sum(each.weight for each in task.work) / 1_000_000 + TABLES * given.put
        heapq.heapreplace(free, free[0] + took)
    return max(free)


def _limit(changed: Sequence[Measured], given: Given) -> str:
    """Whether more workers would help."""
    largest = max((each.seconds for each in changed), default=0.0)
    total = sum(each.seconds for each in changed)
    return "the largest repository" if largest > total / given.workers else f"{given.workers} workers"


def _publish(given: Given) -> float:
    """Seconds to write a manifest, at 50 MB a second."""
    return given.put + given.repositories * given.entry / 50e6


def week(measured: Sequence[Measured], given: Given, commits_each: float) -> list[Step]:
    """The steps for all public commits of a week, if so many of them are pushed to each repository that has any.

    Each is then fetched whole, and mined at the mean cost of a repository and of its new commits.
    """
    repositories = round(WEEK / commits_each)
    base = min(each.seconds for each in measured)
    a_commit = sum(each.seconds for each in measured) / sum(each.commits for each in measured)
    seconds = repositories * base + WEEK * a_commit
    return [
        Step("fetch", repositories * given.fetch / given.fetches, f"the forge: {given.fetches} at once"),
        Step("look what is new", repositories * given.look, "one process opens all"),
        Step("mine", seconds / given.workers, f"{seconds / 3600:,.0f} processor hours, {given.workers} workers"),
        Step("join people", repositories * given.join, "one process reads all identities"),
        Step("publish", given.put + repositories * given.entry / 50e6, f"a manifest of {repositories * given.entry / 1e9:.1f} GB"),
    ]  # fmt: skip


def _table(steps: Sequence[Step]) -> str:
    slowest = max(steps, key=lambda step: step.seconds)
    rows = [(step.name, _time(step.seconds), step.limit + (" **(the slowest step)**" if step is slowest else "")) for step in steps]  # fmt: skip
    return table([("step", "wall time", "what limits it"), *rows])


def _time(seconds: float) -> str:
    if seconds >= 2 * 86400:
        return f"{seconds / 86400:,.1f} d"
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 60:.1f} min" if seconds >= 120 else f"{seconds:.1f} s"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="what `fleet.py costs --json` wrote")
    parser.add_argument("--repositories", type=int, default=10_000, help="how many there are (%(default)s)")
    parser.add_argument(
        "--changed", type=float, default=0.1, help="part of them that has new commits (%(default)s)"
    )
    parser.add_argument("--workers", type=int, default=16, help="of one thread (%(default)s)")
    parser.add_argument("--fetches", type=int, default=4, help="at once (%(default)s)")
    parser.add_argument("--fetch", type=float, default=0.5, help="seconds of a fetch, assumed (%(default)s)")
    parser.add_argument(
        "--put", type=float, default=0.05, help="seconds to store a file, assumed (%(default)s)"
    )
    parser.add_argument("--look", type=float, default=0.006, help="seconds to see that a repository is up to date (%(default)s)")  # fmt: skip
    parser.add_argument(
        "--join", type=float, default=0.001, help="seconds to join a repository's people (%(default)s)"
    )
    parser.add_argument(
        "--entry", type=int, default=60, help="bytes of a repository in the manifest (%(default)s)"
    )
    parser.add_argument("--week", action="store_true", help="all public commits of a week")
    parser.add_argument("--commits", type=float, default=10, help="of them in each repository that has any, assumed (%(default)s)")  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
