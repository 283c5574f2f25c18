"""Which team a person is in, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from codeshare.errors import ConfigError
from codeshare.staff import Membership


class Teams:
    """Memberships by person. Whoever is in two teams on one day is an error, as is a name of several people."""

    def __init__(
        self,
        memberships: Iterable[Membership],
        by_address: Callable[[str], str],
        by_name: Mapping[str, Sequence[str]],
    ) -> None:
        """Find the persons that the memberships speak of.

        Args:
            memberships: as read; rows of people who are in no repository are kept and speak of nobody.
            by_address: the person (id) behind an address.
            by_name: persons (ids) by the name they are shown under.

        Raises:
            ConfigError: names the row.
        """
        self._of: dict[str, list[Membership]] = {}
        for row in memberships:
            for person in persons_of(row, by_address, by_name):
                for other in self._of.setdefault(person, []):
                    if other.overlaps(row) and other.team != row.team:
                        raise ConfigError(
                            f"{row.place}: {row.person} stands in two teams at once, {other.team} and {row.team}; keep one."
                        )
                self._of[person].append(row)

    def settle(self, teams: Mapping[str, str]) -> None:
        """Put persons (ids) who are in no team into these."""
        for person, team in teams.items():
            if not self._of.get(person):
                self._of[person] = [Membership(person, team)]

    def team(self, person: str, day: date | None = None) -> str | None:
        """Return the team of a person (id) on ``day``; without one the latest."""
        rows = self._of.get(person, [])
        if day is not None:
            return next((row.team for row in rows if row.holds(day)), None)
        return max(rows, key=lambda row: row.until or date.max).team if rows else None

    def rows(self) -> list[tuple[str, str, date | None, date | None]]:
        """Return person (id), team, first day, last day (None: open), sorted."""
        return sorted(
            ((person, row.team, row.since, row.until) for person, rows in self._of.items() for row in rows),
            key=lambda row: (row[0], row[2] or date.min, row[1]),
        )


def persons_of(
    row: Membership, by_address: Callable[[str], str], by_name: Mapping[str, Sequence[str]]
) -> Sequence[str]:
    """Return the persons (ids) that a row speaks of.

    Raises:
        ConfigError: its name is that of several people.
    """
    words = row.person.strip()
    if words.endswith(">") and "<" in words:
        words = words[words.rindex("<") + 1 : -1]
    if "@" in words:
        return [by_address(words)]
    found = by_name.get(words, ())
    if len(found) > 1:
        raise ConfigError(
            f"{row.place}: {words} is the name of {len(found)} people; write an address instead."
        )
    return found
