from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from codeshare.conformance.comparison import Compared
from codeshare.conformance.theseus import compare_cohorts
from codeshare.errors import ExportError
from tests.histories import History

YEARS = ("2024-03-01T09:00:00", "2025-03-01T09:00:00", "2026-03-01T09:00:00")


@pytest.fixture
def compare(history: History, mined_once: Callable[..., Path], tmp_path: Path) -> Callable[..., Compared]:
    """Three lines in 2024, one of them replaced and two added in 2025, one removed in 2026; and prose."""
    contents = ("a\nb\nc\n", "A\nb\nc\nd\n", "A\nb\nd\n")
    for year, content in zip(YEARS, contents, strict=True):
        at = datetime.fromisoformat(year + "+00:00")
        history.commit({"a.py": content, "notes.txt": f"{year}\n"}, at=at)
    database = mined_once(history)

    def run(value: Any, **options: Any) -> Compared:
        (tmp_path / "cohorts.json").write_text(json.dumps(value))
        with duckdb.connect(str(database), read_only=True) as connection:
            return compare_cohorts(connection, "project", tmp_path / "cohorts.json", **options)

    return run


def cohorts(y: list[list[int]], ts: tuple[str, ...] = YEARS) -> dict[str, Any]:
    return {
        "y": y,
        "ts": list(ts),
        "labels": ["Code added in 2024", "Code added in 2025", "Code added in 2026"],
    }


TRUE = [[3, 2, 1], [0, 2, 2], [0, 0, 0]]
WITH_PROSE = [[4, 2, 1], [0, 3, 2], [0, 0, 1]]


def test_cohorts_are_those_of_the_lives_of_lines(compare: Callable[..., Compared]) -> None:
    assert set(compare(cohorts(TRUE)).verdicts()) == {"equal"}
    assert set(compare(cohorts(WITH_PROSE), all_files=True).verdicts()) == {"equal"}


def test_that_it_was_run_with_other_files_is_found_out(compare: Callable[..., Compared]) -> None:
    rows = [row for row in compare(cohorts(WITH_PROSE)).rows() if row["verdict"] == "different"]
    assert {row["why"] for row in rows} == {"it was run with --all-filetypes"}


def test_a_moment_without_a_landing_cannot_be_known(compare: Callable[..., Compared]) -> None:
    other = (*YEARS[:2], "2026-03-01T09:00:01")
    assert compare(cohorts(TRUE, other)).verdicts()["unknown"] == 1


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"y": [], "ts": [], "labels": []},
        cohorts(TRUE) | {"y": [[1], [2]]},
        cohorts(TRUE) | {"labels": ["Ann", "Bob", "Cy"]},
        cohorts(TRUE) | {"ts": ["x", "y", "z"]},
    ],
    ids=["nothing", "empty", "short", "authors", "times"],
)
def test_another_file_is_refused(compare: Callable[..., Compared], value: Any) -> None:
    with pytest.raises(ExportError):
        compare(value)
