"""Forward provenance: follow every line from commit to commit, parents first.

The tree of a commit is a persistent map path → (blob, ids of its lines), made from its first
parent's for the price of what changed. It is kept until the last child is done, so memory follows
the frontier of the walk and not the history. docs/design/provenance.md explains why this is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codeshare.git.diff import Chunk
from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.mergednames import Paths
from codeshare.git.trees import Listing
from codeshare.provenance.changes import Changes
from codeshare.provenance.followed import Followed, Resumed
from codeshare.provenance.landings import Landings, compare
from codeshare.provenance.lines import Files, Lines
from codeshare.provenance.merged import Merged
from codeshare.provenance.trees import NO_TREE, Tree, met_again, unread

_MOST_SEEN = 20
"""Trees in which lines are looked for that had been out of sight; with fewer, fewer are met again."""


class Forward(Followed):
    """The state of the pass. Feed it chunks in the order of the walk, then read ``lines`` and ``tip``."""

    def __init__(
        self,
        walked: Walk,
        mainline: Mainline,
        landings: Landings,
        *,
        cut: Mapping[int, Paths] | None = None,
        foxtrots: Mapping[int, Paths] | None = None,
        resumed: Resumed | None = None,
    ) -> None:
        """Begin before the first commit.

        Args:
            walked: the commits, parents first.
            mainline: of that walk; ``landings``: its landings.
            cut: commits whose parents are absent (a shallow clone's): path and blob of all their files.
            foxtrots: of foxtrot merges the paths that differ from the mainline's side.
            resumed: where to go on from; then only the commits replayed and those that are new are fed.
        """
        super().__init__(
            resumed.lines if resumed else Lines(), resumed.files if resumed else Files(), resumed
        )
        self._foxtrots = foxtrots or {}
        self._fed: set[int] = set()
        self._parents = walked.parents
        self._landing, self._landings = mainline.landing, landings
        self._touched: dict[int, set[bytes]] = {}  # of a series' commits, until it lands
        self._waiting = [0] * len(walked.shas)
        for parents in walked.parents:
            for parent in parents:
                self._waiting[parent] += 1
        for before in landings.before.values():
            if before is not None:
                self._waiting[before] += 1
        self._waiting[walked.tip] += 1  # kept
        self._tip = walked.tip
        self._trees: dict[int, Tree] = {i: unread(NO_TREE, paths) for i, paths in (cut or {}).items()}
        self._trees |= resumed.seeds if resumed else {}
        # Of commits whose tree lacks what cannot be read, earlier trees.
        self._seen_last: dict[int, list[Tree]] = {}
        self._uncompared: set[int] = set()

    @property
    def tip(self) -> Tree:
        """The tree of the newest commit, once all is fed."""
        return self._trees[self._tip]

    def is_fed(self, commit: int) -> bool:
        """Whether a commit was followed by this pass, and not only replayed or left as it was stored."""
        return self.resumed is None or commit in self._fed

    def feed(self, chunk: Chunk) -> None:
        """Go on through the stretch of the walk that a chunk tells about."""
        changes, merged = Changes(self, chunk), Merged(self, chunk)
        if self.resumed:
            self._fed.update(i for i in chunk.commits if i not in self.resumed.replayed)
        for commit in chunk.commits:
            parents = self._parents[commit]
            self._trees[commit] = self._tree_of(commit, chunk, changes, merged)
            landing = self._landing[commit]
            if self.resumed and commit in self.resumed.replayed:
                continue
            if landing == commit:
                self._land(commit, changes, merged)
            elif commit in self._series_of(landing):
                self._touched.setdefault(landing, set()).update(self._paths(commit, changes, merged))
            for parent in parents:
                self._done_with(parent)
        changes.finish()

    def _tree_of(self, commit: int, chunk: Chunk, changes: Changes, merged: Merged) -> Tree:
        if commit in chunk.uncompared:
            return self._see(commit, chunk.uncompared[commit])
        parents = self._parents[commit]
        if parents and parents[0] in self._seen_last:
            self._seen_last[commit] = self._seen_last[parents[0]]
        tree = self._trees[parents[0]] if parents else NO_TREE
        if len(parents) > 1:
            return merged.merge(commit, tree, [self._trees[p] for p in parents])
        return changes.change(commit, tree)

    def _see(self, commit: int, listing: Listing) -> Tree:
        """The tree of a commit that cannot be compared; what its listing lacks is out of sight."""
        self._uncompared.add(commit)
        trees = [
            tree
            for parent in self._parents[commit]
            for tree in (self._trees[parent], *self._seen_last.get(parent, ()))
        ]
        known = list({id(tree): tree for tree in trees if tree}.values())[:_MOST_SEEN]
        if not listing.is_whole:
            self._seen_last[commit] = known
        return met_again(listing.files, known)

    def _series_of(self, landing: int) -> Sequence[int]:
        members = self._landings.members[landing]
        return members if len(members) > 1 else ()

    def _done_with(self, commit: int) -> None:
        self._waiting[commit] -= 1
        if not self._waiting[commit]:
            del self._trees[commit]
            self._seen_last.pop(commit, None)

    def _land(self, landing: int, changes: Changes, merged: Merged) -> None:
        before = self._landings.before[landing]
        members = self._landings.members[landing]
        if len(members) == 1 and len(self._parents[landing]) < 2 and landing not in changes.failed:
            changes.land_directly(landing)
        else:
            old, new = self._trees[before] if before is not None else NO_TREE, self._trees[landing]
            paths = self._paths(landing, changes, merged) | self._touched.pop(landing, set())
            if before in self._seen_last or not self._uncompared.isdisjoint(members):
                paths = {*old, *new}
            changes.land_all()
            compare(self, landing, old, new, paths)
        if before is not None:
            self._done_with(before)

    def _paths(self, commit: int, changes: Changes, merged: Merged) -> set[bytes]:
        """Paths that a landing's commit may have changed, against the mainline before it."""
        paths = self._foxtrots.get(commit, merged.paths.get(commit))
        return changes.paths(commit) if paths is None else {path for path, _ in paths}
