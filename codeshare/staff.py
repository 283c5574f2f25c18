"""Who belongs to which team, how many engineers there are, and when nobody works: CSV files, or ``codeshare.toml``."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from codeshare.config import Config
from codeshare.errors import CodeshareError, ConfigError, ExportError
from codeshare.sheet import Row, Sheet

_TEAMS = {"person": ("address", "email", "name"), "team": (), "from": ("since",), "to": ("until",)}
_HEADCOUNT = {
    "quarter": ("period", "date"),
    "engineers": ("headcount", "head-count"),
    "team": ("organisation", "organization"),
}
_HOLIDAYS = {"day": ("date",), "name": ("holiday",)}


class Membership(Struct, frozen=True):
    """A person's time in a team: ``since`` and ``until`` are the first and the last day, None where open.

    ``person`` is an address or a name, ``place`` the row to name in errors, ``line`` its number in the file.
    """

    person: str
    team: str
    since: date | None = None
    until: date | None = None
    place: str = "teams"
    line: int = 0

    def holds(self, day: date) -> bool:
        """Whether the person is in the team on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def overlaps(self, other: Membership) -> bool:
        """Whether some day is in both."""
        first = max(self.since or date.min, other.since or date.min)
        return first <= min(self.until or date.max, other.until or date.max)


class Headcount(Struct, frozen=True):
    """How many engineers a team, or the whole organisation (None), had in the quarter that starts with ``period``."""

    period: date
    team: str | None
    engineers: float


class Holiday(Struct, frozen=True):
    """A day on which nobody works."""

    day: date
    name: str


def memberships(config: Config) -> list[Membership]:
    """Read the teams: the table of ``codeshare.toml``, or the CSV file that it names.

    Raises:
        ConfigError: names file, row and column.
    """
    if config.teams_file is None:
        return [
            Membership(address, team) for team, addresses in config.teams.items() for address in addresses
        ]
    return read_teams(_path(config, config.teams_file), ConfigError, _missing("teams"))


def headcounts(config: Config) -> list[Headcount]:
    """Read the CSV file of head counts; empty where none is named.

    Raises:
        ConfigError: names file, row and column.
    """
    if config.headcount is None:
        return []
    return read_headcount(_path(config, config.headcount), ConfigError, _missing("headcount"))


def read_teams(
    file: Path, error: type[CodeshareError] = ExportError, missing: str = "no such file."
) -> list[Membership]:
    """Read a CSV file with the columns person, team, from and to.

    Raises:
        CodeshareError: ``error``; names rows and columns.
    """
    sheet = Sheet(file, _TEAMS, ("person", "team"), error, missing)
    found = [_membership(row) for row in sheet.rows()]
    sheet.check()
    return found


def read_headcount(
    file: Path, error: type[CodeshareError] = ExportError, missing: str = "no such file."
) -> list[Headcount]:
    """Read a CSV file with the columns quarter, engineers and team, sorted.

    Raises:
        CodeshareError: ``error``; names rows and columns.
    """
    sheet = Sheet(file, _HEADCOUNT, ("quarter", "engineers"), error, missing)
    found: dict[tuple[date, str | None], Headcount] = {}
    for row in sheet.rows():
        each = _headcount(row)
        if row.is_wrong:
            continue
        _check_beside(row, each, found)
        found[each.period, each.team] = each
    sheet.check()
    return sorted(found.values(), key=lambda each: (each.period, each.team or ""))


def read_holidays(file: Path) -> list[Holiday]:
    """Read a CSV file with the columns day and name, sorted.

    Raises:
        ExportError: names rows and columns.
    """
    sheet = Sheet(file, _HOLIDAYS, ("day",), ExportError)
    found: dict[date, Holiday] = {}
    for row in sheet.rows():
        day = row.needed_day("day")
        if day in found and not row.is_wrong:
            row.fail("day", f"{day} is there twice")
        found[day] = Holiday(day, row.optional("name") or "holiday")
    sheet.check()
    return [found[day] for day in sorted(found)]


def _path(config: Config, name: str) -> Path:
    return config.folder / os.path.expanduser(name)


def _missing(key: str) -> str:
    return f"no such file, which {key} in codeshare.toml names."


def _membership(row: Row) -> Membership:
    since, until = row.day("from"), row.day("to")
    if since and until and until < since:
        row.fail("to", f"{until} is before {since}")
    return Membership(row.text("person"), row.text("team"), since, until, row.place, row.line)


def _headcount(row: Row) -> Headcount:
    period, engineers = row.quarter("quarter"), row.number("engineers") if row.text("engineers") else None
    if engineers is not None and not 0 <= engineers < 1e7:
        row.fail("engineers", f"{row.text('engineers')} must be a number of people")
    return Headcount(period, row.optional("team"), engineers or 0.0)


def _check_beside(row: Row, each: Headcount, found: dict[tuple[date, str | None], Headcount]) -> None:
    period, team = each.period, each.team
    if (period, team) in found:
        row.fail("quarter", f"{quarter_name(period)} is there twice for the same team")
    if any(day == period and (other is None) != (team is None) for day, other in found):
        row.fail("team", "a quarter has rows of teams or one of the whole organisation, not both")


def quarter_name(day: date) -> str:
    """The quarter that starts with a day, such as 2025-Q1."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


READERS: dict[str, Callable[[Path], Sequence[Membership | Headcount | Holiday]]] = {
    "teams": read_teams,
    "headcount": read_headcount,
    "holidays": read_holidays,
}
"""By kind of file what reads one that is to be imported."""
