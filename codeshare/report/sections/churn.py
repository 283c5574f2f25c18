"""Lines gone again soon after they landed, and who removed them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from codeshare.report import dates
from codeshare.report.charts.churn import churn_chart, rework_chart
from codeshare.report.charts.stack import ALL_CLASSES
from codeshare.report.context import Context
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.inline import KEYS
from codeshare.report.numbers import NBSP, count, fraction, percent
from codeshare.report.page_model import Column, Figure, Table

if TYPE_CHECKING:
    import pandas as pd

DAYS = 14
"""The window that is drawn; the table has all."""
FEWEST_MONTHS = 3
_COMPARED = ("human", "ai")


def churn(context: Context) -> Figure | None:
    """Draw churn by month; none where no three months have commits enough for an interval."""
    frame = context.figures.worth.get("churn_monthly")
    if frame is None or frame.empty:
        return None
    months = rows(frame)
    series = _series(months, _COMPARED if context.is_by_class else ("all",))
    if not series and context.is_by_class:
        series = _series(months, ("all",))
    if not series:
        return None
    overall, since = _overall(rows(context.figures.worth["churn_by"]))
    said = "; ".join(_said(name, part) for name, part in series.items())
    heading = _heading(overall, series)
    is_compared = "ai" in series and since is not None

    def draw(size: Size) -> Drawing:
        return churn_chart(series, size)

    keys = " and ".join(f"{{{name}}}" for name in series if name != "all")
    return Figure(
        name="churn",
        chart="churn",
        heading=heading,
        says=f"Part of the lines landed in a month that is gone within {DAYS} days{', ' + keys if keys else ''}. Band: "
        f"95{NBSP}% interval; months with fewer than 30 commits are left out, and those less than {DAYS} days old.",
        alt=f"{heading}. {said}.",
        source=_source(months),
        counted="Handwritten new-work lines that landed in the month; gone: the branch no longer holds them, changed "
        "lines included. Lines that a formatting commit only reformatted are followed. Intervals: bootstrap over "
        "commits. Run `codeshare query churn_monthly`.",
        table=Table("churn_monthly", "Lines gone soon after landing, by month", frame, _CHURN),
        draw=draw,
        notes=(
            "**Lines go for many reasons:** a moved or renamed piece, a plan that changed, a repair. Few lines gone is no proof of "
            "good ones.",
            *((f"**Lines of one time.** The heading compares what was merged since {dates.month(since)}, when AI’s lines began to "
            "count: older lines had other projects, people and habits.",) if is_compared and since else ()),
        ),
    )  # fmt: skip


def _overall(found: list[Row]) -> tuple[dict[str, Row], date | None]:
    """Figures by attribution: of lines merged since AI's began to count, else of all; and since when that is."""
    mine = [r for r in found if r["days"] == DAYS]
    scopes = sorted({r["part"] for r in mine if r["part"].startswith("since/")})
    scope = scopes[0] if scopes else "all"
    since = date.fromisoformat(scope.partition("/")[2]) if scopes else None
    return {r["attribution"]: r for r in mine if r["part"] == scope}, since


def _series(months: list[Row], names: tuple[str, ...]) -> dict[str, list[Row]]:
    series = {}
    for name in names:
        mine = [m for m in months if m["attribution"] == name and m["lines"]]
        closed = [m for m in mine if m["churn_14"] is not None and m["low_14"] is not None]
        if len(closed) >= FEWEST_MONTHS:
            series[name] = [_point(m) for m in closed]
    return series


def _point(month: Row) -> Row:
    return {
        "period": month["period"],
        "churn": month["churn_14"],
        "low": month["low_14"],
        "high": month["high_14"],
    }


def _said(name: str, part: list[Row]) -> str:
    last = part[-1]
    of = "all lines" if name == "all" else KEYS[name]
    return f"{of}: {_fine(last['churn'])} in {dates.month(last['period'])}"


def _heading(overall: dict[str, Row], series: dict[str, list[Row]]) -> str:
    ai, human, difference = (overall.get(name) for name in ("ai", "human", "ai - human"))
    if "ai" in series and ai and human and difference and difference["low"] is not None:
        both = f"{_fine(ai['churn'])} of AI’s lines, {_fine(human['churn'])} of those with no AI evidence"
        if difference["low"] <= 0 <= difference["high"]:
            return f"Gone within {DAYS} days: no clear difference ({both})"
        return f"Gone within {DAYS} days: {both}"
    if "all" in overall and overall["all"]["churn"] is not None:
        return f"{_fine(overall['all']['churn'])} of the lines are gone within {DAYS} days"
    return f"Lines gone within {DAYS} days"


def _fine(share: float) -> str:
    return percent(share) if share == 0 else f"{share * 100:.1f}{NBSP}%"


