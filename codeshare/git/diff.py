"""What each commit changed, from parallel ``git diff-tree --stdin`` processes over chunks of commits.

One missing blob ends ``diff-tree``, and everything after it is silently absent. So every exit
status is looked at, the commits that came back are counted, and after a failure the rest goes on
without the commits that cannot be computed; those come back as `Failure`.
"""

from __future__ import annotations

import atexit
import gc
import logging
import multiprocessing
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from codeshare.errors import GitError
from codeshare.git.combined import is_file
from codeshare.git.merges import Merges, MergeToRead, read_merges
from codeshare.git.patch import Deltas, MarkerSearch, parse_patches
from codeshare.git.quoting import unquote_c
from codeshare.git.session import Session
from codeshare.git.shadow import BINARY_WITHIN, DIFF_OPTIONS, communicate_in, last_line

_log = logging.getLogger(__name__)
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
_OBJECT = re.compile(r"\b[0-9a-f]{40,64}\b")
_TYPE_CHANGE = re.compile(rb"^:\d+ \d+ [0-9a-f]+ [0-9a-f]+ T\t", re.MULTILINE)
_MOST_ABSENT = 500  # files of one commit; more would not fit a command line


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
    """Workers that run git and parse what it prints, ``jobs`` at once. Use it as a context manager."""

    executor: Executor
    jobs: int

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)


def open_pool(objects: Iterable[Path], jobs: int | None = None) -> Pool:
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
        _log.info("%d threads read changes", jobs)
        return Pool(ThreadPoolExecutor(jobs), jobs)
    spawn = multiprocessing.get_context("spawn")
    _log.info("%d processes read changes; what git they start is not logged", jobs)
    executor = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_keep_sessions)
    for _ in range(jobs):  # they start while the history is read
        executor.submit(int)
    return Pool(executor, jobs)


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
    atexit.register(_end_sessions)


def _end_sessions() -> None:
    for session in (_sessions or {}).values():
        session.close()


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
        commits, shas, failures = _without_broken(git_dir, commits, shas, last_line(err))
        failures, partly = _read_partly(git_dir, command, failures, sha_of)
        commits = sorted([*commits, *partly])
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
        lambda command, lines: _ask(git_dir, command, lines),
        lambda command, lines: ask(git_dir, command, lines),
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


def ask(git_dir: Path, command: Sequence[str], shas: Sequence[str]) -> tuple[int, bytes, bytes]:
    """Run a git command over lines of input: its status, output, error output."""
    if not shas:
        return 0, b"", b""
    return communicate_in(git_dir, *command, feed=b"".join(sha.encode("ascii") + b"\n" for sha in shas))


def _without_broken(
    git_dir: Path, commits: list[int], shas: list[str], why: str
) -> tuple[list[int], list[str], list[Failure]]:
    """Split off the commits that git cannot compute.

    Only a commit that names an absent object can break, so the trees tell whom to try alone.
    """
    suspects = _suspects(git_dir, shas)
    if not any(suspects.values()):
        suspects = dict.fromkeys(shas, ())  # a tree is absent, or an object is corrupt: try them all
    good: list[tuple[int, str]] = []
    failures: list[Failure] = []
    for commit, sha in zip(commits, shas, strict=True):
        if sha not in suspects:
            good.append((commit, sha))
            continue
        status, _, err = ask(git_dir, _AS_NUMSTAT, [sha])
        if status:
            reason = last_line(err) if err else why
            failures.append(Failure(commit, suspects[sha], reason, _changed(git_dir, sha)))
        else:
            good.append((commit, sha))
    return [commit for commit, _ in good], [sha for _, sha in good], failures


def _read_partly(
    git_dir: Path, command: Sequence[str], failures: Sequence[Failure], sha_of: Mapping[int, str]
) -> tuple[list[Failure], dict[int, bytes]]:
    """The patches of broken commits without the files whose blobs are absent, and what remains broken.

    One absent picture must not end the lines of all files that were changed with it.
    """
    remaining: list[Failure] = []
    partly: dict[int, bytes] = {}
    for failure in failures:
        absent = set(failure.paths)
        unread = tuple((path, blob) for path, blob in failure.changed if path in absent)
        if 0 < len(absent) <= _MOST_ABSENT and len(unread) < len(failure.changed):
            apart = [f":(top,exclude,literal){os.fsdecode(path)}" for path in failure.paths]
            status, out, _ = ask(git_dir, (*command, "--", ":(top)", *apart), [sha_of[failure.commit]])
            # What numstat says of a change of type is asked for by commit, not by file.
            if not status and not _TYPE_CHANGE.search(out):
                partly[failure.commit] = out
                failure = replace(failure, changed=unread)
        remaining.append(failure)
    return remaining, partly


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


def _changed(git_dir: Path, sha: str) -> tuple[tuple[bytes, bytes], ...]:
    _, out, _ = ask(git_dir, _NAMES, [sha])
    rows = [line.partition(b"\t") for line in out.split(b"\n") if line.startswith(b":")]
    return tuple(
        (unquote_c(name), fields[3] if is_file(fields[1]) else b"")
        for meta, _, name in rows
        for fields in (meta.split(b" "),)
    )


def _suspects(git_dir: Path, shas: list[str]) -> dict[str, tuple[bytes, ...]]:
    """The commits whose raw entries name an absent blob, with the paths of those entries."""
    status, out, _ = ask(git_dir, _NAMES, shas)
    if status:
        return {}
    entries: list[tuple[str, bytes, set[bytes]]] = []
    known, current = set(shas), ""
    for line in out.split(b"\n"):
        if line.startswith(b":"):
            meta, _, path = line.partition(b"\t")
            fields = meta.split(b" ")
            entries.append((current, unquote_c(path), {fields[2], fields[3]}))
        elif (sha := line.decode("ascii", "replace")) in known:
            current = sha
    absent = _absent(git_dir, set().union(*(objects for _, _, objects in entries)) if entries else set())
    result: dict[str, tuple[bytes, ...]] = {}
    for sha, path, objects in entries:
        if objects & absent:
            result[sha] = (*result.get(sha, ()), path)
    return result


def _absent(git_dir: Path, objects: set[bytes]) -> set[bytes]:
    wanted = sorted(name for name in objects if name.strip(b"0"))
    feed = b"".join(name + b"\n" for name in wanted)
    _, out, _ = communicate_in(git_dir, "cat-file", "--batch-check", "--buffer", feed=feed)
    return {line.split(b" ")[0] for line in out.split(b"\n") if line.endswith(b" missing")}


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
