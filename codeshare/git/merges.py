"""What merges changed: the lines of files that differ from every parent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from codeshare.errors import GitError
from codeshare.git.broken import Ask
from codeshare.git.combined import NOWHERE, MergedFiles, merged_files
from codeshare.git.mergednames import RENAMED, MergedNames, MergeToRead, Paths, read_paths
from codeshare.git.pairs import Pairs
from codeshare.git.patch import PairHunks
from codeshare.git.session import ask_kept
from codeshare.git.shadow import ask, last_line

_MOST_PATHS = 2000  # in one command


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
    git_dir: Path,
    merges: Sequence[MergeToRead],
    names: MergedNames,
    patches: PairHunks,
    text_lines: Callable[[Path, Sequence[bytes]], dict[bytes, int]],
) -> Merges:
    """Read a chunk's merges.

    Args:
        names: the files that they changed.
        patches: of the pairs of blobs in ``names``.
        text_lines: for blobs (hex ids) how many lines each has, those left out that are binary.
    """
    result = Merges(names.paths, [merged_files(names, patches)], names.broken)
    readable = [merge for merge in merges if merge.commit in names.paths]
    renamed = MergedNames()
    for merge, paths in _lacking(readable, result, partial(ask_kept, git_dir)):
        # Only these paths, else git would compare every file that the parents do not share.
        status, out, err = ask(git_dir, (*RENAMED, "--", *paths), [merge.sha])
        if status:
            result.broken.append((merge.commit, last_line(err)))
        else:
            renamed.read(out, [merge])
    if renamed.commit:
        result.files.append(_compare(git_dir, renamed))
    for files in result.files:
        _bear_whole(files, partial(text_lines, git_dir))
    return result


def _compare(git_dir: Path, names: MergedNames) -> MergedFiles:
    """The lines of files whose blobs have not been compared yet."""
    pairs = Pairs()
    names.add_to(pairs)
    status, out, err = pairs.compare(git_dir, lines=True) if pairs else (0, b"", b"")
    if status:
        raise GitError(f"git diff-tree ended with status {status}: {last_line(err)}")
    return merged_files(names, PairHunks(out, pairs.order()))


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
