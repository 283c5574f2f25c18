"""What a report is about, where it is not about everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from codeshare.report import dates, inline
from codeshare.report.frames import as_date

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures
    from codeshare.store.filter import Filter


def scope_parts(asked: Filter) -> list[str]:
    """Name each option of a filter: ``team Payments``, ``files under `src```, ``merged since 1 January 2025``."""
    parts = []
    if asked.repos:
        parts.append(_named("repository", "repositories", asked.repos))
    if asked.teams:
        parts.append(_named("team", "teams", asked.teams))
    if asked.paths:
        parts.append("files " + _listed([f"`{_plain(path)}`" for path in asked.paths]))
    if asked.since and asked.until:
        parts.append(f"merged from {dates.day(asked.since)} to {dates.day(asked.until - timedelta(days=1))}")
    elif asked.since:
        parts.append(f"merged since {dates.day(asked.since)}")
    elif asked.until:
        parts.append(f"merged up to {dates.day(asked.until - timedelta(days=1))}")
    return parts


def part_name(asked: Filter) -> str:
    """Name the part in plain text; empty where it is everything."""
    return inline.to_plain(", ".join(scope_parts(asked)))


def only(figures: Figures) -> str:
    """Say in a sentence that a report is about a part; empty where it is about everything."""
    asked = figures.filter
    parts = scope_parts(asked)
    if not parts:
        return ""
    said = f"Only a part is counted: {', '.join(parts)}."
    if asked.since and asked.since > as_date(figures.baseline_since):
        base = dates.baseline(as_date(figures.baseline_since), as_date(figures.baseline_until))
        said += f" Ratios are to {base}, the baseline, all the same."
    return said


def _named(one: str, many: str, names: Sequence[str]) -> str:
    return f"{one if len(names) == 1 else many} {_listed([_plain(name) for name in names])}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _plain(name: str) -> str:
    """A name without what ``inline`` reads as a mark; two stars match what one does."""
    while "**" in name:
        name = name.replace("**", "*")
    return name.replace("`", "'")
