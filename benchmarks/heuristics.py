"""Measure how often each heuristic is right, on repositories whose marks tell the truth.

    python benchmarks/heuristics.py [NAME=]REPOSITORY… [--until DAY]

Of every commit that is no merge, no bot's and not bulk work the class is known from its marks: co-authors,
footers, an agent's own identity, and git-ai's notes where the repository has them. The marks are taken away,
the heuristics look at what is left, and a hit is right where the marks said `ai` or `assisted`. A commit
without a mark counts as a person's, which it need not be: the precision is a lower bound, except where
notes speak (a commit with a note counts by its lines, at least half of them an agent's or none) and
before 2021-06-29, when no assistant was there to write anything. The figures go into
codeshare/attribution/heuristics.toml and docs/heuristics.md.
"""

from __future__ import annotations

import argparse
import math
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from commands import git
from measure import table

from codeshare.attribution.bursts import Landed
from codeshare.attribution.forms import Forms
from codeshare.attribution.heuristics import load_heuristics
from codeshare.attribution.records.gitai import parse_git_ai
from codeshare.attribution.trailers import find_trailers
from codeshare.config import Config
from codeshare.git.history import read_commits, walk
from codeshare.git.repository import Repository, open_repository
from codeshare.mining.run import Target, mine
from codeshare.store.database import open_database

_FIRST_ASSISTANT = date(2021, 6, 29)
_LEAST_HITS = 10
_INSTRUCTIONS = "after the first file of instructions"
_PATHS = "select path, min(committed_at) from changes join commits using (repo, sha) group by path"
_COMMITS = """
    select c.sha, c.engineer, c.committed_at, c.attribution, coalesce(sum(h.added), 0)::bigint, c.added,
        (select list(e.excerpt) from evidence as e where e.repo = c.repo and e.sha = c.sha and e.kind in ('trailer', 'footer'))
    from commits as c
    left join changes as h on h.repo = c.repo and h.sha = c.sha and h.file_class in ('code', 'test', 'docs', 'config')
    where not c.is_merge and not c.is_bulk and not c.is_unknown and c.dup_of is null and c.attribution in ('ai', 'assisted', 'human')
    group by all order by c.committed_at, c.sha
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A commit without its marks, and whether they said that an agent took part."""

    sha: str
    engineer: str | None
    at: datetime
    is_ai: bool
    handwritten: int
    message: str


@dataclass(slots=True)
class Hits:
    """Of one heuristic, by repository: hits, and how many were right."""

    found: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    right: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, repo: str, is_right: bool) -> None:
        """Count one hit."""
        self.found[repo] += 1
        self.right[repo] += is_right


def main() -> None:
    args = _arguments()
    hits: defaultdict[str, Hits] = defaultdict(Hits)
    bases: dict[str, tuple[int, int]] = {}
    for argument in args.repositories:
        name, _, path = argument.rpartition("=")
        repository = open_repository(path, name=name or None)
        everything, first = read(repository, path)
        commits = [each for each in everything if args.until is None or each.at.date() < args.until]
        bases[repository.name] = (sum(each.is_ai for each in commits), len(commits))
        for rule, sha_is_ai in apply(commits).items():
            for is_ai in sha_is_ai:
                hits[rule].add(repository.name, is_ai)
        for commit in commits:
            if commit.at >= first:
                hits[_INSTRUCTIONS].add(repository.name, commit.is_ai)
        print(f"{repository.name}: {bases[repository.name][1]:,} commits", flush=True)
    print(f"\n{report(hits, bases)}")


def apply(commits: list[Judged]) -> dict[str, list[bool]]:
    """For every heuristic: whether each hit is right."""
    heuristics = load_heuristics()
    forms = Forms(heuristics.rules, heuristics.forms)
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for commit in commits:
        # Any day will do: in old histories a hit is a wrong one.
        for evidence in forms.find(commit.message, date.max):
            found[evidence.rule].append(commit.is_ai)
    is_ai = {commit.sha: commit.is_ai for commit in commits}
    landed = [Landed(each.sha, each.engineer, each.at, each.handwritten) for each in commits if each.engineer]
    for rule, burst in heuristics.bursts.items():
        found[rule] += [is_ai[sha] for sha in burst.find(landed)]
    return found


