"""A terminal to write on: words that wrap, lines that are drawn, colours where it has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from codeshare.report.inline import to_plain
from codeshare.report.numbers import NBSP
from codeshare.report.screen.marks import Marks, marks_for, words_for
from codeshare.report.source import is_light, visible, word_colours

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDEST = 110
NARROWEST = 40
_STRONG = re.compile(r"(\*\*.+?\*\*)")
_HELD = "\ue000"


class Sheet:
    """A console with the width, signs and colours that a report is written with."""

    def __init__(self, console: Console, widest: int = WIDEST) -> None:
        self.console = console
        self.width = max(min(console.width, widest), NARROWEST)
        self.marks: Marks = marks_for(console.encoding)
        self.colours = word_colours("light" if is_light() else "dark")

    def words(self, text: str) -> str:
        """Return text that this terminal can show and that cannot steer it."""
        return words_for(self.console.encoding, visible(text))

    def blank(self) -> None:
        """Leave a line free."""
        self.console.print()

    def section(self, heading: str) -> None:
        """Begin a section."""
        from rich.text import Text

        self.blank()
        self.blank()
        words = self.words(heading)
        self.line(Text(f"{words} {self.marks.strip[0] * max(self.width - len(words) - 1, 0)}", style="bold"))

    def say(self, text: str, style: str = "") -> None:
        """Write a paragraph with the marks of ``inline`` in it."""
        from rich.text import Text

        parts = Text(style=style)
        for part in _STRONG.split(text):
            parts.append(self.words(to_plain(part)), style="bold" if part.startswith("**") else "")
        # Rich breaks lines at no-break spaces too, unless they are none while it does.
        parts.plain = parts.plain.replace(NBSP, _HELD)
        for line in parts.wrap(self.console, self.width):
            line.plain = line.plain.replace(_HELD, NBSP)
            self.console.print(line, no_wrap=True, overflow="crop", crop=False)

    def line(self, *parts: str | Text | tuple[str, str]) -> None:
        """Write a drawn line, which is cut and never wrapped."""
        from rich.text import Text

        drawn = Text.assemble(*parts, no_wrap=True, overflow="crop")
        drawn.rstrip()
        self.console.print(drawn, no_wrap=True, overflow="crop", crop=True, width=self.width)

    def cell(self, text: str, width: int) -> str:
        """Return text as wide as that: cut, or filled up."""
        from rich.cells import cell_len, set_cell_size

        words = self.words(text)
        if cell_len(words) > width:
            return set_cell_size(words, max(width - 1, 0)) + self.words("…")[:1]
        return set_cell_size(words, width)

    def widest(self, texts: Iterable[str], most: int) -> int:
        """Return the cells that the longest text takes, at most so many."""
        from rich.cells import cell_len

        return min(max((cell_len(self.words(text)) for text in texts), default=0), most)
