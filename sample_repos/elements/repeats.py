"""Lines that come twice: reverts and a reapplied revert, a backport that is merged up."""

from __future__ import annotations

from sample_repos import messages
from sample_repos.elements.steps import Element, Step
from sample_repos.fastimport import Content
from sample_repos.history import Draft, History
from sample_repos.languages import Block
from sample_repos.marks import unmarked
from sample_repos.people import Engineer, engineers
from sample_repos.tree import Edit, Run, SourceFile


class Change:
    """A new file and a block inserted into an old one; both are kept from all other work meanwhile."""

    def __init__(self, history: History, element: Element, lines: int, at: int) -> None:
        """Write the change."""
        desk, kind = history.desk, history.spec.kinds[0]
        self.history = history
        language = desk.languages[kind.language]
        self.file = self._old(history)
        self.block: Block = language.block(lines // 2, history.dice)
        inserted = desk.tree.insert(self.file, len(self.file.blocks), [self.block], element.writer)
        created = desk.new_file(kind, lines - lines // 2, element.writer, history.dice)
        self.new: SourceFile = desk.tree.files[created.path]
        self.edits = [inserted, created]
        for file in (self.file, self.new):
            desk.claim(file)
            desk.tree.hide(file)

    def _old(self, history: History) -> SourceFile:
        kind = history.spec.kinds[0]
        return next(f for f in history.desk.tree.by_kind[kind.key] if len(f.blocks) > 2)

    def undo(self) -> list[Edit]:
        """Take both out again."""
        tree = self.history.desk.tree
        self.history.desk.claim(self.file)
        return [tree.remove_block(self.file, self.file.blocks.index(self.block)), tree.delete(self.new)]

    def redo(self, writer: str) -> list[Edit]:
        """Bring both in again."""
        tree = self.history.desk.tree
        for file in (self.file, self.new):
            self.history.desk.claim(file)
        again = tree.insert(self.file, len(self.file.blocks), [self.block], writer)
        return [again, tree.create(self.new, writer)]

    def repeated(self) -> list[Edit]:
        """Return the same edits anew, with what the files hold now.

        They never land: the branch that they are merged into has these very lines already.
        """
        return [
            Edit(
                e.path,
                e.file_class,
                e.start,
                [Run(r.count, r.writer, landed=False) for r in e.runs],
                content=f.render(),
            )
            for e, f in zip(self.edits, (self.file, self.new), strict=True)
        ]

    def release(self) -> None:
        """Let others edit the files again."""
        tree = self.history.desk.tree
        for file in (self.file, self.new):
            tree.hide(file)
            tree.show(file, 0)


class Revert(Element):
    """A change, its revert, and the revert of that."""

    def steps(self) -> list[Step]:
        """Change, revert, reapply."""
        first, second = self.row["days"]
        return [
            Step(self.repo, self.at, self.land),
            Step(self.repo, self.after(first), self.revert),
            Step(self.repo, self.after(second), self.reapply),
        ]

    def land(self, history: History, at: int) -> None:
        """Land the change."""
        history.begin()
        self.title = messages.subject(history.dice)
        self.change = Change(history, self, self.lines, at)
        self.text = self.message(history, at, self.title)
        self.original = self.publish(history, self.draft(at, self.text, self.change.edits), self.title)

    def revert(self, history: History, at: int) -> None:
        """Take it back, as git words it; the forge's wording quotes no commit."""
        history.begin()
        title = f'Revert "{self.title}"'
        quoted = "\n".join(f"> {line}" for line in self.text.strip().splitlines())
        names = f"This reverts commit {history.importer.sha(self.original)}."
        message = messages.compose(title, quoted if self.mark else names)
        draft = self.draft(at, message, self.change.undo(), expected=unmarked(at), why_not="revert")
        self.reverted = self.publish(history, draft, title)

    def reapply(self, history: History, at: int) -> None:
        """Bring it in again: lines that keep their first writer and are no new work."""
        history.begin()
        title = f'Reapply "{self.title}"'
        names = f"This reverts commit {history.importer.sha(self.reverted)}."
        edits = self.change.redo(self.writer)
        expected = self.expected(self.at)
        draft = self.draft(at, messages.compose(title, names), edits, expected=expected, why_not="revert")
        again = self.publish(history, draft, title)
        self.change.release()
        commits = {"original": self.original, "revert": self.reverted, "reapplied": again}
        history.truth.element(self.kind, self.repo, commits)


class Backport(Element):
    """A fix that is cherry-picked to a release branch, which is then merged up."""

    def steps(self) -> list[Step]:
        """Cut the release, fix, pick, merge up."""
        days = self.row["days"]
        actions = (self.cut, self.land, self.pick, self.merge_up)
        return [Step(self.repo, self.after(day), run) for day, run in zip((0, *days), actions, strict=True)]

    @property
    def manager(self) -> Engineer:
        """Who keeps the release branch."""
        return engineers()[self.row["manager"]]

    @property
    def ref(self) -> str:
        """The release branch."""
        return f"refs/heads/release/{self.row['release']}"

    def cut(self, history: History, at: int) -> None:
        """Note where the release branch begins; nothing may change the file to be fixed from here on."""
        self.base = history.tip
        kind = history.spec.kinds[0]
        self.held = next(f for f in history.desk.tree.by_kind[kind.key] if len(f.blocks) > 2)
        history.desk.tree.hide(self.held)

    def land(self, history: History, at: int) -> None:
        """Land the fix on the mainline."""
        history.desk.tree.show(self.held, 0)
        history.begin()
        self.title = messages.subject(history.dice)
        self.change = Change(history, self, self.lines, at)
        self.text = self.message(history, at, self.title)
        self.original = self.publish(history, self.draft(at, self.text, self.change.edits), self.title)
        self.files: dict[str, Content] = history.contents(self.change.edits)

    def pick(self, history: History, at: int) -> None:
        """Cherry-pick it to the release branch."""
        line = f"(cherry picked from commit {history.importer.sha(self.original)})"
        draft = self.draft(at, self.text + line + "\n", self.change.repeated(), why_not="duplicate")
        draft.who.committer = self.manager.identity()
        draft.authored_at = self.at
        draft.files = dict(self.files)
        self.draft_of_pick: Draft = draft
        self.picked = history.store(self.ref, draft, [self.base])

    def merge_up(self, history: History, at: int) -> None:
        """Merge the release branch into the mainline."""
        message = f"Merge branch 'release/{self.row['release']}'\n"
        mark = history.join(self.picked, self.manager, at, message, {}, committer="")
        commits = [
            history.record(self.draft_of_pick, self.picked),
            history.merge_truth(mark, self.manager, at, self.kind),
        ]
        history.truth.landed(commits, mark, at)
        history.arrive(mark, at)
        self.change.release()
        found = {"original": self.original, "duplicate": self.picked, "merge": mark}
        history.truth.element(self.kind, self.repo, found)
