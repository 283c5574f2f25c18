"""Patterns of ``.gitattributes`` and ``.gitignore``, as regular expressions."""

from __future__ import annotations

import re

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_NEVER = r"(?!)"


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Translate git's wildmatch (with ``/`` set apart) into a pattern for `fullmatch`.

    Neither stars between two slashes nor ``**`` are matched going back over earlier ones, so a hostile
    pattern costs no more than the length of the path for each folder.
    """
    *folders, name = pattern.split("/")
    groups = [""]
    for segment in folders:
        if segment == "**":
            groups.append("")
        else:
            groups[-1] += _segment(segment) + "/"
    # What stands between two `**` is as many folders wherever it matches: the first place will do.
    first, *middle = groups
    last = [f"(?:.*/)?{middle.pop()}"] if middle else []
    skipping = [f"(?>(?:[^/]*/)*?{group})" for group in middle if group]
    end = ".*" if name == "**" and folders else _segment(name)
    return re.compile("".join([first, *skipping, *last, end]), re.DOTALL)


def _segment(segment: str) -> str:
    """Translate what stands between two slashes."""
    pieces: list[str] = [""]
    i = 0
    while i < len(segment):
        char = segment[i]
        if char == "*":
            while i < len(segment) and segment[i] == "*":
                i += 1
            pieces.append("")
            continue
        text, i = _one(segment, i)
        pieces[-1] += text
    if len(pieces) == 1:
        return pieces[0]
    first, *middle, end = pieces
    return first + "".join(f"(?>[^/]*?{piece})" for piece in middle if piece) + "[^/]*" + end


def _one(segment: str, i: int) -> tuple[str, int]:
    """Translate one character, ``?``, escape or bracket; return where the next begins."""
    char = segment[i]
    if char == "?":
        return "[^/]", i + 1
    if char == "\\":
        return (re.escape(segment[i + 1]), i + 2) if i + 1 < len(segment) else (_NEVER, i + 1)
    if char == "[":
        return _bracket(segment, i + 1)
    return re.escape(char), i + 1


def _bracket(segment: str, i: int) -> tuple[str, int]:
    negated = segment[i : i + 1] in ("!", "^")
    i += negated
    start = i
    members = []
    while i < len(segment) and (segment[i] != "]" or i == start):
        if segment.startswith("[:", i) and (end := segment.find(":]", i)) > 0:
            name = segment[i + 2 : end]
            if name not in _CLASSES:
                return _NEVER, len(segment)
            members.append(_CLASSES[name])
            i = end + 2
            continue
        low, i = _member(segment, i)
        if segment[i : i + 1] == "-" and segment[i + 1 : i + 2] not in ("", "]"):
            high, i = _member(segment, i + 1)
            members.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")
        else:
            members.append(re.escape(low))
    if i >= len(segment):
        return _NEVER, i
    inside = "".join(members)
    if not inside:
        return ("[^/]" if negated else _NEVER), i + 1
    return f"(?!/)[{'^' if negated else ''}{inside}]", i + 1


def _member(segment: str, i: int) -> tuple[str, int]:
    if segment[i] == "\\" and i + 1 < len(segment):
        return segment[i + 1], i + 2
    return segment[i], i + 1
