"""A twentieth of what `make fuzz` tries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.__main__ import FILES, MESSAGES, PATCHES
from tests.fuzz.files import file_targets
from tests.fuzz.loop import Finding, Target, fuzz
from tests.fuzz.messages import message_targets
from tests.fuzz.patches import patch_targets

SEED = 20261121
_PART = 20


@pytest.mark.parametrize(
    ("targets", "count"),
    [
        pytest.param(patch_targets, PATCHES, marks=pytest.mark.thorough),
        (lambda _: file_targets(), FILES),
        (lambda _: message_targets(), MESSAGES),
    ],
    ids=["patches", "files", "messages"],
)
def test_nothing_misleads_a_parser(
    targets: Callable[[Path], list[Target]], count: int, tmp_path: Path
) -> None:
    made = targets(tmp_path)
    for target in made:
        for seed in target.seeds[:20]:
            target.look(seed)
    tally = fuzz(made, count // _PART, SEED)
    assert tally.taken.total() + tally.refused.total() == count // _PART
    assert all(tally.taken[target.name] for target in made), "only what is well-formed shows anything"


@pytest.mark.parametrize("mistake", [ValueError("other"), AssertionError("no law")], ids=["exception", "law"])
def test_what_is_found_is_named(mistake: Exception) -> None:
    def look(text: bytes) -> None:
        raise mistake

    with pytest.raises(Finding, match=r"sample, seed 7, input 0: .*(other|no law)"):
        fuzz([Target("sample", [b"abc"], look)], 1, 7)


def test_what_hangs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(text: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr("tests.fuzz.loop.PATIENCE", 0.05)
    with pytest.raises(Finding, match=r"more than 0\.05 seconds"):
        fuzz([Target("sample", [b"abc"], look)], 1, 7)
