"""Histories of a given number of commits, made for `growth.py`, and many of them for `fleet.py`.

`company` is the sample company, scaled: five repositories in which everything occurs, and whose trees
grow with their histories, as they do in life. `stream` is one repository whose tree keeps its size however
long the history gets, so what grows there grows with the history alone. `fleet` is many such repositories,
few of them large.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from commands import git

ROOT = Path(__file__).resolve().parents[1]

# The company has about 730 commits that its scale does not touch, and 6,670 that it multiplies.
PLANTED, SCALED = 730, 6_670

FILES, LINES = 150, 60
PEOPLE = [f"Engineer {number} <engineer.{number}@example.org>" for number in range(40)]
MARK = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
START, STEP, END = 1_451_606_400, 600, 1_767_225_600  # from 2016, a commit every ten minutes, to 2025


def company(folder: Path, commits: int) -> list[Path]:
    """Build the sample company with about so many commits."""
    scale = max(0.01, (commits - PLANTED) / SCALED)
    command = [sys.executable, "-m", "sample_repos", str(folder), "--scale", f"{scale:.4f}"]
    # A process of its own: what the generator needs is given back before anything is measured.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(done.stderr.strip())
    return sorted(folder.glob("*.git"))


def stream(folder: Path, commits: int) -> list[Path]:
    """Build one repository: commits one after another, now and then a branch of two merged."""
    repository = folder / "stream.git"
    Stream(repository, commits).build()
    return [repository]


def fleet(folder: Path, repositories: int, seed: int = 1) -> list[Path]:
    """Build repositories."""
    dice = random.Random(seed)
    made = []
    for number in range(repositories):
        commits = commits_of(dice)
        made.append(folder / f"service-{number:04d}.git")
        Stream(made[-1], commits, files=min(FILES, 5 + commits // 10), seed=number, step=6 * 3600).build()
    return made


def commits_of(dice: random.Random) -> int:
    """How many commits a repository of a fleet has: 20 to 5,000; half of them under 40, one in sixty over 1,000."""
    return min(5_000, int(20 / (1 - dice.random() * (1 - 20 / 5_000))))


HISTORIES = {"company": company, "stream": stream}


class Stream:
    """Writes one repository for `git fast-import`: a commit replaces a run of lines in one file."""

    def __init__(
        self, repository: Path, commits: int, files: int = FILES, seed: int | None = None, step: int = STEP
    ) -> None:
        """Start the process with an empty repository; ``step``: seconds between commits, at most."""
        repository.mkdir(parents=True)
        git(repository, "init", "--quiet", "--bare", "--initial-branch=main", ".")
        options = ["-c", "core.compression=1", "-c", "pack.compression=1", "-c", "fastimport.unpackLimit=0"]
        self._process = subprocess.Popen(
            ["git", "-C", str(repository), *options, "fast-import", "--quiet", "--force"],
            stdin=subprocess.PIPE,
        )
        self._dice = random.Random(commits if seed is None else seed)
        self._step = min(step, (END - START) // commits)
        self._start = START if seed is None else END - commits * self._step
        self._commits, self._mark, self._words = commits, 0, 0
        self._files = [[self._line() for _ in range(LINES)] for _ in range(files)]

    def build(self) -> None:
        """Write all commits; end the benchmark where git could not store them."""
        tip = self._commit([], list(range(len(self._files))))
        while self._mark < self._commits:
            theirs, ours = self._dice.sample(range(len(self._files)), 2)
            if self._mark + 4 <= self._commits and self._dice.random() < 0.125:
                side = self._commit([tip], [self._edit(theirs)])
                side = self._commit([side], [self._edit(theirs)])
                tip = self._commit([tip], [self._edit(ours)])
                tip = self._commit([tip, side], [theirs])
            else:
                tip = self._commit([tip], [self._edit(ours)])
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._process.wait():
            sys.exit(f"git fast-import: status {self._process.returncode}")

    def _line(self) -> str:
        self._words += 1
        return f"value_{self._words:x} = measured({self._dice.random():.6f})\n"

    def _edit(self, file: int) -> int:
        """Replace up to 8 lines by as many, give or take two, so that files keep about their size."""
        lines = self._files[file]
        at = self._dice.randrange(max(1, len(lines) - 8))
        drift = self._dice.randint(-2, 2) if abs(len(lines) - LINES) < 20 else LINES - len(lines)
        old = self._dice.randint(1, 8)
        lines[at : at + old] = [self._line() for _ in range(max(1, old + drift))]
        return file

    def _commit(self, parents: list[int], files: list[int]) -> int:
        self._mark += 1
        author = PEOPLE[self._mark % len(PEOPLE)]
        when = self._start + self._mark * self._step
        is_merge = len(parents) > 1
        message = f"Merge branch 'side-{self._mark}'" if is_merge else f"Change {self._mark}"
        message += MARK if self._mark % 3 == 0 and not is_merge else ""
        head = [f"commit refs/heads/main\nmark :{self._mark}", f"author {author} {when} +0000"]
        head += [f"committer {author} {when} +0000", f"data {len(message)}\n{message}"]
        head += [f"{word} :{parent}" for word, parent in zip(("from", "merge"), parents, strict=False)]
        body = [self._content(file) for file in files]
        assert self._process.stdin is not None
        self._process.stdin.write("\n".join([*head, *body, ""]).encode("ascii"))
        return self._mark

    def _content(self, file: int) -> str:
        text = "".join(self._files[file])
        return f"M 100644 inline part{file % 10}/module{file}.py\ndata {len(text)}\n{text}"
