"""What to read of each commit of a chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct


class MarkerSearch(Struct, frozen=True):
    """Content markers of generated files: literals one of which stands in every line that can match."""

    needles: tuple[bytes, ...]
    pattern: bytes
    within: int


class Wanted(Struct, frozen=True):
    """What to read of each commit: markers of generated files, what it takes to follow lines.

    ``comments``: by the ending of a file's name, what a comment begins with.
    """

    markers: MarkerSearch | None = None
    lines: bool = True
    comments: Mapping[bytes, Sequence[str]] | None = None


LINES = Wanted()
"""To follow lines, and nothing else."""
