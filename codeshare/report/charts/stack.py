"""Stacked bars by attribution, as every chart that splits lines draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from codeshare.report.design import colour, hatch
from codeshare.report.inline import KEYS

CLASSES = ("human", "assisted", "ai")
"""Bottom up: people's own lines stand on the axis, so that whether they fell can be read off."""
ALL_CLASSES = (*CLASSES, "bot", "unknown")
GAP = 0.8
"""Pixels of paper between classes."""


def lines_of(row: Mapping[str, Any], name: str) -> float:
    """Return a class's lines of a row; ``unknown`` itself is the part of unknown commits."""
    return float(row.get("unknown_lines" if name == "unknown" else name) or 0)


def shares_of(row: Mapping[str, Any], classes: Iterable[str] = CLASSES) -> dict[str, float]:
    """Return each class's part of a row's lines; nothing where it has no lines."""
    lines = {name: lines_of(row, name) for name in classes}
    total = sum(lines.values())
    return {name: n / total for name, n in lines.items()} if total else {}


def stack(parts: Mapping[str, float], height: float, *, hatched: bool) -> list[dict[str, Any]]:
    """Return y, y2 and fill of the pieces of a bar whose parts add up to one."""
    pieces, low = [], 0.0
    for name, part in parts.items():
        if part > 0:
            high = low + part * height
            fill = hatch(name) if hatched else colour(name)
            pieces.append({"y": low, "y2": high, "fill": fill, "class": name})
            low = high
    return pieces


def class_word(name: str) -> str:
    """Return a class's name as a label begins."""
    return KEYS[name][0].upper() + KEYS[name][1:]


def text_fill(name: str) -> str:
    """Return the colour token of a class's words."""
    return f"{name}-text" if name in CLASSES else "ink"
