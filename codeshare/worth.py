"""What the lines are worth, as pandas frames: each function runs a named query of a mined database.

Intervals, curves and change points are read from the table ``estimates``: call `estimate` after mining,
or nothing of them is there (``codeshare report`` does it itself). Where a function takes ``by``, each
value is a query with columns of its own; its header (``codeshare query NAME --show``) is the reference.
Shares are fractions of 1, ``low`` and ``high`` the ends of 95 % intervals, ``n`` the size of the sample;
a null is a figure that cannot be known. Part ``human`` means: no AI evidence. Terms: ``docs/definitions.md``,
methods and what may be concluded: ``docs/methods.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.errors import CatalogueError

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

_CHURN = {
    "all": "churn_by",
    "repository": "churn_by",
    "tool": "churn_by",
    "class": "churn_by",
    "month": "churn_monthly",
}
_FIXES = {"month": "fixes_monthly", "attribution": "fix_habits", "commit": "defects"}
_QUALITY = {"sample": "quality_by_attribution", "size": "commit_sizes", "tests": "tests_touched"}
_REVERTS = {"commit": "reverts", "attribution": "revert_rates"}
_REVIEW = {
    "month": "review_monthly", "quarter": "review_quarterly", "attribution": "review_by_attribution",
    "week": "review_load", "reviewer": "reviewers", "rank": "review_concentration",
}  # fmt: skip
_SURVIVAL = {
    "age": "survival_curve", "tool": "survival_by", "class": "survival_by", "repository": "survival_by", "cohort": "survival_by",
}  # fmt: skip


def estimate(
    database: str | Path = "codeshare.duckdb", *, again: bool = False, wait: float = 0.0
) -> dict[str, float]:
    """Compute what SQL cannot and store it in the table ``estimates``, as ``codeshare estimate`` does.

    Args:
        database: a mined database; nobody else may hold it open.
        again: also what is up to date.
        wait: seconds to wait while another process holds it.

    Returns:
        Seconds by estimator, in the order in which they ran; empty where all was up to date.

    Raises:
        NotADatabase: there is no such file, or it is none of codeshare's.
        StoreBusy: another process holds it.
    """
    from codeshare.estimates.run import estimate as run
    from codeshare.estimates.run import is_current
    from codeshare.store.database import open_database

    open_database(Path(database), wait=wait).close()  # what is not there is not made
    connection = open_database(Path(database), write=True, wait=wait)
    try:
        return {} if is_current(connection) and not again else run(connection)
    finally:
        connection.close()


def survival(connection: DuckDBPyConnection, by: str = "age") -> pd.DataFrame:
    """What part of the merged lines is still there after so many days (Kaplan-Meier).

    Args:
        by: ``age``: whole curves, of all lines and of those merged since AI's began to count (``scope``);
            or ``tool``, ``class``, ``repository``, ``cohort``: at 14, 30, 90, 180 and 365 days.

    Returns:
        Per scope or name, ``part`` and ``age_days``: ``survival`` with its interval, ``lines_at_risk``, ``commits_at_risk``.

    Source: ``survival_curve``, ``survival_by``; beside them ``survival_compared``, ``half_lives``, ``hazard_ratios``.
    """
    name = _chosen(_SURVIVAL, by)
    return _query(connection, name) if by == "age" else _query(connection, name, split=by)


def half_lives(connection: DuckDBPyConnection) -> pd.DataFrame:
    """After how many days half of the lines are gone, per scope and part; null: not within the days watched."""
    return _query(connection, "half_lives")


def hazard_ratios(connection: DuckDBPyConnection) -> pd.DataFrame:
    """How much sooner AI's lines die than others of the same time, repository and class; above 1: sooner."""
    return _query(connection, "hazard_ratios")


def churn(connection: DuckDBPyConnection, by: str = "month", *, raw: bool = False) -> pd.DataFrame:
    """What part of the landed lines is gone within 14, 21, 30 and 90 days.

    Args:
        by: ``month`` of landing, one row per month and attribution; or ``all``, ``repository``, ``tool``,
            ``class``, one row per part, attribution (also ``ai - human``, in ``since/DAY``) and ``days``.
        raw: by month: count lines that were only reformatted as gone.

    Returns:
        Shares; of months whose window is still open null, with ``gone_14`` … ``gone_90`` so far.
    """
    name = _chosen(_CHURN, by)
    if by == "month":
        return _query(connection, name, raw=raw)
    if raw:
        raise CatalogueError(
            "raw: only by month; the intervals of the others are of lines that are followed."
        )
    return _query(connection, name, split=by)


