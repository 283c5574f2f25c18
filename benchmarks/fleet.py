"""Measure what it costs to mine many repositories.

    python benchmarks/fleet.py costs [REPOSITORY ...] [--repositories 200]
    python benchmarks/fleet.py mine [--repositories 1000]
    python benchmarks/fleet.py cluster [--repositories 1000]

`costs` does the tasks of a fleet one after the other, as a worker does, and takes processor time: git's own,
and all that is codeshare's. Fitted over the tasks are the costs of a repository, a commit and a line;
`scale.py` reckons with them. `mine` lets `codeshare` mine a fleet, then nothing new, then writes the report; how busy
the processors were is read ten times a second, so nothing else should run. `cluster` has the same mined
by one and by two Dask workers, each a process of one thread on one processor; every row is compared with those of a
local mine.

The repositories are made (see `histories.py`) and thrown away, unless some are named.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from commands import environment, machine
from histories import fleet
from measure import table

from codeshare.config import Config
from codeshare.fleet.tasks import Orders, Task, Work, cut, weigh
from codeshare.fleet.worker import mine_task, start
from codeshare.git.repository import open_repository
from codeshare.mining.targets import Target

CHOSEN = {"repos": "* exclude (mined_at)", "people": "* exclude (pseudonym)"}
_HEAD = ("what", "seconds", "busy, %", "busy until the last tenth, %")
APART = ("runs", "meta")  # the wall clock's, and each database's own secret


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds of one task, and what there was in it."""

    repositories: int
    commits: int
    lines: int
    git: float
    own: float


def main() -> None:
    args = _arguments()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="codeshare-benchmark-") as folder:
        paths = [path.resolve() for path in args.paths] or fleet(Path(folder) / "repos", args.repositories)
        if args.what == "costs":
            _print_costs(_costs(paths, Path(folder)), args.json)
        else:
            listed = Path(folder) / "repositories.txt"
            listed.write_text("".join(f"{path}\n" for path in paths))
            (Path(folder) / "codeshare.toml").write_text('[[repo]]\nlist = "repositories.txt"\n')
            (_mine if args.what == "mine" else _cluster)(Path(folder))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("costs", "mine", "cluster"))
    parser.add_argument("paths", nargs="*", type=Path, metavar="REPOSITORY")
    parser.add_argument("--repositories", type=int, default=200, help="how many to make (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write what was measured")
    return parser.parse_args()


def _costs(paths: Sequence[Path], folder: Path) -> list[Cost]:
    """Mine repositories in this process, task by task, as a worker does."""
    start()
    work = [
        Work(f"{number}-{path.name}", Target(str(path)), weigh(open_repository(str(path))))
        for number, path in enumerate(paths)
    ]
    orders = Orders(str(folder / "lake"), Config())
    first, *tasks = reversed(cut(work, 2, "cost"))
    mine_task(first, orders)  # the catalogue, and all else that is loaded once
    return [_cost(task, orders) for task in (first, *tasks)]


def _cost(task: Task, orders: Orders) -> Cost:
    before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    done = mine_task(task, orders)
    after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    if done.failed:
        sys.exit(f"{done.failed[0].repo}: {done.failed[0].why}")
    own, git = (b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True))
    commits = sum(outcome.commits for outcome in done.outcomes)
    return Cost(
        len(task.work), commits, _lines(Path(orders.storage) / f"data/changes/{task.id}.parquet"), git, own
    )


def _lines(file: Path) -> int:
    import duckdb

    (lines,) = duckdb.execute(f"select coalesce(sum(added), 0)::bigint from '{file}'").fetchone() or (0,)
    return int(lines)


def _print_costs(costs: Sequence[Cost], file: Path | None) -> None:
    fitted = {name: fit(costs, name) for name in ("git", "own")}
    rows = [(name, *(f"{1000 * each:.2f}" for each in parts)) for name, parts in fitted.items()]
    print(table([("processor time", "a repository, ms", "a commit, ms", "1,000 lines, ms"), *rows]))
    print(
        f"{sum(cost.repositories for cost in costs):,} repositories, {sum(cost.commits for cost in costs):,} commits"
    )
    small = [cost for cost in costs if cost.commits <= 40 * cost.repositories]
    if small:
        each = sum(cost.own for cost in small) / sum(cost.repositories for cost in small)
        print(
            f"repositories of 40 commits or fewer on average: {1000 * each:.0f} ms each beyond git's own work"
        )
    if file:
        file.write_text(json.dumps([asdict(cost) for cost in costs]))


def fit(costs: Sequence[Cost], name: str) -> list[float]:
    """Costs of a repository, a commit and 1,000 lines, by least squares of relative errors, none below 0."""
    from scipy.optimize import nnls

    seconds = np.array([getattr(cost, name) for cost in costs])
    parts = np.array([(cost.repositories, cost.commits, cost.lines / 1000) for cost in costs])
    weight = 1 / np.maximum(seconds, 0.01)
    found, _ = nnls(parts * weight[:, None], seconds * weight)
    return [float(each) for each in found]


