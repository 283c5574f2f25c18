"""Fixes by month: who ships them, and how often each says "fix"."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from codeshare.report import dates
from codeshare.report.charts.lines import lines_chart, total
from codeshare.report.charts.stack import ALL_CLASSES
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, as_date, rows
from codeshare.report.numbers import count, percent, plural
from codeshare.report.page_model import Column, Figure, Table
from codeshare.report.window import since_month

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 20
"""With fewer fixes in all a chart of them shows nothing."""


def fixes(context: Context) -> Figure | None:
    """Draw fixes merged by month and attribution; None where there are too few."""
    frame = context.figures.worth.get("fixes_monthly")
    reading = context.reading
    if frame is None or frame.empty or not context.is_by_class or reading is None:
        return None
    every = _months(context, frame)
    months = [m for m in every if m["period"] >= context.months_since]
    if sum(total(m) for m in months) < FEWEST:
        return None

    def draw(size: Size) -> Drawing:
        return lines_chart(months, size, what="fixes")

    heading, source = _finding(next((m for m in months if m["period"] == reading.month), None), reading.name)
    running = " Hatched: the running month." if months[-1]["is_running"] else ""
    bots = " On top {bot}." if any(m["bot"] for m in months) else ""
    return Figure(
        name="fixes-monthly",
        chart="lines",
        heading=heading,
        says="Commits that say that they mend something, by month"
        f"{since_month(every[0]['period'], context.months_since)}, stacked by who wrote the fix: {{human}} at the foot, "
        f"then {{assisted}} and {{ai}}.{bots}{running}",
        alt=f"{heading}.",
        source=source,
        counted="Commits of new work whose message says so with high or medium confidence: a trailer Fixes:, an issue that "
        "is fixed, fix: in its form, a subject that begins with fix, a commit named as at fault. Who wrote what was mended "
        "is another question. Run `codeshare query fixes_monthly`.",
        table=Table(
            "fixes_monthly",
            "Fixes merged by month and attribution",
            frame,
            (
                Column("month", "Month", "month"),
                Column("attribution", "Attribution"),
                Column("commits", "Commits", "count"),
                Column("fixes", "Fixes", "count"),
                Column("share", "Share", "percent"),
            ),
        ),
        draw=draw,
        notes=_habits(context),
    )


def _months(context: Context, frame: pd.DataFrame) -> list[Row]:
    """Return every month of the history as the chart of lines wants it."""
    found: dict[Any, dict[str, float]] = {}
    for row in rows(frame):
        found.setdefault(row["month"], {})[row["attribution"]] = row["fixes"]
    return [
        {
            "period": month["period"],
            "is_running": month["is_running"],
            "is_incomplete": month["is_incomplete"],
        }
        | {_column(name): found.get(month["period"], {}).get(name, 0) for name in ALL_CLASSES}
        for month in context.all_months
    ]


def _column(name: str) -> str:
    return "unknown_lines" if name == "unknown" else name


def _finding(month: Row | None, name: str) -> tuple[str, str]:
    of = int(total(month)) if month else 0
    if not month or not of:
        return "Fixes merged by month", "0 fixes"
    said = f"{plural(of, 'fix', 'fixes')} merged in {name}"
    if month["ai"]:
        said = f"AI wrote {count(month['ai'])} of {plural(of, 'fix', 'fixes')} merged in {name}"
    return said, f"{plural(of, 'fix', 'fixes')} ({name})"


def _habits(context: Context) -> tuple[str, ...]:
    """Say how often each says that it mends something: a habit of words that every count of fixes carries."""
    frame = context.figures.worth.get("fix_habits")
    known = {row["attribution"]: row for row in rows(frame)} if frame is not None else {}
    ai, human = known.get("ai"), known.get("human")
    if not ai or not human or min(ai["commits"], human["commits"]) < 30:
        return ()
    return (
        f"**A habit of words.** Since {dates.month(_since(context))} {percent(ai['share'])} of the commits by AI and "
        f"{percent(human['share'])} of those with no AI evidence call themselves fixes. That a message "
        "says fix does not make a fault more or less.",
    )


def _since(context: Context) -> date:
    """The first day that the table of habits reads."""
    since = as_date(context.figures.baseline_since)
    return max(since, context.figures.filter.since or since)
