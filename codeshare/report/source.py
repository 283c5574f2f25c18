"""Lines of source with their origins on a terminal."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from codeshare.escaping import terminal
from codeshare.report.design import colours

if TYPE_CHECKING:
    from rich.console import Console

_SHORT = 10
_LONGEST_NAME = 24
_LEFT = ("sha", "merged_at", "engineer", "attribution", "confidence", "tool", "rule", "orig_path")
_LIGHT_GROUNDS = {"7", "15"}  # of COLORFGBG
# Words need more contrast than areas: each class has a colour of its own for them.
_WORD_COLOURS = {
    "ai": "ai-text",
    "assisted": "assisted-text",
    "human": "human-text",
    "bot": "bot-text",
    "unknown": "muted",
}


def word_colours(mode: str) -> Mapping[str, str]:
    """Attribution → colour of the word, on a ``light`` or ``dark`` ground: the charts' colours."""
    known = colours(mode)
    return {name: known[token] for name, token in _WORD_COLOURS.items()}


def print_source(rows: Sequence[Mapping[str, Any]], console: Console | None = None) -> None:
    """Print rows of ``codeshare blame``: a line each, never folded, coloured by attribution on a terminal.

    Columns that are empty throughout are left out, and ``orig_path`` where it is the same for all lines.
    """
    from rich.console import Console
    from rich.text import Text

    console = console or Console()
    if not rows:
        return
    cells = [_cells(row) for row in rows]
    names = [name for name in _LEFT if any(row[name] for row in cells)]
    if len({row["orig_path"] for row in cells}) < 2:
        names = [name for name in names if name != "orig_path"]
    names += [name for name in ("orig_line", "line") if any(row[name] for row in cells)]
    widths = {name: max(_width(name), *(_width(row[name]) for row in cells)) for name in names}
    has_text = "text" in rows[0]
    heads = [_padded(name, widths[name], name) for name in names] + (["text"] if has_text else [])
    console.print(Text("  ".join(heads).rstrip(), style="dim"), soft_wrap=True)
    styles = word_colours("light" if is_light() else "dark")
    for row, source in zip(cells, rows, strict=True):
        line = Text()
        for name in names:
            style = styles.get(row["attribution"], "") if name in ("attribution", "tool") else ""
            line.append(_padded(row[name], widths[name], name), style=style)
            line.append("  ")
        if has_text:
            line.append(visible(source["text"]))
        line.rstrip()
        console.print(line, soft_wrap=True)


def visible(text: str) -> str:
    """One line that cannot steer a terminal."""
    return terminal(text.removesuffix("\r")).replace("\n", "\\n")


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    cells = {
        name: visible("" if row[name] is None else str(row[name])) for name in (*_LEFT, "orig_line", "line")
    }
    cells["sha"] = cells["sha"][:_SHORT]
    cells["merged_at"] = cells["merged_at"][:10]
    if len(cells["engineer"]) > _LONGEST_NAME:
        cells["engineer"] = cells["engineer"][: _LONGEST_NAME - 1] + "…"
    for name in ("orig_line", "line"):
        cells[name] = cells[name].removesuffix(".0")
    return cells


def _padded(text: str, width: int, name: str) -> str:
    space = " " * (width - _width(text))
    return space + text if name in ("orig_line", "line") else text + space


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def is_light() -> bool:
    """Whether the terminal says that its ground is light; most do not say, and are dark."""
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_GROUNDS
