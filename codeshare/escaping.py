"""Strings that strangers wrote, made harmless for whatever reads them: a terminal, Markdown, a spreadsheet, a runner.

Paths, branches, subjects and names come out of repositories and requests; whoever sends those chooses them.
HTML is escaped where it is made, by Jinja and `codeshare.report.inline`; `visible` comes before that.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

LONGEST = 300
"""Characters of one string; what is longer ends in an ellipsis."""

_MEANT = "\\`*_{}[]<>#|~&$!\"'@=+^"
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in _MEANT}
_LEADING_OUT = {ord(sign): f"&#{ord(sign)};" for sign in "\\[]<>&|"}
_MARKUP = {ord(sign): f"&#{ord(sign)};" for sign in "\\`*[]<>|~&$"} | {ord("_"): "\\_"}
_IN_CODE = _ENTITIES | {ord(sign): f"&#{ord(sign)};" for sign in ":./-"}
# Forges look for these in the text that Markdown has become, so entities do not hide them.
_REFERENCES = re.compile(r"@(?=\w)|[#!$%~&](?=\w)|\bGH-(?=\d)|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
_APART = "\u200b"
_HIDDEN = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")
_KEPT = "\n\t\u200c\u200d"  # some scripts and many emoji need the joiners
FORMULA_MARK = "'"
FORMULA = r"^[=+\-@\t\r\n＝＋－＠']"
"""What a spreadsheet takes for a formula, and the mark itself, so that one mark less is the text again.

The full-width signs are those that East Asian editions read as the narrow ones.
"""


def visible(text: str) -> str:
    """Text without characters that hide, reverse, colour or erase; lines and tabs stay."""
    return text if text.isprintable() else text.translate(_REPLACED)


def terminal(text: str) -> str:
    """Text that cannot steer a terminal: lines stay, tabs are spaces, other hidden characters escapes."""
    return text if text.isprintable() else text.translate(_ESCAPED).expandtabs(8)


def spreadsheet(text: str) -> str:
    """A cell of CSV that no spreadsheet takes for a formula: one that begins like it has a mark before it."""
    return (FORMULA_MARK if re.match(FORMULA, text) else "") + visible(text)


def as_json(value: Any, *, indent: int | None = 1, allow_nan: bool = True) -> str:
    """JSON in which hidden characters are written as numbers: a reader gets them back, a terminal does not."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=allow_nan)
    # Outside of strings JSON has lines and spaces alone.
    return text.translate(_NUMBERED)


def markdown_cell(text: str) -> str:
    """A cell of a table of Markdown: one line without markup, link, mention or reference, easy to read as it is."""
    return _apart(plain(text, 4 * LONGEST)).translate(_MARKUP)


def harmless_markdown(text: str) -> str:
    """A sentence of our own that may quote names: marks of emphasis stay, HTML, links and references go."""
    return _apart(text).translate(_LEADING_OUT)


def plain(text: str, longest: int = LONGEST) -> str:
    """One line without control, format and half characters: nothing that hides, reverses or ends a line."""
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def markdown(text: str) -> str:
    """Words as Markdown shows them and nothing else: no markup, link, mention or reference.

    Pairs of backticks stand for code, as in our own messages; whatever lies between is as harmless.
    """
    parts = plain(text, 4 * LONGEST).split("`")
    if len(parts) % 2 == 0:
        return _words("`".join(parts))
    return "".join(code(part) if n % 2 else _words(part) for n, part in enumerate(parts))


def code(text: str) -> str:
    """A name as code; in a table of Markdown, too."""
    return f"<code>{plain(text).translate(_IN_CODE)}</code>" if text else ""


def command_text(text: str) -> str:
    """The message of a workflow command (`@actions/core`, escapeData)."""
    return _command(plain(text, 4 * LONGEST))


def command_property(text: str) -> str:
    """A property of a workflow command (`@actions/core`, escapeProperty)."""
    return _property(plain(text, 4 * LONGEST))


def command_path(path: str) -> str:
    """A path as a property of a workflow command: every sign of it, so that the forge finds the file."""
    return _property(path.encode("utf-8", "replace").decode())


def _command(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command(text).replace(":", "%3A").replace(",", "%2C")


def _words(text: str) -> str:
    return _apart(text).translate(_ENTITIES)


def _apart(text: str) -> str:
    return _REFERENCES.sub(lambda found: found[0] + _APART, text)


def _numbered(char: str) -> str:
    return f"\\u{ord(char):04x}" if char.isascii() else json.dumps(char)[1:-1]


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN and char not in _KEPT


class _Hidden(dict[int, str]):
    """A table for `str.translate`: what stands for hidden characters, each looked up once."""

    def __init__(self, instead: Callable[[str], str]) -> None:
        self.instead = instead

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = self.instead(char) if _is_hidden(char) else char
        return self[code]


_REPLACED = _Hidden(lambda char: "\N{REPLACEMENT CHARACTER}")
_ESCAPED = _Hidden(lambda char: char.encode("unicode_escape").decode("ascii"))
_NUMBERED = _Hidden(_numbered)
