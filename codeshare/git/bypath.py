"""Commits whose lines nobody follows: the pairs of blobs of a whole history compared in order of their paths.

git then undoes each delta chain about once, which saves it a seventh of its work. Names come first, chunk by
chunk, those of the newest commits before git has even listed all others; then the pairs are cut into pieces, and
of their patches only `PairFacts` are kept. To follow lines, which goes from commit to commit, chunks are read one
after the other (`codeshare.git.reading`). Nothing here loads numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.cores import parts
from codeshare.errors import CannotKnow, GitError
from codeshare.git.pairs import Pairs, compare_pairs
from codeshare.git.raw import NAMES, RawFiles, parse_raw
from codeshare.git.shadow import ask, communicate_in
from codeshare.git.wanted import MarkerSearch

if TYPE_CHECKING:
    from codeshare.git.diff import Chunk, Mended
    from codeshare.git.pairfacts import PairFacts
    from codeshare.git.reading import Pool

_WINDOW = 100_000  # commits; what is kept of a window's pairs stands in memory at once
# At once, at least and at most: commits whose names are asked for, and pairs that are compared.
# What git has read of trees for one commit it knows at the next one: few processes name them, in two thirds of the time.
_NAMED = (500, 10_000)
_PIECE = (400, 4000)
_NEWEST = 10_000  # commits: naming them takes about as long as listing a hundred thousand


class _Unreadable(Exception):
    """Git cannot read something."""


class Asked(Struct, frozen=True):
    """Commits whose names were asked for, by id, and the answer, in which they are numbered as they stand here."""

    shas: Sequence[str]
    answer: Future[tuple[RawFiles, Mended]]


class _Pieces(Struct, frozen=True):
    """What a window's commits changed, and the facts of the pairs as they come; ``order`` as for `Gathered`."""

    files: RawFiles
    mended: Mended
    file_pair: list[tuple[int, int]]
    order: list[int]
    facts: list[Future[PairFacts]]


def name_newest(pool: Pool, beside: Executor, git_dir: Path, tip: str) -> Future[list[Asked]] | None:
    """Ask for the names of a tip's newest commits while git lists them all, which keeps one processor busy.

    None where nothing waits for that: one worker, a small repository, or a cut-off one, not all of whose commits are
    read.

    Args:
        beside: a thread of its, which waits for git and hands out work of the ``pool``.
    """
    if pool.jobs == 1 or pool.only_ask or (git_dir / "shallow").exists():
        return None

    def hand_out() -> list[Asked]:
        listing = ("rev-list", "--no-merges", f"--max-count={_NEWEST}", "--end-of-options", tip, "--")
        try:
            status, out, _ = communicate_in(git_dir, *listing)
        except CannotKnow:  # the listing of all commits tells what is wrong, if it is
            return []
        return [] if status else _ask(pool, git_dir, out.decode("ascii").split()[::-1])

    return beside.submit(hand_out)


def read_by_path(
    pool: Pool,
    git_dir: Path,
    commits: Sequence[int],
    shas: Sequence[str] | Mapping[int, str],
    markers: MarkerSearch | None,
    around: Callable[[Sequence[int]], Iterator[Chunk]],
    newest: Future[list[Asked]] | None = None,
) -> Iterator[Chunk]:
    """Compute what ``commits`` (indexes into the walk whose ids are ``shas``) changed, beginning at once.

    Chunks come as the work goes on; all that they tell comes with the last one of each window.

    Args:
        around: reads commits commit by commit, around what git cannot read.
        newest: what `name_newest` began.
    """

    def begin(window: Sequence[int]) -> Future[_Pieces]:
        place = {shas[i]: i for i in window}
        already = [part for part in (newest.result() if newest else ()) if place.keys() >= set(part.shas)]
        done = {sha for named in already for sha in named.shas}
        # The older ones first: versions of a path are compared in this order.
        named = [*_ask(pool, git_dir, [sha for sha in place if sha not in done]), *already]
        # Whoever takes the chunks has much else to do until then.
        waiting = ThreadPoolExecutor(1)
        pieces = waiting.submit(_hand_out, pool, git_dir, named, place, markers)
        waiting.shutdown(wait=False)
        return pieces

    windows = [commits[at : at + _WINDOW] for at in range(0, len(commits), _WINDOW)]
    begun = chain([begin(window) for window in windows[:1]], map(begin, windows[1:]))
    return _read(zip(windows, begun, strict=True), around)


