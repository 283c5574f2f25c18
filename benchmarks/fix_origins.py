"""Where fixes lead back to: codeshare's lives of lines beside PyDriller's blame, pair by pair.

    python -m benchmarks.fix_origins DATABASE REPOSITORY [--sample 100] [--seed 1]

For a sample of the fix commits of a mined repository, ask PyDriller's ``get_commits_last_modified_lines``
for the commits at fault and compare with ``fixed_lines``. Each pair of fix and commit at fault that only
one of the two has is put down to a reason where one can be told. PyDriller writes into the repository that it
opens, so it gets a clone of its own, and an environment without the user's settings.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from codeshare.store.database import open_database

Pair = tuple[str, str]
_CLEAN = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("database", type=Path)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", action="store_true", help="list those that only one of the two has")
    given = parser.parse_args()
    os.environ.update(_CLEAN)
    connection = open_database(given.database)
    fixes, ours, idle, landing = _ours(connection)
    connection.close()
    sample = sorted(random.Random(given.seed).sample(sorted(fixes), min(given.sample, len(fixes))))
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(
            ["git", "clone", "--quiet", "--no-checkout", str(given.repository), str(clone)], check=True
        )
        began = time.perf_counter()
        theirs, variants, unread = _theirs(clone, sample)
    ours = {pair for pair in ours if pair[0] in theirs}
    found = {(fix, sha) for fix, shas in theirs.items() for sha in shas}
    print(
        f"{len(theirs)} of {len(fixes)} fixes, {unread} that PyDriller could not read, {time.perf_counter() - began:.0f} s"
    )
    both = len(found & ours)
    print(
        f"pairs: {both} of both, {len(found - ours)} only PyDriller's, {len(ours - found)} only codeshare's"
    )
    print(
        f"of PyDriller's found by codeshare {both / max(1, len(found)):.1%}, of codeshare's by PyDriller {both / max(1, len(ours)):.1%}"
    )
    for pair in sorted(found ^ ours) if given.pairs else ():
        why = _why_theirs(pair, variants, idle, landing) if pair in found else _why_ours(pair, variants)
        print(*pair, "only PyDriller:" if pair in found else "only codeshare:", why)
    _print("only PyDriller", Counter(_why_theirs(pair, variants, idle, landing) for pair in found - ours))
    _print("only codeshare", Counter(_why_ours(pair, variants) for pair in ours - found))


def _ours(connection: duckdb.DuckDBPyConnection) -> tuple[set[str], set[Pair], set[Pair], dict[str, str]]:
    fixes = {
        sha
        for (sha,) in connection.execute(
            "select distinct f.sha from fix_commits as f join fixed_lines as l on l.fix_sha = f.sha where f.is_counted"
        ).fetchall()
    }
    rows = connection.execute("select fix_sha, sha, sum(code_lines) from fixed_lines group by all").fetchall()
    landing = dict(connection.execute("select sha, merge_sha from commits").fetchall())
    return fixes, {(f, s) for f, s, n in rows if n}, {(f, s) for f, s, n in rows if not n}, landing


def _theirs(clone: Path, sample: list[str]) -> tuple[dict[str, set[str]], dict[str, set[Pair]], int]:
    """The commits at fault by fix; pairs with PyDriller's steps switched off: of whitespace, of comments, both."""
    from pydriller import Git  # type: ignore[import-untyped]

    class WithSpace(Git):  # type: ignore[misc]
        def _get_blame(self, commit_hash: str, path: str, hashes_to_ignore_path: str | None = None) -> Any:
            return self.repo.git.blame(commit_hash + "^", "--", path).split("\n")

    class Unfiltered(Git):  # type: ignore[misc]
        @staticmethod
        def _useless_line(line: str) -> bool:
            return not line

    class Plain(WithSpace, Unfiltered):
        pass

    standard = Git(str(clone))
    others = {"space": WithSpace(str(clone)), "comments": Unfiltered(str(clone)), "both": Plain(str(clone))}
    theirs: dict[str, set[str]] = {}
    variants: dict[str, set[Pair]] = {name: set() for name in others}
    unread = 0
    for fix in sample:
        try:
            theirs[fix] = _origins(standard, fix)
            for name, git in others.items():
                variants[name] |= {(fix, sha) for sha in _origins(git, fix)}
        except Exception as error:  # one odd commit should not end it
            unread += 1
            theirs.pop(fix, None)
            print(f"{fix}: {error!r}"[:200])
    return theirs, variants, unread


def _origins(git: Any, fix: str) -> set[str]:
    found = git.get_commits_last_modified_lines(git.get_commit(fix))
    return {sha for shas in found.values() for sha in shas}


def _why_theirs(pair: Pair, variants: dict[str, set[Pair]], idle: set[Pair], landing: dict[str, str]) -> str:
    fix, sha = pair
    if landing.get(sha) == landing.get(fix):
        return "came and went within one landing"
    if pair in idle:
        return "comments that PyDriller does not know"
    if pair not in variants["space"]:
        return "a line that only whitespace had changed, blamed with -w on an earlier commit"
    if landing.get(fix) != fix:
        return "removed on a branch; the merge kept the line, or the mainline had lost it before"
    return "other"


def _why_ours(pair: Pair, variants: dict[str, set[Pair]]) -> str:
    if pair in variants["comments"]:
        return "code that PyDriller takes for a comment (#include, *p, docstrings)"
    if pair in variants["space"]:
        return "a line that only whitespace had changed, blamed with -w on an earlier commit"
    if pair in variants["both"]:
        return "both of these"
    return "other"


def _print(what: str, reasons: Counter[str]) -> None:
    for reason, count in reasons.most_common():
        print(f"  {what}: {count} {reason}")


if __name__ == "__main__":
    main()
