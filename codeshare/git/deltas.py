"""What the commits of a chunk changed, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import replace

from codeshare.git.changedlines import ChangedLines, found_among, lines_of_runs, told_apart
from codeshare.git.hashes import C1, C2, Hashes, mix
from codeshare.git.patch import Ints, PairHunks
from codeshare.git.raw import RawFiles
from codeshare.git.wanted import LINES, Wanted


class Deltas(Struct):
    """What a chunk of commits changed. ``commits`` are indexes into the walk, those that came back.

    Per file (arrays of one length): ``commit`` (index into the walk), ``status`` (git's letter),
    ``path`` and ``old_path`` (bytes; None unless renamed), ``added``, ``deleted`` (−1: binary),
    ``moved``, ``whitespace``, ``patch`` and ``inverse`` (hashes of the file's change and of undoing it).
    ``blob``: id of the file's new content (hex; empty: gone, or a submodule), ``moved_lines``: int32[n, 2]
    of file and line (1-based) for each added line that counts as moved.
    ``hunks``: int64[n, 4] of old_start, old_count, new_start, new_count as ``-U0`` would print them, and
    ``hunk_file``, the file of each. ``markers``: (file, +1 or −1) for each line within the first lines
    of a file that says it is generated, added or removed. ``idle``: for each removed line, hunk after hunk, whether it
    is blank or nothing but a comment.

    Where no lines are followed, ``hunks``, ``hunk_file``, ``blob``, ``moved_lines`` and ``idle`` are empty.
    """

    commits: Ints
    commit: Ints
    status: list[str]
    path: list[bytes]
    old_path: list[bytes | None]
    added: Ints
    deleted: Ints
    moved: Ints
    whitespace: Ints
    patch: Hashes
    inverse: Hashes
    markers: list[tuple[int, int]]
    hunks: Ints = field(default_factory=lambda: np.empty((0, 4), dtype=np.int64))
    hunk_file: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    blob: list[bytes] = field(default_factory=list)
    moved_lines: Ints = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))
    idle: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))


def deltas_of(
    patches: PairHunks, files: RawFiles, file_pair: Sequence[tuple[int, int]], wanted: Wanted = LINES
) -> Deltas:
    """What commits changed, given the pair or pairs that each file's patch is.

    Args:
        files: of the commits.
        file_pair: number of the file and of the pair; in order of the files.
        wanted: markers, whether lines are followed, and for idle lines what comments begin with.
    """
    count = len(files.path)
    file, pair = np.array(file_pair, dtype=np.int64).reshape(-1, 2).T
    lines = ChangedLines(patches, file, pair, count)
    commit = np.array(files.commit, dtype=np.int64)
    is_whitespace = lines.whitespace_hunks()
    moved = _moved(lines, commit, is_whitespace)
    moved_file = lines.line_owner[moved]
    counted = of_files(
        files,
        commit,
        is_binary=lines.is_binary,
        added=lines.added(),
        deleted=lines.deleted(),
        moved=np.bincount(moved_file, minlength=count),
        whitespace=lines.whitespace(is_whitespace),
        names=name_hashes(files),
        sums=lines.sums(),
        markers=lines.markers(wanted.markers) if wanted.markers else [],
    )
    if not wanted.lines:
        return counted
    return replace(
        counted,
        hunks=lines.hunks,
        hunk_file=lines.hunk_owner,
        blob=files.new,
        moved_lines=np.stack((moved_file, lines.numbers(moved)), axis=1),
        idle=lines.idle(files.path, wanted.comments or {}),
    )


def of_files(
    files: RawFiles,
    commit: Ints,
    *,
    is_binary: npt.NDArray[np.bool_],
    added: Ints,
    deleted: Ints,
    moved: Ints,
    whitespace: Ints,
    names: tuple[Hashes, Hashes],
    sums: tuple[Hashes, Hashes],
    markers: list[tuple[int, int]],
) -> Deltas:
    """What commits changed, without lines to follow.

    ``names``: `name_hashes`; ``sums``: of added and of removed lines (`ChangedLines.sums`).
    """
    patch, inverse = _file_hashes(*_with_objects(names, files, is_binary), *sums)
    return Deltas(
        commits=np.array(files.done, dtype=np.int64),
        commit=commit,
        status=files.status,
        path=files.path,
        old_path=files.old_path,
        added=added,
        deleted=deleted,
        moved=moved,
        whitespace=whitespace,
        patch=patch,
        inverse=inverse,
        markers=markers,
    )


def _moved(lines: ChangedLines, commit: Ints, is_whitespace: npt.NDArray[np.bool_]) -> Ints:
    """Places of the lines that are added in a run that the same commit removes elsewhere."""
    added, removed = lines.runs()
    keys = (told_apart(runs.hashes, commit[lines.line_owner[runs.places]]) for runs in (added, removed))
    first = added.places[found_among(*keys)]
    return lines_of_runs(first[~is_whitespace[lines.line_hunk[first]]])


def name_hashes(files: RawFiles) -> tuple[Hashes, Hashes]:
    """Hashes of each file's names, and of its names the other way round."""

    @cache  # of most files both names are the same, and many commits change them
    def hashed(path: bytes, old: bytes) -> int:
        return crc32(path, crc32(old)) << 16

    names = [(path, old or path) for path, old in zip(files.path, files.old_path, strict=True)]
    there = [hashed(path, old) for path, old in names]
    back = [hashed(old, path) for path, old in names]
    return np.array(there, dtype=np.uint64), np.array(back, dtype=np.uint64)


def _with_objects(
    names: tuple[Hashes, Hashes], files: RawFiles, is_binary: npt.NDArray[np.bool_]
) -> tuple[Hashes, Hashes]:
    """The hashes of names, with the objects' ids of what is binary: nothing else tells its content."""
    there, back = (each.copy() for each in names)
    for k in np.flatnonzero(is_binary).tolist():
        objects = files.objects[k]
        half = len(objects) // 2
        before, after = objects[:half], objects[half:]
        there[k] = crc32(before + after, int(there[k]) >> 16) << 16
        back[k] = crc32(after + before, int(back[k]) >> 16) << 16
    return there, back


def _file_hashes(there: Hashes, back: Hashes, added: Hashes, removed: Hashes) -> tuple[Hashes, Hashes]:
    """Of each file's change and of undoing it: the idea of ``git patch-id --stable``.

    Whitespace and line numbers do not count, paths do. ``there``, ``back``: `_with_objects`; ``added``,
    ``removed``: `ChangedLines.sums`.
    """
    return mix(there + added * C1 + removed * C2), mix(back + removed * C1 + added * C2)
