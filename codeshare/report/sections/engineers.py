"""How much each engineer merges, and the usual objections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.report import dates
from codeshare.report.baseline import skipped_quarters, thin_baseline, thin_lines
from codeshare.report.charts.variants import describe as describe_variant
from codeshare.report.charts.variants import variants_chart
from codeshare.report.charts.volume import describe, volume_chart
from codeshare.report.context import Context, first_upper
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, as_date, rows
from codeshare.report.measure import Bar
from codeshare.report.numbers import DIVIDED, NBSP, amount, plural, times, times_words, word
from codeshare.report.page_model import Column, Figure, Section, Table
from codeshare.report.sections.changed import change_notes
from codeshare.report.sections.outside import outside
from codeshare.report.window import since_quarter

if TYPE_CHECKING:
    import pandas as pd

PLAIN = ("median", "mean", "repository")
"""Ways of counting whose label says it all."""


def how_much(context: Context) -> Section | None:
    """Build the section on volume; none where no quarter has lines."""
    if not any(bar.value for bar in context.drawn_bars):
        return None
    figures = [_volume(context)]
    variants = _large_enough(context)
    if context.measure.is_ratio and context.measure.is_per_engineer and len(variants) > 1:
        figures.append(_variants(context, variants))
    elsewhere = outside(context)
    if elsewhere is not None:
        figures.append(elsewhere)
    series = "engineer" if context.measure.is_per_engineer else "volume"
    intro = (*_intro(context), *change_notes(context, series, context.drawn_since))
    return Section("volume", "How much each engineer merges", "How much", intro, tuple(figures))


def _large_enough(context: Context) -> pd.DataFrame:
    """Leave out ways of counting that look at so few engineers that they show persons."""
    frame = context.figures.variants
    whole = frame["variant"].isin(["repository", "headcount"])
    return frame[frame["value"].notna() & (whole | (frame["n"] >= context.measure.minimum))]


def _intro(context: Context) -> list[str]:
    last, measure = context.bars[-1].row, context.measure
    name, said = dates.quarter(last["quarter"]), []
    who = "the typical engineer merged" if measure.is_per_engineer else "everybody together merged"
    if measure.is_ratio:
        base, now = last[measure.baseline_column] or 0.0, last[measure.column] or 0.0
        said.append(
            f"In {context.baseline} {who} {amount(base)} lines per working day; in {name} it is {amount(now)}."
        )
        said += [s for s in (thin_baseline(context.figures),) if s]
        said += _without_evidence(context)
    else:
        now = last[measure.column] or 0.0
        little = "Too little" if _baseline_quarters(context) else "Nothing"
        said.append(
            f"In {name} {who} {amount(now)} lines per working day. {little} was merged in {context.baseline}, the "
            "baseline, to compare it with."
        )
    if not measure.is_per_engineer:
        said.append(
            f"With fewer than {plural(context.figures.minimum_engineers, 'active engineer')}, now or in {context.baseline}, "
            "figures per engineer would be figures of persons, so the lines of everybody together are shown."
        )
    too_early = context.quarters[-1]
    if measure.is_ratio and too_early["is_running"] and too_early[measure.ratio_column] is None:
        said.append(
            f"{dates.quarter(too_early['quarter'])} has {plural(too_early['working_days'], 'working day')} so far, "
            "too few for a ratio."
        )
    return [" ".join(said), *_unjoined(context)]


def _unjoined(context: Context) -> list[str]:
    """Say where one person with two addresses may count as two engineers, and what joins them."""
    frame = context.figures.worth.get("unmatched_people")
    if frame is None or frame.empty:
        return []
    names = "One name stands" if len(frame) == 1 else f"{first_upper(word(len(frame)))} names stand"
    return [
        f"{names} for {plural(int(frame['persons'].sum()), 'engineer')} with addresses that nothing joins. If they are the same people, "
        "there are fewer engineers than counted here: `.mailmap` or `[[alias]]` in codeshare.toml joins them, and "
        "`codeshare query unmatched_people` lists them."
    ]


def _without_evidence(context: Context) -> list[str]:
    """Say how much is left of lines without AI evidence: whether AI's lines came on top or instead."""
    before = _baseline_quarters(context)
    last = context.bars[-1].row
    if not (context.is_by_class and context.measure.is_per_engineer and before and last["engineers"]):
        return []
    base = sum(_human_a_day(q) for q in before) / len(before)
    return [
        f"Lines with no AI evidence went from {amount(base)} to {amount(_human_a_day(last))} per engineer and day, "
        "taking all engineers together."
    ]


