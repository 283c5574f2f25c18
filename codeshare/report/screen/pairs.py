"""Two sides of several measures, a row a measure, and what may be said of them."""

from __future__ import annotations

from collections.abc import Sequence

from codeshare.report.charts.quality import Known, Pair
from codeshare.report.frames import rows
from codeshare.report.page_model import Figure
from codeshare.report.screen.sheet import Sheet
from codeshare.report.units import interval_in, value_in

_VERDICT = 20


def print_pairs(sheet: Sheet, pairs: Sequence[Pair], names: tuple[str, str]) -> None:
    """Print measures with both values, their intervals and the verdict."""
    found = [(p.label, _known(p.unit, p.first), _known(p.unit, p.second), p.verdict) for p in pairs]
    _table(sheet, ("", *names, ""), found)


def print_comparison(sheet: Sheet, figure: Figure) -> None:
    """Print the rows of ``--compare`` as the page words them."""
    words = ("label", "first_words", "second_words", "verdict_words")
    headings = {column.name: column.heading for column in figure.table.columns}
    found = [tuple(str(row[name] or "") for name in words) for row in rows(figure.table.frame)]
    _table(sheet, ("", headings["first_words"], headings["second_words"], ""), found)


def _table(sheet: Sheet, head: tuple[str, ...], found: Sequence[tuple[str, ...]]) -> None:
    """Set columns side by side; where they do not fit, the values stand below their measure."""
    widths = [sheet.widest([row[k] for row in (head, *found)], 60) for k in range(4)]
    if sum(widths) + 6 <= sheet.width:
        for row in (head, *found):
            cells = [sheet.cell(text, width) for text, width in zip(row, widths, strict=True)]
            sheet.line(("  ".join(cells), "dim" if row is head else ""))
        return
    for label, first, second, verdict in found:
        sheet.say(f"{label}: **{verdict}**")
        sheet.say(f"    {head[1]} {first}, {head[2]} {second}", "dim")


def _known(unit: str, known: Known) -> str:
    said = value_in(unit, known.value)
    if known.low is not None and known.high is not None:
        said += f" ({interval_in(unit, known.low, known.high)})"
    return said
