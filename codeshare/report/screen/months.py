"""Charts by month: columns with the years below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from codeshare.report import dates
from codeshare.report.charts.share import is_thin
from codeshare.report.charts.stack import ALL_CLASSES, lines_of
from codeshare.report.context import Context
from codeshare.report.frames import Row
from codeshare.report.numbers import NBSP, count, percent, plural
from codeshare.report.screen.marks import columns
from codeshare.report.screen.sheet import Sheet

_LEFT, _RIGHT = 7, 14
_HEIGHT = 4


def share(sheet: Sheet, context: Context) -> None:
    """Draw the share by month, on a scale from 0 to 100 %."""
    months = context.months
    last = months[-1]
    said = "" if last["share"] is None else percent(last["share"])
    _chart(sheet, months, [m["share"] for m in months], 1.0, ("100 %", "0"), said, "ai")
    thin = [month for month in months if month["share"] is not None and is_thin(month)]
    if thin:
        sheet.say(
            f"Coverage was below 25{NBSP}% in {len(thin)} of {plural(len(months), 'month')}, the last of them "
            f"{dates.month(thin[-1]['period'])}: there the share says little.",
            "dim",
        )


def lines(sheet: Sheet, context: Context) -> None:
    """Draw the lines merged by month, all attributions together."""
    months = context.all_months
    values = [sum(lines_of(month, name) for name in ALL_CLASSES) for month in months]
    if not any(values):
        return
    is_running = bool(months[-1]["is_running"])
    last = f"{count(values[-1])}{'*' if is_running else ''}"
    _chart(sheet, months, values, max(values), (count(max(values)), "0"), last, "")
    if is_running:
        sheet.say(f"* up to {dates.short_day(context.as_of)}.", "dim")


def _chart(
    sheet: Sheet, every: Sequence[Row], values: Sequence[float | None], top: float, ends: tuple[str, str], last: str, style: str
) -> None:  # fmt: skip
    left = max(_LEFT, max(map(len, ends)) + 1)
    room = sheet.width - left - _RIGHT
    wide = 2 if len(every) * 2 <= room else 1
    shown = room // wide
    months, values = every[-shown:], list(values)[-shown:]
    drawn = columns([value for value in values for _ in range(wide)], top, _HEIGHT, sheet.marks)
    colour = sheet.colours.get(style, "")
    for k, line in enumerate(drawn):
        end = ends[0] if k == 0 else ends[1] if k == _HEIGHT - 1 else ""
        said = f" {last}" if k == _HEIGHT - 1 and last else ""
        sheet.line((f"{sheet.words(end):>{left - 1}} ", "dim"), (line, colour), (sheet.words(said), "bold"))
    sheet.line(" " * left, (_years([m["period"] for m in months], wide), "dim"))


def _years(months: Sequence[date], wide: int) -> str:
    """Write each year below its January, where there is room."""
    line = [" "] * (len(months) * wide + 4)
    free = 0
    for k, month in enumerate(months):
        at = k * wide
        if (month.month == 1 or k == 0) and at >= free:
            following = next((j * wide for j in range(k + 1, len(months)) if months[j].month == 1), None)
            if k == 0 and month.month != 1 and following is not None and following < at + 5:
                continue
            line[at : at + 4] = list(str(month.year))
            free = at + 5
    return "".join(line)