def _ask(pool: Pool, git_dir: Path, shas: Sequence[str]) -> list[Asked]:
    return [
        Asked(part, pool.executor.submit(_name, git_dir, part))
        for part in parts(shas, pool.jobs, _NAMED, each=2)
    ]


def _read(
    begun: Iterable[tuple[Sequence[int], Future[_Pieces]]],
    around: Callable[[Sequence[int]], Iterator[Chunk]],
) -> Iterator[Chunk]:
    from codeshare.git.diff import Chunk
    from codeshare.git.gathered import Gathered

    for window, handed_out in begun:
        waiting: Sequence[Future[PairFacts]] = ()
        gathered: Gathered | None = None
        told = 0
        try:
            pieces = handed_out.result()
            waiting = pieces.facts
            gathered = Gathered(pieces.files, pieces.file_pair, pieces.order)
            for done, piece in enumerate(waiting, 1):
                gathered.add(piece.result())
                if (now := len(window) * done // (len(waiting) + 1)) > told:
                    yield Chunk.of_nothing(window[told:now])
                    told = now
        except _Unreadable:
            for piece in waiting:
                piece.cancel()
            gathered = None
        if gathered:
            deltas = gathered.deltas()
            pieces.mended.mend(deltas)
            yield Chunk(window[told:], deltas, [])
        else:
            yield from around(window)


def _hand_out(
    pool: Pool, git_dir: Path, named: Sequence[Asked], place: Mapping[str, int], markers: MarkerSearch | None
) -> _Pieces:
    from codeshare.git.diff import Mended

    files, mended = RawFiles(), Mended({}, [])
    pairs = Pairs()
    file_pair: list[tuple[int, int]] = []
    try:
        for part in named:
            more, also = part.answer.result()
            more.number([place[sha] for sha in part.shas])
            first = len(files.path)
            mended.add(also, range(first, first + len(more.path)))
            file_pair += [(first + k, number) for k, number in pairs.add_files(more)]
            files.extend(more)
    except _Unreadable:
        for part in named:
            part.answer.cancel()
        raise
    both = pairs.put_in_order()
    pieces = chain(parts(pairs.order, pool.jobs, _PIECE), () if both else ([],))
    facts = [pool.executor.submit(_compare, git_dir, [both[k] for k in piece], markers) for piece in pieces]
    # Only now that there is work again.
    number = files.sort()
    in_order = Mended({}, [])
    in_order.add(mended, number)
    file_pair = [(number[k], pair) for k, pair in file_pair]
    return _Pieces(files, in_order, file_pair, pairs.order, facts)


def _name(git_dir: Path, shas: Sequence[str]) -> tuple[RawFiles, Mended]:
    status, out, _ = ask(git_dir, NAMES, shas)
    if status:
        raise _Unreadable
    files = parse_raw(out, range(len(shas)), shas)
    files.refuse_fewer(len(shas))
    from codeshare.git.diff import counts_to_mend

    try:
        return files, counts_to_mend(git_dir, files, dict(enumerate(shas)))
    except GitError:
        raise _Unreadable from None


def _compare(git_dir: Path, pairs: Sequence[tuple[bytes, bytes]], markers: MarkerSearch | None) -> PairFacts:
    status, out, _ = compare_pairs(git_dir, pairs, lines=False) if pairs else (0, b"", b"")
    if status:
        raise _Unreadable
    from codeshare.git.pairfacts import pair_facts

    return pair_facts(out, len(pairs), markers)
