"""What ``explore.html`` holds: the cells as numbers, the volumes as they were computed, and nothing about persons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from codeshare.metrics.evidence import LOW_COVERAGE, EvidenceState
from codeshare.report.context import Context
from codeshare.report.explore.curves import reviewers, survival
from codeshare.report.explore.volumes import volumes
from codeshare.report.frames import Row, as_date, rows
from codeshare.report.window import first_month

if TYPE_CHECKING:
    from collections.abc import Callable

    from codeshare.metrics.cells import Cells
    from codeshare.metrics.figures import Figures

    Mark = tuple[str | None, ...]

CLASSES = ("code", "test", "docs", "config", "other")
CUTS = ("repository", "team", "both")


def pack(figures: Figures, cells: Cells) -> dict[str, Any]:
    """Return what the page's script reads; JSON can hold it."""
    months = [as_date(m["period"]) for m in rows(figures.share_monthly)]
    every = rows(cells.lines)
    tools = sorted({row["tool"] for row in every if row["tool"]})
    names = {
        cut: sorted({row[cut] for row in every if row["cut"] == cut}, key=_others_last)
        for cut in ("repository", "team")
    }
    last = Context(figures).reading
    return {
        "months": [f"{m:%Y-%m}" for m in months],
        "firstDrawn": months.index(max(months[0], first_month(months[-1]))) if months else 0,
        "lastFull": months.index(last.month) if last else 0,
        "isRunning": bool(figures.share_monthly["is_running"].iloc[-1]) if months else False,
        "incomplete": [k for k, m in enumerate(rows(figures.share_monthly)) if m["is_incomplete"]],
        "isLow": figures.evidence_state is EvidenceState.LOW,
        "lowCoverage": LOW_COVERAGE,
        "minimum": figures.minimum_engineers,
        "classes": CLASSES,
        "tools": tools,
        "repositories": names["repository"],
        "teams": names["team"],
        "sums": {
            "lines": _sums(every, _mark, names, months),
            "fates": _sums(rows(cells.fates), _fate, names, months),
        },
        "closed": {str(days): _last_closed(figures, days, months) for days in (14, 90)},
        "volumes": volumes(figures),
        "survival": survival(figures, cells, {**names, "class": CLASSES[:-1], "tool": tools}),
        "reviewers": reviewers(figures),
    }


def _mark(row: Row) -> Mark:
    return row["attribution"], row["confidence"], row["kind"], row["tool"]


def _fate(row: Row) -> Mark:
    return row["attribution"], row["tool"], row["measure"]


def _last_closed(figures: Figures, days: int, months: list[date]) -> int:
    """The place of the last month of whose lines it is known which are gone after so many days; -1: of none."""
    closed = [as_date(r["period"]) for r in rows(figures.worth["churn_monthly"]) if r[f"is_complete_{days}"]]
    return months.index(max(closed)) if closed else -1


def _sums(
    every: list[Row], mark_of: Callable[[Row], Mark], names: dict[str, list[str]], months: list[date]
) -> dict[str, Any]:
    """Pack cells whose lines are told apart by what ``mark_of`` says of them."""
    marks = sorted({mark_of(row) for row in every}, key=lambda mark: tuple(part or "" for part in mark))
    cuts = {
        cut: _packed([r for r in every if r["cut"] == cut], names, months, marks, mark_of) for cut in CUTS
    }
    return {"marks": marks, "cuts": cuts}


def _others_last(name: str) -> tuple[bool, str]:
    return name.startswith("("), name


def _packed(
    every: list[Row],
    names: dict[str, list[str]],
    months: list[date],
    marks: Sequence[Mark],
    mark_of: Callable[[Row], Mark],
) -> dict[str, Any]:
    """Number the cells: place, then month, class and mark; keys are the steps from each number to the next."""
    places = sorted(
        {(row["repository"], row["team"]) for row in every}, key=lambda p: (p[0] or "", p[1] or "")
    )
    at = {place: k for k, place in enumerate(places)}
    month_at = {month: k for k, month in enumerate(months)}
    mark_at = {mark: k for k, mark in enumerate(marks)}
    numbered = sorted(
        (
            (
                (at[row["repository"], row["team"]] * len(months) + month_at[as_date(row["month"])])
                * len(CLASSES)
                + CLASSES.index(row["file_class"])
            )
            * len(marks)
            + mark_at[mark_of(row)],
            int(row["lines"]),
        )
        for row in every
    )
    keys = [key for key, _ in numbered]
    return {
        "places": [[_index(names["repository"], repo), _index(names["team"], team)] for repo, team in places],
        "steps": keys[:1] + [after - before for before, after in pairwise(keys)],
        "lines": [lines for _, lines in numbered],
    }


def _index(names: list[str], name: str | None) -> int:
    return -1 if name is None else names.index(name)
