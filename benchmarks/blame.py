"""Hold the stored origin of every line of a mined tip against ``git blame``.

    python benchmarks/blame.py x.duckdb /path/to/git --branch master --own git-gui --own gitk-git

Prints the files of which some line has another commit, and the sums. A folder that is another project's, merged in
again and again, is named with ``--own``: its files are also blamed in that project's own history, at the side of the
last merge whose tree the folder was, for at the tip blame names the merge where the old name is taken.
git/git's 4,812 files take half an hour on two processors; ``--files`` draws some of them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
from commands import git

from codeshare.git.blame import blame_file
from codeshare.git.quoting import bytes_of
from codeshare.git.repository import open_repository
from codeshare.git.shadow import Shadow

_LINES = "select line_start, line_count, sha from tip_blame where path = ? order by line_start"


def stored(connection: duckdb.DuckDBPyConnection, path: str) -> list[str | None]:
    """The commit of each line of a file."""
    runs = connection.execute(_LINES, [path]).fetchall()
    return [sha for _, count, sha in runs for _ in range(count)]


def other(shadow: Shadow, commit: str, path: bytes, ours: Sequence[str | None]) -> int | None:
    """Of how many lines blame names another commit; None: it cannot tell."""
    theirs = blame_file(shadow, commit, path)
    if theirs is None or len(theirs) != len(ours):
        return None
    return sum(sha != line.sha for sha, line in zip(ours, theirs, strict=True))


def project_of(repository: Path, tip: str, folder: str) -> str:
    """The tip of the project whose tree a folder was when it was last merged in whole."""
    merges = git(repository, "log", "--merges", "--first-parent", "--format=%H", tip, "--", folder).split()
    for merge in merges:
        if git(repository, "rev-parse", f"{merge}:{folder}") == git(repository, "rev-parse", f"{merge}^2^{{tree}}"):  # fmt: skip
            return git(repository, "rev-parse", f"{merge}^2").strip()
    raise SystemExit(f"{folder}: no merge brought it in whole.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("database", type=Path)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--branch")
    parser.add_argument("--files", type=int, metavar="N", help="so many random files (seed 1); default: all")
    parser.add_argument("--own", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    repository = open_repository(str(given.repository), branch=given.branch)
    projects = {folder: project_of(given.repository, repository.tip, folder) for folder in given.own}
    with duckdb.connect(str(given.database), read_only=True) as connection, repository.shadow() as shadow:
        paths = [path for (path,) in connection.execute("select distinct path from tip_blame order by 1").fetchall()]  # fmt: skip
        if given.files:
            paths = sorted(random.Random(1).sample(paths, given.files))
        lines = {path: stored(connection, path) for path in paths}
        with ThreadPoolExecutor(given.jobs) as pool:
            found = pool.map(lambda path: other(shadow, repository.tip, bytes_of(path), lines[path]), paths)
            differ = {path: count for path, count in zip(paths, found, strict=True) if count != 0}
        total = sum(len(each) for path, each in lines.items() if differ.get(path, 0) is not None)
        unlike = own = 0
        for path, count in differ.items():
            folder = next((each for each in projects if path.startswith(f"{each}/")), None)
            said = ""
            if folder and count:
                left = other(shadow, projects[folder], bytes_of(path.removeprefix(f"{folder}/")), lines[path])
                own += count - (left if left is not None else count)
                said = f", {'unknown' if left is None else left} from blame in its own project"
            unlike += count or 0
            print(f"{path}: {'unknown' if count is None else count} of {len(lines[path])} lines{said}")
    print(
        f"{len(paths):,} files, {total:,} lines of which blame can tell: {total - unlike:,} as blamed ({1 - unlike / total:.3%})"
    )
    if projects:
        print(f"and {own:,} as blamed in their own projects ({1 - (unlike - own) / total:.3%} together)")


if __name__ == "__main__":
    main()
