"""What the ``.gitattributes`` files of a tree say of a path, read by ourselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from codeshare.files.wildmatch import compile_pattern

_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_WORDS = re.compile(r"[^ \t\r\n]+")
_MACRO = "[attr]"

Value = str | bool | None
"""``True`` set, ``False`` unset, text, ``None`` unspecified: ``attr``, ``-attr``, ``attr=text``, ``!attr``."""


class _Rule(Struct, frozen=True):
    """One pattern and the value that it gives to one attribute, by way of ``macro`` if that is set."""

    folder: str
    pattern: re.Pattern[str]
    on_name: bool
    value: Value
    macro: str | None = None

    def matches(self, path: str) -> bool:
        if not path.startswith(self.folder):
            return False
        tail = path.rpartition("/")[2] if self.on_name else path[len(self.folder) :]
        return self.pattern.fullmatch(tail) is not None


class Attributes(Struct, frozen=True):
    """Attributes of all paths; the strongest rule of each attribute stands last."""

    _rules: Mapping[str, tuple[_Rule, ...]] = field(default_factory=dict)

    @staticmethod
    def parse(files: Mapping[str, bytes]) -> Attributes:
        """Read attribute files.

        Args:
            files: path in the tree (``.gitattributes``, ``src/.gitattributes``) to content.
        """
        folders = {_folder(path): content for path, content in files.items()}
        macros: dict[str, list[tuple[str, Value]]] = {
            "binary": [("diff", False), ("merge", False), ("text", False)]
        }
        for line in _lines(folders.get("", b"")):
            if line.startswith(_MACRO):
                name, *settings = line.removeprefix(_MACRO).split() or [""]
                macros[name] = [_setting(word) for word in settings]
        found: dict[str, list[_Rule]] = {}
        for folder in sorted(folders, key=lambda each: (each.count("/"), each)):
            for line in _lines(folders[folder]):
                for name, rule in _line_rules(line, folder, macros):
                    found.setdefault(name, []).append(rule)
        return Attributes({name: tuple(rules) for name, rules in found.items()})

    def value(self, path: str, name: str) -> Value:
        """Return the value of one attribute for one path."""
        for rule in reversed(self._rules.get(name, ())):
            if rule.matches(path) and (rule.macro is None or self.value(path, rule.macro) is True):
                return rule.value
        return None

    def mentions(self, name: str) -> bool:
        """Whether any pattern says something of an attribute."""
        return name in self._rules


def _folder(path: str) -> str:
    head, _, name = path.rpartition("/")
    if name == ".gitattributes":
        return f"{head}/" if head else ""
    return f"{path.rstrip('/')}/" if path else ""


def _lines(content: bytes) -> Iterator[str]:
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    for line in text.split("\n"):
        stripped = line.strip(" \t\r")
        if stripped and not stripped.startswith("#"):
            yield stripped


def _line_rules(
    line: str, folder: str, macros: Mapping[str, list[tuple[str, Value]]]
) -> Iterator[tuple[str, _Rule]]:
    glob, rest = _split(line)
    if glob.startswith(("!", _MACRO)) or not glob or glob.endswith("/"):
        return
    on_name = "/" not in glob
    pattern = compile_pattern(glob.removeprefix("/"))
    for word in _WORDS.findall(rest):
        name, value = _setting(word)
        for inner, inner_value in _expanded(name, value, macros, frozenset()):
            yield inner, _Rule(folder, pattern, on_name, inner_value, macro=name)
        yield name, _Rule(folder, pattern, on_name, value)


def _expanded(
    name: str, value: Value, macros: Mapping[str, list[tuple[str, Value]]], seen: frozenset[str]
) -> Iterator[tuple[str, Value]]:
    """What setting a macro sets besides; macros may name macros."""
    if value is not True or name in seen:
        return
    for inner, inner_value in macros.get(name, ()):
        yield from _expanded(inner, inner_value, macros, seen | {name})
        yield inner, inner_value


def _setting(word: str) -> tuple[str, Value]:
    if word.startswith("-"):
        return word[1:], False
    if word.startswith("!"):
        return word[1:], None
    name, equals, text = word.partition("=")
    return name, text if equals else True


def _split(line: str) -> tuple[str, str]:
    """Take the pattern, C-quoted or not, from its attributes."""
    if not line.startswith('"'):
        glob = line.replace("\t", " ").partition(" ")[0]
        return glob, line[len(glob) :]
    out = bytearray()
    i = 1
    while i < len(line) and line[i] != '"':
        if line[i] != "\\":
            out += line[i].encode("utf-8", "surrogateescape")
            i += 1
        elif octal := re.match(r"[0-3][0-7]{2}", line[i + 1 : i + 4]):
            out.append(int(octal[0], 8))
            i += 4
        else:
            out.append(_ESCAPES.get(line[i + 1 : i + 2], 63))
            i += 2
    return out.decode("utf-8", "surrogateescape"), line[i + 1 :]
