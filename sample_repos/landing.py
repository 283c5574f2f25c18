"""Ordinary requests, and the four ways in which they land: merge, squash, rebase, direct push."""

from __future__ import annotations

from collections.abc import Iterable

from sample_repos import messages
from sample_repos.company import owner
from sample_repos.history import Draft, History, Who
from sample_repos.marks import Expected, Mark, unmarked
from sample_repos.people import GITHUB
from sample_repos.plan import Item, Unit
from sample_repos.tree import Edit, Run
from sample_repos.workdays import day_of


class Request:
    """One planned request on its way into a repository's history."""

    def __init__(self, history: History, item: Item) -> None:
        """Take the plan."""
        self.history, self.item = history, item
        self.desk, self.dice = history.desk, history.dice

    def land(self) -> None:
        """Let it land in its style."""
        item, history = self.item, self.history
        base, fork = history.fork(item.start) if item.style == "merge" else (history.landing, history.tip)
        self.history.begin(base)
        title = messages.subject(self.dice)
        number = self.history.next_request() if item.style != "direct" else 0
        if item.style == "squash":
            self.history.push(self._squashed(title, number))
        elif item.style == "merge":
            self._merge(title, number, fork)
        else:
            self._push_all(title)

    def _merge(self, title: str, number: int, fork: int) -> None:
        item = self.item
        if item.agent and item.agent.human == "merge":
            item.merger = item.engineer
        merger = item.merger or item.engineer
        drafts = self._drafts(title)
        branch = messages.branch_name(item.agent, title, item.engineer.login, number, item.start, self.dice)
        message = f"Merge pull request #{number} from {owner()}/{branch}\n\n{title}\n"
        self.history.merge(drafts, fork, merger, item.at, message)

    def _push_all(self, title: str) -> None:
        """Rebase merge or direct push: commits on the mainline, a second apart."""
        item, history = self.item, self.history
        drafts = self._drafts(title)
        commits, mark, at = [], 0, item.at
        for n, draft in enumerate(drafts):
            if item.style == "rebase":
                draft.who.committer = GITHUB
                draft.committed_at = item.at - len(drafts) + 1 + n
                draft.expected = _expected(item.units[n].mark, draft.committed_at)
            mark = history.store(history.ref, draft, [mark or history.tip])
            commits.append(history.record(draft, mark))
        history.truth.landed(commits, mark, at)
        history.arrive(mark, at)

    def _drafts(self, title: str) -> list[Draft]:
        drafts: list[Draft] = []
        units = self.item.units
        for n, unit in enumerate(units):
            edits = self._write(unit, set(), drafts[-1].edits if drafts else [], units[n - 1] if n else None)
            at = max(unit.at, self.history.born_at + 60 * (n + 1))
            message = self._message(unit, title if n == 0 else messages.subject(self.dice))
            draft = Draft(self._who(unit), at, at, message, edits, _expected(unit.mark, at))
            draft.files = self.history.contents(edits)
            drafts.append(draft)
        return drafts

    def _squashed(self, title: str, number: int) -> Draft:
        item = self.item
        taken: set[str] = set()
        edits, parts = [], []
        for n, unit in enumerate(item.units):
            edits += self._write(unit, taken)
            parts.append(self._message(unit, title if n == 0 else messages.subject(self.dice)))
        message = messages.squash(f"{title} (#{number})", parts[:1] if item.agent else parts)
        who = self._who(item.units[0])
        who.committer = GITHUB
        return Draft(who, item.at, item.at, message, edits, _expected(item.units[0].mark, item.at))

    def _write(
        self, unit: Unit, taken: set[str], before: Iterable[Edit] = (), previous: Unit | None = None
    ) -> list[Edit]:
        """Write the lines of one commit, and what goes along with them."""
        desk, dice, day = self.desk, self.dice, day_of(unit.at)
        edits: list[Edit] = []
        if previous and previous.rework:
            edits += self._rework(previous.rework, before, taken)
        edits += desk.write(unit.lines - unit.false_lines, unit.writer, day, dice, taken)
        edits += desk.write(unit.false_lines, "human", day, dice, taken)
        if unit.rework:
            unit.rework = self._extend(unit.rework, edits)
        if dice.chance(0.02):
            made = desk.regenerate(dice.between(8, 40), unit.writer, dice, taken)
            edits += [made] if made else []
        if dice.chance(0.4):
            edits += desk.tidy(day, dice, taken, may_delete=not any(edit.start == 1 for edit in edits))
        return edits

    def _extend(self, lines: int, edits: list[Edit]) -> int:
        """Add lines to the core of a block just inserted, to be taken back by the next commit."""
        for edit in edits:
            if edit.block is not None and edit.runs:
                file = self.desk.tree.files[edit.path]
                at = file.blocks.index(edit.block)
                text = file.language.statements(lines)
                self.desk.tree.replace(file, at, 0, 0, text, "")
                edit.runs = [Run(edit.added + lines, edit.runs[0].writer)]
                return lines
        return 0

    def _rework(self, lines: int, before: Iterable[Edit], taken: set[str]) -> list[Edit]:
        for edit in before:
            if edit.block is not None and edit.runs:
                gone = self.desk.rework(edit, self.desk.tree.files[edit.path], lines)
                taken.add(edit.path)
                return [gone] if gone else []
        return []

    def _who(self, unit: Unit) -> Who:
        item, engineer = self.item, self.item.engineer
        if item.agent:
            return Who(item.agent.author, item.agent.author, "+0000", engineer.canonical, "agent")
        identity = engineer.identity(self.dice)
        if unit.mark and unit.mark.suffix:
            identity = identity.replace(" <", unit.mark.suffix + " <")
        return Who(identity, identity, engineer.zone, engineer.canonical)

    def _message(self, unit: Unit, title: str) -> str:
        item = self.item
        text, lines = messages.traces(unit.mark, unit.at, self.history.spec.name, self.dice)
        person = self._person()
        if not item.agent and item.merger and item.merger is not item.engineer and self.dice.chance(0.04):
            person = f"Co-authored-by: {item.merger.identity()}"
        return messages.compose(title, messages.body(self.dice), text, messages.trailers(person, lines))

    def _person(self) -> str:
        """Return how a commit authored by an agent names the person who answers for it."""
        item = self.item
        if not item.agent or (item.agent.human == "merge" and item.style == "merge"):
            return ""
        key = "Signed-off-by" if item.agent.human == "sign-off" else "Co-authored-by"
        return f"{key}: {item.engineer.identity()}"


def _expected(mark: Mark | None, at: int) -> Expected:
    return mark.expected if mark else unmarked(at)
