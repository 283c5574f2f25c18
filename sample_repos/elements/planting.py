"""All planted elements, in order of time."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sample_repos.elements.arrivals import Binary, Joined, Vendored
from sample_repos.elements.landings import (
    AgentPlan,
    BranchOnly,
    ForkMerge,
    Foxtrot,
    Outlier,
    Skewed,
    Unassigned,
)
from sample_repos.elements.readings import AiderCommitter, Decoy, Marked, MixedSquash
from sample_repos.elements.repeats import Backport, Revert
from sample_repos.elements.rewrites import Reformat, RenamedFolder, Whitespace
from sample_repos.elements.steps import Element, Step
from sample_repos.tables import table
from sample_repos.workdays import day_of, quarter_of

KINDS: dict[str, type[Element]] = {
    "agent-plan": AgentPlan,
    "aider-committer": AiderCommitter,
    "backport": Backport,
    "binary": Binary,
    "branch-only": BranchOnly,
    "decoy": Decoy,
    "fork-merge": ForkMerge,
    "foxtrot": Foxtrot,
    "joined": Joined,
    "marked": Marked,
    "mixed-squash": MixedSquash,
    "outlier": Outlier,
    "reformat": Reformat,
    "renamed-folder": RenamedFolder,
    "revert": Revert,
    "skewed": Skewed,
    "unassigned": Unassigned,
    "vendored": Vendored,
    "whitespace": Whitespace,
}


class Planting:
    """The elements' steps by quarter, and the lines they take from their engineers."""

    def __init__(self) -> None:
        """Read data/elements.toml."""
        self._steps: dict[date, list[Step]] = {}
        self.reserved: Counter[tuple[date, str]] = Counter()
        for row in table("elements")["element"]:
            element = KINDS[row["kind"]](row)
            steps = element.steps()
            for step in steps:
                self._steps.setdefault(quarter_of(day_of(step.at)), []).append(step)
            self.reserved[quarter_of(day_of(element.at)), element.engineer.login] += element.lines

    def steps(self, quarter: date) -> list[Step]:
        """Return a quarter's steps."""
        return self._steps.get(quarter, [])
