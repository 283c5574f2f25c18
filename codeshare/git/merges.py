"""What merges changed: paths that differ from a parent, and the lines of files that differ from every parent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from codeshare.git.broken import Ask, absent, needs_of, parse_entries, unreadable, without
from codeshare.git.combined import NOWHERE, MergedFiles, is_file, parse_combined
from codeshare.git.form import raw_entry, reading
from codeshare.git.quoting import unquote_c
from codeshare.git.reading import MergeToRead
from codeshare.git.shadow import last_line

_COMMON = ("diff-tree", "--stdin", "--always", "-r", "--raw", "--full-index", "--ignore-submodules=all")
RAW = (*_COMMON, "--no-renames")
_COMBINED_NAMES = (*RAW, "-c")
COMBINED = (*_COMMON, "-c", "-p", "-U1", "--no-ext-diff", "--no-textconv", "--no-renames")
# A file that a parent has under another name shows as wholly added; for the few merges with such files:
RENAMED = (*COMBINED[:-1], "-M50%", "-l1000", "--combined-all-paths")

_MOST_PATHS = 2000  # in one command

Paths = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Merges:
    """What a chunk's merges changed.

    ``paths``: per merge (index into the walk) the paths that differ from its first parent, with the
    blob of the merge (hex id; empty: gone, or no file). ``files``: lines of the files that differ from
    every parent; of two that speak of one path the later counts. ``broken``: merges whose lines git
    cannot compute, with git's words.
    """

    paths: dict[int, Paths] = field(default_factory=dict)
    files: list[MergedFiles] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)


def read_merges(
    merges: Sequence[MergeToRead],
    ask: Ask,
    once: Ask,
    text_lines: Callable[[Sequence[bytes]], dict[bytes, int]],
) -> Merges:
    """Read a chunk's merges.

    Args:
        ask: runs git, for commands that come again with every chunk.
        once: runs git, for those that do not.
        text_lines: for blobs (hex ids) how many lines each has, those left out that are binary.
    """
    result = Merges()
    result.paths, result.broken = read_paths(merges, ask)
    readable = [merge for merge in merges if merge.commit in result.paths]
    result.files = list(_read_files(readable, COMBINED, ask, result))
    by_commit = {merge.commit: merge.sha for merge in readable}
    for commit, _ in result.broken:
        if commit in by_commit and (files := _read_around(commit, by_commit[commit], once)):
            result.files.append(files)
    for merge, paths in _lacking(readable, result, ask):
        # Only these paths, else git would compare every file that the parents do not share.
        limited = (*RENAMED, "--", *paths)
        result.files += _read_files([merge], limited, once, result)
    for files in result.files:
        _bear_whole(files, text_lines)
    return result


def _lacking(
    merges: Sequence[MergeToRead], result: Merges, ask: Ask
) -> Iterator[tuple[MergeToRead, list[str]]]:
    """Merges with lines from nowhere in a file that a parent lacks, and the paths to compare.

    These are the file, and what the merge in turn lacks of that parent's: the lines may be of one of those.
    """
    lacking: dict[int, dict[int, list[bytes]]] = {}
    for files in result.files:
        for file in files.with_new_lines():
            for parent, name in enumerate(files.old_paths[file]):
                if name is None:
                    lacking.setdefault(files.commit[file], {}).setdefault(parent, []).append(files.path[file])
    for merge in merges:
        paths: set[bytes] = set()
        for parent, names in lacking.get(merge.commit, {}).items():
            rows = result.paths[merge.commit]
            if parent:
                against = MergeToRead(merge.commit, merge.sha, merge.others[parent - 1], ())
                rows = read_paths([against], ask)[0].get(merge.commit, [])
            gone = [path for path, blob in rows if not blob]
            if gone:
                paths.update(gone, names)
        if 0 < len(paths) <= _MOST_PATHS:
            yield merge, [":(top,literal)" + os.fsdecode(path) for path in sorted(paths)]


def read_paths(merges: Sequence[MergeToRead], ask: Ask) -> tuple[dict[int, Paths], list[tuple[int, str]]]:
    """The paths in which merges differ from the parent named, by index; and the merges that git cannot read."""
    status, out, err = ask(RAW, [f"{merge.sha} {merge.against}" for merge in merges])
    if status and len(merges) > 1:  # a tree is absent: one by one
        each = [read_paths([merge], ask) for merge in merges]
        return {i: rows for paths, _ in each for i, rows in paths.items()}, [
            one for _, broken in each for one in broken
        ]
    if status:
        return {}, [(merges[0].commit, last_line(err))]
    paths: dict[int, Paths] = {}
    rows: Paths = []
    with reading("diff-tree"):
        for line in out.split(b"\n"):
            if line.startswith(b":"):
                entry = raw_entry(line)
                rows.append((unquote_c(entry.names[-1]), entry.ids[-1] if is_file(entry.modes[-1]) else b""))
            elif line:
                rows = paths[merges[len(paths)].commit] = []
    return paths, []


def _read_files(
    merges: Sequence[MergeToRead], command: Sequence[str], ask: Ask, result: Merges
) -> Iterator[MergedFiles]:
    """Ask for combined diffs; when one merge ends git, the rest goes on without it."""
    while merges:
        status, out, err = ask(command, [merge.sha for merge in merges])
        if not status:
            yield parse_combined(
                out,
                [merge.commit for merge in merges],
                [merge.sha for merge in merges],
                with_paths="--combined-all-paths" in command,
            )
            return
        if len(merges) == 1:
            result.broken.append((merges[0].commit, last_line(err)))
            return
        half = len(merges) // 2
        yield from _read_files(merges[:half], command, ask, result)
        merges = merges[half:]


def _read_around(commit: int, sha: str, once: Ask) -> MergedFiles | None:
    """The lines of a merge without the files that git cannot read."""
    entries = parse_entries(once(_COMBINED_NAMES, [sha])[1])
    apart = unreadable(once, entries, absent(once, needs_of(entries)))
    out = without(once, COMBINED, sha, apart)
    return None if out is None else parse_combined(out, [commit], [sha])


def _bear_whole(files: MergedFiles, text_lines: Callable[[Sequence[bytes]], dict[bytes, int]]) -> None:
    """A text that a parent had as a binary file shows no lines: all of them are born in the merge."""
    binary = [k for k, hidden in enumerate(files.is_binary) if hidden and files.blob[k]]
    if not binary:
        return
    lines = text_lines([files.blob[k] for k in binary])
    hunks: list[tuple[int, ...]] = []
    runs: list[tuple[int, ...]] = []
    for k in binary:
        if count := lines.get(files.blob[k]):
            runs.append((len(files.hunks) + len(hunks), NOWHERE, 0, count, 0))
            hunks.append((k, 0, 0))
    if hunks:
        all_hunks = np.concatenate((files.hunks, np.array(hunks, dtype=np.int64)))
        all_runs = np.concatenate((files.runs, np.array(runs, dtype=np.int64)))
        order = np.argsort(all_hunks[:, 0], kind="stable")
        all_runs[:, 0] = np.argsort(order)[all_runs[:, 0]]
        files.hunks = all_hunks[order]
        files.runs = all_runs[np.argsort(all_runs[:, 0], kind="stable")]
