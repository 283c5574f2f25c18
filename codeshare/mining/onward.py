"""The lines of new commits, followed from the trees that are stored; what that needs is loaded while others work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from codeshare.git.diff import Chunk
from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.shadow import Shadow
from codeshare.mining.foxtrots import foxtrot_paths
from codeshare.mining.loaded import Carried
from codeshare.mining.newwork import NotNewWork, Patches, may_repeat
from codeshare.mining.reading import Reader
from codeshare.mining.resume import Past, replayed_commits, resume, touched_paths
from codeshare.mining.stored import Stored
from codeshare.model import Commit
from codeshare.provenance.followed import CannotResume
from codeshare.provenance.forward import Forward
from codeshare.provenance.landings import Landings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Followed = tuple[Forward, Carried]


class Following(Struct, frozen=True):
    """Lines that are being followed beside other work; ``again``: stored commits that are read once more for that."""

    followed: Future[Followed]
    again: set[int]


class Onward(Struct, frozen=True):
    """How to go on with a stored history.

    ``chunks``: the changes of new commits.
    """

    past: Past
    reader: Reader
    shadow: Shadow
    walked: Walk
    chunks: Sequence[Chunk]
    mainline: Mainline

    def begin(self, stored: Stored, patches: Patches, new: Sequence[Commit]) -> Following:
        """Begin before it is known which stored commits new ones repeat or undo: with all that they may."""
        again = self._single(may_repeat(patches, new, stored.index))
        past = self.past

        def follow(cursor: DuckDBPyConnection) -> Followed:
            return self._follow(replace(past, connection=cursor, has_lookups=True), again)

        return Following(stored.beside_lookups(follow), again)

    def follow(self, not_new: NotNewWork, begun: Following | None = None) -> Followed:
        """Follow the lines of new commits.

        Args:
            not_new: which commits they repeat or undo.
            begun: what was begun before that was known.

        Raises:
            CannotResume: what is stored does not do.
        """
        kept = self.past.kept
        links = [*not_new.reverts.items(), *not_new.dup_of.items()]
        again = self._single(old for new, old in links if new not in kept and old in kept)
        if begun:
            try:
                followed = begun.followed.result()  # waited for in any case: it reads with the same reader
                if again <= begun.again:
                    return followed
            except CannotResume:
                if again == begun.again:
                    raise
        return self._follow(self.past, again)

    def _single(self, commits: Iterable[int]) -> set[int]:
        return {i for i in commits if len(self.walked.parents[i]) < 2}

    def _follow(self, past: Past, again: set[int]) -> Followed:
        walked, mainline = self.walked, self.mainline
        replayed, seeds = replayed_commits(past, walked, again)
        self.reader.start(walked, sorted(replayed))
        before = list(self.reader.chunks())
        landings = Landings.of(mainline)
        foxtrots = foxtrot_paths(self.shadow, walked, mainline, landings, past.kept)
        paths = touched_paths(past, [*before, *self.chunks], foxtrots)
        resumed, carried = resume(past, self.shadow, walked, paths, replayed, seeds)
        forward = Forward(walked, mainline, landings, foxtrots=foxtrots, resumed=resumed)
        for chunk in (*before, *self.chunks):
            forward.feed(chunk)
        return forward, carried
