from __future__ import annotations

import re
from pathlib import Path

from codeshare.metrics.calibration import ENOUGH
from codeshare.metrics.definitions import definitions
from codeshare.metrics.evidence import HIGH_COVERAGE, LOW_COVERAGE, NARROW_RANGE
from codeshare.metrics.guard import MOST_UNKNOWN, MOST_UNKNOWN_IN_PERIOD
from codeshare.model import Attribution, FileClass

DOCS = Path(__file__).parents[2] / "docs" / "definitions.md"


def test_the_documents_copy_is_the_packages() -> None:
    assert DOCS.read_text() == definitions()


def test_every_name_of_the_model_is_defined() -> None:
    text = definitions()
    for name in [
        *Attribution,
        *FileClass,
        "share_strict",
        "share_high",
        "share_min",
        "share_max",
        "share_calibrated",
        "merged_at",
        "as_of",
    ]:
        assert f"`{name}`" in text


def test_the_thresholds_are_those_of_the_code() -> None:
    text = re.sub(r"\s+", " ", definitions())
    assert f"coverage of {HIGH_COVERAGE:.0%} or more".replace("%", " %") in text
    assert f"at most {NARROW_RANGE * 100:.0f} points" in text
    assert f"under {LOW_COVERAGE:.0%}".replace("%", " %") in text
    assert f"more than {MOST_UNKNOWN:.0%} of the commits in scope".replace("%", " %") in text
    assert f"more than {MOST_UNKNOWN_IN_PERIOD:.0%} of one period".replace("%", " %") in text


def test_the_calibration_is_that_of_the_code() -> None:
    assert f"where {ENOUGH} commits or more tell" in definitions()


def test_loaded_words_are_kept() -> None:
    for word in ("productivity", "human-written", "written by hand", "efficiency"):
        assert word not in definitions().lower()
