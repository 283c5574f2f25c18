"""Time what answers from a mined database: ``python benchmarks/answers.py git.duckdb``.

``codeshare share``, ``report`` and ``estimate --again``, each ``--runs`` times as a process of its own, start included,
in turns. Printed: median and range of wall seconds, and the largest resident memory of one process.
``estimate`` writes into a copy.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="runs of each command, default 3")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        shutil.copyfile(given.database, copy)
        commands = {
            "share": ["share", "--format", "json"],
            "estimate": ["estimate", "--again"],
            "report": ["report", "-o", f"{folder}/report"],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(given.runs):
            for name, command in commands.items():
                taken[name].append(_seconds(copy, command, folder))
        for name, seconds in taken.items():
            print(f"{name}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
        size = (Path(folder) / "report" / "report.html").stat().st_size
        print(f"report.html: {size / 1e6:.2f} MB")
    # In kilobytes on Linux, in bytes on macOS.
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"largest process: {most / 1e9:.2f} GB")
    return 0


def _seconds(database: Path, command: list[str], folder: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "codeshare", "--db", str(database), *command],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
