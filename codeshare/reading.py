"""Read a file that somebody else may have written, whatever its size."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import tomli

MOST = 1 << 29
"""Bytes of an export; settings are far smaller."""


def read_bytes(path: Path, most: int = MOST) -> bytes:
    """The content of a file.

    Raises:
        OSError: it cannot be read, or is larger than ``most`` bytes; also of what has no size, such as a pipe.
    """
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {most >> 20} MB", str(path))
    return content


def read_text(path: Path, most: int = MOST) -> str:
    """The text of a file in UTF-8, with or without byte order mark, every line end as a newline.

    Raises:
        OSError: as `read_bytes`.
        UnicodeDecodeError: it is no such text.
    """
    return read_bytes(path, most).decode("utf-8-sig").replace("\r\n", "\n")


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a text.

    Raises:
        ValueError: it is no TOML, nests too deeply, or has a number of thousands of digits; the message says which.
    """
    try:
        return tomli.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
