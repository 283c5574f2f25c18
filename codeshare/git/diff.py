"""What each commit changed, from parallel ``git diff-tree --stdin`` processes over chunks of commits.

One missing blob ends ``diff-tree``, and everything after it is silently absent. So every exit
status is looked at, the commits that came back are counted, and after a failure the rest goes on
without the commits that cannot be computed; those come back as `Failure`.
"""

from __future__ import annotations

import gc
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np

from codeshare.errors import GitError
from codeshare.git.broken import Entry, absent, needs_of, parse_entries, unreadable, without
from codeshare.git.merges import Merges, MergeToRead, read_merges
from codeshare.git.patch import Deltas, MarkerSearch, parse_patches
from codeshare.git.quoting import unquote_c
from codeshare.git.session import Session
from codeshare.git.shadow import BINARY_WITHIN, DIFF_OPTIONS, ask, communicate_in, end_running, last_line
from codeshare.workers import workers

CHUNKS = (100, 1000)  # commits: the smallest and the largest chunk
# With packs of fewer bytes, processes cost more to start than they save.
LARGE = 16 << 20
_AHEAD = 6  # chunks for each worker that may wait to be taken
_PATCH = ("diff-tree", "--stdin", "--always", "--raw", "-p", "--full-index", *DIFF_OPTIONS)
# With context git compares whole files, as numstat does; without, it first drops the end that both have in
# common, as blame does. In one commit of three hundred the counts then differ by a line or two.
_AS_NUMSTAT, _AS_BLAME = (*_PATCH, "-U1"), (*_PATCH, "-U0")
_NAMES = (
    "diff-tree",
    "--stdin",
    "--always",
    "--raw",
    "--no-renames",
    "-r",
    "--root",
    "--full-index",
    "--ignore-submodules=all",
)
_NUMSTAT = ("diff-tree", "--stdin", "--always", "--numstat", *DIFF_OPTIONS)
_TYPE_CHANGE = re.compile(rb"^:\d+ \d+ [0-9a-f]+ [0-9a-f]+ T\t", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Failure:
    """A commit whose changes git cannot compute: index into the walk, its paths as far as known, why.

    ``changed``: the paths that differ from its parent and of which nothing else is known, with their blobs
    (hex id; empty: gone, or no file). What is known of the commit's other files is in the chunk's deltas.
    """

    commit: int
    paths: tuple[bytes, ...]
    why: str
    changed: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(slots=True)
class Chunk:
    """What a stretch of ``commits`` (indexes into the walk) came to; ``merges`` where lines are followed."""

    commits: Sequence[int]
    deltas: Deltas
    failures: list[Failure]
    merges: Merges = field(default_factory=Merges)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read of each commit: markers of generated files, what it takes to follow lines.

    ``comments``: by the ending of a file's name, what a comment begins with.
    """

    markers: MarkerSearch | None = None
    lines: bool = True
    comments: Mapping[bytes, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """Workers that run git and parse what it prints, ``jobs`` at once."""

    executor: Executor
    jobs: int


@contextmanager
def open_pool(objects: Iterable[Path], jobs: int | None = None) -> Iterator[Pool]:
    """Start the workers: threads for a small repository, processes for a large one.

    Args:
        objects: the repository's object directories, whose size tells.
        jobs: git processes at once; default: the processors that this process may use.
    """
    jobs = jobs or available_cpus()
    if (
        jobs == 1
        or sum(pack.stat().st_size for folder in objects for pack in folder.glob("pack/*.pack")) <= LARGE
    ):
        with _threads(jobs) as executor:
            yield Pool(executor, jobs)
        return
    with workers(jobs, _keep_sessions, end=end_running) as executor:
        yield Pool(executor, jobs)


@contextmanager
def _threads(jobs: int) -> Iterator[Executor]:
    executor = ThreadPoolExecutor(jobs)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        end_running()  # else Python would wait for them before it ends


def read_deltas(
    pool: Pool,
    git_dir: Path,
    commits: Sequence[int],
    shas: Sequence[str],
    wanted: Wanted = Wanted(),
    merges: Mapping[int, MergeToRead] | None = None,
) -> Iterator[Chunk]:
    """Compute the changes of ``commits`` (indexes into the walk whose ids are ``shas``).

    Chunks come in order of the commits. The work starts at once, also before the first chunk is asked
    for. Of ``merges`` (by index, all among ``commits``) come the lines that differ from every parent.
    """
    # Large chunks cost less each, small ones keep the cores evenly busy and the memory small.
    size = min(max(len(commits) // (pool.jobs * 8) + 1, CHUNKS[0]), CHUNKS[1])
    parts = deque(_parts(commits, size, pool.jobs))
    futures: deque[Future[Chunk]] = deque()
    known = merges or {}

    def submit() -> None:
        part = parts.popleft()
        single = [i for i in part if i not in known]
        joined = [known[i] for i in part if i in known]
        futures.append(
            pool.executor.submit(read_chunk, git_dir, single, [shas[i] for i in single], wanted, joined)
        )

    while parts and len(futures) < _AHEAD * pool.jobs:
        submit()
    return _in_order(futures, parts, submit)


def available_cpus() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _parts(commits: Sequence[int], size: int, jobs: int) -> Iterator[Sequence[int]]:
    """Chunks of ``size`` commits, smaller ones at the end, so that the workers end together."""
    at = 0
    while at < len(commits):
        left = len(commits) - at
        step = size if left > 2 * jobs * size else max(left // (2 * jobs), min(size, CHUNKS[0]))
        yield commits[at : at + step]
        at += step


def _in_order(
    futures: deque[Future[Chunk]], parts: Sequence[object], submit: Callable[[], None]
) -> Iterator[Chunk]:
    while futures:
        chunk = futures.popleft().result()
        if parts:
            submit()
        yield chunk


_sessions: dict[tuple[Path, tuple[str, ...]], Session] | None = None
"""Of a worker process: its git processes, kept from chunk to chunk. None elsewhere."""


def _keep_sessions() -> None:
    global _sessions
    _sessions = {}
    gc.disable()  # arrays and flat lists, in no cycle


def _ask(git_dir: Path, command: Sequence[str], lines: Sequence[str]) -> tuple[int, bytes, bytes]:
    if _sessions is None or not lines:
        return ask(git_dir, command, lines)
    key = git_dir, tuple(command)
    if key not in _sessions:
        _sessions[key] = Session(git_dir, *command)
    return _sessions[key].ask(lines)


def read_chunk(
    git_dir: Path,
    commits: list[int],
    shas: list[str],
    wanted: Wanted = Wanted(),
    merges: Sequence[MergeToRead] = (),
) -> Chunk:
    """Compute the changes of one chunk of commits, and what its merges did."""
    stretch = sorted([*commits, *(merge.commit for merge in merges)])
    command = _AS_BLAME if wanted.lines else _AS_NUMSTAT
    status, out, err = _ask(git_dir, command, shas)
    failures: list[Failure] = []
    if status:
        sha_of = dict(zip(commits, shas, strict=True))
        failures, partly = _without_broken(git_dir, command, sha_of, last_line(err))
        lost = {failure.commit for failure in failures} - partly.keys()
        commits = [commit for commit in commits if commit not in lost]
        shas = [sha_of[commit] for commit in commits]
        status, out, err = _ask_around(git_dir, command, commits, shas, partly)
    deltas = parse_patches(out, commits, shas, wanted.markers, wanted.comments)
    if status or len(deltas.commits) != len(commits):
        raise GitError(
            f"git diff-tree ended with status {status} after {len(deltas.commits)} of {len(commits)} commits: {last_line(err)}"
        )
    del out
    _mend_type_changes(git_dir, deltas, dict(zip(commits, shas, strict=True)))
    _find_unchanged_binaries(git_dir, deltas)
    if not wanted.lines:
        deltas.hunks, deltas.hunk_file = deltas.hunks[:0], deltas.hunk_file[:0]
        deltas.blob, deltas.moved_lines, deltas.idle = [], deltas.moved_lines[:0], deltas.idle[:0]
        return Chunk(stretch, deltas, failures)
    _follow_files_only(git_dir, deltas)
    return Chunk(stretch, deltas, failures, _merges(git_dir, merges))


def _merges(git_dir: Path, merges: Sequence[MergeToRead]) -> Merges:
    if not merges:
        return Merges()
    return read_merges(
        merges,
        partial(_ask, git_dir),
        partial(ask, git_dir),
        lambda blobs: text_lines(git_dir, blobs),
    )


def _follow_files_only(git_dir: Path, deltas: Deltas) -> None:
    """Make the hunks those of the lines to follow: a submodule has none, a text that was binary is all new."""
    gone = np.array([not blob for blob in deltas.blob], dtype=bool)
    if len(deltas.hunks):
        deltas.hunks[gone[deltas.hunk_file], 3] = 0
    hidden = [
        k
        for k, (added, status) in enumerate(zip(deltas.added.tolist(), deltas.status, strict=True))
        if added < 0 and status in "MR" and deltas.blob[k]  # a type change shows its new lines
    ]
    if hidden:
        lines = text_lines(git_dir, [deltas.blob[k] for k in hidden])
        born = [(k, lines[deltas.blob[k]]) for k in hidden if lines.get(deltas.blob[k])]
        deltas.hunks = np.concatenate(
            (deltas.hunks, np.array([(0, 0, 1, n) for _, n in born], dtype=np.int64).reshape(-1, 4))
        )
        deltas.hunk_file = np.concatenate((deltas.hunk_file, np.array([k for k, _ in born], dtype=np.int64)))
        order = np.argsort(deltas.hunk_file, kind="stable")
        deltas.hunks, deltas.hunk_file = deltas.hunks[order], deltas.hunk_file[order]
    deltas.hunks = deltas.hunks.astype(np.int32)
    deltas.moved_lines = deltas.moved_lines[deltas.moved[deltas.moved_lines[:, 0]] > 0].astype(np.int32)


def _without_broken(
    git_dir: Path, command: Sequence[str], of: Mapping[int, str], why: str
) -> tuple[list[Failure], dict[int, bytes]]:
    """Find the commits that git cannot compute, and what it prints for them without the files it cannot read.

    One absent picture must not end the lines of all files that were changed with it.

    Args:
        of: index and id of the commits among which they are.
        why: git's words, where it says nothing of a commit alone.
    """
    once = partial(ask, git_dir)
    entries = _entries(git_dir, list(of.values()))
    gone = absent(once, needs_of(entry for rows in entries.values() for entry in rows))
    # Only a commit that names an absent object can break, unless a tree is absent or an object damaged.
    suspects = {sha for sha, rows in entries.items() if needs_of(rows) & gone} or set(of.values())
    failures: list[Failure] = []
    partly: dict[int, bytes] = {}
    for commit, sha in of.items():
        status, _, err = ask(git_dir, _AS_NUMSTAT, [sha]) if sha in suspects else (0, b"", b"")
        if status:
            rows = entries.get(sha) or parse_entries(ask(git_dir, _NAMES, [sha])[1])
            apart = unreadable(once, rows, gone)
            out = without(once, command, sha, apart) if len(apart) < len(rows) else None
            # What numstat says of a change of type is asked for by commit, not by file.
            if out is not None and not _TYPE_CHANGE.search(out):
                partly[commit], rows = out, apart
            changed = tuple((entry.path, entry.blob) for entry in rows)
            paths = tuple(entry.path for entry in apart)
            failures.append(Failure(commit, paths, last_line(err) if err else why, changed))
    return failures, partly


def _ask_around(
    git_dir: Path,
    command: Sequence[str],
    commits: Sequence[int],
    shas: Sequence[str],
    known: Mapping[int, bytes],
) -> tuple[int, bytes, bytes]:
    """As `_ask`, with what is ``known`` of some commits in its place."""
    parts: list[bytes] = []
    for is_known, group in groupby(zip(commits, shas, strict=True), lambda each: each[0] in known):
        members = list(group)
        if is_known:
            parts += [known[commit] for commit, _ in members]
            continue
        status, out, err = _ask(git_dir, command, [sha for _, sha in members])
        parts.append(out)
        if status:
            return status, b"".join(parts), err
    return 0, b"".join(parts), b""


def _entries(git_dir: Path, shas: list[str]) -> dict[str, list[Entry]]:
    """The raw entries of some commits; none at all where a tree is absent."""
    status, out, _ = ask(git_dir, _NAMES, shas)
    if status:
        return {}
    heads = list(re.finditer(rb"^[0-9a-f]+$", out, re.MULTILINE))
    ends = [*(head.start() for head in heads[1:]), len(out)]
    return {
        head[0].decode("ascii"): parse_entries(out[head.end() : end])
        for head, end in zip(heads, ends, strict=True)
    }


def _mend_type_changes(git_dir: Path, deltas: Deltas, sha_of: dict[int, str]) -> None:
    """Give type changes the counts of numstat, which compares contents where the patch replaces them."""
    changed = [k for k, status in enumerate(deltas.status) if status == "T"]
    if not changed:
        return
    commits = sorted({int(deltas.commit[k]) for k in changed})
    status, out, err = ask(git_dir, _NUMSTAT, [sha_of[commit] for commit in commits])
    if status:
        raise GitError(f"git diff-tree ended with status {status}: {last_line(err)}")
    counts: dict[tuple[str, bytes], tuple[int, int]] = {}
    names, current = set(sha_of.values()), ""
    for line in out.split(b"\n"):
        fields = line.split(b"\t")
        if len(fields) == 3:
            binary = fields[0] == b"-"
            counts[current, unquote_c(fields[2])] = (-1, -1) if binary else (int(fields[0]), int(fields[1]))
        elif (sha := line.decode("ascii", "replace")) in names:
            current = sha
    for k in changed:
        deltas.added[k], deltas.deleted[k] = counts[sha_of[int(deltas.commit[k])], deltas.path[k]]
        deltas.moved[k] = deltas.whitespace[k] = 0


def _find_unchanged_binaries(git_dir: Path, deltas: Deltas) -> None:
    """Mark binary files that were only renamed or whose mode changed: their patch shows no content."""
    wanted = sorted({name for _, name in deltas.unchanged})
    if not wanted:
        return
    text = text_lines(git_dir, wanted)
    for file, name in deltas.unchanged:
        if name not in text:
            deltas.added[file] = deltas.deleted[file] = -1


def text_lines(git_dir: Path, blobs: Sequence[bytes]) -> dict[bytes, int]:
    """How many lines each blob (hex ids) has; binary ones are left out, absent ones and submodules count 0."""
    wanted = sorted(set(blobs))
    feed = b"".join(name + b"\n" for name in wanted)
    _, out, _ = communicate_in(git_dir, "cat-file", "--batch", "--buffer", feed=feed)
    lines = dict.fromkeys(wanted, 0)
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        fields = out[at:end].split(b" ")
        at = end + 1
        if len(fields) == 3:
            stop = at + int(fields[2])
            if fields[1] == b"blob" and out.find(b"\0", at, min(stop, at + BINARY_WITHIN)) >= 0:
                del lines[fields[0]]
            else:
                lines[fields[0]] = out.count(b"\n", at, stop) + (stop > at and out[stop - 1 : stop] != b"\n")
            at = stop + 1
    return lines
