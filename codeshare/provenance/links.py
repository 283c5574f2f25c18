"""Which earlier line a line brings back or takes the place of."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from codeshare.git.lines import ChangedText
from codeshare.provenance.forward import Forward
from codeshare.provenance.lines import NEVER, Ids


class Linked(Struct, frozen=True):
    """Commits whose lines have to do with earlier ones.

    ``reverts``: commit → the commit it undoes; what the one removed, the other brings back. ``dup_of``: commit → the
    commit it repeats. ``bulk``: commits that changed lines without writing them anew: equal but for whitespace.
    """

    reverts: Mapping[int, int]
    dup_of: Mapping[int, int]
    bulk: Sequence[int]

    @property
    def commits(self) -> list[int]:
        """All of them, whose changed lines are to be read."""
        pairs = (self.reverts, self.dup_of)
        return sorted({*self.bulk, *(i for each in pairs for pair in each.items() for i in pair)})


def link(forward: Forward, linked: Linked, read: Callable[[], Mapping[int, ChangedText]]) -> tuple[Ids, Ids]:
    """Find what lines of reverts and duplicates repeat, and what lines of bulk commits succeed.

    Args:
        forward: all commits fed.
        read: the changed lines of the linked ones.

    Returns:
        ``repeats`` and ``succeeds``: per line the id of the other one, or `NEVER`.
    """
    lines = forward.lines
    reverts, dup_of, bulk = linked.reverts, linked.dup_of, linked.bulk
    repeats = np.full(lines.count, NEVER, dtype=np.int32)
    succeeds = repeats.copy()
    born, gone = _by_commit(forward, {*reverts, *dup_of, *dup_of.values(), *bulk}, {*reverts.values(), *bulk})
    text = read()
    for commit, undone in reverts.items():
        if commit in born and undone in gone and commit in text and undone in text:
            _match(repeats, born[commit], text[commit].added, gone[undone], text[undone].removed)
    for commit, first in dup_of.items():
        if commit in born and first in born and commit in text and first in text:
            _match(repeats, born[commit], text[commit].added, born[first], text[first].added)
    for commit in bulk:
        if commit in born and commit in gone and commit in text:
            _match(
                succeeds, born[commit], text[commit].added, gone[commit], text[commit].removed, by_file=True
            )
    return repeats, succeeds


def origins(repeats: Ids) -> Ids:
    """Per line the line that it repeats in the end, through what that one repeats itself; else itself."""
    origin = np.arange(len(repeats), dtype=np.int32)
    known = repeats != NEVER
    origin[known] = repeats[known]
    while True:
        further = origin[origin]
        if (further == origin).all():
            return origin
        origin = further


def _by_commit(
    forward: Forward, bearing: Iterable[int], removing: Iterable[int]
) -> tuple[dict[int, Ids], dict[int, Ids]]:
    """The ids of the lines that commits bore and removed, in git's order."""
    lines, removals = forward.lines, forward.removals
    rows = np.array(forward.files.commit, dtype=np.int32)
    owner = rows[lines.file[: lines.count]] if lines.count else rows[:0]
    ids = np.concatenate([np.empty(0, dtype=np.int32), *removals.ids])
    commit = np.concatenate([np.empty(0, dtype=np.int32), *removals.commit])
    return _pick(owner, np.arange(lines.count, dtype=np.int32), bearing), _pick(commit, ids, removing)


def _pick(owner: Ids, ids: Ids, wanted: Iterable[int]) -> dict[int, Ids]:
    names = np.array(sorted(wanted), dtype=np.int32)
    kept = np.flatnonzero(np.isin(owner, names))
    order = kept[np.argsort(owner[kept], kind="stable")]
    heads = np.searchsorted(owner[order], [*names.tolist(), np.iinfo(np.int32).max])
    return {
        name: ids[order[low:high]]
        for name, low, high in zip(names.tolist(), heads[:-1].tolist(), heads[1:].tolist(), strict=True)
        if low < high
    }


def _match(
    links: Ids,
    new: Ids,
    new_text: list[tuple[int, bytes]],
    old: Ids,
    old_text: list[tuple[int, bytes]],
    by_file: bool = False,
) -> None:
    """Link lines of one text, the first with the first; lines that git shows but nobody follows spoil it."""
    if len(new) != len(new_text) or len(old) != len(old_text):
        return
    waiting: dict[object, deque[int]] = defaultdict(deque)
    for line, (file, text) in zip(old.tolist(), old_text, strict=True):
        waiting[(file, text) if by_file else text].append(line)
    for line, (file, text) in zip(new.tolist(), new_text, strict=True):
        queue = waiting.get((file, text) if by_file else text)
        if queue and (other := queue.popleft()) != line and other != NEVER:
            links[line] = other
