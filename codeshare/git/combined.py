"""Parse git's combined diffs (``diff-tree -c --raw -p -U1``) with numpy: which parent each line of a merge has.

Only files that differ from every parent are printed. In a hunk each line begins with one column per
parent: a space where that parent has the line, ``+`` where it has not; a line with a ``-`` is a
parent's that the result lacks. Everything outside of hunks is the first parent's, unchanged.
``-U0`` must not be asked for: git then prints ranges that have wrapped around zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from codeshare.git.form import HIGHEST, raw_entry, reading
from codeshare.git.patch import counting
from codeshare.git.quoting import unquote_c

Ints = npt.NDArray[np.int64]

_PLUS, _MINUS, _SPACE, _BACKSLASH, _AT, _COLON, _D, _B = b"+- \\@:dB"
_RANGE = re.compile(rb" [-+](\d+)(?:,(\d+))?")
NOWHERE = -1


@dataclass(slots=True)
class MergedFiles:
    """The files of merges that differ from every parent.

    Per file: ``commit`` (index into the walk), ``path``, ``blob`` (hex id; empty: gone, or no file),
    ``old_paths`` (its path in each parent; None: it has none there), ``is_binary``.
    ``hunks``: int64[n, 3], the file of each, where it begins in the first parent (lines before it) and
    how many lines of that it replaces. ``runs``: int64[n, 5], lines of the result that come from one
    place: hunk, parent (`NOWHERE`: none, born here), lines before it in that parent, count, lines
    before it in the result.
    """

    commit: list[int] = field(default_factory=list)
    path: list[bytes] = field(default_factory=list)
    blob: list[bytes] = field(default_factory=list)
    old_paths: list[tuple[bytes | None, ...]] = field(default_factory=list)
    is_binary: list[bool] = field(default_factory=list)
    hunks: Ints = field(default_factory=lambda: np.zeros((0, 3), dtype=np.int64))
    runs: Ints = field(default_factory=lambda: np.zeros((0, 5), dtype=np.int64))
    done: list[int] = field(default_factory=list)

    def with_new_lines(self) -> list[int]:
        """The files with lines that no parent has."""
        hunks = self.runs[self.runs[:, 1] == NOWHERE, 0]
        files: list[int] = np.unique(self.hunks[hunks, 0]).tolist()
        return files


def parse_combined(
    out: bytes,
    commits: Sequence[int],
    shas: Sequence[str],
    *,
    with_paths: bool = False,
) -> MergedFiles:
    """Parse what git printed for merges.

    Args:
        out: the stream; it may end early, then fewer merges come back in ``done``.
        commits: indexes into the walk, in the order in which they were fed.
        shas: their ids, in the same order.
        with_paths: it was asked for with ``--combined-all-paths`` and ``-M``.

    Raises:
        GitError: it has another form, or hunks hold other lines than they say.
    """
    with reading("diff-tree -c"):
        return _parse(out, _Headers(out, commits, shas, with_paths))


def _parse(out: bytes, reader: _Headers) -> MergedFiles:
    buffer = np.frombuffer(out, dtype=np.uint8)
    ends = np.flatnonzero(buffer == 10)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))[: len(ends)]
    # A commit's patches are parted from its raw entries by an empty line, which begins with a newline.
    first = buffer[starts] if len(ends) else buffer[:0]
    is_header = (first != _PLUS) & (first != _MINUS) & (first != _SPACE) & (first != _BACKSLASH)
    headers = np.flatnonzero(is_header)
    reader.read(headers, starts, ends, first)
    if reader.hunk_line:
        _Lines(buffer, starts, ends, first, headers, reader).store()
    return reader.files


class _Headers:
    """Walks over the lines that begin merges, raw entries, patches and hunks."""

    def __init__(self, out: bytes, commits: Sequence[int], shas: Sequence[str], with_paths: bool) -> None:
        self.out, self.commits, self.with_paths = out, commits, with_paths
        self.wanted = [sha.encode("ascii") for sha in shas]
        self.files = MergedFiles()
        self.hunk_line: list[int] = []
        self.hunk_file: list[int] = []
        # Per hunk, the lines before it and its count in each parent, then in the result.
        self.ranges: list[tuple[int, ...]] = []

    def read(self, headers: Ints, starts: Ints, ends: Ints, first: npt.NDArray[np.uint8]) -> None:
        out, files = self.out, self.files
        at, current, file = 0, -1, -1
        queue: list[tuple[bytes, int]] = []
        for line, start, end, kind in zip(
            headers.tolist(),
            starts[headers].tolist(),
            ends[headers].tolist(),
            first[headers].tolist(),
            strict=True,
        ):
            if kind == _AT:
                self._hunk(line, file, out[start:end])
            elif kind == _COLON:
                queue.append((self._raw(out[start:end], current), len(files.path) - 1))
            elif kind == _D and out.startswith(b"diff --combined ", start):
                name = out[start + 16 : end]
                while queue[0][0] != name:  # an entry whose mode alone changed prints no patch
                    queue.pop(0)
                file = queue.pop(0)[1]
            elif kind == _B and file >= 0 and out.startswith(b"Binary files ", start):
                files.is_binary[file] = True
            elif at < len(self.wanted) and out[start:end] == self.wanted[at]:
                current, file = self.commits[at], -1
                files.done.append(current)
                queue.clear()
                at += 1

    def _hunk(self, line: int, file: int, header: bytes) -> None:
        ranges = _ranges(header)
        if file < 0 or len(ranges) != 2 * len(self.files.old_paths[file]) + 2:
            raise ValueError("a hunk of no file, or of other parents than its file has")
        self.hunk_line.append(line)
        self.hunk_file.append(file)
        self.ranges.append(ranges)

    def _raw(self, line: bytes, commit: int) -> bytes:
        """Note a raw entry; return the path as it is printed."""
        entry = raw_entry(line)
        if commit < 0:
            raise ValueError("a raw entry of no merge")
        parents = len(entry.modes) - 1
        path = unquote_c(entry.names[-1])
        old_names = [unquote_c(name) for name in entry.names[:-1]] if self.with_paths else [path] * parents
        files = self.files
        files.commit.append(commit)
        files.path.append(path)
        files.blob.append(entry.ids[-1] if is_file(entry.modes[-1]) else b"")
        files.old_paths.append(
            tuple(
                name if is_file(mode) else None
                for name, mode in zip(old_names, entry.modes[:-1], strict=True)
            )
        )
        files.is_binary.append(False)
        return entry.names[-1]


class _Lines:
    """The content lines of all hunks, and where each comes from."""

    def __init__(
        self,
        buffer: npt.NDArray[np.uint8],
        starts: Ints,
        ends: Ints,
        first: npt.NDArray[np.uint8],
        headers: Ints,
        reader: _Headers,
    ) -> None:
        self.buffer, self.starts, self.ends, self.first = buffer, starts, ends, first
        self.reader = reader
        hunk_lines = np.array(reader.hunk_line, dtype=np.int64)
        after = np.append(headers, len(first))[np.searchsorted(headers, hunk_lines) + 1]
        spans = after - hunk_lines - 1
        line = np.repeat(hunk_lines + 1, spans) + counting(spans)
        hunk = np.repeat(np.arange(len(spans)), spans)
        text = first[line] != _BACKSLASH
        self.line, self.hunk = line[text], hunk[text]

    def store(self) -> None:
        """Fill in ``hunks`` and ``runs`` of the files."""
        ranges = self.reader.ranges
        widths = np.array([len(each) // 2 - 1 for each in ranges], dtype=np.int64)
        most = int(widths.max())
        before, counts = (np.zeros((len(ranges), most + 1), dtype=np.int64) for _ in range(2))
        for row, each in enumerate(ranges):
            before[row, : len(each) // 2], counts[row, : len(each) // 2] = each[::2], each[1::2]
        source, position, result = self._origins(widths, before, counts, most)
        kept = source > -2
        hunk, source, position, result = self.hunk[kept], source[kept], position[kept], result[kept]
        breaks = np.ones(len(hunk), dtype=bool)
        breaks[1:] = (
            (hunk[1:] != hunk[:-1])
            | (source[1:] != source[:-1])
            | ((source[1:] != NOWHERE) & (position[1:] != position[:-1] + 1))
        )
        heads = np.flatnonzero(breaks)
        lengths = np.diff(np.append(heads, len(hunk)))
        files = self.reader.files
        file = np.array(self.reader.hunk_file, dtype=np.int64)
        files.hunks = np.stack((file, before[:, 0], counts[:, 0]), axis=1)
        files.runs = np.stack((hunk[heads], source[heads], position[heads], lengths, result[heads]), axis=1)

    def _origins(self, widths: Ints, before: Ints, counts: Ints, most: int) -> tuple[Ints, Ints, Ints]:
        """Per line its first parent that has it (−2: not in the result), its place there and in the result."""
        count = len(self.line)
        width = widths[self.hunk]
        columns = [
            np.where(width > k, self.buffer[np.minimum(self.starts[self.line] + k, len(self.buffer) - 1)], 0)
            for k in range(most)
        ]
        removed = np.zeros(count, dtype=bool)
        for column in columns:
            removed |= column == _MINUS
        heads = np.searchsorted(self.hunk, np.arange(len(widths)))
        tails = np.append(heads[1:], count)
        rows = np.arange(len(widths))
        source = np.full(count, NOWHERE, dtype=np.int64)
        position = np.zeros(count, dtype=np.int64)
        for k in range(most - 1, -1, -1):
            there = np.where(removed, columns[k] == _MINUS, columns[k] == _SPACE)
            passed = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(there)))
            _refuse_others(passed[tails] - passed[heads], np.where(widths > k, counts[:, k], 0))
            place = before[self.hunk, k] + passed[:-1] - passed[heads[self.hunk]]
            mine = there & ~removed
            source[mine], position[mine] = k, place[mine]
        passed = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(~removed)))
        _refuse_others(passed[tails] - passed[heads], counts[rows, widths])
        result = before[self.hunk, width] + passed[:-1] - passed[heads[self.hunk]]
        source[removed] = -2
        return source, position, result


def is_file(mode: bytes) -> bool:
    """Whether a tree entry's mode is that of a file or symbolic link: neither absent nor a submodule."""
    return mode not in (b"000000", b"160000")


def _ranges(header: bytes) -> tuple[int, ...]:
    """Lines before the hunk and its count, for each parent and the result, of ``@@@ -a,b -c,d +e,f @@@``.

    Other than in plain diffs, the start is that of the next line also where the count is 0.
    """
    numbers: list[int] = []
    for start, count in _RANGE.findall(header[: header.index(b" @@")]):
        held = int(count) if count else 1
        if int(start) + held > HIGHEST:
            raise ValueError("hunks out of place")
        numbers += (max(int(start) - 1, 0), held)
    return tuple(numbers)


def _refuse_others(held: Ints, said: Ints) -> None:
    if (held != said).any():
        raise ValueError("a hunk holds other lines than it says")