def _source(months: list[Row]) -> str:
    last = [m for m in months if m["attribution"] == "all" and m["churn_14"] is not None]
    if not last:
        return "no month whose window has closed"
    return f"{fraction(last[-1]['gone_14'], last[-1]['lines'])} ({dates.month(last[-1]['period'])})"


_CHURN = (
    Column("period", "Month", "month"),
    Column("attribution", "Lines of"),
    Column("lines", "Lines", "count"),
    Column("churn_14", "Gone in 14 days", "percent"),
    Column("low_14", "Low", "percent"),
    Column("high_14", "High", "percent"),
    Column("churn_21", "21 days", "percent"),
    Column("churn_30", "30 days", "percent"),
    Column("churn_90", "90 days", "percent"),
    Column("low_90", "Low", "percent"),
    Column("high_90", "High", "percent"),
)

# rework --------------------------------------------------------------------------------------------------


def rework(context: Context) -> Figure | None:
    """Draw who removed the lines gone within 90 days; none without agents, or with too few lines."""
    frame = context.figures.worth.get("rework_matrix")
    if frame is None or frame.empty or not context.is_by_class:
        return None
    found = rows(frame)
    gone = {name: sum(r["lines_90"] for r in found if r["attribution"] == name) for name in ("ai", "human")}
    parts = {name: _parts(found, name, lines) for name, lines in gone.items() if lines >= _FEWEST_LINES}
    if "ai" not in parts:
        return None
    heading = (
        f"Of AI’s lines gone within 90 days, AI’s own commits removed {percent(parts['ai'].get('ai', 0.0))}"
    )

    def draw(size: Size) -> Drawing:
        return rework_chart(parts, size)

    kinds = [kind for kind in ALL_CLASSES if any(part.get(kind) for part in parts.values())]
    said = tuple(_in_words(context, found, name, gone[name]) for name in parts)
    return Figure(
        name="rework",
        chart="rework",
        heading=heading,
        says="Lines gone within 90 days of landing, by whose they were (rows) and by the attribution of the commits that "
        "removed them: " + ", ".join(f"{{{kind}}}" for kind in kinds) + ".",
        alt=f"{heading}. " + " ".join(said).replace("**", ""),
        source=f"{count(gone['ai'])} lines of AI"
        + (f", {count(gone['human'])} with no AI evidence" if "human" in parts else ""),
        counted="Handwritten new-work lines that landed 90 days or more before the end of the history and were gone 90 days "
        "later. Removed by: the commit that took them out, else the merge. Deleted: that commit put no line into the "
        "file. Run `codeshare query rework_matrix`.",
        table=Table("rework_matrix", "Who removed the lines that went", _nameless(context, frame), _REWORK),
        draw=draw,
        notes=said,
    )


_FEWEST_LINES = 100


def _parts(found: list[Row], name: str, lines: float) -> dict[str, float]:
    mine = [r for r in found if r["attribution"] == name]
    shares = {
        k: sum(r["lines_90"] for r in mine if r["remover_attribution"] == k) / lines for k in ALL_CLASSES
    }
    return {kind: share for kind, share in shares.items() if share > 0}


def _in_words(context: Context, found: list[Row], name: str, lines: float) -> str:
    mine = [r for r in found if r["attribution"] == name]
    deleted = sum(r["deleted_90"] for r in mine) / lines
    whose = "lines of AI" if name == "ai" else "lines with no AI evidence"
    said = f"**Of {count(lines)} {whose}:** "
    if context.measure.is_per_engineer:
        shares = {who: sum(r["lines_90"] for r in mine if r["remover"] == who) / lines for who in _REMOVERS}
        said += (
            ", ".join(f"{percent(shares[who])} {words}" for who, words in _REMOVERS.items() if shares[who])
            + ". "
        )
    return f"{said}{percent(deleted)} were deleted rather than rewritten."


_REMOVERS = {
    "agent": "were removed by an agent’s commits",
    "same engineer": "by the same engineer",
    "another engineer": "by another engineer",
    "bot": "by bots",
    "unassigned": "by commits of nobody in particular",
    "unknown": "by commits that could not be read",
}


def _nameless(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """Of so few people that same and another name them, leave who it was away."""
    if context.measure.is_per_engineer:
        return frame
    counted = ["lines_90", "deleted_90", "share_90", "lines", "deleted", "share"]
    return frame.groupby(["attribution", "remover_attribution"], as_index=False, sort=False)[counted].sum()


_REWORK = (
    Column("attribution", "Lines of"),
    Column("remover_attribution", "Removed by commits of"),
    Column("remover", "That is"),
    Column("lines_90", "Gone in 90 days", "count"),
    Column("share_90", "Share", "percent"),
    Column("deleted_90", "Deleted", "count"),
    Column("lines", "Gone in all", "count"),
    Column("share", "Share", "percent"),
    Column("deleted", "Deleted", "count"),
)
