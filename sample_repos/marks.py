"""The marks that agents leave, and what reading them should give."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from sample_repos.dice import Dice
from sample_repos.tables import table
from sample_repos.workdays import day_of

T = TypeVar("T")
_BEFORE_ASSISTANTS = datetime(2021, 6, 29, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Expected:
    """What attribution should say of a commit."""

    attribution: str
    confidence: str
    kind: str = ""
    mark: str = ""
    is_mixed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One way an agent marks its work; fields as in data/marks.toml."""

    id: str
    row: str
    tool: str
    writer: str
    attribution: str
    confidence: str
    kind: str
    since: date
    until: date
    weight: tuple[tuple[date, float], ...]
    body: tuple[tuple[date, str], ...]
    trailer: tuple[tuple[date, str], ...]
    author: str
    suffix: str
    branch: str
    human: str

    @property
    def is_agent_author(self) -> bool:
        """Whether the agent itself is the author, so that a whole request must be its work."""
        return bool(self.author)

    @property
    def expected(self) -> Expected:
        """What the mark alone should lead to."""
        return Expected(self.attribution, self.confidence, self.kind, self.id)


def step(steps: tuple[tuple[date, T], ...], day: date, default: T) -> T:
    """Return the value of the last step that is not after the day."""
    value = default
    for since, then in steps:
        if since <= day:
            value = then
    return value


@cache
def marks() -> dict[str, Mark]:
    """Return all marks by id."""
    return {row["id"]: _mark(row) for row in table("marks")["mark"]}


def _mark(row: dict[str, Any]) -> Mark:
    values: dict[str, Any] = {
        "until": date(2100, 1, 1),
        "author": "",
        "suffix": "",
        "branch": "",
        "human": "",
    } | row
    for key in ("weight", "body", "trailer"):
        values[key] = tuple((since, value) for since, value in values.get(key, ()))
    return Mark(attribution=values.pop("class"), **values)


def draw_mark(dice: Dice, writer: str, first: int, last: int, avoid: Container[str] = ()) -> Mark | None:
    """Draw a mark valid over the whole span of a request (Unix times), or None when there is none yet."""
    since, until = day_of(first), day_of(last)
    fitting = [
        (mark, step(mark.weight, until, 0.0))
        for mark in marks().values()
        if mark.writer == writer and mark.since <= since and until < mark.until
        if mark.weight and mark.id not in avoid
    ]
    return dice.weighted(fitting) if fitting else None


def fill(text: str, dice: Dice, more: Mapping[str, object]) -> str:
    """Put ids of the right form into a mark's text."""
    if "%(" not in text:
        return text
    uuid = "-".join(dice.hexadecimal(n) for n in (8, 4, 4, 4, 12))
    ids = {"hex": dice.hexadecimal(4), "hexes": dice.hexadecimal(32), "uuid": uuid, "digits": dice.digits(19)}
    return text % (ids | {"token": "01" + dice.hexadecimal(12).upper()} | dict(more))


def unmarked(committed_at: int) -> Expected:
    """Return what a person's commit without any mark should be read as."""
    return Expected("human", "high" if committed_at < _BEFORE_ASSISTANTS else "low")
