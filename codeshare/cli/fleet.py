"""Mine the repositories of ``codeshare.toml``, all at once, and say what came of it."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.cli.logs import say, warn
from codeshare.cli.progress import fleet_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codeshare.cli.context import Settings
    from codeshare.fleet.run import Fleet, Options
    from codeshare.mining.miner import Outcome
    from codeshare.mining.targets import Target

_MOST_TOLD = 20
"""With more repositories only a sum is printed, and what went wrong."""


def mine_many(
    settings: Settings,
    targets: Sequence[Target],
    options: Options,
    tell_outcome: Callable[[Outcome], None],
    *,
    jobs: int | None = None,
    lake: str | None = None,
    cluster: str | None = None,
) -> Fleet:
    """Mine a fleet into the database, or into a lake."""
    from codeshare.fleet.cluster import open_workers
    from codeshare.fleet.homes import open_home
    from codeshare.fleet.run import mine_fleet

    workers = open_workers(jobs, cluster)
    database = Path() if lake else settings.database
    home = settings.patiently(partial(open_home, database, lake))
    with closing(home), fleet_progress() as tell:
        fleet = mine_fleet(
            targets,
            home,
            workers,
            settings.config,
            options,
            tell,
            say,
        )
    _tell(fleet, tell_outcome)
    return fleet


def _tell(fleet: Fleet, tell: Callable[[Outcome], None]) -> None:
    is_large = len(fleet.outcomes) > _MOST_TOLD
    for outcome in fleet.outcomes:
        if not is_large or outcome.notes or outcome.unknown_commits or outcome.is_shallow:
            tell(outcome)
    for failed in fleet.failed:
        warn(f"failed: {failed.repo}: {failed.why.removeprefix(f'{failed.repo}: ')}")
    if is_large or fleet.failed:
        current = sum(outcome.was_current for outcome in fleet.outcomes)
        say(
            f"{len(fleet.outcomes) + len(fleet.failed):,} repositories: {len(fleet.outcomes) - current:,} mined, "
            f"{current:,} up to date, {len(fleet.failed):,} failed."
        )
