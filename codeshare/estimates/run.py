"""Compute every estimate of a database and store them: one answer for SQL, Python and the report."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from codeshare.estimates.table import Estimate, replace_estimates
from codeshare.store.database import transaction
from codeshare.store.filter import history_of
from codeshare.store.writer import mark_estimated
from codeshare.version import VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_log = logging.getLogger(__name__)
_AGAINST_BASELINE = "lines_per_reviewer_day"
ESTIMATORS: tuple[str, ...] = (
    "survival",
    "hazards",
    "churn",
    "net_volume",
    "volume_parts",
    "reverts",
    "defects",
    "quality",
    "changes",
    "review",
)
"""Modules of this package with a function ``estimate(connection) -> Iterable[Estimate]``."""


def is_current(connection: DuckDBPyConnection) -> bool:
    """Whether the stored estimates are those of the stored rows, by this version."""
    found = connection.execute("select value from meta where key = 'estimated'").fetchone()
    return found == (VERSION,)


def estimate(
    connection: DuckDBPyConnection, tell: Callable[[str], None] = lambda what: None
) -> dict[str, float]:
    """Compute all estimates and put them in the place of those that are stored.

    Args:
        connection: a database open for writing.
        tell: called with the name of what is being computed.

    Returns:
        Seconds by estimator.
    """
    seconds: dict[str, float] = {}
    found: list[Estimate] = []
    for name, run in _estimators():
        tell(name)
        began = time.perf_counter()
        found.extend(_with_baseline(connection, name, run))
        seconds[name] = round(time.perf_counter() - began, 3)
        _log.info("estimates: %s: %.2f s", name, seconds[name])
    with transaction(connection):
        replace_estimates(connection, found)
        mark_estimated(connection, VERSION)
    return seconds


def _with_baseline(
    connection: DuckDBPyConnection, name: str, run: Callable[[DuckDBPyConnection], list[Estimate]]
) -> list[Estimate]:
    """Run an estimator; where the baseline lies before what is shown, reviewers' lines are read of the whole time."""
    found = list(run(connection))
    with history_of(connection) as history:
        if name != "review" or history is connection:
            return found
        compared = [row for row in run(history) if row.metric == _AGAINST_BASELINE]
    return [row for row in found if row.metric != _AGAINST_BASELINE] + compared


def _estimators() -> Iterator[tuple[str, Callable[[DuckDBPyConnection], list[Estimate]]]]:
    yield "volume", at_once
    for name in ESTIMATORS:
        yield name, import_module(f"codeshare.estimates.{name}").estimate


def at_once(connection: DuckDBPyConnection) -> list[Estimate]:
    """What mining computes itself, being quick: volume with its intervals, calibration of marks."""
    from codeshare.metrics.calibration import estimate_parts
    from codeshare.metrics.volume import estimate

    return [Estimate(**row) for row in (*estimate(connection), *estimate_parts(connection))]
