"""Unusual landings: foxtrots and what looks like one, wrong clocks, an outlier, requests of agents."""

from __future__ import annotations

from sample_repos import messages
from sample_repos.company import owner
from sample_repos.elements.steps import Element
from sample_repos.fastimport import Content
from sample_repos.history import SCRATCH, Draft, History, Who
from sample_repos.marks import unmarked
from sample_repos.people import GITHUB
from sample_repos.workdays import before


class Foxtrot(Element):
    """Local commits, then `git pull` and `git push`: the branch's own past is the second parent."""

    def land(self, history: History, at: int) -> None:
        """Push the local commits and the merge."""
        base, fork = history.fork(at - 5 * 86_400)
        history.begin(base)
        half = self.lines // 2
        times = [before(history.dice, at - 9_000), before(history.dice, at)]
        drafts = []
        files: dict[str, Content] = {}
        for when, lines in zip(sorted(times), (half, self.lines - half), strict=True):
            draft = self.draft(when, messages.subject(history.dice) + "\n", self.write(history, lines, when))
            draft.files = history.contents(draft.edits)
            files |= draft.files
            drafts.append(draft)
        self._push(history, drafts, fork, files, at)

    def _push(
        self, history: History, drafts: list[Draft], fork: int, files: dict[str, Content], at: int
    ) -> None:
        history.scratch.add(SCRATCH)
        marks = [fork]
        for draft in drafts:
            marks.append(history.store(SCRATCH, draft, [marks[-1]]))
        upstream, who = history.tip, (self.engineer.identity(), at, self.engineer.zone)
        merge = history.importer.commit(
            history.ref,
            who,
            who,
            self.row["message"],
            [marks[-1], upstream],
            files.items(),
            root_tree=history.importer.tree(upstream),
        )
        commits = [history.record(draft, mark) for draft, mark in zip(drafts, marks[1:], strict=True)]
        history.truth.landed([*commits, history.merge_truth(merge, self.engineer, at, self.kind)], merge, at)
        history.arrive(merge, at)
        history.truth.element(
            self.kind, self.repo, {"merge": merge, "local": marks[1:], "mainline_parent": upstream}
        )


class ForkMerge(Element):
    """A maintainer takes in somebody's fork: worded like a pull, and no foxtrot."""

    def land(self, history: History, at: int) -> None:
        """Merge it by hand."""
        base, fork = history.fork(at - 86_400)
        history.begin(base)
        when = before(history.dice, at)
        draft = self.draft(when, messages.subject(history.dice) + "\n", self.write(history, self.lines, when))
        merge, marks = history.merge(
            [draft], fork, self.engineer, at, self.row["message"], self.kind, committer=""
        )
        history.truth.element(self.kind, self.repo, {"merge": merge, "commits": marks})


class Skewed(Element):
    """A commit from a machine whose clock is years off."""

    def land(self, history: History, at: int) -> None:
        """Push it; it is merged when the landing before it was."""
        history.begin()
        clock = int(self.row["clock"].timestamp())
        draft = self.draft(clock, messages.subject(history.dice) + "\n", self.write(history, self.lines, at))
        draft.is_skewed = True
        merged_at = history.mainline[-1][0]
        draft.expected = unmarked(merged_at)  # a clock that is years off makes nothing older
        mark = history.push(draft, merged_at=merged_at)
        history.truth.element(self.kind, self.repo, {"commit": mark})


class Outlier(Element):
    """One commit of thousands of handwritten lines."""

    def land(self, history: History, at: int) -> None:
        """Push it."""
        history.begin()
        draft = self.draft(at, "Add the whole route planner\n", self.write(history, self.lines, at))
        mark = history.push(draft)
        history.truth.element(self.kind, self.repo, {"commit": mark}, lines=self.lines)


class BranchOnly(Element):
    """An agent's work under a person's name: only the branch in the merge's subject tells."""

    def land(self, history: History, at: int) -> None:
        """Merge the request."""
        assert self.mark
        base, fork = history.fork(at - 86_400)
        history.begin(base)
        title, when = messages.subject(history.dice), before(history.dice, at)
        draft = self.draft(when, title + "\n", self.write(history, self.lines, when))
        message = (
            f"Merge pull request #{history.next_request()} from {owner()}/{self.mark.branch}\n\n{title}\n"
        )
        merge, marks = history.merge([draft], fork, self.engineer, at, message, self.kind)
        history.truth.element(self.kind, self.repo, {"merge": merge, "commits": marks})


class Unassigned(Element):
    """An agent's request in which no person is named."""

    def land(self, history: History, at: int) -> None:
        """Squash it."""
        assert self.mark
        history.begin()
        title = f"{messages.subject(history.dice)} (#{history.next_request()})"
        who = Who(self.mark.author, GITHUB, "+0000", "", "agent")
        edits = self.write(history, self.row["extra"], at)
        draft = Draft(
            who, at, at, self.message(history, at, title), edits, self.mark.expected, element=self.kind
        )
        history.truth.element(self.kind, self.repo, {"commit": history.push(draft)}, lines=self.row["extra"])


class AgentPlan(Element):
    """A request by an agent that begins with an empty commit, its plan."""

    def land(self, history: History, at: int) -> None:
        """Merge the request."""
        assert self.mark
        base, fork = history.fork(at - 86_400)
        history.begin(base)
        who = Who(self.mark.author, self.mark.author, "+0000", self.engineer.canonical, "agent")
        person = f"Co-authored-by: {self.engineer.identity()}"
        title, when = messages.subject(history.dice), before(history.dice, at)
        texts = (messages.compose("Initial plan", person), messages.compose(title, person))
        edits = self.write(history, self.lines, when)
        drafts = [
            Draft(who, when - 60 * (1 - n), when - 60 * (1 - n), text, [[], edits][n], self.mark.expected)
            for n, text in enumerate(texts)
        ]
        message = (
            f"Merge pull request #{history.next_request()} from {owner()}/copilot/{messages.slug(title)}\n"
        )
        merge, marks = history.merge(drafts, fork, self.engineer, at, message + f"\n{title}\n", self.kind)
        history.truth.element(self.kind, self.repo, {"merge": merge, "commits": marks})
