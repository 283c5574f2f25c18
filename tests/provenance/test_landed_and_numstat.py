"""What a landing brings in agrees with what numstat counts between the mainline before and it.

They differ where a merge takes a line that the mainline has in the same words from somewhere else (a
cherry-pick on both sides, a conflict that goes the other way), and where a line comes back that had
landed before. How often that is, is counted over all histories made up here, and bounded.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings

from codeshare.git.shadow import Shadow
from codeshare.mining.repository import Mined
from tests.provenance import laws
from tests.provenance.reading import Lifetimes, lifetimes, mine_alone
from tests.provenance.store import Stored, store
from tests.provenance.tales import Plan, Tale, plans
from tests.provenance.test_lives import DEEP


def test_landed_lines_are_those_that_numstat_counts() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=500 if DEEP else 25, database=None)
    @given(plans(14))
    def count(plan: Plan) -> None:
        with tempfile.TemporaryDirectory() as folder:
            stored = store(Tale.of(plan), Path(folder) / "tale.git", every=False)
            mined = mine_alone(stored.repository())
            with mined.repository.shadow() as shadow:
                seen.update(compare(stored, mined, lifetimes(stored, mined), shadow))

    count()
    assert seen["landings"] > 40
    assert seen["differ"] <= seen["landings"] / 10, seen
    assert seen["more"] + seen["fewer"] <= seen["lines"] / 10, seen


def compare(stored: Stored, mined: Mined, ours: Lifetimes, shadow: Shadow) -> Counter[str]:
    """Landings, their added lines by numstat, and how many more and fewer landed, file by file."""
    found: Counter[str] = Counter()
    line = laws.landings(stored, mined)
    for before, landing in pairwise(line):
        landed = Counter(when[1] for when in ours.landed.values() if when and when[0] == landing)
        added = numstat_between(shadow, stored.shas[before], stored.shas[landing])
        files = {name for name in {*landed, *added} if added.get(name, 0) is not None}
        differences = [landed[name] - (added.get(name) or 0) for name in files]
        found["landings"] += 1
        found["differ"] += any(differences)
        found["lines"] += sum(added.get(name) or 0 for name in files)
        found["more"] += sum(max(one, 0) for one in differences)
        found["fewer"] += sum(max(-one, 0) for one in differences)
    return found


def numstat_between(shadow: Shadow, old: str, new: str) -> dict[bytes, int | None]:
    """Added lines by path; None: binary, or the file changed its kind and is born whole."""
    options = ("-r", "-M50%", "-l1000", "--ignore-submodules=all")
    kinds = shadow.run("diff-tree", *options, "--name-only", "--diff-filter=T", "-z", old, new).split(b"\0")
    fields = shadow.run("diff-tree", *options, "--numstat", "-z", old, new).split(b"\0")
    added: dict[bytes, int | None] = {}
    at = 0
    while at < len(fields) - 1:
        count, _, name = fields[at].split(b"\t", 2)
        if not name:  # a rename: old and new name follow
            name = fields[at + 2]
            at += 2
        at += 1
        added[name] = None if count == b"-" or name in kinds else int(count)
    return added
