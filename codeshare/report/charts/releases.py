"""Which releases of AI models a drawing has room for, and how they are named there."""

from __future__ import annotations

from collections.abc import Sequence

from codeshare.report import dates
from codeshare.report.axes import Scale, text_width
from codeshare.report.design import Size
from codeshare.report.frames import Row
from codeshare.report.skyline import Flag

MOST = {"wide": 14, "slide": 14, "medium": 10, "phone": 7}


def flags(events: Sequence[Row], scale: Scale, size: Size) -> list[Flag]:
    """Return the events within the scale, thinned where they stand closest if there are too many."""
    inside = [e for e in events if scale.low < dates.year_of(e["date"]) < scale.high]
    kept = sorted(inside, key=lambda e: (e["date"], e["label"]))
    while len(kept) > MOST[size.name]:
        kept.remove(_least(kept))
    return [
        Flag(
            scale.px(dates.year_of(e["date"])), _words(e, size), text_width(_words(e, size), size.small(0.5))
        )
        for e in kept
    ]


def _least(events: Sequence[Row]) -> Row:
    """Choose what to leave out: no release before a release, then what is nearest to its neighbour."""
    days = [e["date"].toordinal() for e in events]

    def crowding(k: int) -> tuple[bool, int]:
        gaps = [days[k] - days[k - 1]] if k else []
        gaps += [days[k + 1] - days[k]] if k + 1 < len(days) else []
        return (events[k]["kind"] == "release", min(gaps, default=0))

    return events[min(range(len(events)), key=crowding)]


def _words(event: Row, size: Size) -> str:
    if size.is_phone:
        return str(event["short_label"] or event["label"])
    return f"{event['label']}, {dates.short_month(event['date'])}"
