"""Time codeshare beside the other tools that read git histories, on one repository, in one run.

    python benchmarks/field.py /path/to/repository [--rounds 3] [--only NAME ...]

In every round each tool runs once, each round starting with another one, so that a machine whose speed
drifts is unfair to none; a ratio compares two runs of the same round. The other tools are installed into
a folder of their own (--tools) and work in clones of their own; neither is counted. A tool that cannot be
had, or fails, is left out with a line that says why; one that takes longer than --limit is ended. Where
that happens to git or codeshare the exit status is 1.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commands import current_branch, environment, git, git_log, machine, mine, warm
from measure import Failed, Reading, Stopped, figure, measure, mebibytes, spread, table
from tools import CALLS, Place, Unavailable, find

GIT, MINE, NO_LINES = "git-log", "mine", "mine-no-lines"
LABELS = {GIT: "git log --numstat -M", MINE: "codeshare mine", NO_LINES: "codeshare mine --no-lines"}
NAMES = (*LABELS, *CALLS)
CACHE = Path("~/.cache/codeshare-benchmarks")

FOR_MEMORY = 0
"""The round in which memory is looked at, which takes time; it counts for nothing else."""


@dataclass(slots=True)
class Contestant:
    """A tool, and what its runs took so far, by round."""

    name: str
    command: Callable[[int], list[str]]
    readings: dict[int, Reading] = field(default_factory=dict)
    peak: float | None = None
    out: str = ""

    def run(self, number: int, folder: Path, env: Mapping[str, str], limit: float) -> None:
        """Run once more, unless an earlier run has failed."""
        if self.out:
            return
        try:
            reading = measure(
                self.command(number), cwd=folder, env=env, limit=limit, memory=number == FOR_MEMORY
            )
            if number == FOR_MEMORY:
                self.peak = reading.peak
            else:
                self.readings[number] = reading
        except (Failed, Stopped) as error:
            self.out = str(error)
        text = self.out or f"{figure(reading.seconds)} s"
        print(f"round {number}: {self.label}: {text}", flush=True)

    def beside(self, other: Contestant) -> str:
        """Write this tool's time divided by another's, over the rounds that both have finished."""
        rounds = self.readings.keys() & other.readings.keys()
        ratios = [self.readings[n].seconds / other.readings[n].seconds for n in sorted(rounds)]
        return spread(ratios, figure) if ratios else "–"

    @property
    def label(self) -> str:
        """What the table calls it."""
        return LABELS.get(self.name, self.name)


def main() -> None:
    args = _arguments()
    repository = args.repository.resolve()
    branch = args.branch or current_branch(repository)
    commits = int(git(repository, "rev-list", "--count", branch, "--"))
    print(f"{machine()}\n{repository.name}, branch {branch}: {commits:,} commits", flush=True)
    with tempfile.TemporaryDirectory(prefix="codeshare-benchmark-") as name:
        folder = Path(name)
        env = environment(folder)
        contestants = _contestants(args, repository, branch, folder, env)
        warm(repository)
        for number in range(args.rounds + 1):
            first = number % len(contestants) if contestants else 0
            for contestant in [*contestants[first:], *contestants[:first]]:
                contestant.run(number, folder, env, args.limit)
    print(f"\n{_report(contestants)}")
    for contestant in contestants:
        if contestant.out:
            print(f"{contestant.label}: {contestant.out}")
    if any(contestant.out and contestant.name in LABELS for contestant in contestants):
        raise SystemExit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--branch", help="default: the one that HEAD is on")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", choices=NAMES, help=f"some of {', '.join(NAMES)}"
    )
    parser.add_argument(
        "--tools", type=Path, default=CACHE, metavar="DIR", help="where tools are kept (%(default)s)"
    )
    parser.add_argument("--hercules", default="hercules", metavar="FILE", help="the program written in Go")
    parser.add_argument(
        "--limit", type=float, default=3600, metavar="SECONDS", help="for one run (%(default)s)"
    )
    return parser.parse_args()


def _contestants(
    args: argparse.Namespace, repository: Path, branch: str, folder: Path, env: Mapping[str, str]
) -> list[Contestant]:
    ours: dict[str, list[str]] = {MINE: [], NO_LINES: ["--no-lines"]}
    found = []
    for name in args.only or NAMES:
        if name == GIT:
            found.append(Contestant(name, lambda number: git_log(repository, branch)))
        elif name in ours:
            found.append(_codeshare(name, folder, [*ours[name], "--branch", branch, str(repository)]))
        else:
            try:
                programs = find(name, args.tools.expanduser().resolve(), args.hercules)
                found.append(_other(name, programs, _place(name, repository, branch, folder, env)))
            except Unavailable as error:
                print(f"{name}: skipped: {error}", flush=True)
    return found


def _codeshare(name: str, folder: Path, arguments: list[str]) -> Contestant:
    """Mine into a database that does not exist yet, in every round."""
    return Contestant(name, lambda number: mine(folder / f"{name}.{number}.duckdb", *arguments))


def _other(name: str, programs: Path, place: Place) -> Contestant:
    return Contestant(name, lambda number: CALLS[name](programs, place))


def _place(name: str, repository: Path, branch: str, folder: Path, env: Mapping[str, str]) -> Place:
    """Clone the repository: some tools want a work tree, and PyDriller writes into the configuration."""
    clone = folder / name / repository.name
    command = [
        "git",
        "clone",
        "--quiet",
        "--single-branch",
        "--branch",
        branch,
        "--",
        str(repository),
        str(clone),
    ]
    done = subprocess.run(
        command, env=dict(env), capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        raise Unavailable(f"git clone: {done.stderr.strip()}")
    return Place(clone, branch, folder / name / "results")


def _report(contestants: list[Contestant]) -> str:
    by_name = {contestant.name: contestant for contestant in contestants}
    beside = [by_name[name] for name in (GIT, MINE, NO_LINES) if name in by_name]
    rows = [["tool", "seconds", *(f"/ {other.label}" for other in beside), "peak memory"]]
    for one in contestants:
        if one.readings:
            seconds = [reading.seconds for reading in one.readings.values()]
            ratios = ["1" if one is other else one.beside(other) for other in beside]
            rows.append([one.label, spread(seconds, figure), *ratios, mebibytes(one.peak)])
    return table(rows)


if __name__ == "__main__":
    main()
