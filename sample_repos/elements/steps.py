"""What every planted element has: the steps in which it lands, and the draft of its commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sample_repos import messages
from sample_repos.history import Draft, History, Who
from sample_repos.marks import Expected, Mark, marks, unmarked
from sample_repos.people import GITHUB, Engineer, engineers
from sample_repos.tree import Edit
from sample_repos.workdays import DAY, day_of, is_working


@dataclass(slots=True, eq=False)
class Step:
    """One landing of an element."""

    repo: str
    at: int
    run: Callable[[History, int], None]


class Element:
    """A planted element: a row of data/elements.toml."""

    def __init__(self, row: dict[str, Any]) -> None:
        """Take the row."""
        self.row = row
        self.kind: str = row["kind"]
        self.repo: str = row["repo"]
        self.at = int(row["at"].timestamp())
        self.engineer: Engineer = engineers()[row.get("engineer", "rstein")]
        self.lines: int = row.get("lines", 0)
        self.mark: Mark | None = marks()[row["mark"]] if row.get("mark") else None
        self.edits: list[Edit] = []

    def steps(self) -> list[Step]:
        """Return the landings in order; by default a single one."""
        return [Step(self.repo, self.at, self.land)]

    def land(self, history: History, at: int) -> None:
        """Let the element's first commit land."""
        raise NotImplementedError

    @property
    def writer(self) -> str:
        """Who writes the element's lines."""
        return self.mark.writer if self.mark else "human"

    def after(self, days: int) -> int:
        """Return a moment so many days later, on a working day."""
        at = self.at + days * DAY
        while not is_working(day_of(at)):
            at += DAY
        return at

    def write(self, history: History, lines: int, at: int, writer: str | None = None) -> list[Edit]:
        """Write handwritten lines."""
        return history.desk.write(lines, writer or self.writer, day_of(at), history.dice, set())

    def draft(
        self, at: int, message: str, edits: list[Edit], person: Engineer | None = None, **more: Any
    ) -> Draft:
        """Return a commit of a person."""
        person = person or self.engineer
        who = Who(person.identity(), person.identity(), person.zone, person.canonical)
        expected: Expected = more.pop("expected", None) or self.expected(at)
        return Draft(who, at, at, message, edits, expected, element=self.kind, **more)

    def message(self, history: History, at: int, title: str, *paragraphs: str) -> str:
        """Return a message with the element's mark."""
        text, lines = messages.traces(self.mark, at, self.repo, history.dice)
        return messages.compose(title, *paragraphs, text, lines)

    def publish(self, history: History, draft: Draft, title: str) -> int:
        """Land a commit as its repository does: a numbered squash, or a direct push; return its mark."""
        if "squash" in history.spec.styles:
            draft.message = draft.message.replace(title, f"{title} (#{history.next_request()})", 1)
            draft.who.committer = GITHUB
        return history.push(draft)

    def expected(self, at: int) -> Expected:
        """Return how a commit with the element's mark should be read."""
        return self.mark.expected if self.mark else unmarked(at)
