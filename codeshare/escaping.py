"""Strings that strangers wrote, made harmless where a forge reads them: as Markdown, as HTML, as commands.

Paths, branches, subjects and names of settings come out of a request; whoever sends it chooses them.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300
"""Characters of one string; what is longer ends in an ellipsis."""

_MEANT = "\\`*_{}[]<>#|~&$!\"'@=+^"
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in _MEANT}
_IN_CODE = _ENTITIES | {ord(sign): f"&#{ord(sign)};" for sign in ":./-"}
# Forges look for these in the text that Markdown has become, so entities do not hide them.
_REFERENCES = re.compile(r"@(?=\w)|[#!$%~&](?=\w)|\bGH-(?=\d)|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
_APART = "\u200b"


def plain(text: str, longest: int = LONGEST) -> str:
    """One line without control, format and half characters: nothing that hides, reverses or ends a line."""
    shown = "".join(_visible(char) for char in " ".join(text.split()))
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
    return _REFERENCES.sub(lambda found: found[0] + _APART, text).translate(_ENTITIES)


def _visible(char: str) -> str:
    is_hidden = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")
    return "\N{REPLACEMENT CHARACTER}" if is_hidden else char
