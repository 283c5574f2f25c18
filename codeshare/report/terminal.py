"""The answer on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.report.headline import QUANTITY, headline
from codeshare.report.scope import only
from codeshare.report.screen.sheet import Sheet

if TYPE_CHECKING:
    from rich.console import Console

    from codeshare.metrics.figures import Figures


def print_headline(console: Console, figures: Figures) -> None:
    """Print the answer, what qualifies it, and its numerator and denominator."""
    said, sheet = headline(figures), Sheet(console, console.width)
    sheet.blank()
    sheet.say(said.title, "bold")
    if figures.filter:
        sheet.say(only(figures))
    sheet.say(" ".join(said.lede))
    if figures.comparison is not None:
        sheet.say(figures.comparison.sentence)
    sheet.say(f"{QUANTITY} {'; '.join(said.source)}", "dim")
