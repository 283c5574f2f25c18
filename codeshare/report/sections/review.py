"""Who carries the review: what each reviewer faces, what waits, what nobody else looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.report import dates
from codeshare.report.charts.agents import percent_tick
from codeshare.report.charts.review import Panel, Point, concentration_chart, review_chart
from codeshare.report.context import Context, first_upper
from codeshare.report.design import Size
from codeshare.report.drawing import Drawing
from codeshare.report.frames import Row, rows
from codeshare.report.numbers import NBSP, TIMES, amount, count, percent, plural, ratio, times, times_words
from codeshare.report.page_model import Column, Figure, Section, Table
from codeshare.report.window import since_quarter

if TYPE_CHECKING:
    import pandas as pd

HEADING = "Who carries the review"
_ENOUGH = 0.1
"""Of a quarter's lines, the part whose merger has to be known for a share to be drawn."""
_FEW_ON_RECORD = 0.25
"""Where trailers name a reviewer for a smaller part of the lines, they tell of the habit of writing them."""
_COMPARED = {
    "reviewed_share": ("lines", "have another person on record as reviewer"),
    "unreviewed_requests_share": ("requests", "were merged with no review by another person"),
    "merged_by_author_share": ("lines", "were merged by their own engineer"),
}


def who_reviews(context: Context) -> Section | None:
    """Build the section; where nothing is known of reviews it says so, and what would help."""
    frame = context.figures.worth.get("review_quarterly")
    if frame is None or frame.empty:
        return None
    quarters = rows(frame)
    figures = [figure for figure in (_load(context, frame, quarters), _concentration(context)) if figure]
    table = _by_attribution(context)
    return Section(
        "review", HEADING, "Review", tuple(_intro(context, quarters)), tuple(figures), tables=(table,) if table else ()
    )  # fmt: skip


def _intro(context: Context, quarters: list[Row]) -> list[str]:
    requests = sum(q["requests"] for q in quarters if q["unreviewed"] is not None)
    is_known = any(q["known_lines"] for q in quarters)
    said = []
    if requests:
        said.append(
            f"Reviews are those of {plural(requests, 'imported request')}, and of trailers such as `Reviewed-by:`."
        )
    elif is_known:
        said.append(
            "Reviews are those that commits name in trailers (`Reviewed-by:`, `Acked-by:`, `Tested-by:`). What was "
            "reviewed and left no trailer counts as not on record."
        )
        if _is_thin(quarters):
            said.append(
                "So few lines have a trailer that these figures follow the habit of writing them as much as review itself."
            )
    else:
        said.append(
            "Who reviewed the merged work is not known: commits name no reviewer, and no requests with reviews were imported. "
            "Trailers (`Reviewed-by:`), or `codeshare import prs`, would tell."
        )
    if context.is_by_class:
        said.extend(_beside(context))
    few = _few(context, quarters)
    return [*said, few] if few else said


def _is_thin(quarters: list[Row]) -> bool:
    """Whether trailers, all that is known, name a reviewer for few of the latest lines."""
    known = [q for q in quarters if q["known_lines"]][-4:]
    lines = sum(q["known_lines"] for q in known)
    has_requests = any(q["unreviewed"] is not None for q in quarters)
    return (
        bool(lines) and not has_requests and sum(q["reviewed_lines"] for q in known) < _FEW_ON_RECORD * lines
    )


def _few(context: Context, quarters: list[Row]) -> str | None:
    if not any(q["reviewers"] != 0 for q in quarters) or _concentrated(context):
        return None
    return f"Fewer than {context.figures.minimum_engineers} people reviewed in the last year, so nothing is shown by reviewer."


def _beside(context: Context) -> list[str]:
    """AI beside others in one sentence: the first measure of which both are known."""
    frame = context.figures.worth.get("review_by_attribution")
    found = {(row["metric"], row["part"]): row for row in rows(frame)} if frame is not None else {}
    for metric, (noun, words) in _COMPARED.items():
        ai, human, both = (found.get((metric, part)) for part in ("ai", "human", "ai - human"))
        if ai is None or human is None or both is None or ai["value"] is None or human["value"] is None:
            continue
        shares = f"Of {noun} by AI, {percent(ai['value'])} {words}; of {noun} with no AI evidence, {percent(human['value'])}"
        if both["low"] is None:
            return [f"{shares}. Too few were merged for an interval, so no difference can be told."]
        if both["low"] <= 0 <= both["high"]:
            return [f"{shares}: no clear difference."]
        low, high = (f"{abs(end) * 100:.1f}" for end in sorted((both["low"], both["high"]), key=abs))
        more = "more" if both["value"] > 0 else "less"
        return [f"{shares}: {low} to {high} points {more} (95{NBSP}% interval). It is not an experiment."]
    return []


