"""Releases of AI models and other days that the charts mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from codeshare.config import EventConfig
from codeshare.errors import CatalogueError
from codeshare.nearest import nearest
from codeshare.reading import parse_toml

FILE = Path(__file__).resolve().parents[1] / "data" / "events.toml"


class Event(Struct, frozen=True, order=True):
    """One day that the charts mark; ``kind`` ``release`` is kept first where there are too many."""

    date: date
    label: str
    short_label: str
    kind: str
    source: str


def load_events(own: Iterable[EventConfig] = (), file: Path = FILE) -> list[Event]:
    """Read the releases that codeshare knows and add the user's own, in order of date.

    Args:
        own: ``[[event]]`` of the configuration; one with a known label replaces the known one.
        file: another file in the form of ``events.toml``.

    Raises:
        CatalogueError: an entry lacks a key, has an unknown one or a wrong value.
    """
    added = [Event(e.date, e.label, e.short_label or e.label, e.kind, e.source) for e in own]
    by_label = {event.label: event for event in [*_known(file), *added]}
    return sorted(by_label.values())


@cache
def _known(file: Path) -> tuple[Event, ...]:
    return tuple(_event(entry, place, file) for place, entry in enumerate(_read(file), start=1))


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        entries = parse_toml(file.read_text(encoding="utf-8")).get("event", [])
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{file}: cannot be read: {error}.") from None
    if not isinstance(entries, list):
        raise CatalogueError(f"{file}: event must be written [[event]].")
    return entries


def _event(entry: Mapping[str, Any], place: int, file: Path) -> Event:
    where = f"{file}: event {place}"
    names = Event.__struct_fields__
    for key in entry:
        if key not in names:
            meant = nearest(key, names, f"known are: {', '.join(names)}.")
            raise CatalogueError(f"{where}: {key}: unknown key, {meant}")
    for name in names:
        if name not in entry:
            raise CatalogueError(f"{where}: lacks {name}.")
        wanted = date if name == "date" else str
        if not isinstance(entry[name], wanted):
            raise CatalogueError(
                f"{where}: {name} = {entry[name]!r}: must be {'a date' if name == 'date' else 'text'}."
            )
    return Event(**entry)
