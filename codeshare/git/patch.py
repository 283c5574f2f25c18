"""Parse git's patches with numpy: no Python per line, none per patch.

In ``diff-tree -p`` every line of content begins with ``+``, ``-``, a space or a backslash, so the newlines
and the byte after each tell headers from content. What the commits of a chunk changed is a `Deltas`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import compress
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from codeshare.git.form import HIGHEST, reading
from codeshare.git.raw import RawFiles
from codeshare.git.wanted import LINES, MarkerSearch, Wanted

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_PLUS, _MINUS, _SPACE, _BACKSLASH, _AT, _COMMA, _D, _I, _B = b"+- \\@,diB"
# Odd 64-bit constants for mixing; any will do.
_C1, _C2, _C3 = (np.uint64(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_HEADER_WIDTH = 60
_SIEVE = 20  # bits
_RUN = 3  # lines: the shortest run that counts as moved
_LEADERS = ("#", "//", "--", ";", "%", "<!--")


@dataclass(slots=True)
class Deltas:
    """What a chunk of commits changed. ``commits`` are indexes into the walk, those that came back.

    Per file (arrays of one length): ``commit`` (index into the walk), ``status`` (git's letter),
    ``path`` and ``old_path`` (bytes; None unless renamed), ``added``, ``deleted`` (−1: binary),
    ``moved``, ``whitespace``, ``patch`` and ``inverse`` (hashes of the file's change and of undoing it).
    ``blob``: id of the file's new content (hex; empty: gone, or a submodule), ``moved_lines``: int32[n, 2]
    of file and line (1-based) for each added line that counts as moved.
    ``hunks``: int64[n, 4] of old_start, old_count, new_start, new_count as ``-U0`` would print them, and
    ``hunk_file``, the file of each. ``markers``: (file, +1 or −1) for each line within the first lines
    of a file that says it is generated, added or removed. ``unchanged``: (file, blob) of the files that
    were only renamed or whose mode changed. ``idle``: for each removed line, hunk after hunk, whether it
    is blank or nothing but a comment.
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
    hunks: Ints
    hunk_file: Ints
    markers: list[tuple[int, int]]
    unchanged: list[tuple[int, bytes]]
    blob: list[bytes]
    moved_lines: Ints
    idle: npt.NDArray[np.bool_]


class PairHunks:
    """What git printed for pairs of blobs: the changed lines and the runs (hunks without context) they form.

    ``hunks``: int64[n, 4] of old_start, old_count, new_start, new_count.
    """

    def __init__(self, out: bytes, order: Sequence[int]) -> None:
        """Parse what `Pairs.compare` printed.

        Args:
            out: the stream.
            order: the numbers of the pairs, as git compared them.

        Raises:
            GitError: it has another form, or hunks hold other lines than they say.
        """
        self._out = out
        with reading("diff-tree"):
            self._parse(np.array(order, dtype=np.int64))

    def _parse(self, order: Ints) -> None:
        buffer = np.frombuffer(self._out, dtype=np.uint8)
        self._ends = np.flatnonzero(buffer == 10)
        self._starts = np.concatenate((np.zeros(1, dtype=np.int64), self._ends[:-1] + 1))[: len(self._ends)]
        first = buffer[self._starts] if len(self._ends) else buffer[:0]
        is_header = (first != _PLUS) & (first != _MINUS) & (first != _SPACE) & (first != _BACKSLASH)
        headers = np.flatnonzero(is_header)
        kinds = first[headers]
        # The ids of two trees may begin with a `d`, too.
        begins = headers[
            (kinds == _D) & (buffer[np.minimum(self._starts[headers] + 1, len(buffer) - 1)] == _I)
        ]
        if len(begins) != len(order):
            raise ValueError(f"{len(begins)} of {len(order)} patches")
        self._block = np.empty_like(order)
        self._block[order] = np.arange(len(order))
        self._binary = np.zeros(len(order), dtype=bool)
        self._binary[np.searchsorted(begins, headers[kinds == _B]) - 1] = True
        hunk_lines = headers[kinds == _AT]
        printed = parse_hunk_headers(buffer, self._starts[hunk_lines])
        block = np.searchsorted(begins, hunk_lines) - 1
        _refuse_disorder(printed, block)
        # Content stands between a hunk header and the next header; `---` and `+++` follow `index`.
        after = np.append(headers, len(first))[np.searchsorted(headers, hunk_lines) + 1]
        spans = after - hunk_lines - 1
        line = np.repeat(hunk_lines + 1, spans) + counting(spans)
        hunk = np.repeat(np.arange(len(spans)), spans)
        kind = first[line]
        text = kind != _BACKSLASH
        self._find_runs(line[text], hunk[text], kind[text], printed, block)
        bounds = np.arange(len(order) + 1)
        self._hunk_at = np.searchsorted(self._hunk_block, bounds)
        self._line_at = np.searchsorted(self._hunk_block[self._line_hunk], bounds)

    def is_binary(self, pairs: Ints) -> npt.NDArray[np.bool_]:
        """Of some pairs, whether git calls a blob binary."""
        return self._binary[self._block[pairs]]

    def hunks_of(self, pairs: Ints) -> tuple[Ints, Ints]:
        """The hunks of some pairs, one after the other: to which of the pairs given each belongs, and the hunks."""
        which, place = _gather(self._hunk_at, self._block[pairs])
        return which, self.hunks[place]

    def deltas(
        self,
        files: RawFiles,
        file_pair: Sequence[tuple[int, int]],
        wanted: Wanted = LINES,
    ) -> Deltas:
        """What commits changed, given the pair or pairs that each file's patch is.

        Args:
            files: of the commits.
            file_pair: number of the file and of the pair; in order of the files.
            wanted: without lines there are neither ``moved_lines`` nor ``idle``.
        """
        return _Content(self, files, file_pair).deltas(wanted)

    def _find_runs(self, line: Ints, hunk: Ints, kind: Any, printed: Ints, block: Ints) -> None:
        """Cut git's hunks at their context lines, where it prints any: what remains are hunks as of ``-U0``."""
        changed = kind != _SPACE
        previous = np.concatenate((np.zeros(1, dtype=bool), changed[:-1] & (hunk[1:] == hunk[:-1])))[
            : len(line)
        ]
        begins = np.flatnonzero(changed & ~previous)
        is_added, is_removed = kind == _PLUS, kind == _MINUS
        place = (np.cumsum(changed & ~previous) - 1)[changed]
        old_count = np.bincount(place[is_removed[changed]], minlength=len(begins))
        new_count = np.bincount(place[is_added[changed]], minlength=len(begins))
        run_hunk = hunk[begins]
        first_line = np.searchsorted(hunk, np.arange(len(printed)))
        old_before, new_before = (
            np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(~side))) for side in (is_added, is_removed)
        )
        end_line = np.append(first_line[1:], len(line))[: len(printed)]
        starts = []
        for before, start, count, mine in (
            (old_before, printed[:, 0], printed[:, 1], old_count),
            (new_before, printed[:, 2], printed[:, 3], new_count),
        ):
            if (before[end_line] - before[first_line] != count).any():
                raise ValueError("a hunk holds other lines than it says")
            base = (start + (count == 0))[run_hunk]
            starts.append(base + before[begins] - before[first_line[run_hunk]] - (mine == 0))
        self.hunks = np.stack((starts[0], old_count, starts[1], new_count), axis=1)
        self._hunk_block = block[run_hunk]
        self._line, self._line_hunk, self._is_added = line[changed], place, is_added[changed]


