"""Time what a request adds: ``python benchmarks/ranges.py /path/to/repository git.duckdb``.

The request is the newest merge of the branch that brought in ``--commits`` commits. It is asked for with
``codeshare share --range``, ``--runs`` times as a process of its own, start included, in turns: in the repository
beside its mined database, if one is named, there without any, and in a clone of depth ``--depth`` without any.
Printed: median and range of wall seconds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("database", type=Path, nargs="?")
    parser.add_argument("--commits", type=int, default=10, help="of the request, default 10")
    parser.add_argument("--depth", type=int, default=50, help="of the shallow clone, default 50")
    parser.add_argument("--runs", type=int, default=5, help="runs of each, default 5")
    given = parser.parse_args(arguments)
    repository = given.repository.resolve()
    merge = _find_merge(repository, given.commits)
    print(f"request: {merge}^1..{merge}^2, {given.commits} commits")
    with tempfile.TemporaryDirectory() as folder:
        clone, none = Path(folder) / "clone", Path(folder) / "none.duckdb"
        _clone(repository, clone, merge, given.depth)
        places = {"without a database": (repository, none), f"depth {given.depth}, without": (clone, none)}
        if given.database is not None:
            places = {"beside the database": (repository, given.database.resolve()), **places}
        taken: dict[str, list[float]] = {name: [] for name in places}
        for _ in range(given.runs):
            for name, place in places.items():
                taken[name].append(_seconds(*place, merge))
    for name, seconds in taken.items():
        print(f"{name}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")
    return 0


def _find_merge(repository: Path, commits: int) -> str:
    for merge in _git(repository, "rev-list", "--first-parent", "--merges", "HEAD").split():
        if _git(repository, "rev-list", "--count", f"{merge}^1..{merge}^2").strip() == str(commits):
            return merge
    raise SystemExit(
        f"no merge of this branch brought in {commits} commits; name another number with --commits"
    )


def _clone(repository: Path, clone: Path, merge: str, depth: int) -> None:
    _git(repository, "init", "--quiet", "--initial-branch=request", str(clone))
    program = "git -c uploadpack.allowAnySHA1InWant=true upload-pack"
    _git(clone, "fetch", "--quiet", f"--depth={depth}", f"--upload-pack={program}", f"file://{repository}", f"+{merge}:refs/heads/request", "--update-head-ok")  # fmt: skip


def _git(folder: Path, *args: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *args], check=True, capture_output=True, text=True
    ).stdout


def _seconds(folder: Path, database: Path, merge: str) -> float:
    command = ["--db", str(database), "share", "--range", f"{merge}^1..{merge}^2", "--format", "json"]
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "codeshare", *command],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
