from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from codeshare.errors import ExportError
from codeshare.exports.metrics import PUBLISHED, read_metrics
from codeshare.mining.outside import import_metrics, remove_metrics
from tests.metrics.rows import Rows

HEADER = "series,date,value,low,high,unit,source\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "m.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_values_are_read_with_or_without_ends_and_byte_order_mark(tmp_path: Path) -> None:
    file = write(
        tmp_path, "\ufeff" + HEADER + 'x,2026-05-31,4,3,5.5,times,"a, b"\nx,2026-06-30,,80,,percent,\n'
    )
    first, second = read_metrics(file)
    assert (first.series, first.date, first.value, first.low, first.high) == (
        "x",
        date(2026, 5, 31),
        4,
        3,
        5.5,
    )
    assert (first.unit, first.source) == ("times", "a, b")
    assert (second.value, second.low, second.high, second.source) == (None, 80, None, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "x,5/31/2026,1,,,t,s\n", "row 2, column date: '5/31/2026' must be a day such as 2025-01-31"),
        (HEADER + "x,2026-05-31,1,,,t,s\nx,2026-06-30,one,,,t,s\n", "row 3, column value: 'one' must be a number"),
        (HEADER + "x,2026-05-31,nan,,,t,s\n", "row 2, column value: 'nan' must be a number"),
        (HEADER + "x,2026-05-31,,,,t,s\n", "row 2, column value: is empty, and so are low and high"),
        (HEADER + "x,2026-05-31,1,2,,t,s\n", "row 2, column value: low, value and high must not fall"),
        (HEADER + ",2026-05-31,1,,,t,s\n", "row 2, column series: must not be empty"),
        (HEADER + "x,2026-05-31,1,,,t,s,u\n", "row 2: 8 values for 7 columns"),
        (HEADER + "x,2026-05-31,1,,,t,s\nx,2026-05-31,2,,,t,s\n", "row 3, column date: x has a value of 2026-05-31 in row 2"),
        ("series|date|value|unit\n", "row 1: 'series|date|value|unit': unknown column"),
        ("series,dat,value,unit\n", "did you mean date?"),
        ("series,value,unit\n", "there is no column date"),
        ("", "there is no column series"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ExportError) as error:
        read_metrics(write(tmp_path, text))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_series_imported_again_is_replaced_and_others_stay(rows: Rows, tmp_path: Path) -> None:
    file = write(tmp_path, HEADER + "x,2026-05-31,1,,,t,s\nx,2026-06-30,2,,,t,s\ny,2026-05-31,3,,,t,s\n")
    assert import_metrics(rows.connection, read_metrics(file)) == {"x": 2, "y": 1}
    assert import_metrics(
        rows.connection, read_metrics(write(tmp_path, HEADER + "x,2026-07-31,4,,,t,s\n"))
    ) == {"x": 1}
    assert rows.rows("select series, value from external_metrics order by all") == [("x", 4), ("y", 3)]
    assert remove_metrics(rows.connection, "y") == 1
    assert rows.rows("select series from external_metrics") == [("x",)]


def test_the_published_series_stand_beside_our_own(rows: Rows) -> None:
    """Five people merge 100 lines a day each in 2024, 300 in the first quarter of 2025."""
    for person in ("ann", "bob", "cyd", "dan", "eve"):
        for month in range(15):
            rows.commit(
                f"{2024 + month // 12}-{month % 12 + 1:02}-10 12:00",
                3000 if month > 11 else 1000,
                engineer=person,
            )
    rows.setting("as_of", "2025-03-31")
    import_metrics(rows.connection, read_metrics(PUBLISHED))
    found = rows.row(
        "from outside_series where series = 'lines_per_engineer_day_ratio' and date = '2025-03-31'"
    )
    assert (found["value"], found["own"]) == (1.2, "ratio")
    assert found["own_value"] == pytest.approx(3.0, rel=0.05)
    share = rows.row("from outside_series where series = 'ai_share_of_merged_lines' and date = '2025-02-24'")
    assert (share["value"], share["high"], share["own"], share["own_value"]) == (None, 10, "share", 0)
    others = rows.row("from outside_series where series = 'self_estimated_output_ratio'")
    assert (others["value"], others["own_value"]) == (4, None)