class _Content:
    """The changed lines of a chunk's files, in order of the files."""

    def __init__(self, patches: PairHunks, files: RawFiles, file_pair: Sequence[tuple[int, int]]) -> None:
        self.patches, self.files, self.file_count = patches, files, len(files.path)
        patch_file, pair = np.array(file_pair, dtype=np.int64).reshape(-1, 2).T
        block = patches._block[pair]
        self.is_binary = np.zeros(self.file_count, dtype=bool)
        self.is_binary[patch_file[patches._binary[block]]] = True
        which, hunk = _gather(patches._hunk_at, block)
        self.hunks, self.hunk_file = patches.hunks[hunk], patch_file[which]
        which, place = _gather(patches._line_at, block)
        self.line, self.is_added = patches._line[place], patches._is_added[place]
        sizes = self.hunks[:, 1] + self.hunks[:, 3]
        self.line_hunk = np.repeat(np.arange(len(self.hunks)), sizes)
        self.line_file = self.hunk_file[self.line_hunk]

    def deltas(self, wanted: Wanted) -> Deltas:
        files, count = self.files, self.file_count
        added = np.bincount(self.hunk_file, weights=self.hunks[:, 3], minlength=count).astype(np.int64)
        deleted = np.bincount(self.hunk_file, weights=self.hunks[:, 1], minlength=count).astype(np.int64)
        added[self.is_binary] = deleted[self.is_binary] = -1
        commit = np.array(files.commit, dtype=np.int64)
        lines = self._line_hashes()
        whitespace = self._whitespace_hunks(lines)
        patch, inverse = self._file_hashes(lines)
        moved = self._moved(lines, commit)
        moved = moved[~whitespace[self.line_hunk[moved]]]
        moved_file = self.line_file[moved]
        return Deltas(
            commits=np.array(files.done, dtype=np.int64),
            commit=commit,
            status=files.status,
            path=files.path,
            old_path=files.old_path,
            added=added,
            deleted=deleted,
            moved=np.bincount(moved_file, minlength=count),
            whitespace=np.bincount(
                self.hunk_file, weights=np.where(whitespace, self.hunks[:, 3], 0), minlength=count
            ).astype(np.int64),
            patch=patch,
            inverse=inverse,
            hunks=self.hunks,
            hunk_file=self.hunk_file,
            markers=self._markers(wanted.markers) if wanted.markers else [],
            unchanged=[
                (k, new)
                for k, (old, new) in enumerate(zip(files.old, files.new, strict=True))
                if old == new != b""
            ],
            blob=files.new,
            moved_lines=np.stack((moved_file, self._numbers(moved)), axis=1)
            if wanted.lines
            else np.empty((0, 2), dtype=np.int64),
            idle=self._idle(wanted.comments or {}) if wanted.lines else np.empty(0, dtype=np.bool_),
        )

    def _idle(self, comments: Mapping[bytes, Sequence[str]]) -> npt.NDArray[np.bool_]:
        """Of removed lines, whether they are blank or nothing but a comment."""
        removed = ~self.is_added
        line = self.line[removed]
        idle: npt.NDArray[np.bool_] = self.is_blank[removed]
        if not len(line):
            return idle
        bits = np.array([_leader_bits(path, comments) for path in self.files.path], dtype=np.uint8)
        own = bits[self.line_file[removed]]
        head = [
            self._stripped[np.minimum(self._stripped_at[line] + k, len(self._stripped) - 1)] for k in (1, 2)
        ]
        for k, leader in enumerate(_LEADERS):
            begins = head[0] == ord(leader[0])
            if len(leader) > 1:
                begins &= head[1] == ord(leader[1])
            idle |= begins & ((own & (1 << k)) > 0)
        slashes = (own & (1 << _LEADERS.index("//"))) > 0
        idle |= slashes & (head[0] == ord("/")) & (head[1] == ord("*"))
        for place in np.flatnonzero(slashes & (head[0] == ord("*"))).tolist():
            text = self._text(line[place]).strip()
            idle[place] |= text[:2] in (b"*", b"* ", b"*/", b"**")  # else it is a pointer
        return idle

    def _numbers(self, places: Ints) -> Ints:
        """Number in its file of changed lines at some places, in the new file if added, in the old one if removed."""
        hunk = self.line_hunk[places]
        rank = places - np.searchsorted(self.line_hunk, hunk)
        old_start, old_count, new_start = (self.hunks[hunk, k] for k in range(3))
        numbers: Ints = np.where(self.is_added[places], new_start + rank - old_count, old_start + rank)
        return numbers

    def _line_hashes(self) -> Hashes:
        """A hash of each content line without any whitespace, be it added or removed."""
        text = bytearray(self.patches._out)
        np.frombuffer(text, dtype=np.uint8)[self.patches._starts[self.line]] = _PLUS
        stripped = bytes(text.translate(None, b" \t\r\f\v"))
        del text
        wanted = np.zeros(len(self.patches._ends) + 1, dtype=bool)
        wanted[self.line] = True
        # No list of lines: most of the time would go into finding room for them.
        sums = np.fromiter(map(crc32, compress(BytesIO(stripped), wanted.tobytes())), dtype=np.uint32)
        crc = _without_newline(sums)[np.cumsum(wanted)[self.line] - 1]
        self._stripped = np.frombuffer(stripped, dtype=np.uint8)
        ends = np.flatnonzero(self._stripped == 10)
        self._stripped_at = np.concatenate((np.zeros(1, dtype=np.int64), ends + 1))
        long = ends[self.line] - self._stripped_at[self.line]
        self.is_blank = long <= 1
        return _mix(crc | (long.astype(np.uint64) << np.uint64(32)))

    def _whitespace_hunks(self, lines: Hashes) -> npt.NDArray[np.bool_]:
        """Whether each hunk changes nothing but whitespace: equal without blank lines and spaces."""
        filled = ~self.is_blank
        added, removed = (
            _ordered_sums(lines[side], self.line_hunk[side], len(self.hunks))
            for side in (self.is_added & filled, ~self.is_added & filled)
        )
        equal: npt.NDArray[np.bool_] = added == removed
        return equal

    def _file_hashes(self, lines: Hashes) -> tuple[Hashes, Hashes]:
        """The idea of ``git patch-id --stable``: whitespace and line numbers do not count, paths do."""
        added, removed = (
            _ordered_sums(lines[side], self.line_file[side], self.file_count)
            for side in (self.is_added, ~self.is_added)
        )
        names = zip(
            self.files.path, self.files.old_path, self.is_binary.tolist(), self.files.objects, strict=True
        )
        pairs = [_name_hashes(*row) for row in names]
        there = np.array([pair[0] for pair in pairs], dtype=np.uint64)
        back = np.array([pair[1] for pair in pairs], dtype=np.uint64)
        return _mix(there + added * _C1 + removed * _C2), _mix(back + removed * _C1 + added * _C2)

    def _moved(self, lines: Hashes, commit: Ints) -> Ints:
        """Places of the content lines that are added in a run that the same commit removes elsewhere."""
        if len(lines) < 2 * _RUN:
            return np.empty(0, dtype=np.int64)
        owner = commit[self.line_file].astype(np.uint64)
        group = self.line_hunk * 2 + self.is_added
        same = (group[: 1 - _RUN] == group[_RUN - 1 :]) & ~self.is_blank[: 1 - _RUN]
        runs = (
            lines[: 1 - _RUN] + lines[1 : 2 - _RUN] * _C1 + lines[_RUN - 1 :] * _C2 + owner[: 1 - _RUN] * _C3
        )
        adds = np.flatnonzero(same & self.is_added[: 1 - _RUN])
        removes = np.flatnonzero(same & ~self.is_added[: 1 - _RUN])
        # Most have no like on the other side; those are not worth sorting.
        adds = adds[_may_be_in(runs[adds], runs[removes])]
        removes = removes[_may_be_in(runs[removes], runs[adds])]
        hits = adds[np.isin(runs[adds], runs[removes])]
        return np.unique((hits[:, None] + np.arange(_RUN)).ravel())

    def _markers(self, markers: MarkerSearch) -> list[tuple[int, int]]:
        pattern, out = re.compile(markers.pattern), self.patches._out
        found: list[int] = []
        for needle in markers.needles:
            at = out.find(needle)
            while at >= 0:
                found.append(at)
                at = out.find(needle, at + len(needle))
        lines = np.unique(np.searchsorted(self.patches._ends, found))
        lines = lines[lines < len(self.patches._ends)]  # what no newline ends is no line
        marked = [line for line in lines.tolist() if pattern.search(self._text(line))]
        if not marked:
            return []
        places = np.flatnonzero(np.isin(self.line, marked))
        near = places[self._numbers(places) <= markers.within]
        signs = np.where(self.is_added[near], 1, -1)
        return list(zip(self.line_file[near].tolist(), signs.tolist(), strict=True))

    def _text(self, line: int) -> bytes:
        return self.patches._out[self.patches._starts[line] + 1 : self.patches._ends[line]]


