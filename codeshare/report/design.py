"""Colours and sizes, read from ``design.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import tomli
from msgspec import Struct

from codeshare.shipped import shipped

SMALLEST = 10.5
"""Pixels of the smallest text."""
SOLID_PATTERN = 2.1
"""Of the five pixels of a hatch, how many are solid."""


class Size(Struct, frozen=True):
    """A drawing's outer size in pixels, the text in it, and what a slide keeps free around it."""

    name: str
    width: float
    height: float
    text: float = 12.5
    headline: float = 22
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0

    def small(self, less: float) -> float:
        """Return a size a little below the text's, never too small to read."""
        return max(self.text - less, SMALLEST)

    @property
    def font_width(self) -> float:
        """Widths of text against the widest likely font: a slide's own font is known, and narrower."""
        return 0.86 if self.name == "slide" else 1.0

    @property
    def is_phone(self) -> bool:
        """Whether the drawing is for a narrow screen: short words, few labels."""
        return self.name == "phone"

    @property
    def inner_width(self) -> float:
        """What is left for the chart and its labels."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> float:
        """What is left for the chart and its labels."""
        return self.height - self.top - self.bottom


@cache
def _design() -> Mapping[str, Any]:
    text = shipped("report/design.toml")
    return tomli.loads(text)


def colours(mode: str) -> Mapping[str, str]:
    """Return token → hex value of ``light``, ``dark`` or ``hatch``."""
    table: Mapping[str, str] = _design()[mode]
    return table


def colour(token: str) -> str:
    """Return the value that charts are drawn with."""
    return colours("light")[token]


def hatch(token: str) -> str:
    """Return the fill that stands for a hatch of the colour ``token``."""
    return colours("hatch")[token]


def sizes(chart: str) -> tuple[Size, ...]:
    """Return the sizes that the page holds of a chart, widest first."""
    return tuple(_size(name, *pair) for name, pair in _design()["sizes"][chart].items())


def slide() -> Size:
    """Return the size of a slide."""
    data = _design()["slide"]
    keep = {side: float(data[side]) for side in ("left", "right", "top", "bottom")}
    width, height = data["size"]
    return Size("slide", width, height, text=15, headline=27, **keep)


def slide_scale() -> float:
    """Return pixels of a slide's PNG per unit of its drawing."""
    return float(_design()["slide"]["scale"])


def _size(name: str, width: float, height: float) -> Size:
    if name == "phone":
        return Size(name, width, height, text=11, headline=17)
    return Size(name, width, height)
