"""CSV files that people keep, as any spreadsheet writes them; what is wrong in one is told by row and column."""

from __future__ import annotations

import codecs
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from codeshare.errors import CodeshareError
from codeshare.nearest import nearest
from codeshare.reading import read_bytes

_MOST_FAULTS = 10
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOK = b"PK\x03\x04"
_SAYS_SEPARATOR = re.compile(r"sep=(?P<separator>[,;\t])\r?\n", re.IGNORECASE)
_POINTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})")
_QUARTER = re.compile(r"(?P<year>\d{4})[ -]?Q(?P<quarter>[1-4])", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


class Sheet(Struct):
    """A CSV file with a line of names: UTF-8, UTF-16 with its mark, else Windows-1252; commas, semicolons or tabs.

    Read all of `rows`, then call `check`: only then is what they gave to be used.

    ``columns`` are the known names, each with its other spellings, ``needs`` those that must be there,
    ``error`` is what is raised, and ``missing`` the words where there is no file.
    """

    path: Path
    columns: Mapping[str, Sequence[str]]
    needs: Sequence[str]
    error: type[CodeshareError]
    missing: str = "no such file."
    faults: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Every row that is not empty; cells that are wrong are noted, and stand-ins given for them.

        Raises:
            CodeshareError: the file cannot be read at all, or lacks a column.
        """
        import csv  # most often there is no such file

        text = self._text()
        told = _SAYS_SEPARATOR.match(text)
        before = 1 if told else 0
        text = text[told.end() :] if told else text
        separator = told["separator"] if told else self._separator(text.partition("\n")[0])
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        try:
            names = self._names(next(reader, []), before + 1)
            for values in reader:
                if any(value.strip() for value in values):
                    yield self._row(names, values, before + reader.line_num, separator)
        except csv.Error as error:
            raise self.error(f"{self.path}: row {before + reader.line_num}: no CSV: {error}.") from None

    def check(self) -> None:
        """Raise what is wrong: the first fault, nine more as notes of the error, and how many are left.

        Raises:
            CodeshareError: something is.
        """
        if not self.faults:
            return
        error = self.error(self.faults[0])
        for line in self.faults[1:_MOST_FAULTS]:
            error.add_note(line)
        if (left := len(self.faults) - _MOST_FAULTS) > 0:
            error.add_note(f"{self.path}: {left:,} more of this kind; nothing is taken from it.")
        raise error

    def _text(self) -> str:
        try:
            content = read_bytes(self.path)
        except FileNotFoundError:
            raise self.error(f"{self.path}: {self.missing}") from None
        except OSError as error:
            raise self.error(f"{self.path}: cannot be read: {error.strerror}.") from None
        try:
            if content.startswith(_WORKBOOK):
                raise self.error(f"{self.path}: a workbook. Save it as CSV.")
            return content.decode("utf-16") if content.startswith(_UTF_16) else _decoded(content)
        except UnicodeDecodeError:
            raise self.error(f"{self.path}: cannot be read as text. Save it as CSV in UTF-8.") from None

    def _separator(self, header: str) -> str:
        """What parts the header into the most known names."""
        return max(",;\t", key=lambda each: sum(_word(title) in self._known for title in header.split(each)))

    @property
    def _known(self) -> dict[str, str]:
        return {word: name for name, others in self.columns.items() for word in (name, *others)}

    def _names(self, header: Sequence[str], line: int) -> list[str]:
        """The columns' names; empty for those without a title."""
        place, known = f"{self.path}: row {line}", self._known
        titles = [_word(title) for title in header]
        for word, title in zip(titles, header, strict=True):
            if word and word not in known:
                meant = nearest(word, known, f"known are: {', '.join(self.columns)}.")
                raise self.error(f"{place}: {title.strip()!r:.60}: unknown column, {meant}")
        names = [known.get(word, "") for word in titles]
        for name in self.needs:
            if name not in names:
                raise self.error(f"{place}: there is no column {name}.")
        titled = [name for name in names if name]
        if len(set(titled)) < len(titled):
            raise self.error(f"{place}: two columns mean the same.")
        return names

    def _row(self, names: Sequence[str], values: Sequence[str], line: int, separator: str) -> Row:
        cells = dict(zip(names, (value.strip() for value in values), strict=False))
        row = Row(f"{self.path}: row {line}", line, cells, separator == ";", self.faults)
        if any(value.strip() for k, value in enumerate(values) if k >= len(names) or not names[k]):
            row.fail(None, f"{len(values)} values for {len([name for name in names if name])} columns")
        return row


class Row(Struct):
    """The cells of a row. What is wrong goes to ``faults``; ``is_german``: a comma is a decimal point."""

    place: str
    line: int
    cells: Mapping[str, str]
    is_german: bool
    faults: list[str]
    is_wrong: bool = False

    def fail(self, column: str | None, words: str) -> None:
        """Note what is wrong with a cell, or with the row."""
        self.is_wrong = True
        self.faults.append(f"{self.place}{f', column {column}' if column else ''}: {words}.")

    def optional(self, column: str) -> str | None:
        """A text, None where the cell is empty."""
        return self.cells.get(column) or None

    def text(self, column: str) -> str:
        """A text that must be there."""
        value = self.cells.get(column, "")
        if not value:
            self.fail(column, "must not be empty")
        return value

    def day(self, column: str) -> date | None:
        """A day such as 2025-01-31 or 31.1.2025, None where the cell is empty."""
        value = self.optional(column)
        if value is None:
            return None
        day = _day(value)
        if day is None:
            self.fail(column, f"{value!r} must be a day such as 2025-01-31")
        return day

    def needed_day(self, column: str) -> date:
        """A day that must be there."""
        return (self.day(column) if self.text(column) else None) or date.min

    def quarter(self, column: str) -> date:
        """The first day of a quarter such as 2025-Q1."""
        value = self.text(column)
        if match := _QUARTER.fullmatch(value):
            return date(int(match["year"]), int(match["quarter"]) * 3 - 2, 1)
        day = _day(value)
        if day is None and value:
            self.fail(column, f"{value!r} must be a quarter such as 2025-Q1")
        elif day and (day.day != 1 or day.month % 3 != 1):
            self.fail(column, f"{value} does not start a quarter")
        return day or date.min

    def number(self, column: str) -> float | None:
        """A number, None where the cell is empty."""
        value = self.optional(column)
        if value is None:
            return None
        if self.is_german and _THOUSANDS.fullmatch(value):
            self.fail(column, f"{value!r} may mean two numbers; write it without a point")
            return None
        try:
            number = float(value.replace(",", ".") if self.is_german else value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(column, f"{value!r} must be a number such as 1234.5")
            return None
        return number


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _day(text: str) -> date | None:
    try:
        if pointed := _POINTED.fullmatch(text):
            return date(int(pointed["year"]), int(pointed["month"]), int(pointed["day"]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def _word(title: str) -> str:
    return title.strip().strip('"').strip().lower()
