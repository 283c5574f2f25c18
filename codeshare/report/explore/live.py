"""One live chart with its words."""

from __future__ import annotations

from msgspec import Struct


class Live(Struct, frozen=True):
    """One live chart with its words."""

    name: str
    chart: str
    heading: str
    says: str
    counted: str
    query: str = "explore_lines"
    notes: tuple[str, ...] = ()
    is_wide: bool = False
    says_thin: str = ""
    """What is drawn where the evidence is too thin for classes."""
