"""What a report consists of, before any of it is set as HTML or markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from codeshare.report.design import Size, sizes
from codeshare.report.drawing import Drawing
from codeshare.report.headline import Headline

if TYPE_CHECKING:
    import pandas as pd


class Column(Struct, frozen=True):
    """A column of a table: where it comes from, what it is called, how it reads."""

    name: str
    heading: str
    form: str = "text"


class Table(Struct, frozen=True):
    """A table of a figure or of the appendix; the whole frame goes into ``tables/NAME.csv``."""

    name: str
    caption: str
    frame: pd.DataFrame
    columns: tuple[Column, ...] = ()


class Figure(Struct, frozen=True):
    """One chart with its heading, words and data.

    Attributes:
        name: the chart's file name in ``charts/``.
        chart: its entry in the table of sizes.
        heading: the finding.
        says: what is drawn: measure, unit, population, interval.
        alt: the finding in numbers, for those who do not see the drawing.
        source: fraction or count.
        counted: the definition, in a sentence or two.
        below: token and words of a list under the drawing on a phone.
        query: the query's name where the table has another.
        shows_table: whether the rows are open to see, also in the markdown file.
    """

    name: str
    chart: str
    heading: str
    says: str
    alt: str
    source: str
    counted: str
    table: Table
    draw: Callable[[Size], Drawing]
    notes: tuple[str, ...] = ()
    below: tuple[tuple[str, str], ...] = ()
    query: str = ""
    shows_table: bool = False

    @property
    def query_name(self) -> str:
        """The named query that gives the rows."""
        return self.query or self.table.name

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The sizes that the page holds."""
        return sizes(self.chart)

    @property
    def is_wide(self) -> bool:
        """Whether it takes the page's whole width."""
        return any(size.name == "wide" for size in self.sizes)


class Rung(Struct, frozen=True):
    """One reading of the evidence as a bar from 0 to 1."""

    name: str
    label: str
    share: float
    value: str
    fraction: str
    says: str
    is_main: bool = False


class Section(Struct, frozen=True):
    """A heading that is the same in every report, an intro, and figures."""

    name: str
    heading: str
    link: str
    intro: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    rungs: tuple[Rung, ...] = ()
    notes: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    has_key: bool = False


class KeyFigure(Struct, frozen=True):
    """A number below the answer that leads to its section."""

    label: str
    value: str
    lines: tuple[str, ...]
    href: str


class Page(Struct, frozen=True):
    """A whole report; ``part`` names what it is about, where that is not everything, and ``only`` says so in a sentence."""

    title: str
    scope: str
    until: str
    headline: Headline
    asides: tuple[str, ...]
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    footer: str
    version: str = ""
    counted: str = ""
    only: str = ""
    part: str = ""
    tables: Sequence[Table] = field(default=())

    @property
    def figures(self) -> list[Figure]:
        """Every figure, in order."""
        return [figure for section in self.sections for figure in section.figures]

    def all_tables(self) -> list[Table]:
        """Every table once, in order."""
        every = (
            [f.table for f in self.figures] + [t for s in self.sections for t in s.tables] + list(self.tables)
        )
        return list({table.name: table for table in every}.values())
