"""A whole report on a terminal: the page's words, its charts in characters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from codeshare.report.context import Context
from codeshare.report.headline import QUANTITY
from codeshare.report.page_model import Figure, Section
from codeshare.report.pages import build_page
from codeshare.report.screen import bars, months
from codeshare.report.screen.pairs import print_comparison, print_pairs
from codeshare.report.screen.sheet import Sheet
from codeshare.report.sections.beside import NAMES, pairs_of

if TYPE_CHECKING:
    from rich.console import Console

    from codeshare.metrics.figures import Figures

_Draw = Callable[[Sheet, Context, Figure], None]
_DRAWINGS: Mapping[str, _Draw] = {
    "share-monthly": lambda sheet, context, _: months.share(sheet, context),
    "lines-monthly": lambda sheet, context, _: months.lines(sheet, context),
    "agents": lambda sheet, context, _: bars.agents(sheet, context),
    "volume": lambda sheet, context, _: bars.volume(sheet, context),
    "variants": lambda sheet, _, figure: bars.variants(sheet, figure),
    "quality": lambda sheet, context, _: print_pairs(sheet, pairs_of(context), NAMES),
    "comparison": lambda sheet, _, figure: print_comparison(sheet, figure),
}
_LEFT_OUT = ("method", "appendix")


def print_report(console: Console, figures: Figures) -> None:
    """Print the whole report, but for its definitions and appendix."""
    page, context, sheet = build_page(figures), Context(figures), Sheet(console)
    sheet.blank()
    sheet.say(" · ".join(part for part in (f"**{page.title}**", page.scope, page.until) if part))
    sheet.blank()
    sheet.say(page.headline.title, "bold")
    bars.strip(sheet, context)
    if page.headline.lede:
        sheet.blank()
        sheet.say(" ".join(page.headline.lede))
    sheet.say(f"{QUANTITY} {'; '.join(page.headline.source)}", "dim")
    for section in page.sections:
        if section.name not in _LEFT_OUT:
            _section(sheet, context, section)
    sheet.blank()
    sheet.say(
        "Definitions: `codeshare definitions`. The rows of a figure: `codeshare query NAME`, its name is in brackets. "
        f"Charts, tables and all commits left out: `codeshare report`. codeshare {page.version}.",
        "dim",
    )


def _section(sheet: Sheet, context: Context, section: Section) -> None:
    sheet.section(section.heading)
    for words in section.intro:
        sheet.say(words)
    if section.rungs:
        sheet.blank()
        bars.rungs(sheet, section.rungs)
    for words in section.notes:
        sheet.say(words, "dim")
    for figure in section.figures:
        _figure(sheet, context, figure)


def _figure(sheet: Sheet, context: Context, figure: Figure) -> None:
    sheet.blank()
    sheet.say(f"**{figure.heading}** [{figure.query_name}]")
    draw = _DRAWINGS.get(figure.name)
    if draw is not None:
        draw(sheet, context, figure)
        return
    finding = figure.alt.removeprefix(figure.heading).lstrip(". ")
    if finding:
        sheet.say(finding)
