"""Made-up histories: every line's life equals what git says of it, and nothing is lost or made twice.

Frequent lines ("}", empty ones) make which of two is the old one a matter of choice. Lives are made of
the same comparisons of the same pairs of blobs as blame's, so they are to choose as blame does; histories
with and without such lines are both made up here, and both are compared line by line.

``CODESHARE_TESTS=deep`` makes many more and longer ones.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from codeshare.git.shadow import Shadow
from codeshare.mining.repository import Mined
from tests.provenance import laws
from tests.provenance.reading import Lifetimes, lifetimes, mine_alone
from tests.provenance.store import Stored, store
from tests.provenance.tales import HOUR, MODULE, SERIES, Plan, Tale, plans

DEEP = os.environ.get("CODESHARE_TESTS") == "deep"
EXAMPLES, LENGTH = (1500, 30) if DEEP else (40, 14)

# Three parents: one has the file under its new name and other lines, one the very content under the old name.
RENAMED_ON_ONE_SIDE: Plan = (True, [
    ("merge", "topic", ["topic"], "join"), ("commit", "other", [("rename", b"dir/c.txt", b"a.txt.d")], SERIES),
    ("merge", "main", ["other"], "ours"), ("merge", "topic", ["other"], "evil"),
    ("commit", "other", [("bare", b"a.txt")], HOUR), ("pick", "other", 3),
    ("commit", "topic", [("rename", b"a.txt", b"dir/c.txt")], HOUR),
])  # fmt: skip
# A subtree one of whose files has a name that stays in use at the top.
SUBTREE: Plan = (True, [("foreign", [("write", b"a.txt", 2)]), ("subtree", "main"), ("foreign", [("insert", b"a.txt", 1, 1)]), ("subtree", "main")])  # fmt: skip


@settings(max_examples=EXAMPLES)
@example(RENAMED_ON_ONE_SIDE, 0)
@example(SUBTREE, 0)
@given(plans(LENGTH), st.integers(0, 100))
def test_every_line_lives_as_git_says(plan: Plan, earlier: int) -> None:
    check(plan, earlier)


def check(plan: Plan, earlier: int = 50) -> None:
    """Mine the tip, and a branch at some earlier commit."""
    tale = Tale.of(plan)
    with tempfile.TemporaryDirectory() as folder:
        stored = store(tale, Path(folder) / "tale.git")
        for commit in sorted({tale.heads["main"], earlier * len(tale.commits) // 101}):
            hold(stored, commit)


def hold(stored: Stored, commit: int) -> None:
    """All laws at one commit."""
    repository = stored.repository(commit)
    mined = mine_alone(repository)
    assert not mined.failures
    ours = lifetimes(stored, mined)
    laws.conserve(stored, mined, ours)
    laws.stand_where_they_are_said_to(stored, mined, ours)
    with repository.shadow() as shadow:
        laws.removed_there(stored, mined, shadow, ours)
        proof = laws.proof_of_tip(stored, mined, shadow, ours)
        assert (proof.differ, proof.unknown) == ([], [])
        files = [mode for mode, _ in stored.tale.commits[commit].tree.values() if mode != MODULE]
        assert proof.proved + proof.binary == len(files)
        added, born = laws.added(stored, mined, shadow), laws.by_file(ours.landed)
        assert {key: len(born.get(key, ())) for key in added} == added
        if not stored.is_declared(commit):
            equal_to_blame(stored, mined, ours, shadow)


def equal_to_blame(stored: Stored, mined: Mined, ours: Lifetimes, shadow: Shadow) -> None:
    """The tip's origins, and of every line its birth, landing and death, as blame of all landings gives them."""
    assert ours.tip == stored.origins(shadow, stored.index[mined.repository.tip])
    assert laws.by_file(ours.landed) == laws.births(stored, mined, shadow)
    landed, died = laws.lives_by_blame(stored, mined, shadow)
    assert {line: when[0] for line, when in ours.landed.items() if when} == landed
    assert {line: when[0] for line, when in ours.died.items() if when} == died