def _load(context: Context, frame: pd.DataFrame, quarters: list[Row]) -> Figure | None:
    shown = [q for q in quarters if q["quarter"] >= context.drawn_since] if context.quarters else quarters
    panels = [panel for panel in _panels(context, shown) if len(panel.known) > 1][:3]
    if not panels:
        return None

    def draw(size: Size) -> Drawing:
        return review_chart(panels, size)

    heading = first_upper(_heading(context, panels, shown))
    last = max(point.quarter for panel in panels for point in panel.known)
    running = any(point.is_running for panel in panels for point in panel.known)
    says = f"By quarter{since_quarter(quarters[0]['quarter'], shown[0]['quarter'])}. "
    says += " ".join(_SAYS[panel.short].format(baseline=context.baseline) for panel in panels)
    if running:
        says += f" Open circle: quarter to {dates.short_day(context.as_of)}."
    row = next(q for q in shown if q["quarter"] == last)
    return Figure(
        name="review",
        chart="review",
        heading=heading,
        says=says,
        alt=f"{heading}. " + " ".join(_alt(panel) for panel in panels),
        source=_source(row, context.figures.minimum_engineers),
        counted=f"{context.basis_note} A review counts where a person other than author and engineer of the work gave it; "
        "agents’ and bots’ reviews do not. Imported requests tell reviews by time; trailers only that there was one. "
        "Without either nothing is known, which is not the same as no review. Run `codeshare query review_quarterly`.",
        table=Table("review_quarterly", "Review by quarter", _of_enough(context, frame), _COLUMNS),
        draw=draw,
    )


_COLUMNS = (
    Column("quarter", "Quarter", "quarter"),
    Column("reviewers", "Reviewers", "count"),
    Column("known_lines", "Lines", "count"),
    Column("reviewed_lines", "Reviewed", "count"),
    Column("reviewed_share", "Share", "percent"),
    Column("lines_per_reviewer_day", "Lines per reviewer and day", "amount"),
    Column("ratio", "Ratio", "ratio"),
    Column("low", "from", "ratio"),
    Column("high", "to", "ratio"),
    Column("requests", "Requests", "count"),
    Column("unreviewed_share", "No human review", "percent"),
    Column("hours_to_first_review", "Hours to first review", "decimal"),
    Column("hours_to_merge", "Hours to merge", "decimal"),
    Column("rounds", "Rounds", "decimal"),
    Column("merged_by_author_share", "Merged by own engineer", "percent"),
)

_SAYS = {
    "Lines per reviewer": "Lines merged per active reviewer and working day, as a ratio to {baseline}.",
    "Lines a day": "Lines merged per active reviewer and working day.",
    "Hours to review": "Median hours from opening a request to the first review by another person.",
    "No human review": "Share of merged requests that no other person reviewed.",
    "No reviewer": "Share of lines whose commits name no other person as reviewer.",
    "By own engineer": "Share of lines that their own engineer merged, of those whose merger git tells.",
}


def _panels(context: Context, quarters: list[Row]) -> list[Panel]:
    """Every panel that could be drawn, the most telling first."""
    minimum = context.figures.minimum_engineers
    many = [q for q in quarters if (q["reviewers"] or 0) >= minimum]
    every = {row["quarter"]: row["all_lines"] for row in context.quarters if "all_lines" in row}

    def points(column: str, chosen: list[Row], *, less: bool = False) -> tuple[Point, ...]:
        kept = {q["quarter"] for q in chosen}
        values = [q[column] if q["quarter"] in kept else None for q in quarters]
        if less:
            values = [None if v is None else 1 - v for v in values]
        return tuple(
            Point(q["quarter"], v, bool(q["is_running"])) for q, v in zip(quarters, values, strict=True)
        )

    known = [
        q for q in quarters
        if q["merger_known_lines"] and q["merger_known_lines"] >= _ENOUGH * (every.get(q["quarter"]) or 0)
    ]  # fmt: skip
    lines = Panel(
        "Lines merged per reviewer",
        "Lines per reviewer",
        points("ratio", many),
        ratio,
        lambda v: f"{v:g}{TIMES}",
    )
    if len(lines.known) < 2:
        lines = Panel(
            "Lines merged per reviewer and day",
            "Lines a day",
            points("lines_per_reviewer_day", many),
            amount,
            lambda v: f"{v:,.10g}",
        )
    unread = Panel(
        "Merged with no human review",
        "No human review",
        points("unreviewed_share", quarters),
        percent,
        percent_tick,
    )
    if len(unread.known) < 2:
        some = [q for q in quarters if q["reviewers"] != 0]
        unread = Panel(
            "Lines with no reviewer on record",
            "No reviewer",
            points("reviewed_share", some, less=True),
            percent,
            percent_tick,
        )
    return [
        lines,
        Panel("Median hours to first review", "Hours to review", points("hours_to_first_review", quarters), _hours, lambda v: f"{v:g}{NBSP}h"),
        unread,
        Panel("Merged by their own engineer", "By own engineer", points("merged_by_author_share", known), percent, percent_tick),
    ]  # fmt: skip


def _hours(value: float) -> str:
    return f"{count(value) if value >= 20 else f'{value:.1f}'}{NBSP}h"


