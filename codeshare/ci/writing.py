"""Files that others read while we write: whole or absent, or longer by whole lines."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from codeshare.errors import OutputError


def write_whole(path: Path, content: str) -> None:
    """Replace a file's text at once: the old one or the new one is there, never a part.

    Raises:
        OutputError: the file cannot be written.
    """
    path = path.resolve()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(_bytes(content))
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise _cannot(path, error) from None


def append(path: Path, content: str) -> None:
    """Add to a file that a runner made.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        with os.fdopen(handle, "ab") as file:
            file.write(_bytes(content))
    except OSError as error:
        raise _cannot(path, error) from None


def _bytes(content: str) -> bytes:
    return content.encode("utf-8", "surrogateescape")


def _cannot(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path}: cannot be written: {error.strerror}. Name another place.")
