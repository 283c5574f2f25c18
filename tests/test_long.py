"""`long.txt` names tests that are there; one that is called otherwise now would come back to CI unseen."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import LONG


def test_what_is_too_long_for_ci_is_there() -> None:
    root = LONG.parent.parent
    for line in LONG.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            file, _, test = line.partition("::")
            assert f"def {test.partition('[')[0]}(" in Path(root, file).read_text("utf-8"), line
