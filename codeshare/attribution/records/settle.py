"""Holds claims against the lines that a commit really added, and says whose each line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush

from msgspec import Struct, field

from codeshare.attribution.records.claim import Claim
from codeshare.model import Attribution

Runs = Iterable[tuple[int, int]]
"""Start (1-based) and count of runs of lines, in any order."""


class Settled(Struct):
    """What claims came to.

    ``claims``: sorted by path and line, no line twice, all of them added lines. ``overclaimed``: by
    path how many lines were claimed that the commit did not add.
    """

    claims: list[Claim] = field(default_factory=list)
    overclaimed: dict[bytes, int] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """How many lines have an owner."""
        return sum(claim.count for claim in self.claims)


def settle(claims: Iterable[Claim], added: Mapping[bytes, Runs]) -> Settled:
    """Cut claims to the added lines.

    Of two claims to a line a person's wins over an agent's, else the later one, as git-ai itself has it.

    Args:
        claims: of one commit, the later ones last.
        added: what the commit added, by path as it left them.
    """
    result = Settled()
    by_path: dict[bytes, list[Claim]] = {}
    for claim in claims:
        by_path.setdefault(claim.path, []).append(claim)
    for path in sorted(by_path):
        owned = list(_owners(by_path[path]))
        inside = list(_inside(owned, sorted(added.get(path, ()))))
        result.claims += inside
        if over := _lines(owned) - _lines(inside):
            result.overclaimed[path] = over
    return result


def _owners(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Cut overlapping claims to one file so that each line is its owner's: sorted, no line twice."""
    order = sorted(range(len(claims)), key=lambda k: claims[k].start)
    open_claims: list[tuple[bool, int]] = []  # a person's first, then the later one
    at, i = 0, 0
    while i < len(order) or open_claims:
        while i < len(order) and claims[order[i]].start <= at:
            k = order[i]
            heappush(open_claims, (claims[k].source.attribution is not Attribution.HUMAN, -k))
            i += 1
        while open_claims and _end(claims[-open_claims[0][1]]) <= at:
            heappop(open_claims)
        if not open_claims:
            at = claims[order[i]].start if i < len(order) else at
            continue
        owner = claims[-open_claims[0][1]]
        until = _end(owner)
        if i < len(order):
            until = min(until, claims[order[i]].start)
        yield Claim(owner.path, at, until - at, owner.source)
        at = until


def _inside(owned: Sequence[Claim], added: Sequence[tuple[int, int]]) -> Iterator[Claim]:
    """The parts of sorted claims that lie in sorted runs; neighbours of one source become one."""
    last: Claim | None = None
    i = 0
    for claim in owned:
        while i < len(added) and sum(added[i]) <= claim.start:
            i += 1
        j = i
        while j < len(added) and added[j][0] < _end(claim):
            start, end = max(claim.start, added[j][0]), min(_end(claim), sum(added[j]))
            if last is not None and last.source == claim.source and _end(last) == start:
                last = Claim(claim.path, last.start, end - last.start, claim.source)
            else:
                if last is not None:
                    yield last
                last = Claim(claim.path, start, end - start, claim.source)
            j += 1
        i = max(i, j - 1)
    if last is not None:
        yield last


def _end(claim: Claim) -> int:
    return claim.start + claim.count


def _lines(claims: Iterable[Claim]) -> int:
    return sum(claim.count for claim in claims)
