"""Read a file that somebody else may have written, whatever its size."""

from __future__ import annotations

import errno
from pathlib import Path

MOST = 1 << 29
"""Bytes of an export; settings are far smaller."""


def read_text(path: Path, most: int = MOST) -> str:
    """The text of a file in UTF-8, with or without byte order mark, line ends as they are.

    Raises:
        OSError: it cannot be read, or is larger than ``most`` bytes; also of what has no size, such as a pipe.
        UnicodeDecodeError: it is no such text.
    """
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {most >> 20} MB", str(path))
    return content.decode("utf-8-sig")
