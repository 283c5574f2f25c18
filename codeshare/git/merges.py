"""What merges changed: the lines of files that differ from every parent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from msgspec import Struct, field

from codeshare.git.combined import NOWHERE, MergedFiles, merged_files
from codeshare.git.mergednames import MergedNames, MergeToRead, Paths
from codeshare.git.mergerenames import Lacking, find_renames
from codeshare.git.pairs import Pairs
from codeshare.git.patch import PairHunks
from codeshare.git.shadow import refuse_failed


class Merges(Struct):
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
    lacking = list(_lacking({merge.commit: merge for merge in merges}, result.files[0]))
    renamed = find_renames(git_dir, names, lacking) if lacking else MergedNames()
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
    refuse_failed("diff-tree", status, err)
    return merged_files(names, PairHunks(out, pairs.order))


def _lacking(merges: Mapping[int, MergeToRead], files: MergedFiles) -> Iterator[Lacking]:
    """Files with lines from nowhere, where a parent lacks them: the lines may be of a file with another name."""
    rows: dict[tuple[int, int], list[int]] = {}
    for file in files.with_new_lines():
        for parent, name in enumerate(files.old_paths[file]):
            if name is None:
                rows.setdefault((files.commit[file], parent), []).append(file)
    for (commit, parent), lacking in rows.items():
        yield Lacking(merges[commit], parent, lacking)


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
