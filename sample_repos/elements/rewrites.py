"""Commits that touch many lines and write nothing new: reformatting, whitespace, a renamed folder."""

from __future__ import annotations

from collections.abc import Callable

from sample_repos.elements.steps import Element, Step
from sample_repos.history import Draft, History, Who
from sample_repos.locks import BOT, BOTS
from sample_repos.tree import Edit, Run, SourceFile

FILES = 24


class Reformat(Element):
    """Another style of quotes, recorded in .git-blame-ignore-revs by the bot that watches the style."""

    def steps(self) -> list[Step]:
        """Reformat; record it the next day."""
        return [Step(self.repo, self.at, self.land), Step(self.repo, self.after(1), self.note)]

    def land(self, history: History, at: int) -> None:
        """Push the reformatting."""
        history.begin()
        self.edits = _rewrite_cores(history, lambda line: line.replace("'", '"') + "  # fmt")
        draft = self.draft(at, "Format with one style of quotes\n", self.edits, why_not="ignore_revs")
        self.commit = history.push(draft)

    def note(self, history: History, at: int) -> None:
        """Record it."""
        text = f"# One style of quotes\n{history.importer.sha(self.commit)}\n"
        path = ".git-blame-ignore-revs"
        edit = Edit(path, "config", 1, [Run(2, "bot")], content=text.encode())
        bot = BOTS["github-actions"]
        history.begin()
        who = Who(bot, bot, "+0000", "", "bot")
        mark = history.push(Draft(who, at, at, "Record the reformatting\n", [edit], BOT, element=self.kind))
        history.truth.element(
            self.kind, self.repo, {"commit": self.commit, "listed_in": mark}, bulk_reason="ignore_revs"
        )


class Whitespace(Element):
    """Other indentation and nothing else."""

    def land(self, history: History, at: int) -> None:
        """Land it."""
        history.begin()
        self.edits = _rewrite_cores(history, lambda line: "  " + line)
        title = "Indent by four"
        draft = self.draft(at, title + "\n", self.edits, why_not="whitespace")
        mark = self.publish(history, draft, title)
        history.truth.element(self.kind, self.repo, {"commit": mark}, bulk_reason="whitespace")


def _rewrite_cores(history: History, change: Callable[[str], str]) -> list[Edit]:
    """Rewrite the statements of many files, each block's core being one hunk."""
    kind = history.spec.kinds[0]
    files = [f for f in history.desk.tree.by_kind[kind.key] if history.desk.may_edit(f)]
    edits = []
    for file in files[:FILES]:
        history.desk.claim(file)
        edits += _rewrite(file, change)
    return edits


def _rewrite(file: SourceFile, change: Callable[[str], str]) -> list[Edit]:
    edits, start = [], 1
    for block in file.blocks:
        first, end = block.core, block.core + block.size
        block.lines[first:end] = [change(line) for line in block.lines[first:end]]
        if block.size:
            edits.append(Edit(file.path, file.file_class, start + first, [Run(block.size, "human")]))
        start += len(block.lines)
    return edits


class RenamedFolder(Element):
    """A folder with another name, its files as they were."""

    def land(self, history: History, at: int) -> None:
        """Push the renames."""
        old, new = self.row["from"], self.row["to"]
        history.begin()
        tree = history.desk.tree
        files = [f for path, f in tree.files.items() if path.startswith(old) and history.desk.may_edit(f)]
        for file in files:
            history.desk.claim(file)
            before = tree.rename(file, new + file.path.removeprefix(old))
            self.edits.append(Edit(file.path, file.file_class, old_path=before))
        mark = history.push(self.draft(at, f"Call {old} {new}\n", self.edits))
        history.truth.element(self.kind, self.repo, {"commit": mark}, files=len(files))
