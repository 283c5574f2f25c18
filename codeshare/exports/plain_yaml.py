"""YAML as programs write it: block mappings and lists of plain or quoted values, and nothing else.

Anchors, tags, flow collections but empty ones, folded texts and several documents are refused: what is
read here are files of counts.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from codeshare.errors import ExportError
from codeshare.exports.documents import read_text

_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#&*!|>%@`"'\[\]{},?:-](?:[^:#]|:(?!\s|$)|(?<!\s)#)*|[?:-][^\s:](?:[^:#]|:(?!\s|$)|(?<!\s)#)*)\s*:(?:\s+(.*))?$""")  # fmt: skip
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?:\s+#.*)?""")
_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_DEEPEST = 50


def read_plain_yaml(path: Path) -> Any:
    """Read one document.

    Raises:
        ExportError: it cannot be read, or uses more of YAML; the message says in which line.
    """
    return _Reader(path, read_text(path)).document()


class _Reader:
    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines: list[tuple[int, int, str]] = []  # number, indentation, text
        for number, line in enumerate(text.split("\n"), 1):
            content = line.strip()
            if content and not content.startswith("#") and not (number == 1 and content == "---"):
                self._lines.append((number, len(line) - len(line.lstrip(" ")), content))
        self._at = 0

    def document(self) -> Any:
        if not self._lines:
            return None
        value = self._block(self._lines[0][1], 0)
        if self._at < len(self._lines):
            self._fail()
        return value

    def _block(self, indent: int, depth: int) -> Any:
        if depth > _DEEPEST:
            self._fail()
        is_list = self._lines[self._at][2].startswith("- ") or self._lines[self._at][2] == "-"
        return self._list(indent, depth) if is_list else self._mapping(indent, depth)

    def _list(self, indent: int, depth: int) -> list[Any]:
        found = []
        while self._at < len(self._lines):
            number, here, text = self._lines[self._at]
            if here != indent or not (text == "-" or text.startswith("- ")):
                break
            rest = text[1:].lstrip()
            if not rest:
                self._at += 1
                found.append(self._deeper(indent, depth))
            elif _KEY.match(rest):
                inner = here + len(text) - len(rest)
                self._lines[self._at] = (number, inner, rest)
                found.append(self._mapping(inner, depth + 1))
            else:
                self._at += 1
                found.append(self._scalar(rest, number))
        return found

    def _mapping(self, indent: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._at < len(self._lines) and self._lines[self._at][1] == indent:
            number, _, text = self._lines[self._at]
            match = _KEY.match(text)
            if match is None:
                if text.startswith("-"):
                    break
                self._fail()
            key = self._scalar(match[1], number)
            self._at += 1
            value = match[2]
            found[str(key)] = self._deeper(indent, depth) if value is None else self._scalar(value, number)
        if not found:
            self._fail()
        return found

    def _deeper(self, indent: int, depth: int) -> Any:
        """What stands below a key or a dash; a list may stand as far left as its key."""
        if self._at == len(self._lines):
            return None
        _, here, text = self._lines[self._at]
        if here > indent or (here == indent and text.startswith("- ")):
            return self._block(here, depth + 1)
        return None

    def _scalar(self, text: str, number: int) -> Any:
        if match := _QUOTED.fullmatch(text):
            text = match[1]
        if text.startswith("'") and text.endswith("'") and len(text) > 1:
            return text[1:-1].replace("''", "'")
        if text.startswith('"'):
            try:
                return json.loads(re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text))
            except ValueError:
                self._fail(number)
        if text in ("{}", "[]"):
            return {} if text == "{}" else []
        if (
            text == "-"
            or text.startswith("- ")
            or text[:1] in ("'", "&", "*", "!", "|", ">", "%", "@", "`", "[", "{")
        ):
            self._fail(number)
        plain = re.split(r"\s+#", text, maxsplit=1)[0]
        if plain.lower() in _WORDS:
            return _WORDS[plain.lower()]
        if _NUMBER.fullmatch(plain):
            return float(plain) if set(".eE") & set(plain) else int(plain)
        return plain

    def _fail(self, number: int | None = None) -> NoReturn:
        at = number or self._lines[min(self._at, len(self._lines) - 1)][0]
        raise ExportError(f"{self._path}: line {at}: YAML of a kind that is not read here. Give it as JSON.")
