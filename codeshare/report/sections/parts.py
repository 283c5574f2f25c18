"""The share of AI by what the lines belong to: what ``--by`` asks for."""

from __future__ import annotations

from codeshare.report.charts.parts import Part, name_of, parts_chart
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import NBSP, count, fraction, percent, plural
from codeshare.report.page_model import Column, Figure, Section, Table
from codeshare.report.tables import SHARES

_NOUNS = {
    "repository": ("repository", "repositories"),
    "team": ("team", "teams"),
    "owner": ("owner of code", "owners of code"),
    "tool": ("agent", "agents"),
    "class": ("class of file", "classes of file"),
    "language": ("language", "languages"),
    "path": ("folder", "folders"),
}
_FEW = 200
"""Lines of a period below which a part's share is no finding."""
_DRAWN = 24


def by_part(context: Context) -> Section | None:
    """Build the section; none where no breakdown was asked for, or all lines belong together."""
    parts = context.figures.parts
    if parts is None:
        return None
    one, _ = _NOUNS[parts.by]
    name = f"By {one}"
    if not context.is_by_class:
        return Section(
            "parts",
            name,
            name,
            ("Too few lines carry evidence for a share, of the whole and so of its parts.",),
        )
    shown = _shown(context)
    if not shown:
        return None
    return Section("parts", name, name, (_intro(context),), (_figure(context, shown),))


def _shown(context: Context) -> list[Part]:
    """The parts with the periods that are over; all of them where none is."""
    parts = context.figures.parts
    assert parts is not None
    every = rows(parts.frame)
    over = [row for row in every if not row["is_running"]] or every
    periods = sorted({row["period"] for row in over})[-_DRAWN * (3 if parts.period == "month" else 1) :]
    found: dict[str, list[Row]] = {name: [] for name in parts.names}
    for row in sorted(over, key=lambda row: row["period"]):
        if row["period"] in periods[-_DRAWN:] and row["part"] in found:
            found[row["part"]].append(row)
    return [Part(name, tuple(each)) for name, each in found.items() if each]


def _intro(context: Context) -> str:
    parts = context.figures.parts
    assert parts is not None
    one, many = _NOUNS[parts.by]
    said = (
        "The teams stand in alphabetical order."
        if parts.by == "team"
        else f"The {one} with the most lines of the last year first."
    )
    if parts.by == "team" or parts.hidden:
        minimum = context.figures.minimum_engineers
        said += (
            f" Nothing is shown of a {one} in a {parts.period} in which fewer than {minimum} of its people merged, nor of as many "
            "others as would let it be told by subtraction."
        )
    if parts.folded:
        said += f" “All others” are {plural(parts.folded, one, many)} together."
    return said


def _figure(context: Context, shown: list[Part]) -> Figure:
    parts = context.figures.parts
    assert parts is not None
    one, many = _NOUNS[parts.by]
    period = parts.period
    last = shown[0].rows[-1]["period"]

    def draw(size: Size) -> Drawing:
        return parts_chart(shown, period, size)

    now = {part.name: part.rows[-1] for part in shown if part.rows[-1]["share"] is not None}
    heading = _heading(now, parts.by, name_of(last, period))
    listed = "; ".join(f"{name} {percent(row['share'])}" for name, row in now.items())
    whole = f"all {context.merged_lines}" if parts.by == "tool" else f"its {context.merged_lines}"
    return Figure(
        name="parts",
        chart="parts",
        heading=heading,
        says=f"Share of {{ai}} in {whole}, by {one} and {period}. The band runs from the strictest reading of the "
        f"evidence to the one that counts every trace; dashed where coverage is below 25{NBSP}%. Above each panel: "
        f"{name_of(last, period)}.",
        alt=f"{heading}. {listed}.",
        source=_fraction(list(now.values()), parts.by),
        counted=f"As the share above, of the lines that belong to each of the {many}. {_belonging(parts.by)}"
        f"{context.basis_note} Run `codeshare query ai_share_parts split={parts.by} period={period}`.",
        table=Table(
            "ai_share_parts",
            f"AI share by {one} and {period}",
            parts.frame.sort_values(["period", "part"]),
            (
                Column("part", one.capitalize()),
                Column("period", period.capitalize(), period),
                Column("engineers", "Engineers", "count"),
                *SHARES,
                Column("coverage", "Coverage", "percent"),
            ),
        ),
        draw=draw,
    )


def _heading(now: dict[str, Row], by: str, when: str) -> str:
    one, many = _NOUNS[by]
    told = [row["share"] for row in now.values() if row["denominator"] >= _FEW]
    if by == "tool" or len(told) < 2:
        return f"AI share by {one}, {when}"
    low, high = percent(min(told)), percent(max(told))
    return f"AI share of the {many}: {low if low == high else f'{low} to {high}'} in {when}"


def _fraction(now: list[Row], by: str) -> str:
    numerator = sum(int(row["numerator"]) for row in now)
    if by == "tool":
        return fraction(numerator, int(now[0]["denominator"])) if now else f"{count(0)} lines"
    return fraction(numerator, sum(int(row["denominator"]) for row in now))


def _belonging(by: str) -> str:
    return {
        "team": "A line belongs to the team in which its engineer was on the day it was merged. ",
        "owner": "The first team that CODEOWNERS names for a path counts, else the first owner. ",
        "path": "A line belongs to the folder in which its file stood when it was merged. ",
        "tool": "A line is the agent’s that its deciding evidence names; the panels add up to the share. ",
        "class": "Only handwritten files have a share. ",
    }.get(by, "")
