"""The changed lines of files, or of pairs of blobs: what they say, all of them at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.git.hashes import C1, C2, C3, WORD, Hashes, ordered_sums, text_hashes
from codeshare.git.patch import Ints, PairHunks, bounds_of, counting
from codeshare.git.wanted import MarkerSearch

_RUN = 3  # lines: the shortest run that counts as moved
_SIEVE = 26  # bits at most
_WHITESPACE = b" \t\r\f\v"
_LEADERS = ("#", "//", "--", ";", "%", "<!--")


class Runs(Struct, frozen=True):
    """Runs of lines that may have been moved: ``hashes`` and the ``places`` of their first lines, in order."""

    hashes: Hashes
    places: Ints


def told_apart(hashes: Hashes, commits: Ints) -> Hashes:
    """Hashes of runs, others in each commit: lines are moved within one."""
    return hashes + commits.astype(np.uint64) * C3


def found_among(added: Hashes, removed: Hashes) -> Ints:
    """Which of the hashes of added runs some removed run has, too."""
    # Most have no like on the other side; those are not worth sorting.
    which = np.flatnonzero(_may_be_in(added, removed))
    removed = removed[_may_be_in(removed, added[which])]
    return which[_are_in(added[which], removed)]


def lines_of_runs(first: Ints) -> Ints:
    """Places of the lines of runs that begin at ``first``, which is in order; each once, in order."""
    fresh = np.minimum(np.diff(first, prepend=-_RUN), _RUN)
    return np.repeat(first + _RUN - fresh, fresh) + counting(fresh)


class ChangedLines:
    """The changed lines of some owners (files, or pairs of blobs), in their order.

    ``hunks``: int64[n, 4] of old_start, old_count, new_start, new_count, with ``hunk_owner``. Per line: its
    owner, hunk (place in ``hunks``), whether it is added, and ``hashes`` without any whitespace.
    """

    def __init__(self, patches: PairHunks, owner: Ints, pair: Ints, count: int) -> None:
        """Gather the lines of ``pair`` for ``owner``, who may have several; ``count``: of owners."""
        self.count = count
        self._patches = patches
        self.is_binary = np.zeros(count, dtype=bool)
        self.is_binary[owner[patches.is_binary(pair)]] = True
        which, self.hunks = patches.hunks_of(pair)
        self.hunk_owner = owner[which]
        self._line, self.is_added = patches.lines_of(pair)
        self.line_hunk = np.repeat(np.arange(len(self.hunks)), self.hunks[:, 1] + self.hunks[:, 3])
        self.line_owner = self.hunk_owner[self.line_hunk]
        self.hashes = self._line_hashes()

    def added(self) -> Ints:
        """Added lines of each owner; −1: binary."""
        return self._counts(self.hunks[:, 3], -1)

    def deleted(self) -> Ints:
        """Deleted lines of each owner; −1: binary."""
        return self._counts(self.hunks[:, 1], -1)

    def whitespace(self, is_whitespace: npt.NDArray[np.bool_]) -> Ints:
        """Added lines of each owner in the hunks that change nothing but whitespace."""
        return self._counts(np.where(is_whitespace, self.hunks[:, 3], 0), 0)

    def _counts(self, lines: Ints, binary: int) -> Ints:
        counts = np.bincount(self.hunk_owner, weights=lines, minlength=self.count).astype(np.int64)
        counts[self.is_binary] = binary
        return counts

    def whitespace_hunks(self) -> npt.NDArray[np.bool_]:
        """Whether each hunk changes nothing but whitespace: equal without blank lines and spaces."""
        filled = ~self._is_blank
        added, removed = (
            ordered_sums(self.hashes[side], self.line_hunk[side], len(self.hunks))
            for side in (self.is_added & filled, ~self.is_added & filled)
        )
        equal: npt.NDArray[np.bool_] = added == removed
        return equal

    def sums(self) -> tuple[Hashes, Hashes]:
        """Of each owner, hashes of all added and of all removed lines, in their order."""
        added, removed = (
            ordered_sums(self.hashes[side], self.line_owner[side], self.count)
            for side in (self.is_added, ~self.is_added)
        )
        return added, removed

    def runs(self) -> tuple[Runs, Runs]:
        """The runs of added and of removed lines that begin with no blank one."""
        lines, first = self.hashes, slice(1 - _RUN)
        group = self.line_hunk * 2 + self.is_added
        if len(lines) < _RUN:
            return Runs(lines[:0], group[:0]), Runs(lines[:0], group[:0])
        same = (group[first] == group[_RUN - 1 :]) & ~self._is_blank[first]
        runs = lines[first] + lines[1 : 2 - _RUN] * C1 + lines[_RUN - 1 :] * C2
        added, removed = (
            np.flatnonzero(same & side) for side in (self.is_added[first], ~self.is_added[first])
        )
        return Runs(runs[added], added), Runs(runs[removed], removed)

    def numbers(self, places: Ints) -> Ints:
        """Number in its file of changed lines at some places, in the new file if added, in the old one if removed."""
        hunk = self.line_hunk[places]
        rank = places - np.searchsorted(self.line_hunk, hunk)
        old_start, old_count, new_start = (self.hunks[hunk, k] for k in range(3))
        numbers: Ints = np.where(self.is_added[places], new_start + rank - old_count, old_start + rank)
        return numbers

    def markers(self, markers: MarkerSearch) -> list[tuple[int, int]]:
        """Owner, and +1 or −1, for each line near a file's beginning that says it is generated, added or removed."""
        near = self._near(markers.within)
        lines = self._line[near]
        begins, ends = self._patches.starts[lines], self._patches.ends[lines] + 1
        # Lines that follow one another are taken as one piece: most hunks have only some.
        heads = np.diff(lines, prepend=-2) != 1
        tails = np.append(heads[1:], True)[: len(lines)]
        pieces = zip(begins[heads].tolist(), ends[tails].tolist(), strict=True)
        searched = b"".join([self._patches.out[begin:end] for begin, end in pieces])
        found: set[int] = set()
        after = np.cumsum(ends - begins)
        for needle in markers.needles:
            at = searched.find(needle)
            while at >= 0:
                found.add(int(np.searchsorted(after, at, side="right")))
                at = searched.find(needle, at + len(needle))
        pattern = re.compile(markers.pattern)
        marked = [near[k] for k in sorted(found) if pattern.search(self._text(lines[k]))]
        signs = np.where(self.is_added[marked], 1, -1)
        return list(zip(self.line_owner[marked].tolist(), signs.tolist(), strict=True))

    def _near(self, within: int) -> Ints:
        """Places of the lines that stand among the first ``within`` of their file, the old or the new one, in order."""
        old_start, old_count, new_start, new_count = self.hunks.T
        removed = np.clip(within + 1 - old_start, 0, old_count)
        added = np.clip(within + 1 - new_start, 0, new_count)
        first = bounds_of(old_count + new_count)[:-1]
        begins = np.stack((first, first + old_count), axis=1).ravel()
        counts = np.stack((removed, added), axis=1).ravel()
        return np.repeat(begins, counts) + counting(counts)

    def idle(self, paths: Sequence[bytes], comments: Mapping[bytes, Sequence[str]]) -> npt.NDArray[np.bool_]:
        """Of removed lines, whether they are blank or nothing but a comment."""
        removed = ~self.is_added
        line = self._line[removed]
        idle: npt.NDArray[np.bool_] = self._is_blank[removed]
        if not len(line):
            return idle
        known = {path: _leader_bits(path, comments) for path in {*paths}}
        bits = np.array([known[path] for path in paths], dtype=np.uint8)
        own = bits[self.line_owner[removed]]
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

    def _line_hashes(self) -> Hashes:
        """A hash of each content line without any whitespace and without its sign."""
        stripped = self._patches.out.translate(None, _WHITESPACE) + bytes(WORD)
        self._stripped = np.frombuffer(stripped, dtype=np.uint8)
        ends = np.flatnonzero(self._stripped == 10)
        self._stripped_at = np.concatenate((np.zeros(1, dtype=np.int64), ends + 1))
        wanted = np.zeros(len(ends), dtype=bool)
        wanted[self._line] = True
        lines = np.flatnonzero(wanted)
        begins = self._stripped_at[lines] + 1
        long = ends[lines] - begins
        own = (np.cumsum(wanted) - 1)[self._line]
        self._is_blank = (long == 0)[own]
        hashes: Hashes = text_hashes(stripped, begins, long)[own]
        return hashes

    def _text(self, line: int) -> bytes:
        return self._patches.out[self._patches.starts[line] + 1 : self._patches.ends[line]]


def _leader_bits(path: bytes, comments: Mapping[bytes, Sequence[str]]) -> int:
    """What comments of a file begin with, as bits of `_LEADERS`."""
    leaders = comments.get(path.rpartition(b"/")[2].rpartition(b".")[2].lower(), ())
    return sum(1 << _LEADERS.index(leader) for leader in leaders)


def _may_be_in(values: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Whether a value can be among others: of those that are, all; of those that are not, few."""
    bits = min(len(others).bit_length() + 4, _SIEVE)
    seen = np.zeros(1 << bits, dtype=bool)
    shift = np.uint64(64 - bits)
    seen[others >> shift] = True
    found: npt.NDArray[np.bool_] = seen[values >> shift]
    return found


def _are_in(values: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Whether each value is among others. Both sides in order are searched in half of the time that `np.isin` takes."""
    found = np.zeros(len(values), dtype=np.bool_)
    if len(others):
        order, others = np.argsort(values), np.sort(others)
        sought = values[order]
        at = np.searchsorted(others, sought)
        found[order] = others[np.minimum(at, len(others) - 1)] == sought
    return found
