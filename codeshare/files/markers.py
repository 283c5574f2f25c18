"""Headers that declare a file generated."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from codeshare.errors import CatalogueError
from codeshare.files.knowledge import read_classes


class Markers(Struct, frozen=True):
    """What to look for in the first lines of a file.

    A line that matches holds one of ``needles``; ``pattern`` is for `re.search` in one line
    without its end, looks at the line's start only, and takes time in proportion to the line.
    """

    needles: tuple[bytes, ...]
    pattern: bytes
    within: int

    def found_in(self, line: bytes) -> bool:
        """Whether a line (without its end) declares its file generated."""
        return any(needle in line for needle in self.needles) and re.search(self.pattern, line) is not None


@cache
def load_markers() -> Markers:
    """Read the markers of the catalogue.

    Raises:
        CatalogueError: a pattern is no regular expression.
    """
    known = read_classes()
    patterns = [row["pattern"].encode() for row in known["marker"]]
    combined = rb"\A(?:%s)" % rb"|".join(rb"(?:%s)" % pattern for pattern in patterns)
    try:
        re.compile(combined)
    except re.error as error:
        raise CatalogueError(f"classes.toml: marker: {error}.") from None
    return Markers(
        tuple(needle.encode() for needle in known["markers"]["needles"]), combined, known["markers"]["within"]
    )
