"""Do the lines stay? Survival of AI's lines beside those without AI evidence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from codeshare.report import dates
from codeshare.report.charts.survival import LABELS, describe, last_age, share, survival_chart
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import NBSP, count
from codeshare.report.page_model import Column, Figure, Table

if TYPE_CHECKING:
    import pandas as pd

_MINIMUM_COMMITS = 30
_SIDES = ("ai", "human")


def survival(context: Context) -> Figure | None:
    """Build the figure; none without the lives of lines, or with less than a week of them."""
    frame = context.figures.worth.get("survival_curve")
    if frame is None or frame.empty:
        return None
    every = rows(frame)
    scope, parts = _chosen(context, every)
    # without an interval too few commits are left to draw the curve on
    curves = {
        part: [r for r in every if r["scope"] == scope and r["part"] == part and r["low"] is not None]
        for part in parts
    }
    if not all(curves.values()) or last_age(curves) < 7:
        return None
    since = date.fromisoformat(scope.partition("/")[2]) if scope != "all" else None
    compared = _compared(context, scope, curves)
    heading = _heading(curves, compared)

    def draw(size: Size) -> Drawing:
        return survival_chart(curves, size)

    lines = ", ".join(f"{count(c[0]['lines_at_risk'])} {_name(part)}" for part, c in curves.items())
    return Figure(
        name="survival",
        chart="survival",
        heading=heading,
        says=_says(context, parts, since),
        alt=f"{heading}. " + "; ".join(describe(part, c[-1]) for part, c in curves.items()) + ".",
        source=f"{lines} lines",
        counted="Kaplan–Meier over handwritten new-work lines: of the lines alive when a day of their life begins, the "
        "part that dies on it. Lines still there count up to the last full day watched. A moved line dies and "
        f"is born; one that a bulk commit only reformatted lives on. {context.basis_note} "
        "Run `codeshare query survival_curve`.",
        table=_table(
            frame if len(parts) > 1 else frame[(frame["scope"] == scope) & (frame["part"] == parts[0])]
        ),
        draw=draw,
        notes=_notes(parts, compared),
    )


def _chosen(context: Context, every: list[Row]) -> tuple[str, tuple[str, ...]]:
    """Both sides since AI's lines began to count, where there are enough of both; else all lines together."""
    scopes = sorted({r["scope"] for r in every} - {"all"})
    for scope in scopes:
        begun = {r["part"]: r["commits_at_risk"] for r in every if r["scope"] == scope and r["age_days"] == 0}
        if context.is_by_class and all(begun.get(side, 0) >= _MINIMUM_COMMITS for side in _SIDES):
            return scope, _SIDES
    return "all", ("all",)


def _compared(context: Context, scope: str, curves: dict[str, list[Row]]) -> Row | None:
    """The difference at the latest age of which one is known, with its interval."""
    frame = context.figures.worth.get("survival_compared")
    if frame is None or len(curves) < 2:
        return None
    found = [r for r in rows(frame) if r["scope"] == scope and r["low"] is not None and r["age_days"] <= 90]
    return found[-1] if found else None


def _heading(curves: dict[str, list[Row]], compared: Row | None) -> str:
    if len(curves) == 1:
        (curve,) = curves.values()
        row = max((r for r in curve if r["age_days"] <= 90), key=lambda r: int(r["age_days"]))
        return f"{share(row['survival'])} of the lines are still there after {row['age_days']} days"
    if compared is None:
        return "How long lines last: too few commits for a comparison"
    after = f"after {compared['age_days']} days"
    if not compared["is_clear"]:
        return f"AI lines and the others last about as long: no clear difference {after}"
    ai, human = (next(r for r in curves[s] if r["age_days"] == compared["age_days"]) for s in _SIDES)
    more = "more" if compared["difference"] > 0 else "fewer"
    return f"{share(ai['survival'])} of AI lines are still there {after}, {more} than the {share(human['survival'])} of the others"


def _says(context: Context, parts: tuple[str, ...], since: date | None) -> str:
    lines = context.merged_lines.removesuffix(" merged")
    begun = f", for lines merged since {dates.month(since)}" if since else ""
    whose = " {ai} and {human}." if len(parts) > 1 else ""
    return (
        f"Share of {lines} still there, by days since they were merged{begun}.{whose} "
        f"Bands: 95{NBSP}% intervals. The axis starts above 0."
    )


def _name(part: str) -> str:
    return {"ai": "AI", "human": "other", "all": "merged"}[part]


def _notes(parts: tuple[str, ...], compared: Row | None) -> tuple[str, ...]:
    if len(parts) < 2:
        return ()
    notes = [
        "**Not an experiment.** A difference here shows where to look, not what caused it. Lines with no AI evidence may include AI’s; a true difference can then be larger than shown.",
    ]
    if compared is not None:
        low, high = (f"{compared[end] * 100:+.1f}".replace("-", "−") for end in ("low", "high"))
        notes.append(
            f"**Difference after {compared['age_days']} days:** {low} to {high} points (95{NBSP}% interval, AI less the others)."
        )
    return tuple(notes)


def _table(frame: pd.DataFrame) -> Table:
    return Table(
        "survival_curve",
        "Share of lines still there, by age",
        frame.assign(part=frame["part"].map(lambda part: LABELS.get(part, "AI-assisted"))),
        (
            Column("scope", "Lines"),
            Column("part", "Whose"),
            Column("age_days", "Days", "count"),
            Column("survival", "Still there", "percent"),
            Column("low", "Low", "percent"),
            Column("high", "High", "percent"),
            Column("lines_at_risk", "Lines at risk", "count"),
            Column("commits_at_risk", "Commits at risk", "count"),
        ),
    )
