"""Bars: agents, quarters, ways of counting, readings of the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codeshare.report import dates
from codeshare.report.charts.agents import agents as agents_of
from codeshare.report.charts.stack import CLASSES, shares_of
from codeshare.report.context import Context
from codeshare.report.frames import rows
from codeshare.report.inline import KEYS
from codeshare.report.measure import Bar
from codeshare.report.numbers import NBSP, amount, percent, ratio, times
from codeshare.report.page_model import Figure, Rung
from codeshare.report.screen.marks import bar, split
from codeshare.report.screen.sheet import Sheet

if TYPE_CHECKING:
    from rich.text import Text

QUARTERS = 12
"""Quarters that a terminal shows; the page has more."""


def strip(sheet: Sheet, context: Context) -> None:
    """Draw the scale from 0 to 100 % with the range of evidence on it."""
    from rich.text import Text

    reading = context.reading
    if reading is None or not context.is_by_class or reading.row["share"] is None:
        return
    track, band, end, point = sheet.marks.strip
    width = sheet.width - 9
    low, at, high = (round(reading.value(c) * (width - 1)) for c in ("share_strict", "share", "share_high"))
    line = Text(" 0 ")
    for k in range(width):
        sign = point if k == at else end if k in (low, high) else band if low < k < high else track
        line.append(sign, style=f"bold {sheet.colours['ai']}" if low <= k <= high else "dim")
    sheet.line(line, sheet.words(" 100 %"))
    named = (("strictest", "share_strict"), ("headline", "share"), ("every trace", "share_high"))
    sheet.say(", ".join(f"{name} **{percent(reading.value(column))}**" for name, column in named))


def agents(sheet: Sheet, context: Context) -> None:
    """Draw each agent's share of the month's lines."""
    reading = context.reading
    assert reading is not None
    shown = agents_of(rows(context.figures.tools_monthly), reading.month)
    shares = {agent.name: agent.shares.get(reading.month, 0.0) for agent in shown}
    left = sheet.widest(shares, 24)
    width = sheet.width - left - 34
    top = max(shares.values()) or 1
    for agent in shown:
        share = shares[agent.name]
        said = f" {percent(share)}, since {dates.short_month(agent.since)}"
        drawn = bar(share, top, width, sheet.marks)
        sheet.line(sheet.cell(agent.name, left), "  ", (drawn, sheet.colours["ai"]), sheet.words(said))


def volume(sheet: Sheet, context: Context) -> None:
    """Draw the last quarters, each bar split by attribution where that may be told."""
    shown = context.drawn_bars[-QUARTERS:]
    top = max((b.value or 0.0) for b in shown)
    if not top:
        return
    width = sheet.width - 38
    for each in shown:
        sheet.line(*_quarter(sheet, context, each, top, width))
    said = []
    if any(each.row["is_running"] for each in shown):
        said.append(f"* up to {dates.short_day(context.as_of)}.")
    if context.is_by_class:
        said.append(
            ", ".join(f"{sheet.marks.classes[name]}{NBSP}{KEYS[name].replace(' ', NBSP)}" for name in CLASSES)
            + "."
        )
    what = "Lines per working day"
    if context.measure.is_ratio:
        what = f"As a ratio to {context.baseline} (95 % interval); lines per working day"
    sheet.say(f"{what}. {' '.join(said)}", "dim")


def _quarter(
    sheet: Sheet, context: Context, each: Bar, top: float, width: int
) -> list[str | Text | tuple[str, str]]:
    value, row = each.value or 0.0, each.row
    name = f"{dates.quarter(row['quarter'])}{'*' if row['is_running'] else ' '} "
    said = f" {context.measure.format(value)}"
    if each.low is not None and each.high is not None:
        said += f" ({times(each.low)}{sheet.marks.dash}{times(each.high)})"
    day = f"  {amount(row[context.measure.column] or 0.0)}" if context.measure.is_ratio else ""
    drawn: list[str | Text | tuple[str, str]] = [(name, "dim")]
    whole = bar(value, top, width, sheet.marks)
    parts = shares_of(row) if context.is_by_class else {}
    if parts:
        for part, length in split(parts, len(whole)).items():
            drawn.append((sheet.marks.classes[part] * length, sheet.colours[part]))
    else:
        drawn.append(whole)
    return [*drawn, (sheet.words(said), "bold"), (sheet.words(day), "dim")]


def variants(sheet: Sheet, figure: Figure) -> None:
    """List the ratio counted in other ways."""
    found = rows(figure.table.frame)
    left = sheet.widest((row["label"] for row in found), sheet.width - 20)
    for row in found:
        said = ratio(row["value"])
        if row["low"] is not None and row["high"] is not None:
            said += f" ({times(row['low'])}{sheet.marks.dash}{times(row['high'])})"
        sheet.line(sheet.cell(row["label"], left), "  ", sheet.words(said))


def rungs(sheet: Sheet, every: Sequence[Rung]) -> None:
    """Draw each reading of the evidence with its fraction."""
    left = sheet.widest((rung.label for rung in every), 16)
    width = max(sheet.width - left - 45, 10)
    for rung in every:
        drawn = sheet.cell(bar(rung.share, 1.0, width, sheet.marks), width)
        style = "bold" if rung.is_main else ""
        said = f" {rung.value:>9}  {rung.fraction}"
        sheet.line(
            sheet.cell(rung.label, left), "  ", (drawn, sheet.colours["ai"]), (sheet.words(said), style)
        )
