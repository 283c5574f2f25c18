"""The engineers: who they are, when they are employed, under which addresses they commit."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from sample_repos.dice import Dice
from sample_repos.tables import table
from sample_repos.workdays import LAST, after_quarter

GITHUB = "GitHub <noreply@github.com>"


@dataclass(frozen=True, slots=True)
class Engineer:
    """One person. ``email`` is the canonical address; ``how`` says what joins ``other`` to it."""

    login: str
    name: str
    team: str
    email: str
    joined: date
    left: date
    pace: float
    zone: str
    other: tuple[str, ...]
    how: str

    @property
    def canonical(self) -> str:
        """The address that stands for the person in the truth: no-reply addresses without their number."""
        return (
            self.email.partition("+")[2]
            if "@users.noreply." in self.email and "+" in self.email
            else self.email
        )

    def identity(self, dice: Dice | None = None) -> str:
        """Return ``Name <address>``; with dice, one time in three under another address."""
        if dice and self.other and dice.chance(0.33):
            return f"{self.name} <{dice.pick(self.other)}>"
        return f"{self.name} <{self.email}>"

    def is_active(self, quarter: date) -> bool:
        """Return whether the person is employed in some part of the quarter."""
        return self.joined < after_quarter(quarter) and self.left > quarter


@cache
def engineers() -> dict[str, Engineer]:
    """Return all engineers by login."""
    domain = table("company")["domain"]
    found = {}
    for row in table("people")["engineer"]:
        login = row["login"]
        first, _, last = row["name"].partition(" ")
        spelled = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace(" ", "."))
        plain = "".join(c for c in spelled if c.isascii() and c != "'")
        found[login] = Engineer(
            login=login,
            name=row["name"],
            team=row["team"],
            email=row.get("email", f"{plain}@{domain}"),
            joined=row["joined"],
            left=row.get("left", date(LAST.year + 1, 1, 1)),
            pace=row["pace"],
            zone=row.get("zone", "+0200"),
            other=tuple(row.get("other", ())),
            how=row.get("how", ""),
        )
    return found
