"""Time `codeshare mine --no-lines` beside `git log --numstat -M` on one repository, in one run.

    python benchmarks/mine.py /path/to/repository [--runs 3]

The two alternate, so that a machine whose speed drifts is unfair to neither. Printed are the wall
times, the ratio of each pair and the median ratio, and the peak memory of all processes of a mine
together (Linux: the sum of their proportional set sizes, looked at ten times a second).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def timed(command: list[str], *, cwd: Path | None = None) -> tuple[float, float]:
    """Wall seconds, and peak MiB of the process and its children."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    status = process.wait()
    seconds = time.perf_counter() - started
    watcher.join()
    if status:
        sys.exit(f"{' '.join(command)}: status {status}")
    return seconds, peak[0]


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_memory(pid) for pid in _family(process.pid)) / 1024)
        time.sleep(0.1)


def _family(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        children = [int(c) for t in tasks for c in Path(f"/proc/{pid}/task/{t}/children").read_text().split()]
    except OSError:
        return []
    return [pid, *(member for child in children for member in _family(child))]


def _memory(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int)
    args = parser.parse_args()
    repository = args.repository.resolve()
    git = ["git", "-C", str(repository), "log", "--numstat", "-M", "HEAD"]
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for run in range(args.runs):
            database = Path(folder) / f"{run}.duckdb"
            mine = [
                sys.executable,
                "-m",
                "codeshare.cli.main",
                "--db",
                str(database),
                "mine",
                "--no-lines",
                str(repository),
            ]
            mine += ["--jobs", str(args.jobs)] if args.jobs else []
            reference, _ = timed(git)
            ours, peak = timed(mine, cwd=Path(folder))
            again, _ = timed(mine, cwd=Path(folder))
            ratios.append(ours / reference)
            size = database.stat().st_size / 2**20
            print(
                f"run {run + 1}: git log --numstat -M {reference:6.2f} s   mine {ours:6.2f} s   ratio {ratios[-1]:.2f}   "
                f"peak {peak:,.0f} MiB   nothing new {again:.2f} s   database {size:.0f} MiB",
                flush=True,
            )
    print(
        f"median ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), {os.cpu_count()} processors"
    )


if __name__ == "__main__":
    main()
