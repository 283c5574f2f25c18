from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from codeshare.config import EventConfig
from codeshare.errors import CatalogueError
from codeshare.metrics.events import load_events

WANTED = {
    "GitHub Copilot preview": date(2021, 6, 29), "GPT-4": date(2023, 3, 14), "Claude 1": date(2023, 3, 14),
    "Claude 2": date(2023, 7, 11), "Claude 3": date(2024, 3, 4), "Claude Code preview": date(2025, 2, 24),
    "Claude 4": date(2025, 5, 22), "Claude Sonnet 4.5": date(2025, 9, 29), "Claude Opus 4.5": date(2025, 11, 24),
    "Claude Opus 4.6": date(2026, 2, 5), "Mythos Preview, internal": date(2026, 2, 24),
    "Mythos Preview, public": date(2026, 4, 7),
}  # fmt: skip


def test_releases_are_in_order_and_say_where_their_dates_are_from() -> None:
    events = load_events()
    assert [event.date for event in events] == sorted(event.date for event in events)
    assert len({event.label for event in events}) == len(events)
    assert all(event.source and len(event.short_label) <= len(event.label) for event in events)
    assert WANTED.items() <= {event.label: event.date for event in events}.items()


def test_own_events_are_added_and_replace_those_of_the_same_label() -> None:
    own = [
        EventConfig(date(2025, 1, 6), "Agents for all", "memo"),
        EventConfig(date(2023, 3, 15), "Claude 1", "our access", short_label="C1"),
    ]
    events = {event.label: event for event in load_events(own)}
    assert (events["Agents for all"].kind, events["Agents for all"].short_label) == (
        "company",
        "Agents for all",
    )
    assert (events["Claude 1"].date, events["Claude 1"].short_label) == (date(2023, 3, 15), "C1")
    assert len(events) == len(load_events()) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[event]]\nlable = "x"', r"event 1: lable: unknown key, did you mean label\?"),
        ('[[event]]\nlabel = "x"', "event 1: lacks date"),
        (
            '[[event]]\ndate = "2025"\nlabel = "x"\nshort_label = "x"\nkind = "x"\nsource = "x"',
            "date = '2025': must be a date",
        ),
        (
            '[[event]]\ndate = 2025-01-01\nlabel = 3\nshort_label = "x"\nkind = "x"\nsource = "x"',
            "label = 3: must be text",
        ),
        ("[event]\na = 1", r"must be written \[\[event\]\]"),
        ("nonsense", "cannot be read"),
        (f"a = {'[' * 2000}", "cannot be read"),
        (f"a = {'1' * 5000}", "cannot be read"),
    ],
    ids=["unknown key", "missing key", "date", "text", "table", "no TOML", "too deep", "too long"],
)
def test_wrong_files_name_the_entry(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "events.toml"
    file.write_text(text)
    with pytest.raises(CatalogueError, match=message):
        load_events(file=file)
