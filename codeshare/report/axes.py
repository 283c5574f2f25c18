"""Where grid lines and labels stand on an axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from codeshare.report import dates

WIDTH_OF_A_CHARACTER = 0.60
WIDTH_OF_A_BOLD_CHARACTER = 0.66


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Reserve width for the widest likely font; renderer and browser have different ones."""
    return len(text) * size * (WIDTH_OF_A_BOLD_CHARACTER if bold else WIDTH_OF_A_CHARACTER)


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Cut a text with an ellipsis so that it fits."""
    if text_width(text, size, bold=bold) <= width:
        return text
    fits = int(width / (size * (WIDTH_OF_A_BOLD_CHARACTER if bold else WIDTH_OF_A_CHARACTER)))
    return text[: max(fits - 1, 1)].rstrip() + "…"


class Scale(Struct, frozen=True):
    """A linear scale from data to pixels along an axis; ``flip``: upwards."""

    low: float
    high: float
    pixels: float
    flip: bool = False

    def px(self, value: float) -> float:
        """Return pixels from the plot's left or top edge."""
        part = (value - self.low) / (self.high - self.low)
        return self.pixels * (1 - part if self.flip else part)

    def value(self, px: float) -> float:
        """Return the value that stands at a pixel."""
        part = px / self.pixels
        return self.low + (self.high - self.low) * (1 - part if self.flip else part)

    @property
    def per_pixel(self) -> float:
        """How much of the data one pixel is."""
        return (self.high - self.low) / self.pixels


def ticks(high: float, at_most: int = 5, smallest: float = 0.0) -> list[float]:
    """Round values from 0 up to ``high``, ``at_most`` lines with that of zero."""
    if high <= 0:
        return [0.0]
    power = 10.0 ** (math.floor(math.log10(high)) - 2)
    steps = (f * power * 10**k for k in range(4) for f in (1, 2, 5))
    step = next(s for s in steps if s >= smallest and int(high / s + 1e-9) < at_most)
    return [round(step * i, 10) for i in range(int(high / step + 1e-9) + 1)]


class TimeLabel(Struct, frozen=True):
    """A word under a time axis, centred at ``at`` (decimal year)."""

    at: float
    text: str


class TimeAxis(Struct, frozen=True):
    """Labels under a time axis and the places of the short ticks between years."""

    labels: tuple[TimeLabel, ...]
    ticks: tuple[float, ...]


def time_axis(scale: Scale, size: float) -> TimeAxis:
    """Years centred under their span; below a year and a half of data months, named with their year."""
    if scale.high - scale.low < 1.4:
        inside = [label for label in _months(scale) if _is_inside(label, scale, size)]
        return TimeAxis(tuple(keep_apart(inside, scale, size)), ())
    between = tuple(float(y) for y in range(math.ceil(scale.low + 1e-6), math.floor(scale.high - 1e-6) + 1))
    for form in ("{:04d}", "’{:02d}"):
        labels = list(_years(scale, size, form))
        if len(labels) > 1 and _fit(labels, scale, size):
            return TimeAxis(tuple(labels), between)
    kept = tuple(keep_apart(labels, scale, size))
    return TimeAxis(kept, between if scale.pixels / (scale.high - scale.low) >= 8 else ())


def quarter_axis(quarters: Sequence[date], scale: Scale, size: float) -> TimeAxis:
    """Each quarter by its name where they all fit, else as ``time_axis`` has it."""
    labels = [TimeLabel(dates.month_start(q) + 0.125, dates.quarter(q)) for q in quarters]
    if len(labels) <= 8 and _fit(labels, scale, size):
        return TimeAxis(tuple(labels), ())
    return time_axis(scale, size)


def _years(scale: Scale, size: float, form: str) -> Iterator[TimeLabel]:
    for year in range(math.floor(scale.low), math.ceil(scale.high)):
        left, right = max(scale.low, year), min(scale.high, year + 1)
        text = form.format(year if form.startswith("{:04") else year % 100)
        if (right - left) / scale.per_pixel >= text_width(text, size) * 0.55:
            yield TimeLabel((left + right) / 2, text)


def _months(scale: Scale) -> Iterator[TimeLabel]:
    year, month = int(scale.low + 1e-6), int((scale.low % 1) * 12 + 1e-6) + 1
    at = date(year, month, 1)
    while dates.month_centre(at) < scale.high:
        yield TimeLabel(dates.month_centre(at), dates.short_month(at))
        at = dates.next_month(at)


def _is_inside(label: TimeLabel, scale: Scale, size: float) -> bool:
    half = text_width(label.text, size) / 2
    return half - 6 <= scale.px(label.at) <= scale.pixels - half + 6


def _fit(labels: list[TimeLabel], scale: Scale, size: float) -> bool:
    gap = size * 0.7
    ends = [(scale.px(la.at), text_width(la.text, size) / 2) for la in labels]
    return all(a + wa + gap <= b - wb for (a, wa), (b, wb) in pairwise(ends))


def keep_apart(labels: Iterator[TimeLabel] | list[TimeLabel], scale: Scale, size: float) -> list[TimeLabel]:
    """Keep the last label and every n-th before it, the smallest n at which none touches the next."""
    every = list(labels)
    for step in range(1, len(every) + 1):
        kept = every[::-1][::step][::-1]
        if _fit(kept, scale, size):
            return kept
    return every[-1:]


def spread(wanted: list[float], apart: float, low: float, high: float) -> list[float]:
    """Move positions as little as needed so that neighbours keep their distance within the bounds."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [min(max(wanted[i], low), high) for i in order]
    for _ in range(200):
        moved = False
        for k in range(len(placed) - 1):
            short = apart - (placed[k + 1] - placed[k])
            if short > 1e-6:
                placed[k] -= short / 2
                placed[k + 1] += short / 2
                moved = True
        placed = _within(placed, apart, low, high)
        if not moved:
            break
    result = [0.0] * len(wanted)
    for place, i in zip(placed, order, strict=True):
        result[i] = place
    return result


def _within(placed: list[float], apart: float, low: float, high: float) -> list[float]:
    if placed and placed[0] < low:
        placed = [max(p, low + k * apart) for k, p in enumerate(placed)]
    if placed and placed[-1] > high:
        last = len(placed) - 1
        placed = [min(p, high - (last - k) * apart) for k, p in enumerate(placed)]
    return placed
