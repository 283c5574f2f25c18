"""Words with marks in them: ``**strong**``, ```code```, ``[text](#place)`` and the key ``{ai}``, ``{Ai}``.

A sentence is written once in this form; the page, the markdown file, the slides and the terminal
each get their own.
"""

from __future__ import annotations

import re
from html import escape

from codeshare.escaping import harmless_markdown, visible

KEYS = {
    "ai": "AI",
    "assisted": "AI-assisted",
    "human": "no AI evidence",
    "bot": "bots",
    "unknown": "unknown",
}

_KEY = re.compile(r"\{(" + "|".join(KEYS) + r")\}", re.IGNORECASE)
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_CODE_OR_NOT = re.compile(r"(`[^`]+`)")
_LINK = re.compile(r"\[([^\]]+)\]\((#[\w-]+)\)")


def to_html(text: str) -> str:
    """Escape, then set the marks as elements."""
    text = escape(visible(text), quote=False)
    text = _STRONG.sub(r"<strong>\1</strong>", text)
    text = _CODE.sub(r"<code>\1</code>", text)
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    return _KEY.sub(lambda m: f'<span class="key {m[1].lower()}">{_word(m[1])}</span>', text)


def to_markdown(text: str) -> str:
    """Keep what markdown has; links lead nowhere in a file of its own, so only their words stay."""
    text = _LINK.sub(r"\1", visible(text))
    parts = (part if n % 2 else harmless_markdown(part) for n, part in enumerate(_CODE_OR_NOT.split(text)))
    return _KEY.sub(lambda m: f"**{_word(m[1])}**", "".join(parts))


def to_plain(text: str) -> str:
    """Words alone."""
    text = _CODE.sub(r"\1", _STRONG.sub(r"\1", _LINK.sub(r"\1", text)))
    return _KEY.sub(lambda m: _word(m[1]), text)


def _word(key: str) -> str:
    word = KEYS[key.lower()]
    return word if key.islower() else word[0].upper() + word[1:]