def _leader_bits(path: bytes, comments: Mapping[bytes, Sequence[str]]) -> int:
    """What comments of a file begin with, as bits of `_LEADERS`."""
    leaders = comments.get(path.rpartition(b"/")[2].rpartition(b".")[2].lower(), ())
    return sum(1 << _LEADERS.index(leader) for leader in leaders)


def parse_hunk_headers(buffer: npt.NDArray[np.uint8], starts: Ints) -> Ints:
    """Read ``@@ -a,b +c,d @@`` at each start, all at once: int64[n, 4]; an absent count is 1."""
    result = np.tile(np.array([0, 1, 0, 1], dtype=np.int64), (len(starts), 1))
    rows, last = np.arange(len(starts)), len(buffer) - 1
    field, value = np.zeros_like(rows), np.zeros_like(rows)
    for column in range(4, _HEADER_WIDTH):
        if not len(rows):
            break
        byte = buffer[np.minimum(starts[rows] + column, last)]
        digit = byte - np.uint8(48)
        other = np.flatnonzero(digit > 9)
        kind, held = byte[other], value[other]
        # More would wrap around, and what wraps around may look right.
        value = np.minimum(value * 10 + digit, HIGHEST + 1)
        value[other] = held
        ended = other[(kind == _COMMA) | (kind == _PLUS) | (kind == _AT)]
        result[rows[ended], field[ended]] = value[ended]
        value[ended] = 0
        field[other[kind == _COMMA]] += 1
        field[other[kind == _PLUS]] = 2
        going = byte != _AT
        if not going.all():
            rows, field, value = rows[going], field[going], value[going]
    return result