def _baseline_quarters(context: Context) -> list[Row]:
    """Return the quarters of the baseline in which anybody was active."""
    since, until = as_date(context.figures.baseline_since), as_date(context.figures.baseline_until)
    return [q for q in context.quarters if since <= q["quarter"] < until and q["engineers"]]


def _human_a_day(quarter: Row) -> float:
    days = quarter["engineers"] * (quarter["working_days"] or 0)
    return float(quarter["human"] or 0) / days if days else 0.0


def _volume(context: Context) -> Figure:
    bars, measure, by_class = context.drawn_bars, context.measure, context.is_by_class
    events = rows(context.figures.events)

    def draw(size: Size) -> Drawing:
        return volume_chart(bars, events, measure, context.baseline, context.as_of, size, by_class=by_class)

    last = bars[-1]
    return Figure(
        name="volume",
        chart="volume",
        heading=_heading(context, last),
        says=_says(context),
        alt=f"{_heading(context, last)}. {describe(last, measure)}.",
        source=_source(context, last),
        counted=_counted(context),
        table=_volume_table(context),
        draw=draw,
    )


def _heading(context: Context, last: Bar) -> str:
    measure = context.measure
    if not measure.is_ratio:
        return (
            "Lines merged per engineer and working day"
            if measure.is_per_engineer
            else "Lines merged per working day"
        )
    if last.is_unclear:
        return (
            f"Lines merged per engineer and working day: no clear change since {context.baseline} "
            f"({measure.format(last.value or 0.0)}, interval {times(last.low or 0.0)} to {times(last.high or 0.0)})"
        )
    running = "" if last.row is context.quarters[-1] else f" in {dates.quarter(last.row['quarter'])}"
    many = times_words(last.value or 0.0, f"lines a day{running}")
    who = "The typical engineer merges" if measure.is_per_engineer else "Everybody together merges"
    thin = ", a thin baseline" if thin_lines(context.figures) is not None else ""
    return f"{who} {many} in {context.baseline}{thin}"


def _says(context: Context) -> str:
    measure, last = context.measure, context.bars[-1]
    lines = first_upper(context.merged_lines)
    if measure.is_per_engineer:
        said = f"{lines} per active engineer and working day, median engineer"
    else:
        said = f"{lines} per working day, everybody together"
    if measure.is_ratio:
        base = last.row[measure.baseline_column] or 0.0
        said += f", as a ratio to {context.baseline} ({amount(base)} lines)"
    quarters = [q for q in context.quarters if q["quarter"] >= context.drawn_since]
    said += f", by quarter{since_quarter(context.quarters[0]['quarter'], context.drawn_since)}."
    if context.is_by_class:
        said += " Each bar splits into lines by {ai}, {assisted} lines and lines with {human}."
    if any(bar.low is not None for bar in context.drawn_bars):
        said += f" Thin vertical lines: 95{NBSP}% intervals."
    if any(bar.mean is not None for bar in context.drawn_bars):
        said += " Tick at a bar’s right: the mean engineer."
    if measure.is_per_engineer and any(q["engineers"] and q["engineers"] < measure.minimum for q in quarters):
        said += f" No bar: fewer than {plural(measure.minimum, 'active engineer')}."
    if any(bar.row.get("is_incomplete") for bar in context.drawn_bars):
        said += f" Hatched without outline: over 5{NBSP}% of the quarter’s commits could not be read."
    if last.row["is_running"]:
        said += f" Hatched: the running quarter, to {dates.short_day(context.as_of)}"
        said += ", against as many working days of each baseline quarter." if measure.is_ratio else "."
    return said


