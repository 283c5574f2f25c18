"""git's C-style quoting of paths and other text (the form ``core.quotePath`` speaks of)."""

from __future__ import annotations

import re

_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}
_UNESCAPES = {letter: code for code, letter in _ESCAPES.items()}
_ESCAPED = re.compile(rb"\\([abtnvfr\"\\]|[0-3][0-7]{2})")


def quote_c(text: bytes) -> bytes:
    """Quote ``text`` as git does, if it needs it: control characters, quotes, backslashes, non-ASCII."""
    if all(32 <= byte < 127 and byte not in (34, 92) for byte in text):
        return text
    inner = "".join(
        f"\\{_ESCAPES[byte]}" if byte in _ESCAPES else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        for byte in text
    )
    return f'"{inner}"'.encode("ascii")


def unquote_c(text: bytes) -> bytes:
    """Undo `quote_c`; text that is not quoted comes back as it is."""
    if not (len(text) > 1 and text.startswith(b'"') and text.endswith(b'"')):
        return text
    return _ESCAPED.sub(_plain, text[1:-1])


def _plain(match: re.Match[bytes]) -> bytes:
    code = match[1].decode("ascii")
    return bytes([_UNESCAPES[code] if code in _UNESCAPES else int(code, 8)])


def text_of(raw: bytes) -> str:
    """The form in which the database keeps bytes of git: UTF-8 as it is, anything else C-quoted.

    Text that looks as something else would quoted is quoted, too: no two paths have one form.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return quote_c(raw).decode("ascii")
    return quote_c(raw).decode("ascii") if raw.startswith(b'"') and _stands_for_another(raw, text) else text


def _stands_for_another(raw: bytes, text: str) -> bool:
    other = unquote_c(raw)
    return other != raw and quote_c(other) == raw and text_of(other) == text


def bytes_of(text: str) -> bytes:
    """Undo `text_of`."""
    raw = text.encode("utf-8")
    unquoted = unquote_c(raw)
    return unquoted if unquoted != raw and text_of(unquoted) == text else raw


def storable(text: str) -> str:
    """The form in which the database keeps decoded text: surrogate escapes become C-quoted bytes."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return quote_c(text.encode("utf-8", "surrogateescape")).decode("ascii")
    return text
