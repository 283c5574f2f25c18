"""The answer on a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codeshare.report.headline import QUANTITY, headline
from codeshare.report.inline import to_plain
from codeshare.report.scope import only

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from codeshare.metrics.figures import Figures

_STRONG = re.compile(r"(\*\*.+?\*\*)")


def print_headline(console: Console, figures: Figures) -> None:
    """Print the answer, what qualifies it, and its numerator and denominator."""
    said = headline(figures)
    console.print()
    console.print(_text(said.title, "bold"))
    if figures.filter:
        console.print(_text(only(figures)))
    console.print(_text(" ".join(said.lede)))
    if figures.comparison is not None:
        console.print(_text(figures.comparison.sentence))
    console.print(_text(f"{QUANTITY} {'; '.join(said.source)}", "dim"))


def _text(words: str, style: str = "") -> Text:
    from rich.text import Text

    text = Text(style=style)
    for part in _STRONG.split(words):
        text.append(to_plain(part), style="bold" if part.startswith("**") else "")
    return text