def read(repository: Repository, path: str) -> tuple[list[Judged], datetime]:
    """The commits of a repository that the marks tell of; when the first instructions to agents were committed."""
    with repository.shadow() as shadow:
        messages = {
            commit.sha: commit.message for commit in read_commits(shadow, walk(shadow, repository.tip))
        }
    notes = _noted_lines(Path(path))
    with tempfile.TemporaryDirectory(prefix="codeshare-benchmark-") as folder:
        database = Path(folder) / "x.duckdb"
        mine([Target(path)], database, Config(), lines=False)
        connection = open_database(database)
        rows = connection.execute(_COMMITS).fetchall()
        paths = connection.execute(_PATHS).fetchall()
        connection.close()
    wants = load_heuristics().artefacts.is_instructions
    first = min((at for name, at in paths if wants(name)), default=datetime.max)
    return list(_judged(rows, messages, notes)), first


def _judged(rows: list[Any], messages: Mapping[str, str], notes: Mapping[str, int]) -> Iterator[Judged]:
    for sha, engineer, at, attribution, handwritten, added, marks in rows:
        is_ai = attribution != "human"
        if notes and not is_ai and at.date() >= _FIRST_ASSISTANT:
            by_agents = notes.get(sha)
            if by_agents is None or not added or 0 < by_agents < added / 2:
                continue
            is_ai = by_agents > 0
        yield Judged(sha, engineer, at, is_ai, handwritten, without_marks(messages[sha], marks or []))


def without_marks(message: str, marks: list[str]) -> str:
    """A message without the lines that told what it is, and without its other trailers."""
    trailers = {f"{each.key}: {each.value}" for each in find_trailers(message)}
    taken = {re.sub(r"\s+", " ", mark).strip() for mark in (*marks, *trailers)}
    kept = (line for line in message.split("\n") if not _is_mark(re.sub(r"\s+", " ", line).strip(), taken))
    return "\n".join(kept)


def _is_mark(line: str, taken: set[str]) -> bool:
    return "🤖" in line or any(line == mark or (len(mark) > 190 and line.startswith(mark)) for mark in taken)


def _noted_lines(path: Path) -> Mapping[str, int]:
    """Lines that git-ai's notes give to agents, by commit; empty where there are no notes."""
    if not git(path, "for-each-ref", "refs/notes/ai"):
        return {}
    pairs = [line.split() for line in git(path, "notes", "--ref=refs/notes/ai", "list").splitlines()]
    feed = "".join(f"{blob}\n" for blob, _ in pairs).encode()
    out = subprocess.run(
        ["git", "-C", str(path), "cat-file", "--batch"], input=feed, capture_output=True, check=True
    ).stdout
    lines: dict[str, int] = {}
    at = 0
    for _, sha in pairs:
        end = out.index(b"\n", at)
        size = int(out[at:end].split()[-1])
        parsed = parse_git_ai(out[end + 1 : end + 1 + size], "refs/notes/ai")
        lines[sha] = sum(claim.count for claim in parsed.claims if claim.source.attribution != "human")
        at = end + 1 + size + 1
    return lines


def wilson(right: int, found: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not found:
        return 0.0, 1.0
    z, share = 1.959964, right / found
    middle = share + z * z / (2 * found)
    spread = z * math.sqrt(share * (1 - share) / found + z * z / (4 * found * found))
    return (middle - spread) / (1 + z * z / found), (middle + spread) / (1 + z * z / found)


def report(hits: Mapping[str, Hits], bases: Mapping[str, tuple[int, int]]) -> str:
    """All figures as two Markdown tables."""
    rules = [*(each.id for each in load_heuristics().rules), _INSTRUCTIONS]
    rows = []
    for rule in rules:
        found, right = sum(hits[rule].found.values()), sum(hits[rule].right.values())
        low, high = wilson(right, found)
        many = sum(count >= _LEAST_HITS for count in hits[rule].found.values())
        precision = f"{right / found:.2f}" if found else ""
        rows.append([f"`{rule}`", precision, f"{low:.2f}–{high:.2f}", f"{right:,} of {found:,}", str(many)])
    whole = table(
        [["heuristic", "precision", "95 % interval", "right of hits", "repositories with ten hits"], *rows]
    )
    rows = [["commits by marks of AI", *(f"{ai:,} of {all_:,}" for ai, all_ in bases.values())]]
    rows += [
        [f"`{rule}`", *(f"{hits[rule].right[r]:,} of {hits[rule].found[r]:,}" for r in bases)]
        for rule in rules
    ]
    return f"{whole}\n\n{table([['', *bases], *rows])}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", metavar="[NAME=]REPOSITORY")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="only commits before it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
