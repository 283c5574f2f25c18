"""Series from elsewhere, beside our own figure of the same time."""

from __future__ import annotations

from codeshare.report import dates
from codeshare.report.charts.outside import outside_chart
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import NBSP, ratio
from codeshare.report.page_model import Column, Figure, Table

MOST = 10
_NAMES = {
    "lines_per_engineer_day_ratio": "lines a day",
    "self_estimated_output_ratio": "own estimates",
}


def outside(context: Context) -> Figure | None:
    """Build the figure; none where nothing was imported that our own ratio could stand beside."""
    frame = context.figures.worth.get("outside_series")
    if frame is None or not context.measure.is_per_engineer:
        return None
    found = [r for r in rows(frame) if r["own"] == "ratio" and r["value"] is not None]
    shown = [_labelled(r) for r in found if r["own_value"] is not None][-MOST:]
    if not shown:
        return None
    last = max(shown, key=lambda r: (r["date"], r["series"] == "lines_per_engineer_day_ratio"))
    heading = (
        f"Beside series from elsewhere: {ratio(last['own_value'])} here, {ratio(last['value'])} there in "
        f"{dates.quarter(last['date'])}"
    )

    def draw(size: Size) -> Drawing:
        return outside_chart(shown, size)

    sources = "; ".join(dict.fromkeys(str(r["source"]) for r in shown if r["source"]))
    return Figure(
        name="outside",
        chart="outside",
        heading=heading,
        says=f"Filled dot: this report’s ratio of the median engineer to {context.baseline}, with its 95{NBSP}% interval. Hollow "
        f"dot: a value measured elsewhere, by other definitions. Source of those: {sources or 'not given'}.",
        alt=f"{heading}. " + "; ".join(_words(r) for r in shown) + ".",
        source=f"{len(shown)} imported values",
        counted="What `codeshare import metrics` read, beside our own figure of the same quarter. The two were not counted "
        "alike, so that a difference between them says little. Run `codeshare query outside_series`.",
        table=Table(
            "outside_series",
            "Series from elsewhere, and our own figure of the same time",
            frame,
            (
                Column("series", "Series"),
                Column("date", "Date", "day"),
                Column("value", "Elsewhere", "decimal"),
                Column("low", "From", "decimal"),
                Column("high", "To", "decimal"),
                Column("unit", "Unit"),
                Column("own_value", "Own figure", "decimal"),
                Column("own_low", "Low", "decimal"),
                Column("own_high", "High", "decimal"),
                Column("source", "Source"),
            ),
        ),
        draw=draw,
    )


def _labelled(row: Row) -> Row:
    return {**row, "label": f"{dates.quarter(row['date'])}, {_NAMES[row['series']]}"}


def _words(row: Row) -> str:
    return f"{row['label']}: {ratio(row['own_value'])} here, {ratio(row['value'])} elsewhere"
