"""One repository's history as it grows: its mainline, its files, and how commits come onto it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sample_repos.company import RepositorySpec
from sample_repos.dice import Dice
from sample_repos.fastimport import Content, Importer
from sample_repos.marks import Expected, unmarked
from sample_repos.people import GITHUB, Engineer
from sample_repos.tree import Edit
from sample_repos.truth import CommitTruth, Truth
from sample_repos.writing import Desk

SCRATCH = "refs/scratch/request"
MERGE_ZONE = "+0000"


@dataclass(slots=True)
class Who:
    """The two identities of a commit, and who answers for it."""

    author: str
    committer: str
    zone: str
    engineer: str
    kind: str = "person"


@dataclass(slots=True)
class Draft:
    """A commit about to be stored."""

    who: Who
    authored_at: int
    committed_at: int
    message: str
    edits: list[Edit]
    expected: Expected
    why_not: str = ""
    element: str = ""
    is_skewed: bool = False
    files: dict[str, Content] = field(default_factory=dict)


class History:
    """A repository of the company in the making."""

    def __init__(self, spec: RepositorySpec, folder: Path, truth: Truth, seed: int) -> None:
        """Create the repository below ``folder``."""
        self.spec, self.truth = spec, truth
        self.importer = Importer(folder / f"{spec.name}.git", spec.branch)
        self.desk = Desk(spec)
        self.dice = Dice(seed, "history", spec.name)
        self.ref = f"refs/heads/{spec.branch}"
        self.scratch: set[str] = set()
        self.landing = 0
        self.request = 0
        self.items = 0
        self.born_at = 0
        self.mainline: deque[tuple[int, int, int]] = deque(maxlen=600)

    @property
    def tip(self) -> int:
        """The mainline's last commit."""
        return self.mainline[-1][2]

    def fork(self, at: int) -> tuple[int, int]:
        """Return number and commit of the last landing before a moment."""
        for seconds, landing, mark in reversed(self.mainline):
            if seconds <= at:
                return landing, mark
        return self.mainline[0][1:]

    def begin(self, base: int | None = None) -> None:
        """Begin work that starts from landing ``base``, or from the tip."""
        self.items += 1
        self.desk.begin(self.landing if base is None else base, self.landing + 1, self.items)

    def arrive(self, mark: int, at: int) -> None:
        """Note that the mainline's tip is now this commit."""
        self.born_at = self.born_at or at
        self.landing += 1
        self.mainline.append((at, self.landing, mark))

    def next_request(self) -> int:
        """Return the number of a new pull request."""
        self.request += 1 + self.dice.between(0, 1)
        return self.request

    def store(self, ref: str, draft: Draft, parents: Iterable[int], shared: bool = False) -> int:
        """Store a commit; with ``shared``, keep its blobs so that a merge can name them."""
        if not draft.files:
            draft.files = self.contents(draft.edits)
        if shared:
            for path, content in draft.files.items():
                if isinstance(content, bytes):
                    draft.files[path] = self.importer.blob(content)
        who = draft.who
        author, committer = (
            (who.author, draft.authored_at, who.zone),
            (who.committer, draft.committed_at, who.zone),
        )
        return self.importer.commit(ref, author, committer, draft.message, parents, draft.files.items())

    def contents(self, edits: Iterable[Edit]) -> dict[str, Content]:
        """Return the files that edits leave, as they are now."""
        files: dict[str, Content] = {}
        for edit in edits:
            if edit.old_path:
                files[edit.old_path] = None
            if edit.removed:
                files[edit.path] = None
            else:
                files[edit.path] = edit.content or self.desk.tree.files[edit.path].render()
        return files

    def record(self, draft: Draft, mark: int) -> CommitTruth:
        """Return the truth of a stored commit."""
        return CommitTruth(
            repo=self.spec.name,
            mark=mark,
            committed_at=draft.committed_at,
            author=draft.who.author,
            author_kind=draft.who.kind,
            engineer=draft.who.engineer,
            expected=draft.expected,
            edits=draft.edits,
            why_not=draft.why_not,
            element=draft.element,
            is_skewed=draft.is_skewed,
        )

    def push(self, draft: Draft, merged_at: int | None = None) -> int:
        """Put a commit directly on the mainline; return its mark."""
        at = draft.committed_at if merged_at is None else merged_at
        mark = self.store(self.ref, draft, [self.tip] if self.mainline else [])
        self.truth.landed([self.record(draft, mark)], mark, at)
        self.arrive(mark, at)
        return mark

    def merge(
        self,
        drafts: list[Draft],
        base: int,
        merger: Engineer,
        at: int,
        message: str,
        element: str = "",
        ref: str = SCRATCH,
        committer: str = GITHUB,
    ) -> tuple[int, list[int]]:
        """Store commits on a branch that forks at ``base`` and merge it; return the marks of all."""
        self.scratch.add(ref)
        files: dict[str, Content] = {}
        marks: list[int] = []
        for draft in drafts:
            marks.append(self.store(ref, draft, [marks[-1] if marks else base], shared=True))
            files |= draft.files
        mark = self.join(marks[-1], merger, at, message, files, committer)
        commits = [self.record(draft, mark) for draft, mark in zip(drafts, marks, strict=True)]
        self.truth.landed([*commits, self.merge_truth(mark, merger, at, element)], mark, at)
        self.arrive(mark, at)
        return mark, marks

    def join(
        self,
        other: int,
        merger: Engineer,
        at: int,
        message: str,
        files: dict[str, Content],
        committer: str = GITHUB,
    ) -> int:
        """Store a merge of ``other`` into the mainline."""
        who = merger.identity()
        zone = MERGE_ZONE if committer == GITHUB else merger.zone
        author, pressed = (who, at, merger.zone), (committer or who, at, zone)
        return self.importer.commit(self.ref, author, pressed, message, [self.tip, other], files.items())

    def merge_truth(
        self, mark: int, merger: Engineer, at: int, element: str = "", why_not: str = ""
    ) -> CommitTruth:
        """Return the truth of a merge: no line of its own."""
        return CommitTruth(
            repo=self.spec.name,
            mark=mark,
            committed_at=at,
            author=merger.identity(),
            author_kind="person",
            engineer=merger.canonical,
            expected=unmarked(at),
            edits=[],
            is_merge=True,
            why_not=why_not,
            element=element,
        )
