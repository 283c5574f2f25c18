"""Mine the repositories of ``codeshare.toml``, all at once, and say what came of it."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import click

from codeshare.cli.progress import fleet_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codeshare.cli.context import Settings
    from codeshare.fleet.homes import Home
    from codeshare.fleet.processes import Workers
    from codeshare.fleet.run import Fleet, Options
    from codeshare.mining.run import Outcome
    from codeshare.mining.targets import Target

_MOST_TOLD = 20
"""With more repositories only a sum is printed, and what went wrong."""


def mine_many(
    settings: Settings,
    targets: Sequence[Target],
    options: Options,
    say: Callable[[Outcome], None],
    *,
    jobs: int | None = None,
    lake: str | None = None,
    cluster: str | None = None,
) -> Fleet:
    """Mine a fleet into the database, or into a lake."""
    from codeshare.fleet.run import mine_fleet

    home = _home(settings, lake)
    with closing(home), fleet_progress() as tell:
        fleet = mine_fleet(
            targets,
            home,
            _workers(jobs, cluster),
            settings.config,
            options,
            tell,
            partial(click.echo, err=True),
        )
    _tell(fleet, say)
    return fleet


def _home(settings: Settings, lake: str | None) -> Home:
    from codeshare.fleet.homes import DatabaseHome, LakeHome
    from codeshare.lake.storage import open_storage

    if lake is not None:
        return LakeHome(open_storage(lake))
    return settings.patiently(partial(DatabaseHome, settings.database))


def _workers(jobs: int | None, cluster: str | None) -> Workers:
    from codeshare.fleet.cluster import Cluster
    from codeshare.fleet.processes import Processes
    from codeshare.git.reading import available_cpus

    return Cluster(cluster) if cluster else Processes(jobs or available_cpus())


def _tell(fleet: Fleet, say: Callable[[Outcome], None]) -> None:
    is_large = len(fleet.outcomes) > _MOST_TOLD
    for outcome in fleet.outcomes:
        if not is_large or outcome.notes or outcome.unknown_commits or outcome.is_shallow:
            say(outcome)
    for failed in fleet.failed:
        click.echo(f"failed: {failed.repo}: {failed.why.removeprefix(f'{failed.repo}: ')}", err=True)
    if is_large or fleet.failed:
        current = sum(outcome.was_current for outcome in fleet.outcomes)
        click.echo(
            f"{len(fleet.outcomes) + len(fleet.failed):,} repositories: {len(fleet.outcomes) - current:,} mined, "
            f"{current:,} up to date, {len(fleet.failed):,} failed.",
            err=True,
        )
