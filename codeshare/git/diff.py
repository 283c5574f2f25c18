"""What each commit changed, from parallel ``git diff-tree --stdin`` processes over chunks of commits.

One missing blob ends ``diff-tree``, and everything after it is silently absent. So every exit
status is looked at, the commits that came back are counted, and after a failure the rest goes on
without the commits that cannot be computed; those come back as `Failure`.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from codeshare.errors import GitError
from codeshare.git.patch import Deltas, MarkerSearch, parse_patches
from codeshare.git.quoting import unquote_c
from codeshare.git.session import Session
from codeshare.git.shadow import DIFF_OPTIONS, communicate_in, last_line

CHUNKS = (100, 1000)  # commits: the smallest and the largest chunk
# With packs of fewer bytes, processes cost more to start than they save.
LARGE = 16 << 20
_PATCH = ("diff-tree", "--stdin", "--always", "--raw", "-p", "-U1", "--full-index", *DIFF_OPTIONS)
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


@dataclass(frozen=True, slots=True)
class Failure:
    """A commit whose changes git cannot compute: index into the walk, its paths as far as known, why."""

    commit: int
    paths: tuple[bytes, ...]
    why: str


@dataclass(slots=True)
class Chunk:
    """What one chunk of commits came to."""

    deltas: Deltas
    failures: list[Failure]


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
        return Pool(ThreadPoolExecutor(jobs), jobs)
    spawn = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_keep_sessions)
    for _ in range(jobs):  # they start while the history is read
        executor.submit(int)
    return Pool(executor, jobs)


def read_deltas(
    pool: Pool,
    git_dir: Path,
    commits: Sequence[int],
    shas: Sequence[str],
    *,
    markers: MarkerSearch | None = None,
    with_hunks: bool = True,
) -> Iterator[Chunk]:
    """Compute the changes of ``commits`` (indexes into the walk whose ids are ``shas``), none of them a merge.

    Chunks come in order of the commits. ``with_hunks``: keep the hunks, not only what is counted in
    them. The work starts at once, also before the first chunk is asked for.
    """
    # Large chunks cost less each, small ones keep the cores evenly busy and the memory small.
    size = min(max(len(commits) // (pool.jobs * 8) + 1, CHUNKS[0]), CHUNKS[1])
    slices = [commits[at : at + size] for at in range(0, len(commits), size)]
    futures: list[Future[Chunk]] = [
        pool.executor.submit(read_chunk, git_dir, list(part), [shas[i] for i in part], markers, with_hunks)
        for part in slices
    ]
    return _in_order(futures)


def available_cpus() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_order(futures: list[Future[Chunk]]) -> Iterator[Chunk]:
    for k, future in enumerate(futures):
        yield future.result()
        futures[k] = None  # type: ignore[call-overload]  # let the chunk go


_sessions: dict[Path, Session] | None = None
"""Of a worker process: its git processes, kept from chunk to chunk. None elsewhere."""


def _keep_sessions() -> None:
    global _sessions
    _sessions = {}
    atexit.register(_end_sessions)


def _end_sessions() -> None:
    for session in (_sessions or {}).values():
        session.close()


def _patches(git_dir: Path, shas: Sequence[str]) -> tuple[int, bytes, bytes]:
    if _sessions is None or not shas:
        return _diff(git_dir, _PATCH, shas)
    if git_dir not in _sessions:
        _sessions[git_dir] = Session(git_dir, *_PATCH)
    return _sessions[git_dir].ask(shas)


def read_chunk(
    git_dir: Path,
    commits: list[int],
    shas: list[str],
    markers: MarkerSearch | None = None,
    with_hunks: bool = True,
) -> Chunk:
    """Compute the changes of one chunk of commits."""
    status, out, err = _patches(git_dir, shas)
    failures: list[Failure] = []
    if status:
        commits, shas, failures = _without_broken(git_dir, commits, shas, last_line(err))
        status, out, err = _patches(git_dir, shas)
    deltas = parse_patches(out, commits, shas, markers)
    if status or len(deltas.commits) != len(commits):
        raise GitError(
            f"git diff-tree ended with status {status} after {len(deltas.commits)} of {len(commits)} commits: {last_line(err)}"
        )
    _mend_type_changes(git_dir, deltas, dict(zip(commits, shas, strict=True)))
    _find_unchanged_binaries(git_dir, deltas)
    if not with_hunks:
        deltas.hunks, deltas.hunk_file = deltas.hunks[:0], deltas.hunk_file[:0]
    return Chunk(deltas, failures)


def _diff(git_dir: Path, command: Sequence[str], shas: Sequence[str]) -> tuple[int, bytes, bytes]:
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
        status, _, err = _diff(git_dir, _PATCH, [sha])
        if status:
            failures.append(Failure(commit, suspects[sha], last_line(err) if err else why))
        else:
            good.append((commit, sha))
    return [commit for commit, _ in good], [sha for _, sha in good], failures


def _suspects(git_dir: Path, shas: list[str]) -> dict[str, tuple[bytes, ...]]:
    """The commits whose raw entries name an absent blob, with the paths of those entries."""
    status, out, _ = _diff(git_dir, _NAMES, shas)
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
    status, out, err = _diff(git_dir, _NUMSTAT, [sha_of[commit] for commit in commits])
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
    _, out, _ = communicate_in(
        git_dir, "cat-file", "--batch", "--buffer", feed=b"".join(name + b"\n" for name in wanted)
    )
    binary: set[bytes] = set()
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        fields = out[at:end].split(b" ")
        at = end + 1
        if len(fields) == 3:
            size = int(fields[2])
            # git's own test: a NUL within the first 8,000 bytes.
            if fields[1] == b"blob" and out.find(b"\0", at, at + min(size, 8000)) >= 0:
                binary.add(fields[0])
            at += size + 1
    for file, name in deltas.unchanged:
        if name in binary:
            deltas.added[file] = deltas.deleted[file] = -1
