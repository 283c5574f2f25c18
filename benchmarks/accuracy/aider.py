"""Count aider's lines release by release as aider's own repository has published them, beside codeshare's count.

    git clone --mirror https://github.com/Aider-AI/aider
    python -m benchmarks.accuracy.aider aider.git

aider publishes for each release how many of its lines `git blame` gives to commits of aider, by rules of its
own (scripts/blame.py): which files count, which commits are aider's, and blame that follows moved and copied
lines (-M100 -C100 -C -C), which codeshare does not do. Only releases are compared whose tag lies on the mainline:
what lies beside it has not landed by then.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from codeshare.config import Config
from codeshare.mining.run import Target, mine

_PUBLISHED = "aider/website/_data/blame.yml"
_SUFFIXES = (".js", ".py", ".scm", ".sh", "Dockerfile", "Gemfile")
_PAGES = {
    "aider/website/index.html", "aider/website/share/index.md", "aider/website/_includes/head_custom.html",
    "aider/website/_includes/home.css", "aider/website/docs/leaderboards/index.md",
}  # fmt: skip
_NOT = ("aider/website/install.ps1", "aider/website/install.sh")
_KEY = re.compile(r"^(?:- |  )(aider_total|start_tag|end_tag|total_lines): '?([^'\n]+)'?$", re.MULTILINE)

_LINES = """
    select coalesce(landed_path, path) as path, sum(line_count) filter (tool = 'Aider' and attribution = 'ai') as by_aider,
        sum(line_count) as lines
    from line_spans
    where landed and not (is_moved and $without_moved) and sha in (select sha from released)
        and (died_sha is null or died_sha not in (select sha from held))
    group by all
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path, help="a mirror of Aider-AI/aider")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "aider.duckdb"
        mine([Target(str(args.repository), "Aider-AI/aider")], database, Config(), jobs=1)
        rows = list(_compare(args.repository, database))
    _print(rows)


def _compare(repository: Path, database: Path) -> Iterator[dict[str, Any]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        for release in _published(repository):
            tip = _git(repository, "rev-parse", f"{release['end_tag']}^{{commit}}").strip()
            if not connection.execute(
                "select 1 from commits where is_mainline and sha = ?", [tip]
            ).fetchone():
                continue
            span = f"{release['start_tag']}..{release['end_tag']}"
            for table, revisions in (("released", span), ("held", release["end_tag"])):
                shas = _git(repository, "rev-list", revisions).split()
                connection.execute(
                    f"create or replace temp table {table} as select unnest($1::varchar[]) as sha", [shas]
                )
            found = {
                name: _sums(connection.execute(_LINES, {"without_moved": without}).fetchall())
                for name, without in (("all", False), ("unmoved", True))
            }
            yield release | found


def _published(repository: Path) -> Iterator[dict[str, Any]]:
    text = _git(repository, "show", f"HEAD:{_PUBLISHED}")
    tags = set(_git(repository, "tag").split())
    for entry in re.split(r"^(?=- )", text, flags=re.MULTILINE)[1:]:
        release: dict[str, Any] = dict(_KEY.findall(entry))
        if {release["start_tag"], release["end_tag"]} <= tags:
            yield release | {key: int(release[key]) for key in ("aider_total", "total_lines")}


def _sums(rows: list[tuple[str, int | None, int]]) -> tuple[int, int]:
    counted = [(by_aider or 0, lines) for path, by_aider, lines in rows if _counts(path)]
    return sum(by_aider for by_aider, _ in counted), sum(lines for _, lines in counted)


def _counts(path: str) -> bool:
    """Whether the file is one of those that aider counts."""
    if path.endswith("prompts.py") or path.startswith("tests/fixtures/watch") or path in _NOT:
        return False
    return (
        path.endswith(_SUFFIXES)
        or (path.startswith(".github/workflows/") and path.endswith(".yml"))
        or (path.startswith("aider/resources/") and path.endswith(".yml"))
        or path in _PAGES
        or (path.startswith("tests/fixtures/languages/") and "/test." in path)
    )


def _print(rows: list[dict[str, Any]]) -> None:
    print(f"releases: {len(rows)}")
    print(
        f"published: {sum(r['aider_total'] for r in rows):,} of {sum(r['total_lines'] for r in rows):,} lines"
    )
    for name, words in (("all", "all lines"), ("unmoved", "without moved lines")):
        aider, lines = (sum(r[name][k] for r in rows) for k in (0, 1))
        apart = [
            100 * abs(r["aider_total"] / r["total_lines"] - r[name][0] / max(r[name][1], 1)) for r in rows
        ]
        print(
            f"codeshare, {words}: {aider:,} of {lines:,} lines; share apart by median {statistics.median(apart):.1f} points, "
            f"at most {max(apart):.1f}; within 2 points: {sum(a <= 2 for a in apart)}; lines of aider equal: "
            f"{sum(r['aider_total'] == r[name][0] for r in rows)}"
        )


def _git(repository: Path, *command: str) -> str:
    return subprocess.run(
        ["git", "--git-dir", str(repository), *command], check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    main()
