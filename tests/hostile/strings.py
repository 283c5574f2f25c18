"""Strings that strangers may write anywhere, and what no output may hold of them."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from tests.histories import History

STRINGS = (
    "<script>fetch('//evil.example')</script>",
    "</script></title></style><img src=x onerror=alert(1)>",
    "<!--", "]]>", "&lt;b&gt; &#60;i&#62;", "\"' onmouseover=alert(1) x='",
    "[click](javascript:alert(1)) ![](https://evil.example/x.png)", "**bold** `code` | cell | # head", "@octocat #12 https://evil.example",
    "\x1b[31mred\x1b]0;title\x07", "\u202egpj.exe\u2066", "\u009b31m", "zero\u200bwidth\ufeff", "a\u2028b\u2029c\x85d",
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1+1)", "\t=1+1", ' "quoted", and; more', "'; drop table commits; --", "%s %d {0} {ai} ${x} {{7*7}} {% raw %}",
    "::error::injected", "##[error]injected", "datum.x; isValid(alert(1))", 'le="1"} 1\n# EOF', "../../x", "CON", "a\\b", "~", "l" * 3000, "\U000e0041tag", "\udcff\udcfe half",
)  # fmt: skip
"""No line ends in names: git has none there."""

_TAGS = re.compile(r"<(?:script|img|iframe)\b[^>]*(?:evil|alert|fetch)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:e[-+]?\d+)?")


def nasty_history(history: History) -> History:
    """A small repository that says each of them as author, address, subject, trailer, path, branch and tag where git lets it."""
    for n, text in enumerate(STRINGS):
        name = text.replace("\n", " ").replace("<", "‹").replace(">", "›") or "x"
        history.commit(
            {f"src/{path_of(text)}{n}.py": "".join(f"{text!r}, {k}\n" for k in range(12))},
            f"{text}\n\nReviewed-by: {name}",
            author=f"{name} <{n}@{_word(name)}example.org>",
            trailers=[f"Co-Authored-By: Claude {_word(name)} <noreply@anthropic.com>"] if n % 2 else [],
        )
    return history


def path_of(text: str) -> str:
    """A path with these signs; what would be too long or a folder is cut."""
    return text.replace("/", "∕").encode("utf-8", "surrogateescape")[:200].decode("utf-8", "surrogateescape")


def _word(text: str) -> str:
    return "".join(char for char in text if char.isalnum())[:20]


def hidden(text: str) -> set[str]:
    """Characters that hide, reverse, colour or erase."""
    bad = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return {char for char in set(text) - set("\n\t\u200c\u200d") if unicodedata.category(char) in bad}


def has_element(text: str) -> bool:
    """Whether an element stands there that would fetch or run something of these strings."""
    return _TAGS.search(text) is not None


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute this cell."""
    return cell.lstrip()[:1] in tuple("=+-@") and not _NUMBER.fullmatch(cell) and not _is_day(cell)


def _is_day(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True
