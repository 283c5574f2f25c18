"""Volume per engineer as it was computed: of all, of a repository, of a team, and of nothing smaller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from codeshare.report.context import Context
from codeshare.report.frames import Row, rows
from codeshare.report.measure import Bar, Measure
from codeshare.report.numbers import NBSP

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures


def volumes(figures: Figures) -> dict[str, Any]:
    """Return the bars of each scope: ``all``, ``repository/NAME``, ``team/NAME``."""
    context = Context(figures)
    if not context.quarters:
        return {}
    found = {"all": _scope(context.measure, context.bars, context.baseline)}
    for part in ("repository", "team"):
        frame = figures.worth.get(f"volume_by_{part}")
        if frame is None:
            continue
        for name, group in groupby(rows(frame), key=lambda row: row[part]):
            found[f"{part}/{name}"] = _part(list(group), figures.minimum_engineers, part, context.baseline)
    return found


def _part(quarters: Sequence[Row], minimum: int, part: str, baseline: str) -> dict[str, Any]:
    """Choose what a part's engineers allow; a team's lines all together only where they are enough."""
    if part == "team":
        quarters = [q for q in quarters if (q["engineers"] or 0) >= minimum]
    for is_per_engineer, is_ratio in ((True, True), (True, False), (False, True), (False, False)):
        measure = Measure(is_per_engineer, is_ratio, minimum)
        column = measure.ratio_column if is_ratio else measure.column
        if any(q[column] is not None for q in quarters):
            return _scope(
                measure, [bar for q in quarters if (bar := measure.bar(q)).value is not None], baseline
            )
    return _scope(Measure(True, False, minimum), (), baseline)


def _scope(measure: Measure, bars: Iterable[Bar], baseline: str) -> dict[str, Any]:
    bars = list(bars)
    return {
        "more": _more(bars),
        "says": _says(measure, baseline),
        "isRatio": measure.is_ratio,
        "isPerEngineer": measure.is_per_engineer,
        "baseline": baseline,
        "bars": [
            {
                "quarter": f"{bar.row['quarter']:%Y-%m}",
                "value": _short(bar.value),
                "low": _short(bar.low),
                "high": _short(bar.high),
                "mean": _short(bar.mean),
                "isRunning": bool(bar.row["is_running"]),
            }
            for bar in bars
        ],
    }


def _more(bars: Sequence[Bar]) -> str:
    """Say what else is drawn of these bars."""
    said = []
    if any(bar.low is not None for bar in bars):
        said.append(f"Thin vertical lines: 95{NBSP}% intervals.")
    if any(bar.mean is not None for bar in bars):
        said.append("Tick at a bar’s right: the mean engineer.")
    if any(bar.row["is_running"] for bar in bars):
        said.append("Hatched: the running quarter.")
    return " ".join(said)


def _says(measure: Measure, baseline: str) -> str:
    who = (
        "per active engineer and working day, median engineer"
        if measure.is_per_engineer
        else "per working day, everybody together"
    )
    return f"Handwritten lines merged {who}{f', as a ratio to {baseline}' if measure.is_ratio else ''}"


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
