"""Signs that draw on a terminal, in blocks or in ASCII, and words that any terminal can show."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence

from msgspec import Struct

_PLAIN = {
    "\N{NO-BREAK SPACE}": " ", "÷": "/", "×": "x", "–": "-", "—": "-", "\N{MINUS SIGN}": "-", "…": "...", "·": "-", "’": "'",
    "‘": "'", "“": '"', "”": '"', "≤": "<=", "≥": ">=",
}  # fmt: skip


class Marks(Struct, frozen=True):
    """What is drawn with.

    Attributes:
        levels: a column's heights, from nothing to a whole line.
        parts: a bar's end, from nothing to a whole character.
        classes: the fill of a bar by attribution.
        plain: the fill where it is not split.
        strip: track, band, end and point of a scale.
        clock: what stands at a value that is not final yet.
    """

    levels: str
    parts: str
    classes: Mapping[str, str]
    plain: str
    strip: tuple[str, str, str, str]
    dash: str


BLOCKS = Marks(
    levels=" ▁▂▃▄▅▆▇█",
    parts=" ▏▎▍▌▋▊▉█",
    classes={"human": "░", "assisted": "▒", "ai": "█", "bot": "▓", "unknown": "·"},
    plain="█",
    strip=("─", "━", "┃", "●"),
    dash="–",
)
ASCII = Marks(
    levels=" .:-=+*%#",
    parts=" #",
    classes={"human": ".", "assisted": "+", "ai": "#", "bot": "o", "unknown": "?"},
    plain="#",
    strip=("-", "=", "|", "O"),
    dash="-",
)


def marks_for(encoding: str) -> Marks:
    """Return the signs that an encoding has."""
    needed = BLOCKS.levels + BLOCKS.parts + "".join(BLOCKS.classes.values()) + "".join(BLOCKS.strip)
    return BLOCKS if _can(needed, encoding) else ASCII


def words_for(encoding: str, text: str) -> str:
    """Return text in the characters that an encoding has; ``?`` for those that nothing stands for."""
    if _can(text, encoding):
        return text
    kept = "".join(char if _can(char, encoding) else _PLAIN.get(char, char) for char in text)
    return kept.encode(_known(encoding), "replace").decode(_known(encoding))


def columns(values: Sequence[float | None], top: float, height: int, marks: Marks) -> list[str]:
    """Draw one column a value, lines from the top down; a value above 0 is never drawn as nothing."""
    steps = len(marks.levels) - 1
    drawn = [0 if not value else max(1, round(value / top * steps * height)) for value in values]
    return [
        "".join(marks.levels[min(max(level - row * steps, 0), steps)] for level in drawn)
        for row in reversed(range(height))
    ]


def bar(value: float, top: float, width: int, marks: Marks) -> str:
    """Draw a bar as long as a value's part of ``top``; one above 0 is never drawn as nothing."""
    if value <= 0 or top <= 0:
        return ""
    steps = len(marks.parts) - 1
    length = max(1, round(min(value / top, 1) * width * steps))
    whole, rest = divmod(length, steps)
    return marks.plain * whole + (marks.parts[rest] if rest else "")


def split(parts: Mapping[str, float], length: int) -> dict[str, int]:
    """Share out a bar's characters among classes whose parts add up to one: as near as whole ones can be."""
    exact = {name: part * length for name, part in parts.items()}
    given = {name: int(value) for name, value in exact.items()}
    left = sorted(exact, key=lambda name: given[name] - exact[name])
    for name in left[: length - sum(given.values())]:
        given[name] += 1
    return given


def _can(text: str, encoding: str) -> bool:
    try:
        text.encode(_known(encoding))
    except UnicodeEncodeError:
        return False
    return True


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "ascii"
