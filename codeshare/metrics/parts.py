"""The share of AI in the parts of what a report is about, period by period; small teams are not shown alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from codeshare.errors import CatalogueError
from codeshare.metrics.queries import run

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

SPLITS = ("repository", "team", "tool", "class", "language", "path", "owner")
MOST = 12
"""Parts shown by name at most, the others together included."""
REST = "All others"
_NOBODY = ("(unassigned)",)
_ALWAYS = ("team", "owner")
_MANY = ("language", "path", "owner")
_LITTLE = 0.01
_SHORT = 18


class Parts(Struct, frozen=True, eq=False):
    """What ``--by`` asked for.

    Attributes:
        by: one of `SPLITS`.
        period: month or quarter.
        frame: rows of the query ``ai_share_parts``; every number of a cell that is not shown is null.
        names: the parts in the order in which they are shown.
        folded: how many parts ``All others`` stands for.
        hidden: cells that are not shown, so that no group of fewer engineers than the minimum is.
    """

    by: str
    period: str
    frame: pd.DataFrame
    names: tuple[str, ...]
    folded: int = 0
    hidden: int = 0


def parts(connection: DuckDBPyConnection, by: str, months: int, *, is_protected: bool = True) -> Parts | None:
    """Split the share by what the lines belong to; None where there are fewer than two parts.

    Args:
        by: one of `SPLITS`.
        months: how many there are: few are shown as such, more as quarters.
        is_protected: teams and owners of few engineers are not shown, nor, where the whole has enough, such repositories.

    Raises:
        CatalogueError: ``by`` is none of those.
    """
    if by not in SPLITS:
        raise CatalogueError(f"by {by!r}: must be one of {', '.join(SPLITS)}.")
    period = "month" if months < _SHORT else "quarter"
    every = run(connection, "ai_share_parts", split=by, period=period)
    if every["part"].nunique() < 2:
        return None
    minimum, engineers = connection.execute(
        "select any_value(s.minimum_engineers), count(distinct c.engineer) from merged_commits as c, scope_settings as s"
    ).fetchone() or (0, 0)
    hides = is_protected and (by in _ALWAYS or (by == "repository" and engineers >= minimum))
    lines = _recent_lines(every, by)
    named = lines[: MOST if len(lines) <= MOST else MOST - 1]
    if by in _MANY:
        named = _of_weight(every, named)
    if hides:
        named = _large(every, lines, named, int(minimum))
    frame, folded = every, len(lines) - len(named)
    if folded:
        frame = run(connection, "ai_share_parts", split=by, period=period, shown=named or [""])
    order = sorted(named, key=lambda name: (name.startswith("("), name)) if by == "team" else named
    names = (*order, *([REST] if folded else []))
    frame = frame[frame["part"].isin(names)].reset_index(drop=True)
    hidden = _hide(frame, int(minimum)) if hides else 0
    return Parts(by, period, frame, names, folded, hidden)


def _recent_lines(frame: pd.DataFrame, by: str) -> list[str]:
    """The parts, that of most lines in the last year first."""
    column = "high_numerator" if by == "tool" else "denominator"
    last = frame["period"].max()
    recent = frame.assign(recent=frame[column].where(frame["period"] > last - _a_year(), 0))
    sums = recent.groupby("part")[["recent", column]].sum().reset_index()
    sums = sums[sums[column] > 0]
    return [
        str(name)
        for name in sums.sort_values(["recent", column, "part"], ascending=[False, False, True])["part"]
    ]


def _of_weight(every: pd.DataFrame, named: list[str]) -> list[str]:
    """Of very many parts those with at least one line in a hundred, and two in any case."""
    sums = every.groupby("part")["denominator"].sum()
    return [name for k, name in enumerate(named) if k < 2 or sums[name] >= _LITTLE * sums.sum()]


def _a_year() -> Any:
    import pandas as pd

    return pd.DateOffset(years=1)


def _large(every: pd.DataFrame, lines: list[str], named: list[str], minimum: int) -> list[str]:
    """Of teams those that are ever large enough; with one left over, the smallest of them goes with it."""
    most = every.groupby("part")["engineers"].max()
    shown = [name for name in named if most[name] >= minimum or name in _NOBODY]
    people = [name for name in shown if name not in _NOBODY]
    if len(lines) - len(shown) == 1 and people:
        shown.remove(min(people, key=lambda name: (most[name], name)))
    return shown


def _hide(frame: pd.DataFrame, minimum: int) -> int:
    """Empty the cells of fewer engineers, and as many others as keep those from being told by subtraction."""
    hidden: list[int] = []
    for _, cells in frame.groupby("period"):
        groups = cells[(cells["denominator"] > 0) & ~cells["part"].isin(_NOBODY)].sort_values(
            ["engineers", "part"]
        )
        small = int((groups["engineers"] < minimum).sum())
        if not small:
            continue
        while small < len(groups) and (small < 2 or groups["engineers"].iloc[:small].sum() < minimum):
            small += 1
        hidden += list(groups.index[:small])
    numbers = [name for name in frame.columns if name not in ("part", "period", "is_running", "basis")]
    frame[numbers] = frame[numbers].astype("Float64")
    import pandas as pd

    frame.loc[hidden, numbers] = pd.NA
    return len(hidden)
