"""Histories whose requests were squashed; git blame of the requests' own commits knows the truth."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.histories import ANN, BOB, History

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
AIDER = "Ann Lee (aider) <ann@example.org>"
_BLAMED = re.compile(r"([0-9a-f]{40}) (\d+) \d+")


@dataclass
class Squashed:
    """Writes requests; ``agents`` are the commits of agents.

    ``undone``: by squash a commit of the same tree whose parent is the request's head.
    """

    history: History
    agents: set[str] = field(default_factory=set)
    heads: dict[int, str] = field(default_factory=dict)
    undone: dict[str, str] = field(default_factory=dict)
    _blames: dict[tuple[str, str], list[tuple[str, str, int]]] = field(default_factory=dict)

    def begin(self, files: dict[str, str]) -> None:
        """The first commit of main."""
        self.history.commit(files, "begin")

    def branch(self, number: int) -> None:
        """Begin a request where main is now."""
        self.history.switch(f"request-{number}", at="main")

    def part(self, files: dict[str, str | None], message: str = "part", *, by: str = ANN) -> str:
        """A commit of the request; ``by`` a person, `AIDER`, or ``claude``."""
        is_agent = by in (AIDER, "claude")
        sha = self.history.commit(
            dict(files),
            message,
            author=ANN if by == "claude" else by,
            trailers=[CLAUDE] if by == "claude" else (),
        )
        if is_agent:
            self.agents.add(sha)
        return sha

    def take_main(self) -> None:
        """Merge main into the request."""
        self.history.merge("main", message="Merge branch 'main' into request", author=BOB)

    def squash(
        self,
        number: int,
        message: str | None = None,
        *,
        edit: Callable[[], None] = lambda: None,
        author: str = ANN,
    ) -> str:
        """Squash the request onto main as a forge does."""
        history = self.history
        head = self.heads[number] = history.git("rev-parse", f"request-{number}")
        history.git("update-ref", f"refs/pull/{number}/head", head)
        history.switch("main")
        history.git("merge", "--quiet", "--squash", f"request-{number}")
        edit()
        sha = history.commit({}, message or f"Request (#{number})", author=author, committer="GitHub <noreply@github.com>")  # fmt: skip
        tree = history.git("rev-parse", "main^{tree}")
        self.undone[sha] = history.git(
            "commit-tree", tree, "-p", head, feed=b"undone\n", env=history.identity(BOB)
        )
        history.git("branch", "-D", "--quiet", f"request-{number}")
        return sha

    def true_lines(self) -> dict[tuple[str, int], bool]:
        """By path and number of each line at the tip whether an agent wrote it."""
        return {
            (path, n): self._by_agent(*origin)
            for path in self.history.git("ls-tree", "-r", "--name-only", "main").splitlines()
            for n, origin in enumerate(self._blame("main", path), 1)
        }

    def _by_agent(self, sha: str, path: str, number: int) -> bool:
        if sha in self.undone:  # a line of main that the squash only indented anew is the squash's
            sha, path, number = self._blame(self.undone[sha], path, "-w")[number - 1]
        return sha in self.agents

    def _blame(self, rev: str, path: str, *options: str) -> list[tuple[str, str, int]]:
        """Commit, path and number of each line of a file, as git blame has it."""
        if (rev, path) not in self._blames:
            found: list[tuple[str, str, int]] = []
            sha, name, number = "", path, 0
            for line in self.history.git("blame", *options, "--line-porcelain", rev, "--", path).split("\n"):
                if line.startswith("filename "):
                    name = line.removeprefix("filename ")
                elif line.startswith("\t"):
                    found.append((sha, name, number))
                elif match := _BLAMED.match(line):
                    sha, number = match[1], int(match[2])
            self._blames[rev, path] = found
        return self._blames[rev, path]


class Writer:
    """Edits files as people and agents do: functions with lines of their own, and braces that all share."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.next = 0

    def block(self) -> list[str]:
        """A function of a few lines."""
        self.next += 1
        n = self.next
        body = [f"        total_{n} += step({n}, {k});" for k in range(self.random.randint(0, 4))]
        return [
            "",
            f"function work_{n}(x) {{",
            f"    if (x > {n}) {{",
            *body,
            "        return x;",
            "    }",
            "}",
        ]

    def edit(self, text: str) -> str:
        """Some functions more, and perhaps some lines less, anywhere in a file."""
        lines = text.split("\n")[:-1]
        for _ in range(self.random.randint(1, 3)):
            ends = [n + 1 for n, line in enumerate(lines) if line == "}"] or [len(lines)]
            at = self.random.choice(ends)
            lines[at:at] = self.block()
        if len(lines) > 12 and self.random.random() < 0.4:
            at = self.random.randrange(len(lines) - 3)
            del lines[at : at + self.random.randint(1, 3)]
        return "\n".join(lines) + "\n"


def random_requests(history: History, seed: int, requests: int = 8) -> Squashed:
    """Requests with parts of people and agents, reverted parts, renames, conflicts and reformatting."""
    writer, made = Writer(seed), Squashed(history)
    rng = writer.random
    begin = "".join("\n".join(writer.block()) + "\n" for _ in range(6))
    made.begin({"src/a.js": begin, "src/b.js": begin.replace("work", "other"), "src/c.js": "\n".join(writer.block()) + "\n"})  # fmt: skip
    renamed = 0
    for number in range(1, requests + 1):
        made.branch(number)
        undo: dict[str, str | None] = {}
        for k in range(rng.randint(1, 4)):
            files = history.git("ls-files", "src").splitlines()
            by = rng.choice([ANN, BOB, "claude", AIDER, "claude"])
            path = rng.choice(files)
            before = (history.path / path).read_text()
            if undo and rng.random() < 0.2:
                made.part(undo, "undo", by=rng.choice([ANN, "claude"]))
                undo = {}
            elif rng.random() < 0.15:
                renamed += 1
                made.part({path: None, f"src/moved{renamed}.js": writer.edit(before)}, "rename", by=by)
                undo = {}
            elif rng.random() < 0.2:
                made.part({f"src/new{number}_{k}.js": "\n".join(writer.block() + writer.block()) + "\n"}, "new", by=by)  # fmt: skip
            else:
                made.part({path: writer.edit(before)}, "edit", by=by)
                undo = {path: before}
        if rng.random() < 0.5:
            _move_on(made, writer, number)
        made.squash(number, edit=lambda: _reformat(history) if rng.random() < 0.25 else None)
    return made


def _move_on(made: Squashed, writer: Writer, number: int) -> None:
    """Main changes while the request is open, and the request takes that in, whatever conflicts its own way."""
    history = made.history
    history.switch("main")
    path = writer.random.choice(history.git("ls-files", "src").splitlines())
    history.commit({path: writer.edit((history.path / path).read_text())}, "on main", author=BOB)
    history.switch(f"request-{number}")
    history.git("merge", "--quiet", "--no-ff", "-X", "ours", "-m", "Merge branch 'main'", "main", env=history.identity(BOB))  # fmt: skip
    history.tick()


def _reformat(history: History) -> None:
    """The squash is indented anew before it lands."""
    for name in history.git("ls-files", "src").splitlines()[:1]:
        path = history.path / name
        path.write_text(path.read_text().replace("    ", "\t"))
