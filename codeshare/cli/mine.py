"""``codeshare mine``: read repositories into the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.fleet import mine_many
from codeshare.cli.logs import note, say, warn
from codeshare.cli.progress import mining_progress
from codeshare.errors import CannotKnow

if TYPE_CHECKING:
    from codeshare.mining.miner import Outcome

SAMPLE = 400
"""Commits of each repository whose quality --quality measures."""


@click.command()
@click.argument("repos", nargs=-1, metavar="[REPO]...")
@click.option("--branch", metavar="NAME", help="The branch to mine. Default: the target branch in CI, else origin's default, else HEAD.")  # fmt: skip
@click.option(
    "--as-of", metavar="DATE", help="The last day that counts. Default: the day of the latest merge."
)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="git processes at once. Default: the processors there are.")  # fmt: skip
@click.option("--no-lines", is_flag=True, help="Leave the lives of lines out and count only what commits add.")  # fmt: skip
@click.option("--fetch-requests", is_flag=True, help="Fetch the heads of pull and merge requests from origin into the cache first: squash merges leave marks behind there.")  # fmt: skip
@click.option("--quality", is_flag=True, help="Then measure maintainability, comments and duplication in a sample of commits of each repository; takes minutes.")  # fmt: skip
@click.option("--quality-sample", type=click.IntRange(min=1), metavar="N", help="Commits of each repository to measure; implies --quality. Default: 400.")  # fmt: skip
@click.option("--lake", metavar="URL", help="Mine into a lake, a folder or s3://BUCKET/FOLDER of Parquet files, not into the database.")  # fmt: skip
@click.option("--cluster", metavar="ADDRESS", help="Have the work done by a Dask cluster: the address of its scheduler, or local:N for N processes here.")  # fmt: skip
@click.option("--keep-going", is_flag=True, help="Exit with 0 although some of several repositories failed.")  # fmt: skip
@click.option("--again", is_flag=True, help="Mine also what is up to date.")
@click.option("--settings-at", "settings_at", metavar="REV", help="Read codeshare.toml as this commit has it, not as it lies here: in a request's job that is anybody's.")  # fmt: skip
@pass_settings
def mine(
    settings: Settings,
    repos: tuple[str, ...],
    branch: str | None,
    as_of: str | None,
    jobs: int | None,
    no_lines: bool,
    fetch_requests: bool,
    quality: bool,
    quality_sample: int | None,
    lake: str | None,
    cluster: str | None,
    keep_going: bool,
    again: bool,
    settings_at: str | None,
) -> None:
    """Mine or update repositories: work trees, bare repositories, bundles or URLs.

    Without arguments those of codeshare.toml, else the repository you stand in. Nothing is ever written
    to a repository. Of several in codeshare.toml one that fails does not stop the others: it is named at
    the end, with exit status 3.

    \b
    codeshare mine                          here, or all of codeshare.toml
    codeshare mine ../service web.bundle    two repositories into codeshare.duckdb
    codeshare mine --lake s3://metrics/code all of codeshare.toml into a lake
    """
    if settings_at is not None:
        from codeshare.mining.settings import settings_of

        settings.config = settings_of(settings_at, settings.config_file)
    sample = quality_sample or (SAMPLE if quality else None)
    if settings.lake is not None:
        raise click.UsageError(f"name the lake to mine into with --lake {settings.lake}.")
    if lake and sample:
        raise click.UsageError("--quality measures into a database, not into a lake.")
    outcomes, failed = mine_targets(
        settings,
        repos,
        branch,
        as_of,
        jobs,
        lines=not no_lines,
        again=again,
        fetch_requests=fetch_requests,
        quality=sample,
        lake=lake,
        cluster=cluster,
    )
    if failed and not keep_going:
        raise CannotKnow(
            f"{failed:,} of {len(outcomes) + failed:,} repositories failed, as said above. With --keep-going that is no error."
        )


def mine_targets(
    settings: Settings,
    repos: Sequence[str],
    branch: str | None = None,
    as_of: str | None = None,
    jobs: int | None = None,
    *,
    lines: bool | None = None,
    again: bool = False,
    fetch_requests: bool = False,
    quality: int | None = None,
    lake: str | None = None,
    cluster: str | None = None,
) -> tuple[Sequence[Outcome], int]:
    """Mine, and say on stderr what came of it: the outcomes, and how many of several repositories failed.

    Args:
        lines: None: as each repository was mined before.
    """
    from codeshare.mining.targets import targets_of

    targets = targets_of(settings.config, repos, branch)
    day = parse_day(as_of, "--as-of")
    if lake or cluster or (len(targets) > 1 and not repos):
        from codeshare.fleet.run import Options

        options = Options(lines, again, day, fetch_requests, quality)
        fleet = mine_many(settings, targets, options, _say, jobs=jobs, lake=lake, cluster=cluster)
        return fleet.outcomes, len(fleet.failed)
    from codeshare.mining.run import mine as run

    with mining_progress() as tell:
        work = partial(
            run,
            targets,
            settings.database,
            settings.config,
            jobs=jobs,
            lines=lines,
            as_of=day,
            again=again,
            fetch_requests=fetch_requests,
            quality=quality,
            announce=say,
            tell=tell,
        )
        outcomes = settings.patiently(work)
    for outcome in outcomes:
        _say(outcome)
    return outcomes, 0


def parse_day(text: str | None, option: str) -> str | None:
    """Check a day given as an option."""
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day; write it as 2026-06-30.", param_hint=option) from None


def _say(outcome: Outcome) -> None:
    for each in outcome.notes:
        note(each)
    done = "is up to date" if outcome.was_current else "mined"
    say(f"{outcome.repo} ({outcome.branch}): {done}, {outcome.commits:,} commits.")
    if outcome.is_shallow:
        warn(
            f"{outcome.repo}: a shallow clone: its history is cut off, so no share can be known. "
            "Run `git fetch --unshallow` there (in CI: fetch-depth: 0) and mine again."
        )
    elif outcome.unknown_commits:
        warn(
            f"{outcome.repo}: {outcome.unknown_commits:,} commits ({outcome.unknown_files:,} files) could not be read and "
            "count as unknown: objects are missing. Run `git fetch --refetch --no-filter` there and mine again."
        )
