"""``codeshare mine``: read repositories into the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import note, say, warn
from codeshare.cli.progress import mining_progress

if TYPE_CHECKING:
    from codeshare.mining.run import Outcome

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
    again: bool,
    settings_at: str | None,
) -> None:
    """Mine or update repositories: work trees, bare repositories, bundles or URLs.

    Without arguments those of codeshare.toml, else the repository you stand in. Nothing is ever written
    to a repository.

    \b
    codeshare mine                          here, or all of codeshare.toml
    codeshare mine ../service web.bundle    two repositories into codeshare.duckdb
    """
    if settings_at is not None:
        from codeshare.mining.settings import settings_of

        settings.config = settings_of(settings_at, settings.config_file)
    mine_targets(
        settings,
        repos,
        branch,
        as_of,
        jobs,
        lines=not no_lines,
        again=again,
        fetch_requests=fetch_requests,
        quality=quality_sample or (SAMPLE if quality else None),
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
) -> list[Outcome]:
    """Mine, and say on stderr what came of it; ``lines`` None: as each repository was mined before."""
    from codeshare.mining.run import mine as run
    from codeshare.mining.run import targets_of

    day = parse_day(as_of, "--as-of")
    with mining_progress() as tell:
        work = partial(
            run,
            targets_of(settings.config, repos, branch),
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
    return outcomes


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
