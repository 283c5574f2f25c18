"""The company's repositories, as data/company.toml describes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sample_repos.tables import table
from sample_repos.workdays import FIRST, LAST


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of file that people write in a repository."""

    file_class: str
    share: float
    language: str
    folders: tuple[str, ...]
    name: str
    since: date
    until: date

    @property
    def key(self) -> str:
        """What files of this sort are listed under."""
        return f"{self.file_class} {self.language}"


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock file, the manifest beside it and the bot that updates both."""

    path: str
    manifest: str
    bot: str
    every: int


@dataclass(frozen=True, slots=True)
class Generated:
    """Files that a generator writes: their path, first line and comment sign."""

    path: str
    header: str
    comment: str


@dataclass(frozen=True, slots=True)
class RepositorySpec:
    """One repository of the company."""

    name: str
    branch: str
    team: str
    weight: float
    styles: dict[str, float]
    kinds: tuple[Kind, ...]
    lock: Lock
    generated: Generated | None
    origin: str | None


def _kind(row: dict[str, Any]) -> Kind:
    row = {"since": FIRST, "until": LAST.replace(year=LAST.year + 1)} | row
    folders = tuple(row.pop("folders"))
    return Kind(file_class=row.pop("class"), folders=folders, **row)


def _specification(row: dict[str, Any]) -> RepositorySpec:
    row = {"origin": None, "generated": None} | row
    generated = Generated(**row.pop("generated")) if row["generated"] else row.pop("generated")
    kinds = tuple(_kind(kind) for kind in row.pop("kinds"))
    return RepositorySpec(kinds=kinds, lock=Lock(**row.pop("lock")), generated=generated, **row)


@cache
def repositories() -> dict[str, RepositorySpec]:
    """Return the repositories by name, in the order of the file."""
    return {row["name"]: _specification(row) for row in table("company")["repository"]}


def owner() -> str:
    """Return the company's name on its forge."""
    return str(table("company")["owner"])
