"""Since when, and by which agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.report import dates
from codeshare.report.charts.agents import OTHERS, Agent, agents, agents_chart, visible
from codeshare.report.charts.lines import lines_chart, total
from codeshare.report.charts.share import crossing, describe, is_single_digit, is_thin, share_chart
from codeshare.report.charts.stack import lines_of
from codeshare.report.context import Context, first_upper
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import NBSP, count, fraction, percent, plural, word
from codeshare.report.page_model import Column, Figure, Section, Table
from codeshare.report.reading import Reading
from codeshare.report.sections.changed import change_notes
from codeshare.report.tables import SHARES
from codeshare.report.window import since_month

if TYPE_CHECKING:
    import pandas as pd


def since_when(context: Context) -> Section | None:
    """Build the section; none for a history without a line."""
    reading = context.reading
    if reading is None or not any(total(m) for m in context.all_months):
        return None
    figures = []
    if context.is_by_class and any(m["share"] is not None for m in context.months):
        figures.append(_share(context, reading))
    figures.append(_lines(context, reading))
    tools = rows(context.figures.tools_monthly)
    shown = agents(tools, reading.month) if context.is_by_class else []
    if shown:
        figures.append(_agents(context, reading, shown))
    return Section(
        "since", "Since when, and by which agents", "Since when", (_intro(context, reading),), tuple(figures)
    )


def _intro(context: Context, reading: Reading) -> str:
    if not context.is_by_class:
        return "Too few lines carry evidence for a share. What can be drawn is all lines, whoever wrote them."
    known = [m for m in context.months if m["share"] is not None]
    last = crossing(context.months)
    said = []
    if last is not None:
        earlier = [m for m in known if m["period"] <= last["period"]]
        if not context.figures.filter.since and all(is_single_digit(m) for m in earlier):
            said.append(
                f"Until {dates.month(last['period'])} the record shows agents in fewer than one line in ten."
            )
        else:
            said.append(
                f"The record last shows agents in fewer than one line in ten in {dates.month(last['period'])}."
            )
    half = _half(known)
    if half is not None and half is known[0] and context.figures.filter.since:
        # what was before is not shown, and may have been the same
        said.append("In every month shown agents wrote more than half.")
    elif half is not None:
        who = "they" if said else "agents"
        said.append(f"Since {dates.month(half['period'])} {who} have written more than half.")
    if not said and known:
        first = next((m for m in known if m["numerator"]), None)
        if first is None:
            return "The record shows no line by an agent."
        if first is known[0] and context.figures.filter.since:
            said.append("The record shows agents from the first month shown on.")
        else:
            said.append(f"The record shows agents since {dates.month(first['period'])}.")
    return " ".join(said)


def _half(known: list[Row]) -> Row | None:
    """Return the month since which the share has stayed above a half."""
    since = None
    for month in reversed(known):
        if month["share"] <= 0.5:
            break
        since = month
    return since if since is not known[-1] else None


def _share(context: Context, reading: Reading) -> Figure:
    months, until = context.months, context.all_months[-1]["period"]

    def draw(size: Size) -> Drawing:
        return share_chart(
            months, size, until, context.months_since, is_whole=not context.figures.filter.since
        )

    table = Table(
        "ai_share_monthly",
        "AI share of merged lines by month",
        context.figures.share_monthly,
        (
            Column("period", "Month", "month"),
            *SHARES,
            Column("share_calibrated", "Calibrated", "percent"),
            Column("coverage", "Coverage", "percent"),
            Column("unknown_commits", "Commits unknown", "count"),
        ),
    )
    heading = _share_heading(months, reading)
    since = since_month(months[0]["period"], context.months_since)
    return Figure(
        name="share-monthly",
        chart="share",
        heading=heading,
        says=f"Share of {{ai}} in the {context.merged_lines}, by month{since}. The line is the headline reading; the "
        "band runs from the strictest reading of the evidence to the one that counts every trace.",
        alt=f"{heading}. {describe(reading.row) if reading.row['share'] is not None else ''}",
        source=_fraction(reading),
        counted="AI lines of high and medium confidence ÷ lines of AI, AI-assisted lines and lines with no AI "
        f"evidence, in code, tests, docs and configuration. {context.basis_note} "
        "Run `codeshare query ai_share_monthly`.",
        table=table,
        draw=draw,
        notes=(
            *_share_notes([m for m in months if m["period"] >= context.months_since]),
            *change_notes(context, "share", context.months_since),
        ),
    )


def _fraction(reading: Reading) -> str:
    lines = fraction(reading.value("numerator"), reading.value("denominator"))
    return f"{lines} ({reading.name})"


def _share_heading(months: list[Row], reading: Reading) -> str:
    if reading.row["share"] is None:
        return "AI share of merged lines by month"
    last = crossing(months)
    now = percent(reading.value("share"))
    if last is not None and last["period"] < reading.month:
        earlier = [m for m in months if m["share"] is not None and m["period"] <= last["period"]]
        if all(is_single_digit(m) for m in earlier):
            passed = dates.months_between(last["period"], reading.month)
            months_word = "one month" if passed == 1 else f"{word(passed)} months"
            return f"From single digits on record to {now} in {months_word}"
    return f"AI share of merged lines: {now} in {reading.name}"


def _share_notes(months: list[Row]) -> tuple[str, ...]:
    notes = [
        "**Reading the band.** Its lower edge counts only high-confidence evidence, against every line merged: "
        "generated files, vendored code and bots included. Its upper edge adds assisted lines and every weak trace.",
        "The band is no confidence interval. Every line is counted; what is uncertain is how to read the evidence.",
    ]
    if any(is_thin(m) for m in months):
        notes.append(
            f"**Dashed** months have coverage below 25{NBSP}%. Where few agents leave marks, part of a rise may be "
            "marks becoming customary."
        )
    if any(m["is_incomplete"] for m in months):
        notes.append(f"**Grey** months are incomplete: over 5{NBSP}% of their commits could not be read.")
    return tuple(notes)


def _lines(context: Context, reading: Reading) -> Figure:
    by_class = context.is_by_class
    months = [m for m in context.all_months if m["period"] >= context.months_since]
    since = since_month(context.all_months[0]["period"], context.months_since)

    def draw(size: Size) -> Drawing:
        return lines_chart(months, size, by_class=by_class)

    of = total(reading.row)
    heading = f"{count(of)} lines merged in {reading.name}"
    if by_class and reading.row["ai"]:
        by_ai = reading.value("ai")
        heading += f", {'all' if by_ai == of else count(by_ai)} of them by AI"
    running = "Hatched: the running month" if months[-1]["is_running"] else ""
    if any(m["is_incomplete"] for m in months):
        running = f"{running} and" if running else "Hatched:"
        running += f" months of which over 5{NBSP}% of commits could not be read"
    classes = (
        "stacked by attribution: {human} at the foot, then {assisted} and {ai}"
        if by_class
        else "all together"
    )
    extra = [name for name in ("bot", "unknown") if by_class and any(lines_of(m, name) for m in months)]
    if extra:
        classes += ", on top " + " and ".join(f"{{{name}}}" for name in extra)
    return Figure(
        name="lines-monthly",
        chart="lines",
        heading=heading,
        says=f"{first_upper(context.merged_lines)}, by month{since}, {classes}.{' ' + running + '.' if running else ''}",
        alt=f"{heading}.",
        source=f"{count(of)} lines ({reading.name})",
        counted="Lines of code, tests, docs and configuration; imports, duplicates, reverts and whitespace are "
        f"left out. {context.basis_note} Run `codeshare query ai_share_monthly`.",
        table=Table(
            "lines_monthly",
            "Merged lines by month and attribution",
            context.figures.share_monthly[
                ["period", "ai", "assisted", "human", "bot", "unknown_lines", "is_running"]
            ],
            (
                Column("period", "Month", "month"),
                Column("ai", "AI", "count"),
                Column("assisted", "AI-assisted", "count"),
                Column("human", "No AI evidence", "count"),
                Column("bot", "Bots", "count"),
                Column("unknown_lines", "Unknown", "count"),
            ),
        ),
        draw=draw,
        query="ai_share_monthly",
    )


def _agents(context: Context, reading: Reading, shown: list[Agent]) -> Figure:
    drawn = visible(shown)

    def draw(size: Size) -> Drawing:
        return agents_chart(drawn, reading.month, size, context.figures.filter.since)

    left = [agent.name for agent in shown if agent not in drawn]
    faint = f" Not drawn, under 1{NBSP}% in every month: {', '.join(left)}." if left else ""
    now = {agent.name: agent.shares.get(reading.month, 0.0) for agent in shown}
    first = max(now, key=lambda name: now[name])
    whole = sum(now.values())
    heading = f"AI share by agent, {plural(len(shown), 'agent')} on record"
    if whole and first != OTHERS:
        heading = f"{first} wrote {percent(now[first] / whole)} of the AI lines of {reading.name}"
    listed = ", ".join(f"{name} {percent(share)}" for name, share in now.items())
    return Figure(
        name="agents",
        chart="agents",
        heading=heading,
        says=f"Each agent’s share of the {context.merged_lines}, by month. The panels add up to the share "
        f"above; they stand in the order in which the agents first appeared.{faint}",
        alt=f"{heading}. Shares of all lines in {reading.name}: {listed}.",
        source=f"{count(reading.value('numerator'))} AI lines ({reading.name})",
        counted="Each AI line counts for the agent that its deciding evidence names; evidence that names none, and "
        f"agents beyond the largest, count as “{OTHERS}”. Run `codeshare query ai_share_by_tool_monthly`.",
        table=Table(
            "ai_share_by_tool_monthly",
            "AI share by agent and month",
            _with_lines(context),
            (
                Column("period", "Month", "month"),
                Column("tool", "Agent"),
                Column("lines", "Lines", "count"),
                Column("denominator", "Of lines", "count"),
                Column("share", "Share", "percent"),
            ),
        ),
        draw=draw,
    )


def _with_lines(context: Context) -> pd.DataFrame:
    frame = context.figures.tools_monthly
    return frame[frame["lines"] > 0]
