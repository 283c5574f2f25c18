"""The work of one quarter: requests of persons, their sizes and their times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

from sample_repos.company import repositories
from sample_repos.dice import Dice
from sample_repos.marks import Mark
from sample_repos.people import Engineer, engineers
from sample_repos.workdays import (
    FIRST,
    LAST,
    after_quarter,
    before,
    epoch,
    quarter_of,
    working_time,
)

LANDING_GAP = 130
_OPENED = epoch(FIRST, 6 * 3600)
NO_REWORK_YEARS = (2024, 2026)


class Event(Protocol):
    """Something that happens on one repository's mainline at a moment (Unix time)."""

    repo: str
    at: int


@dataclass(slots=True, eq=False)
class Unit:
    """One commit to be; of its handwritten lines, ``false_lines`` are a person's under an agent's mark."""

    lines: int
    at: int = 0
    writer: str = "human"
    mark: Mark | None = None
    false_lines: int = 0
    rework: int = 0


@dataclass(slots=True, eq=False)
class Item:
    """One request: the commits that land together."""

    repo: str
    engineer: Engineer
    style: str
    at: int
    units: list[Unit]
    start: int = 0
    merger: Engineer | None = None
    agent: Mark | None = None

    @property
    def lines(self) -> int:
        """Handwritten lines that are to be merged."""
        return sum(unit.lines for unit in self.units)


def mean_size(quarter: date) -> int:
    """Return the lines of a typical commit."""
    return {2025: 150, 2026: 220}.get(quarter.year, 112)


def plan_quarter(quarter: date, targets: dict[str, int], seed: int, others: Sequence[Event]) -> list[Item]:
    """Return the quarter's requests in order of landing, without their writers.

    ``others`` are the quarter's further events; they may be moved by minutes, so that no two landings meet.
    """
    dice = Dice(seed, "plan", quarter)
    items: list[Item] = []
    for login, lines in targets.items():
        for units in _requests(lines, mean_size(quarter), dice):
            items.append(_item(engineers()[login], units, quarter, dice))
    _space([*items, *others], quarter)
    items.sort(key=lambda item: (item.at, item.repo))
    mergers = [engineers()[login] for login, lines in targets.items() if lines]
    for item in items:
        _date(item, mergers, dice)
    _rework(items, quarter, dice)
    return items


def _requests(lines: int, mean: int, dice: Dice) -> Iterator[list[Unit]]:
    while lines > 0:
        units = []
        for _ in range(dice.weighted(((1, 50), (2, 26), (3, 15), (4, 9)))):
            size = min(lines, dice.skewed(mean), 1200)
            if lines - size < 4:
                size = lines
            if size:
                units.append(Unit(size))
            lines -= size
        yield units


def _item(engineer: Engineer, units: list[Unit], quarter: date, dice: Dice) -> Item:
    specs = repositories()
    home = next(spec for spec in specs.values() if spec.team == engineer.team)
    spec = home if dice.chance(0.8) else dice.weighted((other, other.weight) for other in specs.values())
    styles = [
        (style, weight) for style, weight in spec.styles.items() if style != "direct" or len(units) == 1
    ]
    style = dice.weighted(styles)
    since, until = max(quarter, engineer.joined), min(after_quarter(quarter), engineer.left)
    return Item(spec.name, engineer, style, working_time(dice, since, until), units)


def _space(events: list[Event], quarter: date) -> None:
    """Keep landings of one repository apart, and let the story end on its last day."""
    for repo in repositories():
        queue = sorted((event for event in events if event.repo == repo), key=lambda event: event.at)
        if queue and quarter == quarter_of(LAST):
            queue[-1].at = max(queue[-1].at, epoch(LAST, 15 * 3600 + len(repo) * 97))
        for earlier, later in pairwise(queue):
            later.at = max(later.at, earlier.at + LANDING_GAP)
        latest = epoch(after_quarter(quarter)) - 3600
        for event in reversed(queue):
            event.at = min(event.at, latest)
            latest = event.at - LANDING_GAP


def _date(item: Item, mergers: list[Engineer], dice: Dice) -> None:
    """Date the commits of a request backwards from its landing, and choose who presses the button."""
    at = item.at
    for unit in reversed(item.units):
        at = max(_OPENED, before(dice, at)) if item.style != "direct" else at
        unit.at = at
    item.start = max(_OPENED, before(dice, at))
    item.merger = item.engineer if dice.chance(0.4) else dice.pick(mergers)


def _rework(items: list[Item], quarter: date, dice: Dice) -> None:
    """Let a few requests of quiet years take back some lines before they land."""
    if quarter.year in NO_REWORK_YEARS:
        return
    for item in items:
        if item.style in ("merge", "rebase") and len(item.units) > 1 and dice.chance(0.12):
            item.units[0].rework = dice.between(2, 6)
