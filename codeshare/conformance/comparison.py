"""A published figure beside ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct, field

TOLERANCE = 0.01
"""Of the published figure; what lies within counts as equal."""


class Figure(Struct, frozen=True):
    """One published figure; ``ours`` None: it cannot be computed. ``why``: what explains a difference, as far as known."""

    place: str
    name: str
    published: float
    ours: float | None
    why: str = ""

    def verdict(self, tolerance: float) -> str:
        """equal, within (the tolerance), different, or unknown."""
        if self.ours is None:
            return "unknown"
        if self.ours == self.published:
            return "equal"
        return "within" if abs(self.ours - self.published) <= tolerance * abs(self.published) else "different"


class Compared(Struct, frozen=True):
    """All figures of a file. ``notes``: what holds of all of them."""

    figures: Sequence[Figure]
    tolerance: float = TOLERANCE
    notes: Sequence[str] = field(default=())

    def verdicts(self) -> Counter[str]:
        """How many figures are what."""
        return Counter(figure.verdict(self.tolerance) for figure in self.figures)

    def rows(self) -> list[dict[str, object]]:
        """One row a figure."""
        return [
            {
                "place": figure.place,
                "figure": figure.name,
                "published": figure.published,
                "ours": figure.ours,
                "verdict": (verdict := figure.verdict(self.tolerance)),
                "why": figure.why if verdict in ("different", "within", "unknown") else "",
            }
            for figure in self.figures
        ]
