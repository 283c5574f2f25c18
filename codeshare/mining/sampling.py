"""A stratified sample of commits that stays the same as long as the history does."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

SEED = 20240101


class Candidate(Struct, frozen=True):
    """A commit that may be drawn: its stratum is attribution, quarter and size class, ``ai/2026-01-01/small``."""

    sha: str
    attribution: str
    stratum: str


class Drawn(Struct, frozen=True):
    """A commit of the sample; ``weight``: how many of its stratum it stands for."""

    sha: str
    stratum: str
    weight: float


def draw(candidates: Sequence[Candidate], size: int, seed: int = SEED) -> list[Drawn]:
    """Draw ``size`` commits: equally many of each attribution as far as there are, within it by stratum.

    Which commits of a stratum are drawn is decided by a hash of their ids: a larger sample, or one drawn
    after new merges, has most commits in common with the one before.
    """
    strata: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in candidates:
        strata[each.attribution][each.stratum].append(each.sha)
    by_attribution = {name: sum(map(len, parts.values())) for name, parts in strata.items()}
    found = []
    for name, share in equally(by_attribution, size).items():
        parts = {stratum: len(shas) for stratum, shas in strata[name].items()}
        for stratum, count in proportionally(parts, share).items():
            shas = sorted(strata[name][stratum], key=lambda sha: _lot(sha, seed))
            found += [Drawn(sha, stratum, len(shas) / count) for sha in shas[:count]]
    return sorted(found, key=lambda drawn: drawn.sha)


def equally(there: Mapping[str, int], size: int) -> dict[str, int]:
    """Split ``size`` equally; what one cannot fill goes to the others."""
    found, left = {}, size
    for place, name in enumerate(sorted(there, key=lambda name: (there[name], name))):
        found[name] = min(there[name], left // (len(there) - place))
        left -= found[name]
    return found


def proportionally(there: Mapping[str, int], size: int) -> dict[str, int]:
    """Split ``size`` in proportion, at least one of each stratum so that none goes without a witness.

    So it can come to more than ``size`` where there are many small strata.
    """
    total = sum(there.values())
    if not total or not size:
        return {}
    return {name: max(1, round(size * count / total)) for name, count in there.items() if count}


def _lot(sha: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}/{sha}".encode()).digest()
