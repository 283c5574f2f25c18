"""What each commit changed, from parallel ``git diff-tree --stdin`` processes over chunks of commits.

One missing blob ends ``diff-tree``, and everything after it is silently absent. So every exit
status is looked at, the commits that came back are counted, and after a failure the rest goes on
without the commits that cannot be computed; those come back as `Failure`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np

from codeshare.errors import GitError
from codeshare.git.broken import Entry, absent, needs_of, parse_entries, unreadable, without
from codeshare.git.merges import Merges, read_merges
from codeshare.git.patch import Deltas, parse_patches
from codeshare.git.quoting import unquote_c
from codeshare.git.reading import LINES, MergeToRead, Wanted, patch_command
from codeshare.git.session import Answer, ask_kept
from codeshare.git.shadow import BINARY_WITHIN, DIFF_OPTIONS, ask, communicate_in, last_line

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


def read_chunk(
    git_dir: Path,
    commits: list[int],
    shas: list[str],
    wanted: Wanted = LINES,
    merges: Sequence[MergeToRead] = (),
) -> Chunk:
    """Compute the changes of one chunk of commits, and what its merges did."""
    answer = ask_kept(git_dir, patch_command(wanted.lines), shas)
    return parse_chunk(git_dir, commits, shas, answer, wanted, merges)


def parse_chunk(
    git_dir: Path,
    commits: list[int],
    shas: list[str],
    answer: Answer,
    wanted: Wanted,
    merges: Sequence[MergeToRead],
) -> Chunk:
    """As `read_chunk`, with git's ``answer`` to `patch_command` at hand."""
    stretch = sorted([*commits, *(merge.commit for merge in merges)])
    command = patch_command(wanted.lines)
    status, out, err = answer
    failures: list[Failure] = []
    if status:
        sha_of = dict(zip(commits, shas, strict=True))
        failures, partly = _without_broken(git_dir, command, sha_of, last_line(err))
        lost = {failure.commit for failure in failures} - partly.keys()
        commits = [commit for commit in commits if commit not in lost]
        shas = [sha_of[commit] for commit in commits]
        status, out, err = _ask_around(git_dir, command, commits, shas, partly)
    if status:
        raise GitError(f"git diff-tree ended with status {status}: {last_line(err)}")
    deltas = parse_patches(out, commits, shas, wanted.markers, wanted.comments)
    if len(deltas.commits) != len(commits):
        raise GitError(f"git diff-tree ended after {len(deltas.commits)} of {len(commits)} commits")
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
        partial(ask_kept, git_dir),
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
        status, _, err = ask(git_dir, patch_command(lines=False), [sha]) if sha in suspects else (0, b"", b"")
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
    """As `ask_kept`, with what is ``known`` of some commits in its place."""
    parts: list[bytes] = []
    for is_known, group in groupby(zip(commits, shas, strict=True), lambda each: each[0] in known):
        members = list(group)
        if is_known:
            parts += [known[commit] for commit, _ in members]
            continue
        status, out, err = ask_kept(git_dir, command, [sha for _, sha in members])
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