def _source(context: Context, last: Bar) -> str:
    measure = context.measure
    now = amount(last.row[measure.column] or 0.0)
    if not measure.is_ratio:
        return f"{now} lines ({dates.quarter(last.row['quarter'])})"
    return f"{now}{DIVIDED}{amount(last.row[measure.baseline_column] or 0.0)} lines"


def _counted(context: Context) -> str:
    measure = context.measure
    if measure.is_per_engineer:
        said = (
            "Each active engineer’s handwritten lines of the quarter ÷ its working days (Monday to Friday, less "
            "holidays), idle days counted; the median over engineers. Active: at least one commit merged."
        )
    else:
        said = "Handwritten lines of the quarter ÷ its working days (Monday to Friday, less holidays)."
    if measure.is_ratio:
        said += f" The ratio is to the mean of the quarters of {context.baseline}."
        said += f" {skipped}" if (skipped := skipped_quarters(context.figures)) else ""
    if any(bar.low is not None for bar in context.drawn_bars):
        said += " Intervals: bootstrap over persons."
    return f"{said} {context.basis_note} Run `codeshare query volume_quarterly`."


def _volume_table(context: Context) -> Table:
    columns = [
        Column("quarter", "Quarter", "quarter"),
        Column("engineers", "Engineers", "count"),
        Column("working_days", "Working days", "count"),
        Column("lines", "Lines", "count"),
    ]
    if context.measure.is_per_engineer:
        columns += [
            Column("median", "Median a day", "amount"),
            Column("mean", "Mean a day", "amount"),
            Column("ratio_median", "Ratio, median", "ratio"),
            Column("low_median", "Low", "decimal"),
            Column("high_median", "High", "decimal"),
            Column("ratio_mean", "Ratio, mean", "ratio"),
        ]
    columns += [
        Column("all_lines_per_day", "All lines a day", "amount"),
        Column("ratio_all", "Ratio, all", "ratio"),
    ]
    return Table(
        "volume_quarterly", "Lines merged per engineer and working day, by quarter", context.figures.volume_quarterly,
        tuple(columns),
    )  # fmt: skip


def _variants(context: Context, frame: pd.DataFrame) -> Figure:
    variants = rows(frame)
    last = context.bars[-1].row
    name = dates.quarter(last["quarter"])
    # net is of an earlier quarter: it says nothing about this one's
    values = [v["value"] for v in variants if v["variant"] != "net"]
    low, high = min(values), max(values)
    heading = f"Other ways of counting move it between {times(low)} and {times(high)}"
    if times(low) == times(high):
        heading = f"Other ways of counting give {times(low)} as well"

    def draw(size: Size) -> Drawing:
        return variants_chart(variants, size)

    notes = [f"**{v['label']}:** {v['note']}." for v in variants if v["note"] and v["variant"] not in PLAIN]
    return Figure(
        name="variants",
        chart="variants",
        heading=heading,
        says=_says_variants(context, name, variants),
        alt=f"{heading}. " + "; ".join(describe_variant(v) for v in variants) + ".",
        source=f"{name}{DIVIDED}{context.baseline}",
        counted=f"Each row counts engineers or lines in another way, in {name} and in the baseline alike. "
        "Commits left out are listed in the [appendix](#appendix). Run `codeshare query volume_variants`.",
        table=Table(
            "volume_variants",
            "The latest quarter’s ratio, counted in other ways",
            frame,
            (
                Column("label", "Counted as"),
                Column("value", "Ratio", "ratio"),
                Column("low", "Low", "decimal"),
                Column("high", "High", "decimal"),
                Column("n", "Engineers", "count"),
                Column("quarter", "Quarter", "quarter"),
                Column("note", "Meaning"),
            ),
        ),
        draw=draw,
        notes=tuple(notes),
    )


def _says_variants(context: Context, name: str, variants: list[Row]) -> str:
    said = (
        f"{name} as a ratio to {context.baseline}, counted in other ways. Dot: estimate. Bar: 95{NBSP}% interval; none "
        "where the denominator is given."
    )
    net = next((v for v in variants if v["variant"] == "net"), None)
    if net is None:
        return said
    return f"{said} Net is of {dates.quarter(net['quarter'])}; hollow dot: the headline of that quarter."
