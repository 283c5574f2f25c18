"""What is kept of pairs of blobs once their patches are gone; `codeshare.git.gathered` puts it together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.git.changedlines import ChangedLines
from codeshare.git.form import reading
from codeshare.git.hashes import Hashes
from codeshare.git.patch import Ints, PairHunks
from codeshare.git.wanted import MarkerSearch

_BEGIN = b"diff --git "
_SLICE = 4 << 20
"""Bytes of patches parsed at once: so few that most of what is made of them stays in the processor's cache."""


class PairFacts(Struct, frozen=True):
    """Of pairs, in the order in which git compared them.

    Per pair: ``is_binary``; ``added``, ``deleted``, ``whitespace``, ``added_sum``, ``removed_sum`` as `ChangedLines`
    has them; ``added_runs``, ``removed_runs``: how many there are. Per run: its hash in ``added_run`` or
    ``removed_run``; of added ones also their place among the pair's lines. ``markers``: pair and sign, int64[n, 2].
    """

    is_binary: npt.NDArray[np.bool_]
    added: Ints
    deleted: Ints
    whitespace: Ints
    added_sum: Hashes
    removed_sum: Hashes
    added_runs: Ints
    removed_runs: Ints
    added_run: Hashes
    added_place: npt.NDArray[np.int32]
    removed_run: Hashes
    markers: Ints


def pair_facts(out: bytes, pairs: int, markers: MarkerSearch | None = None) -> PairFacts:
    """What git printed for so many pairs.

    Raises:
        GitError: it has another form.
    """
    parts = [_facts(part, markers) for part in _slices(out)]
    with reading("diff-tree"):
        if (found := sum(len(part.added) for part in parts)) != pairs:
            raise ValueError(f"{found} of {pairs} patches")
    return joined(parts or [_facts(b"", None)])


def joined(parts: Sequence[PairFacts]) -> PairFacts:
    """Facts of pairs, one part after the other; of one part at least."""
    names = PairFacts.__struct_fields__
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    first = np.cumsum([0, *(len(part.added) for part in parts[:-1])])
    columns["markers"][:, 0] += np.repeat(first, [len(part.markers) for part in parts])
    return PairFacts(**columns)


def _slices(out: bytes) -> Iterator[bytes]:
    """Whole patches, of about `_SLICE` bytes together."""
    at = 0
    while at < len(out):
        end = out.find(b"\n" + _BEGIN, at + _SLICE) + 1 or len(out)
        yield out[at:end]
        at = end


def _facts(out: bytes, markers: MarkerSearch | None) -> PairFacts:
    patches = PairHunks(out)
    count = patches.count
    each = np.arange(count)
    lines = ChangedLines(patches, each, each, count)
    is_whitespace = lines.whitespace_hunks()
    added, removed = lines.runs()
    counts = ~is_whitespace[lines.line_hunk[added.places]]
    places = added.places[counts]
    owners = lines.line_owner[places]
    added_sum, removed_sum = lines.sums()
    return PairFacts(
        is_binary=lines.is_binary,
        added=lines.added(),
        deleted=lines.deleted(),
        whitespace=lines.whitespace(is_whitespace),
        added_sum=added_sum,
        removed_sum=removed_sum,
        added_runs=np.bincount(owners, minlength=count),
        removed_runs=np.bincount(lines.line_owner[removed.places], minlength=count),
        added_run=added.hashes[counts],
        added_place=(places - np.searchsorted(lines.line_owner, owners)).astype(np.int32),
        removed_run=removed.hashes,
        markers=np.array(lines.markers(markers) if markers else [], dtype=np.int64).reshape(-1, 2),
    )
