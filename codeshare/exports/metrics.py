"""Series that were published or measured elsewhere, as CSV."""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from io import StringIO
from pathlib import Path

from codeshare.errors import ExportError
from codeshare.reading import read_text

PUBLISHED = Path(__file__).resolve().parents[1] / "data" / "published.csv"
"""What one company published about its own code, ready to be imported."""


@dataclass(frozen=True, slots=True)
class OutsideValue:
    """One value of a series; ``value`` may be None where ``low`` or ``high`` is known."""

    series: str
    date: date
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str


COLUMNS = tuple(field.name for field in fields(OutsideValue))


def read_metrics(file: Path) -> list[OutsideValue]:
    """Read a CSV file with the columns series, date, value, low, high, unit and source.

    Comma-separated, UTF-8, with or without byte order mark; the columns in any order. low, high and source may be left out.

    Raises:
        ExportError: it cannot be read, lacks a column, or a row is wrong; the message names row and column.
    """
    try:
        reader = csv.DictReader(StringIO(read_text(file), newline=""), strict=True)
        _check_header(file, reader.fieldnames or ())
        found = [_value(row, f"{file}: row {number}") for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExportError(f"{file}: cannot be read as CSV in UTF-8: {error}.") from None
    places: dict[tuple[str, date], int] = {}
    for number, each in enumerate(found, start=2):
        first = places.setdefault((each.series, each.date), number)
        if first != number:
            raise ExportError(
                f"{file}: row {number}, column date: {each.series} has a value of {each.date} in row {first} already."
            )
    return found


def _check_header(file: Path, names: object) -> None:
    given = [str(name) for name in names] if isinstance(names, list) else []
    for name in given:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            known = f"did you mean {near[0]}?" if near else f"known are: {', '.join(COLUMNS)}."
            raise ExportError(f"{file}: row 1: {name!r:.60}: unknown column, {known}")
    for name in ("series", "date", "value", "unit"):
        if name not in given:
            raise ExportError(
                f"{file}: row 1: lacks the column {name}; needed are series, date, value and unit."
            )
    if len(set(given)) < len(given):
        raise ExportError(f"{file}: row 1: a column stands twice.")


def _value(row: Mapping[str | None, str | None], where: str) -> OutsideValue:
    if None in row or None in row.values():
        raise ExportError(
            f"{where}: has more or fewer fields than the header. A text with commas goes in quotes."
        )
    cells = {str(name): (text or "").strip() for name, text in row.items()}
    for name in ("series", "unit"):
        if not cells[name]:
            raise ExportError(f"{where}, column {name}: is empty.")
    value, low, high = (
        _number(cells.get(name, ""), f"{where}, column {name}") for name in ("value", "low", "high")
    )
    if value is None and low is None and high is None:
        raise ExportError(f"{where}, column value: is empty, and so are low and high.")
    ordered = [number for number in (low, value, high) if number is not None]
    if ordered != sorted(ordered):
        raise ExportError(f"{where}, column value: low, value and high must not fall.")
    day = _day(cells["date"], f"{where}, column date")
    return OutsideValue(cells["series"], day, value, low, high, cells["unit"], cells.get("source", ""))


def _number(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ExportError(f"{where}: {text!r} is no number; write it as 1234.5.")
    return number


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ExportError(f"{where}: {text!r} is no day; write it as 2026-05-31.") from None
