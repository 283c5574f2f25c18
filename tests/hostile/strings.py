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
"""No line ends in names: git makes none there; `_OBJECTS` has them."""
_LONG = b"l" * (1 << 20)
_OBJECTS: tuple[tuple[bytes, bytes, bytes], ...] = (
    (b"Ann\0<script> <ann\0@example.org>", b"", b"sub\0ject \0<script>alert(1)</script>\n\nReviewed-by: A\0B <a@example.org>\n"),
    (b"Ann\n<img src=x onerror=alert(1)> <ann\n@example.org>", b"", b"\r\n\r=1+1\r\n"),
    (b"=1+1\0\r <\x1b[31m@example.org>", b"", b"\0\n"),
    (_LONG + b" <long@example.org>", b"", _LONG + b"\n\nCo-authored-by: " + _LONG + b" <l@example.org>\n" + _LONG + b": key\n"),
    (b"<>", b"", b""),
    (b"", b"", b"nobody"),
    (b"\xff\xfe <\xff@example.org>", b"encoding utf-16\n", b"\xff\xfe<\0b\0>\0"),
    (b"\xff <enc@example.org>", b"encoding ../x\0<b>\n", b"\xff\n"),
    (b"\xff <enc@example.org>", b"encoding undefined\n", b"\xff\n"),
)  # fmt: skip
"""Author, further headers and message of commits that git would refuse to make."""
BRANCH = "<img src=x onerror=alert(1)>\x1b[31m\u202e$(x)`x`|*b*](javascript:alert(1)) '\"\udcff"
_REFS = (BRANCH, "-c", "--all", "../../x", "::error::x", "=1+1", "l" * 4000, "\udcff", "a\x1b[31m\0b")
_KINDS = (
    "heads",
    "tags",
    "remotes/origin",
    "notes/ai-remote",
    "ai/authorship",
    "heads/entire/checkpoints",
    "pull",
)

_TAGS = re.compile(r"<(?:script|img|iframe)\b[^>]*(?:evil|alert|fetch)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:e[-+]?\d+)?")


def nasty_history(history: History) -> History:
    """A small repository that says each of them as author, address, subject, trailer and path, and worse where git has no say."""
    history.commit({"long.py": "l" * (1 << 20) + "\n" + "\t\x1b[31m" * 1000 + "\n"})
    for n, (author, headers, message) in enumerate(_OBJECTS):
        _commit_raw(history, f"raw{n}.py", author, headers, message)
    for n, text in enumerate(STRINGS):
        name = text.replace("\n", " ").replace("<", "‹").replace(">", "›") or "x"
        history.commit(
            {f"src/{path_of(text)}{n}.py": "".join(f"{text!r}, {k}\n" for k in range(12))},
            f"{text}\n\nReviewed-by: {name}",
            author=f"{name} <{n}@{_word(name)}example.org>",
            trailers=[f"Co-Authored-By: Claude {_word(name)} <noreply@anthropic.com>"] if n % 2 else [],
        )
    _name_refs(history)
    return history


def _commit_raw(history: History, path: str, author: bytes, headers: bytes, message: bytes) -> None:
    history.write({path: "raw = 1\n" * 12})
    who = author + b" %d +0000\n" % history.now.timestamp()
    content = f"tree {history.git('write-tree')}\nparent {history.head()}\n".encode()
    content += b"author " + who + b"committer " + who + headers + b"\n" + message
    sha = history.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", feed=content)
    history.git("update-ref", "HEAD", sha)
    history.tick()


def _name_refs(history: History) -> None:
    """Names of refs that git refuses to make and reads; the branch to mine has one, too."""
    git_dir, tip = history.path / ".git", history.head()
    lines = [f"{tip} refs/{kind}/{name}\n" for kind in _KINDS for name in _REFS]
    (git_dir / "packed-refs").write_bytes("".join(lines).encode("utf-8", "surrogateescape"))
    (git_dir / "HEAD").write_bytes(f"ref: refs/heads/{BRANCH}\n".encode("utf-8", "surrogateescape"))


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