def _refuse_disorder(hunks: Ints, block: Ints) -> None:
    """Hunks belong to a patch, and follow one another in it."""
    if not len(hunks):
        return
    ends = hunks[:, (0, 2)] + np.maximum(hunks[:, (1, 3)], 1)
    begins = hunks[:, (0, 2)] + (hunks[:, (1, 3)] == 0)
    overlap = (begins[1:] < ends[:-1]).any(axis=1) & (block[1:] == block[:-1])
    if block[0] < 0 or (begins < 1).any() or (ends > HIGHEST).any() or overlap.any():
        raise ValueError("hunks out of place")


def counting(lengths: Ints) -> Ints:
    """0, 1, … for each length, one after the other."""
    total = int(lengths.sum())
    return np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _gather(at: Ints, blocks: Ints) -> tuple[Ints, Ints]:
    """Places of what belongs to some blocks, one after the other, with the number of the block among those given."""
    sizes = at[blocks + 1] - at[blocks]
    return np.repeat(np.arange(len(blocks)), sizes), np.repeat(at[blocks], sizes) + counting(sizes)


def _mix(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * _C2
    values = (values ^ (values >> np.uint64(27))) * _C3
    return values ^ (values >> np.uint64(31))


def _powers(count: int) -> Hashes:
    powers: Hashes = np.cumprod(np.full(max(count, 1), _C1, dtype=np.uint64), dtype=np.uint64)
    return powers


def _ordered_sums(lines: Hashes, group: Ints, groups: int) -> Hashes:
    """Per group Σ line × C^(place in the group), modulo 2⁶⁴; groups come in runs, 0 where empty."""
    result = np.zeros(groups, dtype=np.uint64)
    if not len(lines):
        return result
    heads = np.flatnonzero(np.concatenate((np.ones(1, dtype=bool), group[1:] != group[:-1])))
    lengths = np.diff(np.append(heads, len(group)))
    weighted = lines * _powers(int(lengths.max()))[counting(lengths)]
    np.add.at(result, group[heads], np.add.reduceat(weighted, heads))
    return result


def _may_be_in(values: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Whether a value can be among others: of those that are, all; of those that are not, few."""
    seen = np.zeros(1 << _SIEVE, dtype=bool)
    shift = np.uint64(64 - _SIEVE)
    seen[others >> shift] = True
    found: npt.NDArray[np.bool_] = seen[values >> shift]
    return found


def _newlines() -> npt.NDArray[np.uint32]:
    """By the first byte of a CRC-32, what the newline at the text's end made of it."""
    made = np.zeros(256, dtype=np.uint32)
    for byte in range(256):
        crc = crc32(bytes((byte, 10)))
        made[crc >> 24] = crc32(bytes((byte,))) ^ (crc << 8 & 0xFFFFFFFF)
    return made


_NEWLINES = _newlines()


def _without_newline(crc: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The CRC-32 of texts, given those of the texts with a newline at their end."""
    before: npt.NDArray[np.uint32] = (crc << np.uint32(8)) ^ _NEWLINES[crc >> np.uint32(24)]
    return before


def _name_hashes(path: bytes, old_path: bytes | None, is_binary: bool, objects: bytes) -> tuple[int, int]:
    """Hashes of a file's names, and of its names the other way round; binary content by object id."""
    old = old_path or path
    there, back = crc32(path, crc32(old)), crc32(old, crc32(path))
    if is_binary:
        half = len(objects) // 2
        before, after = objects[:half], objects[half:]
        there, back = crc32(before + after, there), crc32(after + before, back)
    return there << 16, back << 16
