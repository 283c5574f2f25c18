"""Two repositories, teams, tools or periods side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.metrics.sides import Comparison
from codeshare.report.charts.quality import Known, Pair, Style, describe, difference_words, pairs_chart
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import NBSP, plural
from codeshare.report.page_model import Column, Figure, Section, Table
from codeshare.report.units import interval_in, value_in

if TYPE_CHECKING:
    import pandas as pd


def compared(context: Context) -> Section | None:
    """Build the section; none where nothing is to be compared."""
    comparison = context.figures.comparison
    if comparison is None:
        return None
    found = rows(comparison.frame)
    intro = (comparison.sentence, " ".join((*comparison.facts, *comparison.notes)))
    figures = (_figure(comparison, found),) if found else ()
    return Section(
        "compared", f"Compared: {comparison.first} and {comparison.second}", "Compared", intro, figures
    )


def _figure(comparison: Comparison, found: list[Row]) -> Figure:
    names = (comparison.first, comparison.second)
    styles = (
        Style(names[0], "circle", "ink", "rule", "ink"),
        Style(names[1], "diamond", "ink", "rule", "muted", is_hollow=True),
    )
    pairs = [_pair(row, names[0]) for row in found]
    heading = _heading(comparison, found)

    def draw(size: Size) -> Drawing:
        return pairs_chart(pairs, size, styles)

    return Figure(
        name="comparison",
        chart="quality",
        heading=heading,
        says=f"{names[0]} (dot) beside {names[1]} (open diamond). Bars: 95{NBSP}% intervals. Each row has a scale of its own, "
        "from 0. Differences of people, tasks and code are all in it.",
        alt=f"{heading}. " + "; ".join(describe(pair, styles) for pair in pairs) + ".",
        source=plural(len(found), "figure"),
        counted="; ".join(f"{row['label']}: {row['says']}" for row in found)
        + ". Where the interval of the difference holds 0, no difference can be told. Share and volume are those of the last "
        "four full quarters, or of the periods compared; what became of lines is that of all lines of a side.",
        table=Table(
            "comparison", f"{names[0]} beside {names[1]}", _frame(comparison, pairs), _columns(names)
        ),
        draw=draw,
        query="report --compare",
        shows_table=True,
    )


def _heading(comparison: Comparison, found: list[Row]) -> str:
    clear = sum(row["verdict"] in ("higher", "lower") for row in found)
    told = sum(row["verdict"] in ("higher", "lower", "no clear difference") for row in found)
    both = f"{comparison.first} and {comparison.second}"
    if not told:
        return f"{both}: too little to tell them apart"
    if not clear:
        return f"{both}: no difference can be told"
    return f"{both} differ clearly in {clear} of {told} figures"


def _pair(row: Row, first: str) -> Pair:
    gap = None
    if row["difference_low"] is not None and row["difference_high"] is not None:
        gap = Known(row["difference"], row["difference_low"], row["difference_high"])
    return Pair(
        row["label"],
        row["unit"],
        Known(row["first"], row["first_low"], row["first_high"]),
        Known(row["second"], row["second_low"], row["second_high"]),
        _words(row["verdict"], first),
        gap,
    )


def _words(verdict: str, first: str) -> str:
    if verdict in ("higher", "lower"):
        name = first if len(first) <= 18 else first[:17] + "…"
        return f"{name} {verdict}"
    return {"too few": "Too few to tell"}.get(verdict, verdict[0].upper() + verdict[1:])


def _frame(comparison: Comparison, pairs: list[Pair]) -> pd.DataFrame:
    """The rows with what the page shows of them, in words."""
    return comparison.frame.assign(
        first_words=[_known(pair.unit, pair.first, pair.second) for pair in pairs],
        second_words=[_known(pair.unit, pair.second, pair.first) for pair in pairs],
        difference_words=["" if pair.difference is None else difference_words(pair) for pair in pairs],
        verdict_words=[pair.verdict for pair in pairs],
    )


def _known(unit: str, known: Known, beside: Known) -> str:
    said = value_in(unit, known.value, beside.value)
    if known.low is not None and known.high is not None:
        said += f" ({interval_in(unit, known.low, known.high)})"
    return said


def _columns(names: tuple[str, str]) -> tuple[Column, ...]:
    return (
        Column("label", "Figure"),
        Column("first_words", names[0]),
        Column("first_n", "Sample", "count"),
        Column("second_words", names[1]),
        Column("second_n", "Sample", "count"),
        Column("difference_words", f"{names[0]} − {names[1]}"),
        Column("verdict_words", "Said"),
    )
