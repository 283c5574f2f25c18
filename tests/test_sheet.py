"""CSV as people's spreadsheets write it, and what is said of it where it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from codeshare.errors import ExportError
from codeshare.sheet import Row, Sheet

ROWS = "day,name,count\n2026-05-01,Tag der Arbeit – für alle,2.5\n"
GERMAN = 'Day;Name;Count;\r\n01.05.2026;"Jörgs ""Tag""; groß";2,5;\r\n;;;\r\n'


def sheet_of(path: Path, content: bytes) -> Sheet:
    file = path / "days.csv"
    file.write_bytes(content)
    return Sheet(file, {"day": ("date",), "name": (), "count": ()}, ("day",), ExportError)


def read(sheet: Sheet) -> list[tuple[date | None, str | None, float | None]]:
    found = [(row.day("day"), row.optional("name"), row.number("count")) for row in sheet.rows()]
    sheet.check()
    return found


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode(),
        b"\xef\xbb\xbf" + ROWS.encode(),
        ROWS.replace("\n", "\r\n").encode(),
        ROWS.replace("\n", "\r").encode(),
        ROWS.encode("cp1252"),
        ROWS.replace(",", "\t").encode("utf-16"),
        ROWS.replace(",", "\t").encode(),
        ROWS.replace(",", ";").encode(),
        b"sep=;\r\n" + ROWS.replace(",", ";").encode(),
        ROWS.replace("2026-05-01", "1.5.2026").rstrip("\n").encode(),
        ROWS.replace(",", ";").replace("2.5", "2,5").encode("cp1252"),
        ROWS.replace("day,", "Date,").replace("count\n", "count,,\n").replace("2.5\n", "2.5,,\n").encode(),
    ],
    ids=["utf-8", "byte order mark", "crlf", "cr", "windows", "unicode text", "tabs", "semicolons", "sep", "pointed day, no end", "decimal comma", "empty columns"],
)  # fmt: skip
def test_every_dialect_says_the_same(tmp_path: Path, content: bytes) -> None:
    assert read(sheet_of(tmp_path, content)) == [(date(2026, 5, 1), "Tag der Arbeit – für alle", 2.5)]


def test_a_german_spreadsheet(tmp_path: Path) -> None:
    found = read(sheet_of(tmp_path, GERMAN.encode("cp1252")))
    assert found == [(date(2026, 5, 1), 'Jörgs "Tag"; groß', 2.5)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04junk", "days.csv: a workbook. Save it as CSV."),
        (b"day\n\x81\n", "days.csv: cannot be read as text"),
        (b"day,count\n5/1/2026,1\n", "row 2, column day: '5/1/2026' must be a day such as 2025-01-31"),
        (b"day,count\n31.2.2026,1\n", "row 2, column day: '31.2.2026' must be a day"),
        (b"day;count\n2026-05-01;1.234\n", "row 2, column count: '1.234' may mean two numbers; write it without a point"),
        (b"day,count\n2026-05-01,\"1,5\"\n", "row 2, column count: '1,5' must be a number such as 1234.5"),
        (b"sep=;\nday;count\n2026-05-01;x\n", "row 3, column count: 'x' must be a number"),
        (b"day,,count\n2026-05-01,x,1\n", "row 2: 3 values for 2 columns"),
        (b"day\n\"2026-05-01\n", "row 2: no CSV"),
    ],
    ids=["workbook", "no text", "american day", "no such day", "thousands", "comma", "row after sep", "no title", "open quote"],
)  # fmt: skip
def test_what_is_wrong(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ExportError) as caught:
        read(sheet_of(tmp_path, content))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_faults_are_told_a_line_each_and_ten_at_most(tmp_path: Path) -> None:
    content = "day,count\n2026-05-01,1\nx,y\n" + "soon,2\n" * 10
    with pytest.raises(ExportError) as caught:
        read(sheet_of(tmp_path, content.encode()))
    lines = [str(caught.value), *caught.value.__notes__]
    assert [line.rpartition("days.csv: ")[2][:22] for line in lines[:3]] == [
        "row 3, column day: 'x'",
        "row 3, column count: '",
        "row 4, column day: 'so",
    ]
    assert len(lines) == 11
    assert lines[-1].endswith("days.csv: 2 more of this kind; nothing is taken from it.")


def test_needed_cells_are_needed(tmp_path: Path) -> None:
    def rows(text: str) -> list[Row]:
        sheet = sheet_of(tmp_path, text.encode())
        return list(sheet.rows())

    (row,) = rows("day,name\n,x\n")
    row.needed_day("day")
    assert row.faults == [f"{tmp_path / 'days.csv'}: row 2, column day: must not be empty."]
