"""Show how wall time and peak memory of `codeshare mine` grow with the number of commits.

    python benchmarks/growth.py [--history company] [--max 500000] [--runs 1]

Histories are made, measured and thrown away one size after the other; the largest needs a few gigabytes in
the folder for temporary files (TMPDIR). Printed is a table, and the slopes of log(time) over log(commits):
1 is linear growth. `git log --numstat -M` of the same histories stands beside it, for what grows there
too (deeper trees, longer delta chains) is git's. For the kinds of history see `histories.py`.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from commands import current_branch, environment, git, git_log, machine, mine, warm
from histories import HISTORIES
from measure import Failed, Reading, figure, measure, mebibytes, table

SIZES = (20_000, 60_000, 125_000, 250_000, 500_000)


@dataclass(frozen=True, slots=True)
class Point:
    """What one size took: medians of its runs, the largest peak."""

    commits: int
    git: float
    mine: float
    peak: float | None
    database: float


def main() -> None:
    args = _arguments()
    print(machine(), flush=True)
    points = []
    for size in sizes_up_to(args.max):
        with tempfile.TemporaryDirectory(prefix="codeshare-benchmark-") as folder:
            points.append(_point(Path(folder), size, args))
    print(f"\n{_report(points)}")
    for name, seconds in (("codeshare mine", [p.mine for p in points]), ("git log", [p.git for p in points])):
        print(f"slope of log(time) over log(commits), {name}: {slope(points, seconds):.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--history", choices=HISTORIES, default="company", help="what is mined (%(default)s)")
    parser.add_argument("--max", type=int, default=SIZES[-1], help="commits of the largest (%(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="of each size (%(default)s)")
    parser.add_argument("--no-lines", action="store_true", help="mine without the lives of lines")
    args = parser.parse_args()
    if args.max < 1_000 or args.runs < 1:
        parser.error("--max is at least 1000 and --runs at least 1: less says nothing about growth")
    return args


def sizes_up_to(largest: int) -> list[int]:
    """Return the usual sizes up to a number, or where they are fewer than three, fractions of it."""
    usual = [size for size in SIZES if size <= largest]
    return usual if len(usual) > 2 else [largest // 8, largest // 4, largest // 2, largest]


def slope(points: Sequence[Point], seconds: Sequence[float]) -> float:
    """Fit a line through the logarithms."""
    commits = [math.log(point.commits) for point in points]
    return statistics.linear_regression(commits, [math.log(value) for value in seconds]).slope


def _point(folder: Path, size: int, args: argparse.Namespace) -> Point:
    started = time.perf_counter()
    repositories = HISTORIES[args.history](folder / "history", size)
    built = time.perf_counter() - started
    commits = sum(int(git(repository, "rev-list", "--count", "HEAD", "--")) for repository in repositories)
    print(f"{commits:,} commits in {len(repositories)} repositories, built in {built:.0f} s", flush=True)
    env = environment(folder)
    git_runs, mine_runs = [], []
    for repository in repositories:
        warm(repository)
    for run in range(args.runs):
        git_runs.append(sum(_git_seconds(repository, env) for repository in repositories))
        mine_runs.append(_mine(folder, repositories, env, run, ["--no-lines"] if args.no_lines else []))
        print(f"  git log {figure(git_runs[-1])} s, mine {figure(mine_runs[-1].seconds)} s", flush=True)
    peaks = [reading.peak for reading in mine_runs if reading.peak is not None]
    return Point(
        commits=commits,
        git=statistics.median(git_runs),
        mine=statistics.median(reading.seconds for reading in mine_runs),
        peak=max(peaks, default=None),
        database=(folder / "0.duckdb").stat().st_size / 2**20,
    )


def _git_seconds(repository: Path, env: Mapping[str, str]) -> float:
    return measure(git_log(repository, current_branch(repository)), env=env).seconds


def _mine(
    folder: Path, repositories: Sequence[Path], env: Mapping[str, str], run: int, options: list[str]
) -> Reading:
    names = [str(repository) for repository in repositories]
    return measure(mine(folder / f"{run}.duckdb", *options, *names), cwd=folder, env=env)


def _report(points: Sequence[Point]) -> str:
    header = ["commits", "mine, s", "µs per commit", "µs per further commit", "peak memory", "database"]
    rows = [[*header, "git log, s", "mine / git log"]]
    for before, point in zip([None, *points], points, strict=False):
        row = [f"{point.commits:,}", figure(point.mine), _microseconds(point.mine, point.commits)]
        # What the program's start takes is in the first row, and in no difference of two.
        row.append(_microseconds(point.mine - before.mine, point.commits - before.commits) if before else "")
        row += [mebibytes(point.peak), f"{point.database:,.1f} MiB"]
        rows.append([*row, figure(point.git), figure(point.mine / point.git)])
    return table(rows)


def _microseconds(seconds: float, commits: int) -> str:
    return f"{seconds / commits * 1e6:,.0f}" if commits else ""


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        raise SystemExit(f"error: {error}") from None
