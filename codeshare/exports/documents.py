"""The objects in a file of JSON, however they were put there: one page, pages one after the other, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codeshare import reading
from codeshare.errors import ExportError

Object = dict[str, Any]
_END = object()
_BLANK = " \t\r\n"


def read_text(path: Path) -> str:
    """The text of an exported file.

    Raises:
        ExportError: it cannot be read, or is no UTF-8 text.
    """
    try:
        return reading.read_text(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ExportError(f"{path}: not UTF-8 text. Export it again, as JSON or CSV.") from None


def read_values(path: Path) -> list[Any]:
    """Every JSON value of a file, in order: one, or several that only white space parts.

    Raises:
        ExportError: it is no JSON; the message says in which line.
    """
    text = read_text(path)
    decoder = json.JSONDecoder()
    found: list[Any] = []
    at = _skip(text, 0)
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, getattr(error, "pos", at)) + 1
            raise ExportError(f"{path}: line {line} is no JSON. Export it again.") from None
        found.append(value)
        at = _skip(text, at)
    return found


def objects_in(values: list[Any]) -> Iterator[Any]:
    """What stands in the values, arrays and arrays of arrays opened."""
    waiting = [iter(values)]  # not by recursion: how deep they lie is the file's to say
    while waiting:
        value = next(waiting[-1], _END)
        if value is _END:
            waiting.pop()
        elif isinstance(value, list):
            waiting.append(iter(value))
        else:
            yield value


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at
