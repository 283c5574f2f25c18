"""Series that were published or measured elsewhere, as CSV."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec import Struct

from codeshare.errors import ExportError
from codeshare.sheet import Row, Sheet

PUBLISHED = Path(__file__).resolve().parents[1] / "data" / "published.csv"
"""What one company published about its own code, ready to be imported."""


class OutsideValue(Struct, frozen=True):
    """One value of a series; ``value`` may be None where ``low`` or ``high`` is known."""

    series: str
    date: date
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str


COLUMNS = OutsideValue.__struct_fields__


def read_metrics(file: Path) -> list[OutsideValue]:
    """Read a CSV file with the columns series, date, value, low, high, unit and source.

    The columns in any order; low, high and source may be left out.

    Raises:
        ExportError: it cannot be read, lacks a column, or rows are wrong; the message names rows and columns.
    """
    sheet = Sheet(file, dict.fromkeys(COLUMNS, ()), ("series", "date", "value", "unit"), ExportError)
    found: list[OutsideValue] = []
    places: dict[tuple[str, date], int] = {}
    for row in sheet.rows():
        each = _value(row)
        found.append(each)
        first = places.setdefault((each.series, each.date), row.line)
        if first != row.line and not row.is_wrong:
            row.fail("date", f"{each.series} has a value of {each.date} in row {first} already")
    sheet.check()
    return found


def _value(row: Row) -> OutsideValue:
    value, low, high = (row.number(name) for name in ("value", "low", "high"))
    ordered = [number for number in (low, value, high) if number is not None]
    if not ordered and not row.is_wrong:
        row.fail("value", "is empty, and so are low and high")
    if ordered != sorted(ordered):
        row.fail("value", "low, value and high must not fall")
    series, unit, source = row.text("series"), row.text("unit"), row.optional("source") or ""
    return OutsideValue(series, row.needed_day("date"), value, low, high, unit, source)
