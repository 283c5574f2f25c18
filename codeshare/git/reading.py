"""Hand commits out to workers that read what each changed; the reading itself is `codeshare.git.diff`.

Nothing here loads numpy: git begins to work while the rest of the program is still being imported.
"""

from __future__ import annotations

import gc
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.cores import available_cpus, parts
from codeshare.git.answers import Answers, ask_about
from codeshare.git.bypath import Asked, read_by_path
from codeshare.git.history import Walk
from codeshare.git.mergednames import MergeToRead
from codeshare.git.shadow import end_running, pack_bytes
from codeshare.git.wanted import LINES, Wanted

if TYPE_CHECKING:
    from codeshare.git.diff import Chunk

_log = logging.getLogger(__name__)
CHUNKS = (100, 5000)  # commits: the smallest and the largest chunk
_LARGER = 600  # the smallest one for threads: they are done before Python has loaded what takes it
# With packs of fewer bytes, processes cost more to start than they save.
LARGE = 16 << 20
# So few commits are read in less time than processes take to start.
FEW = 400
# Chunks for each worker that may wait to be taken, with the lines that they changed: before the first is
# taken, for whoever takes them has much else to do until then, and afterwards.
_BEFOREHAND, _AHEAD = 4, 2
# How often, and for how many seconds each time, threads are waited for that are to end.
_TIMES, _MOMENT = 20, 0.05


def merges_to_read(walked: Walk, commits: Iterable[int]) -> dict[int, MergeToRead]:
    """The merges among some commits of the walk, by index."""
    shas = walked.shas
    return {
        i: MergeToRead(i, shas[i], shas[parents[0]], tuple(shas[p] for p in parents[1:]))
        for i in commits
        if len(parents := walked.parents[i]) > 1
    }


class Pool(Struct, frozen=True):
    """Workers that run git and parse what it prints, ``jobs`` at once.

    ``only_ask``: they are threads of a small repository, and where lines are followed they leave parsing to whoever takes
    a chunk. Python computes in one thread at a time anyway, handing that over costs more than it brings, and git need not
    wait for it.
    """

    executor: Executor
    jobs: int
    only_ask: bool = False

    def dismiss(self) -> None:
        """Let the workers end, who hold a quarter of a mine's memory; they can be given nothing any more."""
        self.executor.shutdown(wait=False)


def are_small(objects: Iterable[Path]) -> bool:
    """Whether object directories are those of a small repository, or of several small ones: their packs tell."""
    return pack_bytes(objects) <= LARGE


@contextmanager
def open_pool(objects: Iterable[Path], jobs: int | None = None, commits: int | None = None) -> Iterator[Pool]:
    """Start the workers: threads for a small repository or few commits, processes for a large one.

    Args:
        objects: the repository's object directories, whose size tells.
        jobs: git processes that read changes at once; default: the processors that this process may use.
        commits: how many are to be read, as far as that is known.
    """
    jobs = jobs or available_cpus()
    if (commits is not None and commits <= FEW) or are_small(objects):
        _log.info("%d threads read changes", jobs)
        with git_threads(jobs) as executor:
            yield Pool(executor, jobs, only_ask=True)
        return
    if jobs == 1:  # one thread for all, so that no answer waits in memory while the next one comes
        _log.info("1 thread reads changes")
        with git_threads(1) as executor:
            yield Pool(executor, jobs)
        return
    from codeshare.workers import worker_pool  # it loads what a small repository has no use for

    _log.info("%d processes read changes; what git they start is not logged", jobs)
    with worker_pool(jobs, _begin_worker, end=end_running) as executor:
        yield Pool(executor, jobs)