def rework(connection: DuckDBPyConnection) -> pd.DataFrame:
    """Who removed the lines that went: lines per attribution of the line and of the commit that removed it."""
    return _query(connection, "rework_matrix")


def net_volume(connection: DuckDBPyConnection) -> pd.DataFrame:
    """Lines still there 90 days later per engineer and working day, by quarter, beside the gross ones."""
    return _query(connection, "net_volume_quarterly")


def variants(connection: DuckDBPyConnection) -> pd.DataFrame:
    """The latest quarter's ratio counted in other ways (``variant``), the headline first; ``n``: engineers."""
    return _query(connection, "volume_variants")


def reverts(connection: DuckDBPyConnection, by: str = "commit") -> pd.DataFrame:
    """Which commits were undone, or how often.

    Args:
        by: ``commit``: a row per commit and commit that undid it, ``days`` between the landings, ``stands`` unless
            the revert was reverted; ``attribution``: shares of commits and lines reverted within 30 days.
    """
    return _query(connection, _chosen(_REVERTS, by))


def fixes(connection: DuckDBPyConnection, by: str = "month") -> pd.DataFrame:
    """Commits that say that they mend something.

    Args:
        by: ``month`` and attribution; ``attribution``: how often and in what words; ``commit``: a row per fix
            and commit at fault, with the ``share`` of the fix.
    """
    return _query(connection, _chosen(_FIXES, by))


def defects(connection: DuckDBPyConnection) -> pd.DataFrame:
    """Fixes within 90 and 180 days per 1,000 landed lines of code, AI beside no AI evidence.

    ``metric`` ``defects``: among like lines (repository, quarter, age of file, size of commit); ``defects_crude``: all.
    """
    return _query(connection, "defect_rates")


def quality(connection: DuckDBPyConnection, of: str = "sample") -> pd.DataFrame:
    """How commits are made, AI beside no AI evidence.

    Args:
        of: ``sample``: delta maintainability, comments, duplicates of the commits that mining with ``quality=N``
            measured, none without; ``size``: median and large commits; ``tests``: whether tests were touched.
    """
    return _query(connection, _chosen(_QUALITY, of, "of"))


def review(connection: DuckDBPyConnection, by: str = "quarter") -> pd.DataFrame:
    """Who reviews, how much and how soon; null where neither trailers nor imported requests tell.

    Args:
        by: ``quarter``: lines per reviewer and working day and their ratio to the baseline; ``month`` and
            attribution; ``attribution`` with intervals; ``week`` and ``reviewer`` (pseudonyms); ``rank``: how unequal.
    """
    return _query(connection, _chosen(_REVIEW, by))


def change_points(connection: DuckDBPyConnection) -> pd.DataFrame:
    """When monthly volume and share changed their level, with intervals, and what coincides; ``found`` may be 0."""
    return _query(connection, "change_points")


def outside_series(connection: DuckDBPyConnection) -> pd.DataFrame:
    """Imported series, each value beside our own figure of the same time; empty where nothing was imported."""
    return _query(connection, "outside_series")


def ai_beside_human(connection: DuckDBPyConnection, scope: str = "all") -> pd.DataFrame:
    """Every figure that AI and no AI evidence both have, with difference, ratio and ``verdict``.

    Args:
        scope: ``all``, or as in ``estimates``: ``repository/NAME``, ``class/code``.
    """
    return _query(connection, "ai_beside_human", scope=scope)


def _chosen(queries: Mapping[str, str], by: str, word: str = "by") -> str:
    if by not in queries:
        raise CatalogueError(f"{word} {by!r}: must be one of {', '.join(queries)}.")
    return queries[by]


def _query(connection: DuckDBPyConnection, name: str, **parameters: object) -> pd.DataFrame:
    from codeshare.metrics.queries import run

    return run(connection, name, **parameters)
