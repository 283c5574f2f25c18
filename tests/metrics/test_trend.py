from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codeshare.errors import ExportError, OutputError
from codeshare.metrics.trend import FIELDS, append_periods


def _row(period: str, numerator: int, tip: str = "a" * 40, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(FIELDS, None)
    row |= {"schema_version": "7.0", "repo": "widget", "branch": "main", "tip": tip, "basis": "landed"}
    return row | {"period": period, "numerator": numerator, "denominator": 10, "share_calibrated": 0.5} | more


def _lines(file: Path) -> list[tuple[str, int, str]]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert all(tuple(row) == FIELDS for row in rows)
    return [(row["period"], row["numerator"], row["tip"][0]) for row in rows]


def test_only_what_is_new_is_added(tmp_path: Path) -> None:
    file = tmp_path / "trend.ndjson"
    first = [_row("2026-W01", 1), _row("2026-W02", 2)]
    assert append_periods(file, first) == (2, 0)
    before = file.read_bytes()
    assert append_periods(file, [_row("2026-W01", 1, "b" * 40), _row("2026-W02", 2, "b" * 40)]) == (0, 0)
    assert file.read_bytes() == before
    assert append_periods(file, [*first, _row("2026-W03", 3, "b" * 40)]) == (1, 0)
    assert file.read_bytes().startswith(before)
    assert _lines(file) == [("2026-W01", 1, "a"), ("2026-W02", 2, "a"), ("2026-W03", 3, "b")]
    assert [path.name for path in tmp_path.iterdir()] == ["trend.ndjson"]


def test_a_rewritten_history_adds_what_changed_once(tmp_path: Path) -> None:
    file = tmp_path / "trend.ndjson"
    append_periods(file, [_row("2026-W01", 1), _row("2026-W02", 2)])
    for _ in range(2):
        append_periods(file, [_row("2026-W01", 1, "b" * 40), _row("2026-W02", 7, "b" * 40)])
    assert _lines(file) == [("2026-W01", 1, "a"), ("2026-W02", 2, "a"), ("2026-W02", 7, "b")]
    assert append_periods(file, [_row("2026-W02", 2, "c" * 40)]) == (0, 1)


def test_branches_and_bases_are_series_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "trend.ndjson"
    rows = [_row("2026-W01", 1), _row("2026-W01", 1, branch="next"), _row("2026-W01", 1, basis="added")]
    assert append_periods(file, rows) == (3, 0)
    assert append_periods(file, rows) == (0, 0)


@pytest.mark.parametrize(
    "content",
    [b"{}\n", b"not json\n", b"[1]\n", b'{"period": "2026-W01"}\n', b"\xff\xfe", b"a,b\n1,2\n"],
    ids=["empty object", "text", "list", "another object", "bytes", "csv"],
)
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "trend.ndjson"
    file.write_bytes(content)
    with pytest.raises(ExportError, match="line 1"):
        append_periods(file, [_row("2026-W01", 1)])
    assert file.read_bytes() == content


def test_a_link_and_a_last_line_without_its_end(tmp_path: Path) -> None:
    real, link = tmp_path / "real.ndjson", tmp_path / "link.ndjson"
    append_periods(real, [_row("2026-W01", 1)])
    real.write_text(real.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    assert append_periods(link, [_row("2026-W02", 2)]) == (1, 0)
    assert link.is_symlink()
    assert len(_lines(real)) == 2
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        append_periods(tmp_path / "absent" / "trend.ndjson", [_row("2026-W01", 1)])