@contextmanager
def git_threads(count: int) -> Iterator[Executor]:
    """Threads that wait for git; where the block is left all git processes of this process end, so that they need not be
    waited for long.
    """
    executor = ThreadPoolExecutor(count)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        ending = Thread(target=executor.shutdown, daemon=True)
        ending.start()
        # A thread whose git is killed may take that for a damaged object, and ask around it.
        for _ in range(_TIMES):
            end_running()  # else Python would wait for them before it ends
            ending.join(_MOMENT)
            if not ending.is_alive():
                break


def _begin_worker() -> None:
    import codeshare.git.diff  # noqa: F401  before the first chunk comes

    gc.disable()  # arrays and flat lists, in no cycle


def read_deltas(
    pool: Pool,
    git_dir: Path,
    commits: Sequence[int],
    shas: Sequence[str] | Mapping[int, str],
    wanted: Wanted = LINES,
    merges: Mapping[int, MergeToRead] | None = None,
    newest: Future[list[Asked]] | None = None,
) -> Iterator[Chunk]:
    """Compute the changes of ``commits`` (indexes into the walk whose ids are ``shas``).

    Chunks come in order of the commits. The work starts at once, also before the first chunk is asked
    for. Of ``merges`` (by index, all among ``commits``) come the lines that differ from every parent;
    without lines they are left out. ``newest``: what `name_newest` began, where there are no lines to follow.
    """
    if not wanted.lines:
        around = partial(_by_commit, pool, git_dir, shas=shas, wanted=wanted, merges={})
        return read_by_path(pool, git_dir, commits, shas, wanted.markers, around, newest)
    return _by_commit(pool, git_dir, commits, shas, wanted, merges or {})


def _by_commit(
    pool: Pool,
    git_dir: Path,
    commits: Sequence[int],
    shas: Sequence[str] | Mapping[int, str],
    wanted: Wanted,
    merges: Mapping[int, MergeToRead],
) -> Iterator[Chunk]:
    # Large chunks cost less each, small ones keep the cores evenly busy and the memory small.
    waiting = deque(parts(commits, pool.jobs, _bounds(len(commits), pool)))
    begun: deque[Callable[[], Chunk]] = deque()

    def submit() -> None:
        part = waiting.popleft()
        single = [i for i in part if i not in merges]
        joined = [merges[i] for i in part if i in merges]
        asked = (git_dir, single, [shas[i] for i in single], joined)
        if pool.only_ask:
            answers = pool.executor.submit(ask_about, *asked, lines=wanted.lines)
            begun.append(lambda: _parse(answers.result(), *asked, wanted))
        else:
            begun.append(pool.executor.submit(_read, *asked, wanted).result)

    while waiting and len(begun) < _BEFOREHAND * pool.jobs:
        submit()
    return _in_order(begun, waiting, submit, _AHEAD * pool.jobs)


def _read(
    git_dir: Path, commits: list[int], shas: list[str], merges: Sequence[MergeToRead], wanted: Wanted
) -> Chunk:
    answers = ask_about(git_dir, commits, shas, merges, lines=wanted.lines)
    return _parse(answers, git_dir, commits, shas, merges, wanted)


def _parse(
    answers: Answers,
    git_dir: Path,
    commits: list[int],
    shas: list[str],
    merges: Sequence[MergeToRead],
    wanted: Wanted,
) -> Chunk:
    from codeshare.git.diff import parse_chunk  # while git works, others load it

    return parse_chunk(git_dir, commits, shas, answers, wanted, merges)


def _bounds(commits: int, pool: Pool) -> tuple[int, int]:
    """The smallest and the largest chunk: few workers take more at once, for git is started anew for each."""
    least, most = CHUNKS
    if pool.only_ask:
        return min(max(_LARGER, least), most), most
    return min(max(min(-(-commits // (3 * pool.jobs)), 3 * least), least), most), most


def _in_order(
    begun: deque[Callable[[], Chunk]], waiting: Sequence[object], submit: Callable[[], None], ahead: int
) -> Iterator[Chunk]:
    while begun:
        chunk = begun.popleft()()
        if waiting and len(begun) < ahead:
            submit()
        yield chunk
