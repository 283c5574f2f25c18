"""Who belongs to which team, and how many engineers there are: what ``codeshare.toml`` or its CSV files say."""

from __future__ import annotations

import csv
import difflib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NoReturn

from codeshare.config import Config
from codeshare.errors import ConfigError
from codeshare.reading import read_text

_QUARTER = re.compile(r"(?P<year>\d{4})[ -]?Q(?P<quarter>[1-4])", re.IGNORECASE)
_TEAMS = {"person": ("address", "email", "name"), "team": (), "from": ("since",), "to": ("until",)}
_HEADCOUNT = {
    "quarter": ("period", "date"),
    "engineers": ("headcount", "head-count"),
    "team": ("organisation", "organization"),
}


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's time in a team: ``since`` and ``until`` are the first and the last day, None where open.

    ``person`` is an address or a name, ``place`` the row to name in errors.
    """

    person: str
    team: str
    since: date | None = None
    until: date | None = None
    place: str = "teams"

    def holds(self, day: date) -> bool:
        """Whether the person is in the team on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def overlaps(self, other: Membership) -> bool:
        """Whether some day is in both."""
        first = max(self.since or date.min, other.since or date.min)
        return first <= min(self.until or date.max, other.until or date.max)


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many engineers a team, or the whole organisation (None), had in the quarter that starts with ``period``."""

    period: date
    team: str | None
    engineers: float


def memberships(config: Config) -> list[Membership]:
    """Read the teams: the table of ``codeshare.toml``, or the CSV file that it names.

    Raises:
        ConfigError: names file, row and column.
    """
    if config.teams_file is None:
        return [
            Membership(address, team) for team, addresses in config.teams.items() for address in addresses
        ]
    sheet = _Sheet(config, "teams", config.teams_file, _TEAMS, needs=("person", "team"))
    found = []
    for row in sheet.rows():
        since, until = row.day("from"), row.day("to")
        if since and until and until < since:
            row.fail("to", f"{until} is before {since}")
        found.append(Membership(row.text("person"), row.text("team"), since, until, row.place))
    return found


def headcounts(config: Config) -> list[Headcount]:
    """Read the CSV file of head counts; empty where none is named.

    Raises:
        ConfigError: names file, row and column.
    """
    if config.headcount is None:
        return []
    sheet = _Sheet(config, "headcount", config.headcount, _HEADCOUNT, needs=("quarter", "engineers"))
    found: dict[tuple[date, str | None], Headcount] = {}
    for row in sheet.rows():
        period, team = row.quarter("quarter"), row.optional("team")
        engineers = row.number("engineers")
        if (period, team) in found:
            row.fail("quarter", f"{period.year}-Q{(period.month + 2) // 3} is there twice for the same team")
        if any(day == period and (other is None) != (team is None) for day, other in found):
            row.fail("team", "a quarter has rows of teams or one of the whole organisation, not both")
        found[period, team] = Headcount(period, team, engineers)
    return sorted(found.values(), key=lambda each: (each.period, each.team or ""))


class _Sheet:
    """A CSV file with a line of names; ``columns`` maps each to its other spellings."""

    def __init__(
        self, config: Config, key: str, name: str, columns: Mapping[str, Sequence[str]], needs: Sequence[str]
    ) -> None:
        self.path = config.folder / os.path.expanduser(name)
        self.key, self.columns, self.needs = key, columns, needs

    def rows(self) -> Iterator[_Row]:
        try:
            reader = csv.reader(StringIO(read_text(self.path), newline=""), strict=True)
            names = self._names(next(reader, []))
            for values in reader:
                if any(value.strip() for value in values):
                    yield _Row(self.path, reader.line_num, self._cells(names, values, reader.line_num))
        except FileNotFoundError:
            raise ConfigError(
                f"{self.path}: no such file, which {self.key} in codeshare.toml names."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{self.path}: cannot be read: {error}.") from None
        except csv.Error as error:
            raise ConfigError(f"{self.path}: row {reader.line_num}: no CSV: {error}.") from None

    def _names(self, header: Sequence[str]) -> list[str]:
        known = {word: name for name, others in self.columns.items() for word in (name, *others)}
        names = []
        for title in header:
            word = title.strip().lower()
            if word not in known:
                near = difflib.get_close_matches(word, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(self.columns)}."
                separator = " Columns are separated by commas." if ";" in word or "\t" in word else ""
                raise ConfigError(
                    f"{self.path}: row 1: {title.strip()!r:.60}: unknown column, {hint}{separator}"
                )
            names.append(known[word])
        for name in self.needs:
            if name not in names:
                raise ConfigError(f"{self.path}: row 1: there is no column {name}.")
        if len(set(names)) < len(names):
            raise ConfigError(f"{self.path}: row 1: two columns mean the same.")
        return names

    def _cells(self, names: Sequence[str], values: Sequence[str], line: int) -> dict[str, str]:
        if len(values) > len(names):
            raise ConfigError(f"{self.path}: row {line}: {len(values)} values for {len(names)} columns.")
        return dict(zip(names, (value.strip() for value in values), strict=False))


@dataclass(frozen=True, slots=True)
class _Row:
    path: Path
    line: int
    cells: Mapping[str, str]

    @property
    def place(self) -> str:
        return f"{self.path}: row {self.line}"

    def fail(self, column: str, words: str) -> NoReturn:
        raise ConfigError(f"{self.place}, column {column}: {words}.")

    def text(self, column: str) -> str:
        return self.cells.get(column) or self.fail(column, "must not be empty")

    def optional(self, column: str) -> str | None:
        return self.cells.get(column) or None

    def day(self, column: str) -> date | None:
        value = self.optional(column)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(column, f"{value!r} must be a day such as 2025-01-31, or empty")

    def quarter(self, column: str) -> date:
        value = self.text(column)
        if match := _QUARTER.fullmatch(value):
            return date(int(match["year"]), int(match["quarter"]) * 3 - 2, 1)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(column, f"{value!r} must be a quarter such as 2025-Q1")
        if day.day != 1 or day.month % 3 != 1:
            self.fail(column, f"{value} does not start a quarter")
        return day

    def number(self, column: str) -> float:
        value = self.text(column)
        try:
            number = float(value)
        except ValueError:
            self.fail(column, f"{value!r} must be a number")
        if not 0 <= number < 1e7:
            self.fail(column, f"{value} must be a number of people")
        return number