def _mine(folder: Path) -> None:
    rows = [
        _timed(folder, "mine", "local.duckdb", "mine"),
        _timed(folder, "nothing new", "local.duckdb", "mine"),
        _timed(folder, "report", "local.duckdb", "report", "-o", "report"),
        _timed(folder, "into a lake", "local.duckdb", "mine", "--lake", str(folder / "lake")),
        _timed(folder, "lake pull", "pulled.duckdb", "lake", "pull", str(folder / "lake")),
        _timed(folder, "report from the lake", str(folder / "lake"), "report", "-o", "report"),
    ]  # fmt: skip
    _compare(folder, "pulled.duckdb")
    print(table([_HEAD, *rows]))


def _cluster(folder: Path) -> None:
    rows = [_timed(folder, "mine", "local.duckdb", "mine")]
    for count in (1, 2):
        database = f"dask{count}.duckdb"
        with _workers(folder, count) as address:
            rows.append(_timed(folder, f"Dask, {count}", database, "mine", "--cluster", address))
        _compare(folder, database)
    one, two = (float(seconds) for _, seconds, *_ in rows[1:])
    print(table([_HEAD, *rows]))
    print(f"two workers: {one / two:.2f} times as fast as one")


@contextmanager
def _workers(folder: Path, count: int) -> Iterator[str]:
    """The address of a Dask scheduler with workers of one processor each: what git they start runs there, too."""
    from distributed import Client

    cores = sorted(os.sched_getaffinity(0))[:count]
    file = folder / f"scheduler-{count}.json"
    dask = [sys.executable, "-m", "dask"]
    to_it = ["--scheduler-file", str(file), "--no-dashboard"]
    with ExitStack() as stack:

        def begin(*words: str, core: int | None = None) -> None:
            only = None if core is None else partial(os.sched_setaffinity, 0, {core})
            process = stack.enter_context(
                subprocess.Popen([*dask, *words], stderr=subprocess.DEVNULL, env=environment(folder), preexec_fn=only)
            )  # fmt: skip
            stack.callback(process.terminate)

        begin("scheduler", "--port", "0", *to_it)
        for core in cores:
            begin("worker", *to_it, "--nthreads", "1", "--no-nanny", core=core)
        while not file.exists():
            time.sleep(0.1)
        with Client(scheduler_file=str(file), timeout=60) as client:
            client.wait_for_workers(count, timeout=60)
        yield str(json.loads(file.read_text())["address"])


def _timed(folder: Path, what: str, database: str, *arguments: str) -> tuple[str, ...]:
    command = [sys.executable, "-m", "codeshare", "--db", database, *arguments]
    with _watched() as looks:
        began = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(folder) | {"XDG_CACHE_HOME": str(folder / "cache")},
            capture_output=True,
            check=False,
        )
        took = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{what}: {done.stderr.decode(errors='replace').strip()[-500:]}")
    early = looks[: len(looks) * 9 // 10] or looks
    return (what, f"{took:.1f}", *(f"{100 * sum(each) / max(len(each), 1):.0f}" for each in (looks, early)))


@contextmanager
def _watched() -> Iterator[list[float]]:
    """How busy the processors are, from 0 to 1, ten times a second; nothing where there is no /proc."""
    looks: list[float] = []
    ends = threading.Event()

    def watch() -> None:
        before = _ticks()
        while before and not ends.wait(0.1):
            now = _ticks()
            if now[1] > before[1]:
                looks.append((now[0] - before[0]) / (now[1] - before[1]))
            before = now

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield looks
    finally:
        ends.set()
        thread.join()


def _ticks() -> tuple[int, ...]:
    """Busy and all ticks of all processors since the machine started."""
    if not os.path.exists("/proc/stat"):
        return ()
    ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle, sum(ticks))


def _compare(folder: Path, other: str) -> None:
    """End the benchmark where two databases differ in a row."""
    import duckdb

    with duckdb.connect() as connection:
        for name, file in (("one", "local.duckdb"), ("two", other)):
            connection.execute(f"attach '{folder / file}' as {name} (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'one'"
        ).fetchall()
        for (name,) in tables:
            if name in (*APART, "estimates"):
                continue
            one, two = (f"select {CHOSEN.get(name, '*')} from {each}.{name}" for each in ("one", "two"))
            differ = connection.execute(f"(({one}) except all ({two})) union all (({two}) except all ({one}))").fetchall()  # fmt: skip
            if differ:
                sys.exit(f"{other}: {name}: {len(differ):,} rows differ, first {differ[0]}")
    print(f"{other}: every row of {len(tables)} tables as in local.duckdb", flush=True)


if __name__ == "__main__":
    main()
