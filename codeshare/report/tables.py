"""Tables as readers see them: chosen columns, formatted cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from codeshare.escaping import spreadsheet
from codeshare.report import dates
from codeshare.report.charts.kinds import KINDS
from codeshare.report.frames import as_date, rows
from codeshare.report.numbers import amount, count, percent, ratio
from codeshare.report.page_model import Column, Table

MOST_ROWS = 400
"""Rows of a table on the page; the file in ``tables/`` has all of them."""
MOST_IN_LINK = 300_000
"""Characters of a table that a link of the page may hold."""
MISSING = "–"

SHARES = (
    Column("numerator", "AI lines", "count"),
    Column("denominator", "Lines", "count"),
    Column("share", "Share", "percent"),
    Column("share_strict", "Strictest", "percent"),
    Column("share_high", "Every trace", "percent"),
    Column("share_min", "Lower bound", "percent"),
    Column("share_max", "Upper bound", "percent"),
)
"""Columns of a table of shares: the headline, its range and its bounds."""

_FORMS: Mapping[str, Callable[[Any], str]] = {
    "month": dates.month,
    "quarter": dates.quarter,
    "day": lambda value: dates.day(as_date(value)),
    "percent": percent,
    "ratio": ratio,
    "decimal": lambda value: f"{value:.1f}",
    "small": lambda value: f"{value:.4g}",
    "decimal_2": lambda value: f"{value:.2f}",
    "count": count,
    "amount": amount,
    "sha": lambda value: str(value)[:12],
    "kind": lambda value: KINDS[value][0] if value in KINDS else str(value),
}
_NUMBERS = frozenset({"percent", "ratio", "decimal", "decimal_2", "small", "count", "amount"})


class Cell(Struct, frozen=True):
    """A formatted value; numbers are set flush right."""

    text: str
    is_number: bool


class FormattedTable(Struct, frozen=True):
    """A table ready to be set, and how many rows it leaves to its file."""

    name: str
    caption: str
    headings: list[Cell]
    rows: list[list[Cell]]
    left: int


def format_table(table: Table, most: int = MOST_ROWS) -> FormattedTable:
    """Format the last ``most`` rows of a series, the first of anything else."""
    columns = [c for c in table.columns if c.name in table.frame.columns] or _all_columns(table)
    total = len(table.frame)
    is_series = any(c.form in ("month", "quarter") for c in columns)
    frame = table.frame.tail(most) if is_series else table.frame.head(most)
    cells = [[_cell(row[c.name], c.form) for c in columns] for row in rows(frame)]
    headings = [Cell(c.heading, c.form in _NUMBERS) for c in columns]
    return FormattedTable(table.name, table.caption, headings, cells, max(total - most, 0))


def csv_text(table: Table, part: str = "") -> str:
    """Return all rows of a table as its file in ``tables/`` has them; of a part, each row says of which.

    A column, not a comment or a name: it outlives being mailed, renamed, or put below the rows of another part.
    """
    frame = table.frame.assign(report_scope=part) if part else table.frame
    frame = frame.map(lambda value: spreadsheet(value) if isinstance(value, str) else value)
    text: str = frame.to_csv(index=False, lineterminator="\n")
    return text


def csv_link(table: Table, part: str = "") -> str | None:
    """Return an address that holds the rows themselves, so that the page alone has them; None for too many."""
    address = "data:text/csv;charset=utf-8," + quote(
        csv_text(table, part), safe="/:;,@$!*()'=+?~", errors="replace"
    )
    return address if len(address) <= MOST_IN_LINK else None


def _all_columns(table: Table) -> list[Column]:
    forms = {c: _guess(c, str(table.frame[c].dtype)) for c in table.frame.columns}
    return [Column(c, c.replace("_", " ").capitalize(), form) for c, form in forms.items()]


def _guess(name: str, dtype: str) -> str:
    if name.endswith("sha") or name == "dup_of":
        return "sha"
    if dtype.startswith("datetime"):
        return "day"
    if name in ("share", "unknown", "coverage"):
        return "percent"
    return "count" if dtype.lower().startswith(("int", "uint")) else "text"


def _cell(value: Any, form: str) -> Cell:
    is_number = form in _NUMBERS
    if value is None:
        return Cell(MISSING, is_number)
    if form in _FORMS:
        return Cell(_FORMS[form](value), is_number)
    if isinstance(value, bool):
        return Cell("yes" if value else "no", False)
    if isinstance(value, datetime):
        return Cell(dates.day(value.date()), False)
    return Cell(str(value), False)
