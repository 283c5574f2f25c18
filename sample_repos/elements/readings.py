"""Commits whose marks ask for care: mixed squashes, decoys, marks set without an AI."""

from __future__ import annotations

from sample_repos import messages
from sample_repos.elements.steps import Element
from sample_repos.history import History
from sample_repos.marks import Expected, marks
from sample_repos.people import GITHUB
from sample_repos.tree import Edit
from sample_repos.workdays import day_of


class MixedSquash(Element):
    """A squash of commits of which only some carry a mark."""

    def land(self, history: History, at: int) -> None:
        """Squash the parts."""
        history.begin()
        taken: set[str] = set()
        texts, names = [], []
        for name, lines in self.row["parts"]:
            self.mark = marks()[name] if name else None
            self.edits += self._part(history, lines, at, taken)
            texts.append(self.message(history, at, messages.subject(history.dice)))
            names += [name] if name else []
        title = f"{messages.subject(history.dice)} (#{history.next_request()})"
        expected = Expected("assisted", "medium", "trailer", names[0], is_mixed=True)
        draft = self.draft(at, messages.squash(title, texts), self.edits, expected=expected)
        draft.who.committer = GITHUB
        mark = history.push(draft)
        history.truth.element(self.kind, self.repo, {"commit": mark}, parts=self.row["parts"])

    def _part(self, history: History, lines: int, at: int, taken: set[str]) -> list[Edit]:
        return history.desk.write(lines, self.writer, day_of(at), history.dice, taken)


class Decoy(Element):
    """A trailer that looks like an agent's and is none."""

    def land(self, history: History, at: int) -> None:
        """Land the commit."""
        history.begin()
        title = messages.subject(history.dice)
        message = messages.compose(title, messages.body(history.dice), self.row["trailer"])
        draft = self.draft(at, message, self.write(history, self.lines, at))
        mark = self.publish(history, draft, title)
        history.truth.element(self.kind, self.repo, {"commit": mark}, trailer=self.row["trailer"])


class AiderCommitter(Element):
    """A person's own edits that aider committed: only the committer's name has the suffix."""

    def land(self, history: History, at: int) -> None:
        """Push the commit."""
        history.begin()
        draft = self.draft(at, messages.subject(history.dice) + "\n", self.write(history, self.lines, at))
        draft.who.committer = self.engineer.identity().replace(" <", " (aider) <")
        history.truth.element(self.kind, self.repo, {"commit": history.push(draft)})


class Marked(Element):
    """A mark of the catalogue on a commit, whoever wrote it."""

    def land(self, history: History, at: int) -> None:
        """Push the commit."""
        history.begin()
        message = self.message(history, at, messages.subject(history.dice))
        draft = self.draft(at, message, self.write(history, self.lines, at))
        mark = history.push(draft)
        assert self.mark
        history.truth.element(self.kind, self.repo, {"commit": mark}, mark=self.mark.id, row=self.mark.row)
