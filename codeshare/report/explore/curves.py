"""What cannot be added up in the page: curves of survival, and lines per reviewer, as they were estimated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from codeshare.report.frames import Row, rows

if TYPE_CHECKING:
    from codeshare.metrics.cells import Cells
    from codeshare.metrics.figures import Figures

_PARTS = ("all", "human", "assisted", "ai")


def survival(figures: Figures, cells: Cells, names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the curves of each scope: ``all``, ``since/DAY``, and of those in ``names`` ``repository/NAME`` and the like."""
    found = {
        scope: _curves(group)
        for scope, group in groupby(rows(figures.worth["survival_curve"]), lambda r: r["scope"])
    }
    for split, frame in cells.survival.items():
        for name, group in groupby(rows(frame), lambda r: r["name"]):
            if name in names[split]:
                found[f"{split}/{name}"] = _curves(group)
    return {scope: curves for scope, curves in found.items() if curves}


def _curves(group: Iterable[Row]) -> dict[str, list[list[float]]]:
    """Age, value, low, high and lines at risk of each part, where commits enough are left for an interval."""
    known = [r for r in group if r["low"] is not None]
    curves = {part: [_point(r) for r in known if r["part"] == part] for part in _PARTS}
    return {part: points for part, points in curves.items() if len(points) > 1}


def _point(row: Row) -> list[float]:
    shares = (round(row[name], 4) for name in ("survival", "low", "high"))
    return [row["age_days"], *shares, row["lines_at_risk"]]


def reviewers(figures: Figures) -> list[dict[str, Any]]:
    """Return lines per reviewer and working day by quarter, as multiples of the baseline; none of too few reviewers."""
    return [
        {
            "quarter": f"{r['quarter']:%Y-%m}",
            "value": round(r["ratio"], 3),
            "low": None if r["low"] is None else round(r["low"], 3),
            "high": None if r["high"] is None else round(r["high"], 3),
            "reviewers": int(r["reviewers"]),
            "isRunning": bool(r["is_running"]),
        }
        for r in rows(figures.worth["review_quarterly"])
        if r["ratio"] is not None and (r["reviewers"] or 0) >= figures.minimum_engineers
    ]
