"""Reckon what mining very many repositories costs, with costs that `fleet.py costs --json FILE` measured.

    python benchmarks/scale.py FILE --repositories 10000 --changed 0.1 --workers 16
    python benchmarks/scale.py FILE --week

Repositories are drawn as `histories.py` makes them, few of them large, at the costs that were measured; cut into
tasks as codeshare cuts them, and handed to workers that take the next task when they are free. What was not measured here but assumed (how long a forge
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

from fleet import Cost, fit
from histories import commits_of
from measure import table

from codeshare.fleet.tasks import Work, cut
from codeshare.mining.targets import Target

WEEK = 275_000_000  # commits
TABLES = 12  # of the lake that most repositories have rows of


@dataclass(frozen=True, slots=True)
class Costs:
    """Processor seconds: of a repository, and of a commit with its lines."""

    repository: float
    commit: float

    def of(self, commits: int) -> float:
        """Of a repository of so many commits."""
        return self.repository + self.commit * commits


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
    costs = read_costs(args.file)
    print(f"a repository {1000 * costs.repository:.0f} ms, a commit {1000 * costs.commit:.2f} ms\n")
    given = Given(
        args.repositories, args.changed, args.workers, args.fetches, args.fetch, args.put, args.look, args.join, args.entry
    )  # fmt: skip
    if args.week:
        print(_table(week(costs, given, args.commits)))
    else:
        print(_table(night(costs, given)))


def read_costs(file: Path) -> Costs:
    """What `fleet.py costs` measured, git's part and codeshare's together."""
    tasks = [Cost(**row) for row in json.loads(file.read_text())]
    lines = sum(task.lines for task in tasks) / sum(task.commits for task in tasks) / 1000
    parts = [fit(tasks, name) for name in ("git", "own")]
    return Costs(sum(part[0] for part in parts), sum(part[1] + part[2] * lines for part in parts))


def night(costs: Costs, given: Given, seed: int = 1) -> list[Step]:
    """The steps of a run over repositories of which some have changed, mined anew from their first commit."""
    dice = random.Random(seed)
    changed = [costs.of(commits_of(dice)) for _ in range(round(given.repositories * given.changed))]
    return [
        Step(
            "fetch", given.repositories * given.fetch / given.fetches, f"the forge: {given.fetches} at once"
        ),
        Step("look what is new", given.repositories * given.look, "one process opens all"),
        Step("mine", schedule(changed, given), _limit(changed, given)),
        Step("join people", given.repositories * given.join, "one process reads all identities"),
        Step("publish", _publish(given.repositories, given), "one manifest names all repositories"),
    ]


def schedule(changed: Sequence[float], given: Given) -> float:
    """When the last worker is done, each taking the next task as soon as it is free."""
    work = [Work(str(number), Target(""), round(each * 1_000_000)) for number, each in enumerate(changed)]
    free = [0.0] * given.workers
    for task in cut(work, given.workers, "task"):
        took = sum(each.weight for each in task.work) / 1_000_000 + TABLES * given.put
        heapq.heapreplace(free, free[0] + took)
    return max(free)


def _limit(changed: Sequence[float], given: Given) -> str:
    """Whether more workers would help."""
    is_largest = max(changed, default=0.0) > sum(changed) / given.workers
    return "the largest repository" if is_largest else f"{given.workers} workers"


def _publish(repositories: int, given: Given) -> float:
    """Seconds to write a manifest, at 50 MB a second."""
    return given.put + repositories * given.entry / 50e6


def week(costs: Costs, given: Given, commits_each: float) -> list[Step]:
    """The steps for all public commits of a week, if so many of them are pushed to each repository that has any.

    Only the new commits are mined: their repositories are known already.
    """
    repositories = round(WEEK / commits_each)
    seconds = repositories * costs.repository + WEEK * costs.commit
    return [
        Step("fetch", repositories * given.fetch / given.fetches, f"the forge: {given.fetches} at once"),
        Step("look what is new", repositories * given.look, "one process opens all"),
        Step("mine", seconds / given.workers, f"{seconds / 3600:,.0f} processor hours on {given.workers} workers"),
        Step("join people", repositories * given.join, "one process reads all identities"),
        Step("publish", _publish(repositories, given), f"a manifest of {repositories * given.entry / 1e9:.1f} GB"),
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
    parser.add_argument("--look", type=float, default=0.0027, help="seconds to see that a repository is up to date (%(default)s)")  # fmt: skip
    parser.add_argument(
        "--join", type=float, default=0.0005, help="seconds to join a repository's people (%(default)s)"
    )
    parser.add_argument(
        "--entry", type=int, default=60, help="bytes of a repository in the manifest (%(default)s)"
    )
    parser.add_argument("--week", action="store_true", help="all public commits of a week")
    parser.add_argument("--commits", type=float, default=10, help="of them in each repository that has any, assumed (%(default)s)")  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
