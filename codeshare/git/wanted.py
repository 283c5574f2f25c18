"""What to read of each commit of a chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarkerSearch:
    """Content markers of generated files: literals one of which stands in every line that can match."""

    needles: tuple[bytes, ...]
    pattern: bytes
    within: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read of each commit: markers of generated files, what it takes to follow lines.

    ``comments``: by the ending of a file's name, what a comment begins with.
    """

    markers: MarkerSearch | None = None
    lines: bool = True
    comments: Mapping[bytes, Sequence[str]] | None = None


LINES = Wanted()
"""To follow lines, and nothing else."""
