"""Time `codeshare mine` beside `git log --numstat -M` on one repository, in one run.

    python benchmarks/mine.py /path/to/repository [--runs 3]

They take turns, so that a machine whose speed drifts is unfair to none: git, the complete mine, the one
without the lives of lines (--no-lines), and the complete one once more with nothing new to mine. Printed
are the wall times, the ratio of each pair and the median ratio, and, from one more run, for looking at it
takes time, the peak memory of all processes of a mine together. `field.py` compares with other tools, `growth.py` small histories with large ones.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from commands import current_branch, environment, git_log, machine, mine, warm
from measure import Failed, Reading, figure, measure, mebibytes, spread

VARIANTS: dict[str, list[str]] = {"mine": [], "mine --no-lines": ["--no-lines"]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--branch", help="default: the one that HEAD is on")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, help="handed on to codeshare")
    parser.add_argument("--only", choices=VARIANTS, help="time one of the two mines")
    args = parser.parse_args()
    repository = args.repository.resolve()
    branch = args.branch or current_branch(repository)
    options = ["--branch", branch, *(["--jobs", str(args.jobs)] if args.jobs else []), str(repository)]
    variants = [args.only] if args.only else list(VARIANTS)
    ratios: dict[str, list[float]] = {name: [] for name in variants}
    print(machine(), flush=True)
    warm(repository)
    with tempfile.TemporaryDirectory(prefix="codeshare-benchmark-") as folder:
        for run in range(1, args.runs + 1):
            reference = measure(
                git_log(repository, branch), env=environment(Path(folder)), memory=False
            ).seconds
            print(f"run {run}: git log --numstat -M {figure(reference)} s", flush=True)
            for name in variants:
                reading, text = _mine(Path(folder), [*VARIANTS[name], *options])
                ratios[name].append(reading.seconds / reference)
                print(f"run {run}: {name} {text}   ratio {figure(ratios[name][-1])}", flush=True)
        for name in variants:
            looked = measure(
                mine(Path(folder) / f"{name}.duckdb", *VARIANTS[name], *options),
                cwd=Path(folder),
                env=environment(Path(folder)),
            )
            print(f"{name}: peak {mebibytes(looked.peak)}", flush=True)
    for name in variants:
        print(f"{name} / git log --numstat -M: median {spread(ratios[name], figure)}")


def _mine(folder: Path, arguments: list[str]) -> tuple[Reading, str]:
    """Mine anew, and once more with nothing new."""
    database, env = folder / "mined.duckdb", environment(folder)
    database.unlink(missing_ok=True)
    first = measure(mine(database, *arguments), cwd=folder, env=env, memory=False)
    again = measure(mine(database, *arguments), cwd=folder, env=env, memory=False)
    size = database.stat().st_size / 2**20
    return first, (
        f"{figure(first.seconds)} s   nothing new {figure(again.seconds)} s   database {size:.1f} MiB"
    )


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        raise SystemExit(f"error: {error}") from None
