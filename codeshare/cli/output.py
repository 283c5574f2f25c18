"""Rows on stdout: as a table for people, JSON, CSV or Markdown for programs and pages."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import click

from codeshare.cli.logs import say
from codeshare.escaping import as_json, markdown_cell, spreadsheet, terminal

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

Row = Mapping[str, Any]
FORMATS = ("table", "json", "csv", "markdown")
_Command = TypeVar("_Command", bound=Callable[..., Any])


def format_option(command: _Command) -> _Command:
    """``--format``, the same on every command that prints rows."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How rows are printed.",
    )
    return option(command)


def print_frame(frame: pd.DataFrame, form: str) -> None:
    """Print a frame's rows; missing values are empty, in JSON null."""
    print_rows(rows_of(frame), form, columns=[str(name) for name in frame.columns])


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows; missing values are None."""
    names = [str(name) for name in frame.columns]
    missing = frame.isna()
    columns = [
        [None if absent else value for value, absent in zip(frame[name], missing[name], strict=True)]
        for name in frame
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def print_json(answer: Any) -> None:
    """Print an answer as JSON."""
    click.echo(as_json(plain(answer)))


def print_rows(rows: Sequence[Row], form: str, *, columns: Sequence[str] | None = None) -> None:
    """Print rows in one of `FORMATS`; ``columns`` matter where there is no row."""
    names = list(columns or (rows[0] if rows else ()))
    if form == "json":
        print_json([{name: row[name] for name in names} for row in rows])
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(map(spreadsheet, names))
        writer.writerows([_csv_cell(row[name]) for name in names] for row in rows)
    elif form == "markdown":
        _markdown(names, rows)
    else:
        _table(names, rows)


def print_words(words: str, form: str) -> None:
    """Print a sentence after rows: where programs read those, beside them."""
    (say if form in ("json", "csv") else click.echo)(terminal(words))


def plain(value: Any) -> Any:
    """A value as JSON has it; dates in ISO 8601, what is not known as null."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def text(value: Any, digits: int | None = None) -> str:
    """A value as text; what is not known is empty, lists and the like are JSON."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value) if digits is None else _rounded(value, digits)
    if isinstance(value, (list, dict)):
        return as_json(value, indent=None)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rounded(value: float, digits: int) -> str:
    if not value.is_integer():
        return f"{value:.{digits}f}"
    return f"{value:.0f}" if abs(value) < 1e15 else f"{value:g}"


def _csv_cell(value: Any) -> str:
    """A number may begin with a minus; a text that does could be a formula."""
    return spreadsheet(value) if isinstance(value, str) else text(value)


def _markdown(names: Sequence[str], rows: Sequence[Row]) -> None:
    click.echo("| " + " | ".join(map(_markdown_cell, names)) + " |")
    click.echo("|" + " --- |" * len(names))
    for row in rows:
        click.echo("| " + " | ".join(_markdown_cell(text(row[name], 4)) for name in names) + " |")


def _markdown_cell(words: str) -> str:
    return words if words.isidentifier() and not words.startswith("_") else markdown_cell(words)


def _table(names: Sequence[str], rows: Sequence[Row]) -> None:
    from rich.console import Console

    if not rows:
        say("no rows")
        return
    screen, wide = Console(), Console(width=500)
    # A pipe has no width to respect: nothing is folded for it.
    console = screen if screen.is_terminal else wide
    table = _grid(names, rows)
    if len(rows) == 1 and wide.measure(table).maximum > console.width:
        table = _record(names, rows[0])
    console.print(table)


def _grid(names: Sequence[str], rows: Sequence[Row]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        numeric = all(
            isinstance(row[name], (int, float, type(None))) or hasattr(row[name], "dtype") for row in rows
        )
        table.add_column(Text(terminal(name)), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(terminal(text(row[name], 4))) for name in names))
    return table


def _record(names: Sequence[str], row: Row) -> Table:
    """One row that is wider than the terminal, a line for each of its columns."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name in names:
        table.add_row(Text(terminal(name)), Text(terminal(text(row[name], 4))))
    return table
