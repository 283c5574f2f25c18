"""AI lines beside lines without AI evidence, a row a measure."""

from __future__ import annotations

from codeshare.metrics.measures import Measure, measures
from codeshare.report.charts.quality import AI, HUMAN, Known, Pair, describe, pairs_chart
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import NBSP, word
from codeshare.report.page_model import Column, Figure, Table

_STYLES = (AI, HUMAN)
NAMES = (AI.name, HUMAN.name)
_VERDICTS = {
    "AI lower": "AI lower",
    "AI higher": "AI higher",
    "no clear difference": "No clear difference",
    "too few commits": "Too few to tell",
    "not compared": "Not compared",
}
_QUERY = "ai_beside_human"
_FEWEST = 30
"""Commits, lines' or requests, of either side below which a row is left to the table: few of them may be one person's."""


def beside(context: Context) -> Figure | None:
    """Build the figure; none without evidence to split by, or where nothing is estimated of both."""
    shown = _shown(context)
    if not shown:
        return None
    frame, pairs = context.figures.worth[_QUERY], pairs_of(context)
    heading = _heading(shown)

    def draw(size: Size) -> Drawing:
        return pairs_chart(pairs, size, _STYLES)

    definitions = "; ".join(f"{measure.label}: {measure.says}" for measure, _ in shown)
    queries = sorted({measure.query for measure, _ in shown})
    return Figure(
        name="quality",
        chart="quality",
        heading=heading,
        says=f"{{Ai}} (dot) beside lines with {{human}} (diamond), {_when(context)}. Bars: 95{NBSP}% intervals. Each row has "
        "a scale of its own, from 0. Not an experiment.",
        alt=f"{heading}. " + "; ".join(describe(pair, _STYLES) for pair in pairs) + ".",
        source=f"{word(len(pairs))} measures".capitalize(),
        counted=f"{definitions}. No clear difference: the interval of the difference holds 0. Each row’s own query: "
        + ", ".join(f"`{name}`" for name in queries)
        + f"; all rows: `codeshare query {_QUERY}`.",
        table=Table(
            _QUERY,
            "Figures of AI lines and of lines with no AI evidence",
            frame,
            (
                Column("metric", "Measure"),
                Column("at_days", "Days", "count"),
                Column("scope", "Lines"),
                Column("unit", "Unit"),
                Column("ai", "AI", "small"),
                Column("ai_low", "Low", "small"),
                Column("ai_high", "High", "small"),
                Column("ai_n", "Sample", "count"),
                Column("human", "No AI evidence", "small"),
                Column("human_low", "Low", "small"),
                Column("human_high", "High", "small"),
                Column("human_n", "Sample", "count"),
                Column("difference", "Difference", "small"),
                Column("difference_low", "Low", "small"),
                Column("difference_high", "High", "small"),
                Column("verdict", "Verdict"),
            ),
        ),
        draw=draw,
        notes=(
            "**Not an experiment.** Nobody drew lots over who uses an agent, for what and when: a difference may be one of "
            "tasks, people, files or years.",
            f"**No clear difference** stands wherever the 95{NBSP}% interval of the difference holds 0. Of twenty such rows one "
            "is expected to leave 0 out by chance alone.",
        ),
    )


def pairs_of(context: Context) -> list[Pair]:
    """Return the measures that are shown, AI first."""
    return [_pair(measure, row) for measure, row in _shown(context)]


def _shown(context: Context) -> list[tuple[Measure, Row]]:
    frame = context.figures.worth.get(_QUERY)
    if frame is None or frame.empty or not context.is_by_class:
        return []
    found = {(row["metric"], row["at_days"]): row for row in rows(frame)}
    return [
        (measure, row)
        for measure in measures("attribution")
        if (row := found.get(measure.key)) is not None and min(row["ai_n"], row["human_n"]) >= _FEWEST
    ]


def _pair(measure: Measure, row: Row) -> Pair:
    difference = None
    if row["difference"] is not None and row["difference_low"] is not None:
        difference = Known(row["difference"], row["difference_low"], row["difference_high"])
    return Pair(
        measure.label,
        row["unit"],
        Known(row["ai"], row["ai_low"], row["ai_high"]),
        Known(row["human"], row["human_low"], row["human_high"]),
        _VERDICTS[row["verdict"]],
        difference,
    )


def _heading(shown: list[tuple[Measure, Row]]) -> str:
    clear = [measure.label for measure, row in shown if row["verdict"] in ("AI lower", "AI higher")]
    told = [row for _, row in shown if row["verdict"] not in ("too few commits", "not compared")]
    if not told:
        return "Too little to tell AI lines and others apart"
    if not clear:
        return "No clear difference between AI lines and those with no AI evidence"
    many = "one measure" if len(told) == 1 else f"{word(len(told))} measures"
    return f"AI lines differ clearly in {word(len(clear))} of {many}" + (
        " that can tell" if len(told) < len(shown) else ""
    )


def _when(context: Context) -> str:
    """Say of which time the measures are."""
    asked = context.figures.filter
    return "all merges in the days shown" if asked.since or asked.until else "all merges to date"