def _heading(context: Context, panels: list[Panel], quarters: list[Row]) -> str:
    panel = panels[0]
    last = panel.known[-1]
    name, value = dates.quarter(last.quarter), last.value or 0.0
    if panel.short in ("Lines per reviewer", "Lines a day") and _is_thin(quarters):
        row = next(q for q in quarters if q["quarter"] == last.quarter)
        return f"Commits name a reviewer for {percent(row['reviewed_share'])} of the lines of {name}"
    if panel.short == "Lines per reviewer":
        row = next(q for q in quarters if q["quarter"] == last.quarter)
        if row["low"] is not None and row["low"] <= 1 <= row["high"]:
            return f"Lines per reviewer in {name}: no clear difference from {context.baseline}"
        return f"Per reviewer, {times_words(value, 'lines')} in {context.baseline} ({name})"
    return {
        "Lines a day": f"{amount(value)} lines merged per reviewer and working day in {name}",
        "Hours to review": f"Half of the reviewed requests of {name} waited {_hours(value)} or longer",
        "No human review": f"{percent(value)} of requests were merged with no human review in {name}",
        "No reviewer": f"No reviewer is on record for {percent(value)} of the lines of {name}",
        "By own engineer": f"{percent(value)} of lines were merged by their own engineer in {name}",
    }[panel.short]


def _alt(panel: Panel) -> str:
    first, last = panel.known[0], panel.known[-1]
    return (
        f"{panel.title}: {panel.form(first.value or 0)} in {dates.quarter(first.quarter)}, "
        f"{panel.form(last.value or 0)} in {dates.quarter(last.quarter)}."
    )


def _of_enough(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out what is per reviewer where so few reviewed that it would be figures of persons."""
    shown = frame.copy()
    few = shown["reviewers"].isna() | (shown["reviewers"] < context.figures.minimum_engineers)
    for column in ("lines_per_reviewer_day", "ratio", "low", "high"):
        shown[column] = shown[column].astype("float64").mask(few)
    return shown


def _source(row: Row, minimum: int) -> str:
    parts = []
    if row["reviewers"]:
        parts.append(plural(row["reviewers"], "reviewer"))
    parts.append(
        plural(row["requests"], "request")
        if row["requests"]
        else f"{count(row['known_lines'] or row['merger_known_lines'])} lines"
    )
    said = f"{', '.join(parts)} ({dates.quarter(row['quarter'])})"
    if (row["reviewers"] or 0) >= minimum and row["ratio"] is not None and row["low"] is not None:
        said += (
            f"; ratio {times(row['ratio'])}, 95{NBSP}% interval {times(row['low'])} to {times(row['high'])}"
        )
    return said


def _concentrated(context: Context) -> list[Row]:
    frame = context.figures.worth.get("review_by_group")
    return rows(frame) if frame is not None else []


def _concentration(context: Context) -> Figure | None:
    groups = _concentrated(context)
    if not groups:
        return None
    first, reviewers = groups[0], int(groups[0]["reviewers"])
    who = f"{first['engineers']} of {plural(reviewers, 'reviewer')}"
    heading = (
        f"{who} gave {percent(first['share'])} of the reviews"
        if len(groups) > 1
        else f"{plural(reviewers, 'reviewer')} gave all reviews, too few to tell how unequally"
    )

    def draw(size: Size) -> Drawing:
        return concentration_chart(groups, size)

    minimum = context.figures.minimum_engineers
    return Figure(
        name="reviewers",
        chart="reviewers",
        heading=heading,
        says=f"Each block is one reviewer’s part of the reviews given in the year to {dates.day(context.as_of)}. Nobody’s own "
        f"part is shown: reviewers stand in groups of {minimum} or a few more, all of a group with its mean; the group that "
        "gave most stands out.",
        alt=f"{heading}. Gini coefficient {first['gini']:.2f}.",
        source=f"{plural(first['total'], 'review')}, {plural(reviewers, 'reviewer')}; Gini coefficient {first['gini']:.2f}",
        counted="A review is a request that the person reviewed, or a commit whose trailers name them; a person’s several reviews "
        "of one request are one. Gini: 0 where all give as many, towards 1 where one gives all. "
        "Run `codeshare query review_by_group`.",
        table=Table(
            "review_by_group",
            "Reviews by groups of reviewers",
            context.figures.worth["review_by_group"],
            (
                Column("group_number", "Group", "count"),
                Column("engineers", "Reviewers", "count"),
                Column("reviews", "Reviews", "count"),
                Column("share", "Part", "percent"),
                Column("reached", "Together", "percent"),
            ),
        ),
        draw=draw,
    )


def _by_attribution(context: Context) -> Table | None:
    frame = context.figures.worth.get("review_by_attribution")
    if frame is None or frame.empty or not context.is_by_class:
        return None
    return Table("review_by_attribution", "Review of AI’s work beside other work", frame, (
        Column("metric", "Measure"), Column("part", "Of"), Column("value", "Value", "decimal_2"), Column("low", "from", "decimal_2"),
        Column("high", "to", "decimal_2"), Column("n", "n", "count"), Column("unit", "Unit"), Column("difference", "Difference"),
    ))  # fmt: skip
