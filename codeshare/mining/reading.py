"""Begin to read a repository: git works while the rest of the program is still being loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.errors import GitError
from codeshare.git.bypath import Asked, name_newest
from codeshare.git.history import Walk, begin_walk
from codeshare.git.mergednames import MergeToRead
from codeshare.git.reading import Pool, git_threads, merges_to_read, open_pool, read_deltas
from codeshare.git.repository import Repository
from codeshare.git.shadow import Shadow
from codeshare.git.wanted import MarkerSearch, Wanted

if TYPE_CHECKING:
    from codeshare.git.diff import Chunk
    from codeshare.mining.stored import Stored


class Reader:
    """Hands out the work of reading changes, and takes what comes of it."""

    def __init__(
        self,
        pool: Pool,
        shadow: Shadow,
        lines: bool,
        newest: Future[list[Asked]] | None = None,
    ) -> None:
        from codeshare.files.comments import comment_leaders  # only here: git is at work

        self._newest = newest
        self._pool, self._shadow = pool, shadow
        self._lines, self._wanted = lines, Wanted(_marker_search(), lines, comment_leaders())
        self._chunks: Iterator[Chunk] = iter(())
        self.done = self.total = 0

    def start(self, walked: Walk, commits: Iterable[int]) -> None:
        """Begin to read ``commits`` of a walk, those that can be read at all."""
        stretch = [
            i for i in commits if (len(walked.parents[i]) < 2 or self._lines) and i not in walked.boundary
        ]
        self._start(stretch, walked.shas, merges_to_read(walked, stretch) if self._lines else {})

    def start_added(self, rows: Sequence[Sequence[str]], since: int) -> None:
        """Begin to read commits whose lines are followed, before the walk that they end is put together.

        Args:
            rows: id of each, and those of its parents; ``since``: the place of the first in the walk.
        """
        shas = {i: row[0] for i, row in enumerate(rows, since)}
        merges = {
            i: MergeToRead(i, row[0], row[1], tuple(row[2:]))
            for i, row in enumerate(rows, since)
            if len(row) > 2
        }
        self._start(list(shas), shas, merges)

    def _start(
        self,
        commits: Sequence[int],
        shas: Sequence[str] | Mapping[int, str],
        merges: Mapping[int, MergeToRead],
    ) -> None:
        self.total += len(commits)
        self._chunks = read_deltas(
            self._pool, self._shadow.path, commits, shas, self._wanted, merges, self._newest
        )

    def chunks(self) -> Iterator[Chunk]:
        """What was begun, in order of the walk."""
        for chunk in self._chunks:
            self.done = min(self.done + len(chunk.commits), self.total)  # some may be read a second time
            yield chunk


def _marker_search() -> MarkerSearch:
    from codeshare.files.markers import load_markers

    markers = load_markers()
    return MarkerSearch(markers.needles, markers.pattern, markers.within)


class Begun(Struct, frozen=True):
    """A repository being read; ``lines``: so that every line's life can be followed.

    ``walking``: the walk, once git has listed it. ``beside``: threads for what else git is asked; they end where the context
    is left. ``stored``: the commits that the walk begins with and that are not to be read; None: all are.
    """

    repository: Repository
    shadow: Shadow
    pool: Pool
    walking: Future[Walk]
    reader: Reader
    lines: bool
    beside: Executor
    stored: Stored | None

    @property
    def walked(self) -> Walk:
        """The walk, waited for where git still lists it.

        Raises:
            GitError: the history itself cannot be read.
            CannotKnow: git was ended.
        """
        return self.walking.result()


@contextmanager
def begin(
    repository: Repository,
    *,
    jobs: int | None = None,
    lines: bool = True,
    whole: bool = True,
    stored: Stored | None = None,
) -> Iterator[Begun]:
    """Begin to walk over a repository's history, and to read its changes.

    Args:
        lines: follow every line's life, not only count what each commit adds.
        whole: begin with all commits; else what to read is told when it is known.
        stored: commits that need not be read where the repository only added to them; then with those added.
    """
    with repository.shadow() as shadow, git_threads(2) as beside:
        added = stored.added(shadow, repository.tip, beside) if stored else None
        with open_pool(repository.objects, jobs, None if added is None else len(added)) as pool:
            newest = name_newest(pool, beside, shadow.path, repository.tip) if whole and not lines else None
            reader = Reader(pool, shadow, lines, newest)
            if stored and added is not None:
                reader.start_added(added, stored.count)
                walking = beside.submit(stored.walk_on, added)
            else:
                listed = begin_walk(shadow, repository.tip)
                stored, walking = None, beside.submit(_start, listed, reader if whole else None)
            yield Begun(repository, shadow, pool, walking, reader, lines, beside, stored)


def _start(listed: Callable[[], Walk], reader: Reader | None) -> Walk:
    walked = listed()
    if reader:
        reader.start(walked, range(len(walked.shas)))
    return walked


@contextmanager
def readable(repository: Repository) -> Iterator[None]:
    """Tell what git fails at as it concerns the owner of the repository."""
    try:
        yield
    except GitError as error:
        raise GitError(
            f"{repository.name}: {error}. `git fsck` there tells what is damaged; fetch it, or name a whole clone."
        ) from None


class Ahead:
    """What was begun before it is known whether anybody wants it: whoever does takes over the context, once."""

    def __init__(self, repository: Repository, context: AbstractContextManager[Begun]) -> None:
        """Enter the ``context``, in which this repository is being read."""
        self.repository = repository
        self._is_taken = False
        self._left = ExitStack()
        self._begun = self._left.enter_context(context)

    def fits(self, repository: Repository, lines: bool) -> bool:
        """Whether it is that repository's whole history, read in that way, and nobody has taken it yet."""
        return self.repository is repository and self._begun.lines == lines and not self._is_taken

    def wait(self) -> None:
        """Wait until the walk is known.

        Raises:
            GitError: it cannot be.
            CannotKnow: git was ended.
        """
        with readable(self.repository):
            _ = self._begun.walked

    def __enter__(self) -> Begun:
        self._is_taken = True
        return self._begun

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.__exit__(kind, error, trace)

    def close(self) -> None:
        """Leave the context, where nobody did."""
        self._left.close()
