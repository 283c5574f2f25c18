"""Rules by which somebody counted the lines of releases with ``git blame``, from a TOML file."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from msgspec import Struct

from codeshare.errors import ExportError
from codeshare.reading import parse_toml
from codeshare.shipped import shipped

SHIPPED = ("aider",)
_SAFE = re.compile(r"-[MC]\d*|-w|--minimal|--first-parent")
_KEYS = {"published": ("from", "to", "lines", "ai", "percent", "files"), "blame": ("options",), "files": ("include", "exclude"), "ai": ("author", "subject", "message")}  # fmt: skip


class BlameRules(Struct, frozen=True):
    """Names of an entry's keys, blame's options, which files count, which commits are the agent's."""

    keys: dict[str, str]
    options: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    author: re.Pattern[str] | None
    subject: re.Pattern[str] | None
    message: re.Pattern[str] | None

    def counts_file(self, path: str) -> bool:
        """Whether the lines of a file count."""
        return any(fnmatchcase(path, each) for each in self.include) and not any(
            fnmatchcase(path, each) for each in self.exclude
        )

    def is_agents(self, author: str, message: str) -> bool:
        """Whether a commit is the agent's."""
        subject = message.lstrip("\n").partition("\n")[0]
        pairs = ((self.author, author), (self.subject, subject), (self.message, message))
        return any(pattern is not None and pattern.search(text) is not None for pattern, text in pairs)


def load_rules(name: str) -> BlameRules:
    """Read rules: those shipped under a name, or a TOML file of the same form.

    Raises:
        ExportError: the file cannot be read, or is in another form.
    """
    if name in SHIPPED:
        raw = shipped(f"conformance/rules/{name}.toml")
    else:
        try:
            raw = Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise ExportError(f"{name}: no rules of this name ({', '.join(SHIPPED)}), and no file that can be read.") from None  # fmt: skip
    try:
        data = parse_toml(raw)
    except ValueError as error:
        raise ExportError(f"{name}: not valid TOML: {error}.") from None
    try:
        return _rules(name, data)
    except re.error as error:
        raise ExportError(f"{name}: ai: no regular expression: {error}.") from None


def _rules(name: str, data: dict[str, Any]) -> BlameRules:
    for table, known in _KEYS.items():
        given = data.get(table, {})
        if not isinstance(given, dict) or (wrong := set(given) - set(known)):
            raise ExportError(f"{name}: [{table}] knows {', '.join(known)}" + (f", not {', '.join(sorted(wrong))}." if isinstance(given, dict) else "."))  # fmt: skip
    keys = data.get("published", {})
    if lacking := {"from", "to", "lines", "ai"} - set(keys):
        raise ExportError(f"{name}: [published] lacks {', '.join(sorted(lacking))}.")
    options = tuple(data.get("blame", {}).get("options", ()))
    for option in options:
        if not isinstance(option, str) or not _SAFE.fullmatch(option):
            raise ExportError(f"{name}: blame: {option!r} is no option that says who wrote a line; known: -M, -C, -w, --minimal, --first-parent.")  # fmt: skip
    chosen, marks = data.get("files", {}), data.get("ai", {})
    if not any(marks.values()):
        raise ExportError(f"{name}: [ai] needs author, subject or message.")

    def pattern(key: str) -> re.Pattern[str] | None:
        return re.compile(marks[key], re.IGNORECASE) if key in marks else None

    return BlameRules(
        keys, options, tuple(chosen.get("include", ("*",))), tuple(chosen.get("exclude", ())),
        pattern("author"), pattern("subject"), pattern("message"),
    )  # fmt: skip
