"""Commits with an agent's trailer, as our rules find them and as a plain search of the whole message does.

::

    python benchmarks/trailers.py path/to/beads --rev fbcee6c6 --tool "Claude Code"

On github.com/steveyegge/beads at fbcee6c6, 2,933 of 8,199 commits that are no merges carry a co-author trailer of
Claude; by git's own reading of the last paragraph it would be fewer, for squash merges leave trailers in the middle.
Also printed: the seconds that attribution takes for all messages, the reading of them not counted.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterable

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.rule import CO_AUTHOR_KEYS, Rule
from codeshare.git.history import read_commits, walk
from codeshare.git.repository import open_repository
from codeshare.model import Commit

_PLAIN = re.compile(r"(?im)^[^\S\n]*co-authored-by:[^\n]*(?:claude|<noreply@anthropic\.com>)")
_CLAUDE = "Claude Code"


def main() -> None:
    """Print the counts of one repository."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository")
    parser.add_argument("--rev", help="a commit id; default: the tip")
    parser.add_argument("--tool", default=_CLAUDE)
    args = parser.parse_args()
    repository = open_repository(args.repository)
    with repository.shadow() as shadow:
        words = shadow.run(
            "rev-parse", "--verify", "--end-of-options", f"{args.rev or repository.tip}^{{commit}}"
        )
        tip = words.decode().strip()
        commits = list(read_commits(shadow, walk(shadow, tip)))
        form = "--format=%x00%(trailers:key=co-authored-by)"
        by_git = shadow.run("log", "--no-merges", form, tip).decode("utf-8", "replace").split("\0")[1:]
    single = [commit for commit in commits if not commit.is_merge]
    print(f"commits                              {len(commits):7,}")
    print(f"of them no merges                    {len(single):7,}")
    seconds = _ours(commits, args.tool)
    if args.tool == _CLAUDE:
        print(f"  by a plain search of all lines     {_plain(commit.message for commit in single):7,}")
        print(f"  where git itself sees trailers     {_plain(by_git):7,}")
    print(f"attribution of all commits           {seconds:7.2f} s")


def _ours(commits: list[Commit], tool: str) -> float:
    catalogue = load_catalogue()
    wanted = {rule.id for rule in catalogue.rules if _is_co_author(rule, tool)}
    engine = Attributor(catalogue)
    start = time.perf_counter()
    found = [engine.attribute(commit) for commit in commits]
    seconds = time.perf_counter() - start
    ours = sum(
        not commit.is_merge and any(piece.rule in wanted for piece in each.evidence)
        for commit, each in zip(commits, found, strict=True)
    )
    print(f"with {tool} as co-author".ljust(36) + f" {ours:7,}")
    return seconds


def _is_co_author(rule: Rule, tool: str) -> bool:
    return rule.tool == tool and rule.keys == CO_AUTHOR_KEYS


def _plain(messages: Iterable[str]) -> int:
    return sum(_PLAIN.search(message) is not None for message in messages)


if __name__ == "__main__":
    main()
