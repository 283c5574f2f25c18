"""Compute every estimate of a database and store them: one answer for SQL, Python and the report."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from codeshare.estimates.away import Beside, Do, here
from codeshare.estimates.table import Estimate, replace_estimates
from codeshare.store.database import transaction
from codeshare.store.filter import history_of
from codeshare.store.writer import drop_estimates, mark_estimated
from codeshare.version import VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_log = logging.getLogger(__name__)
_AT_ONCE = "volume"
_OF_REVIEWERS = "review"
_LONGEST = "quality"
_AGAINST_BASELINE = "lines_per_reviewer_day"
ESTIMATORS: tuple[str, ...] = (
    "survival",
    "quality",
    "changes",
    "churn",
    "volume_parts",
    "net_volume",
    "defects",
    "review",
    "reverts",
)
"""Modules of this package with a function ``estimate(connection, do) -> Iterable[Estimate]``: it reads, ``do`` computes.

First those that compute for long and read little: processes that compute are then busy while the others read.
"""


def is_current(connection: DuckDBPyConnection) -> bool:
    """Whether the stored estimates are those of the stored rows, by this version."""
    found = connection.execute("select value from meta where key = 'estimated'").fetchone()
    return found == (VERSION,)


def estimate(
    connection: DuckDBPyConnection,
    tell: Callable[[str], None] = lambda what: None,
    workers: Executor | None = None,
    meanwhile: Callable[[], object] = lambda: None,
    once_busy: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Compute all estimates and put them in the place of those that are stored.

    Args:
        connection: a database open for writing.
        tell: called with the name of what is being computed.
        workers: processes that compute while this one reads; none: all is done here.
        meanwhile: called while they compute, once all has been read; of estimates ``connection`` then has those
            of `at_once`.
        once_busy: called as soon as they have what takes them longest.

    Returns:
        Seconds by estimator: those that this process took for it, or waited.
    """
    seconds: defaultdict[str, float] = defaultdict(float)
    begun: dict[str, Iterable[Estimate]] = {}
    with transaction(connection):
        drop_estimates(connection)
        for name, run in _estimators(Beside(workers) if workers else here):
            with _timed(name, tell, seconds):
                begun[name] = run(connection)
            if name == _AT_ONCE:
                replace_estimates(connection, begun[name])
            if name == _LONGEST:
                once_busy()
        meanwhile()
        found: list[Estimate] = []
        for name, estimates in begun.items():
            with _timed(name, tell, seconds):
                found.extend(estimates)
            _log.info("estimates: %s: %.2f s", name, seconds[name])
        replace_estimates(connection, found)
        mark_estimated(connection, VERSION)
    return {name: round(each, 3) for name, each in seconds.items()}


@contextmanager
def _timed(name: str, tell: Callable[[str], None], seconds: dict[str, float]) -> Iterator[None]:
    tell(name)
    began = time.perf_counter()
    yield
    seconds[name] += time.perf_counter() - began


def _estimators(do: Do) -> Iterator[tuple[str, Callable[[DuckDBPyConnection], Iterable[Estimate]]]]:
    yield _AT_ONCE, at_once
    for name in ESTIMATORS:
        run = partial(import_module(f"codeshare.estimates.{name}").estimate, do=do)
        yield name, partial(_with_baseline, run) if name == _OF_REVIEWERS else run


def _with_baseline(
    run: Callable[[DuckDBPyConnection], Iterable[Estimate]], connection: DuckDBPyConnection
) -> Iterable[Estimate]:
    """Run an estimator; where the baseline lies before what is shown, reviewers' lines are read of the whole time."""
    found = run(connection)
    with history_of(connection) as history:
        if history is connection:
            return found
        compared = [row for row in run(history) if row.metric == _AGAINST_BASELINE]
    return [row for row in found if row.metric != _AGAINST_BASELINE] + compared


def at_once(connection: DuckDBPyConnection) -> list[Estimate]:
    """What mining computes itself, being quick: volume with its intervals, calibration of marks."""
    from codeshare.metrics.calibration import estimate_parts
    from codeshare.metrics.volume import estimate

    return [Estimate(**row) for row in (*estimate(connection), *estimate_parts(connection))]
