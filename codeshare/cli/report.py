"""``codeshare report``: mine if needed, write the report, print the headline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.mine import mine_targets
from codeshare.cli.progress import estimating_progress

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BY = ("repo", "team", "owner", "tool", "class", "language", "path")
_SPLITS = {"repo": "repository"}


@click.command()
@click.argument("repos", nargs=-1, metavar="[REPO]...")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("codeshare-report"), show_default=True, metavar="DIR", help="Where to write.")  # fmt: skip
@click.option("--branch", metavar="NAME", help="The branch to mine.")
@click.option(
    "--as-of", metavar="DATE", help="The last day that counts. Default: the day of the latest merge."
)
@click.option(
    "--title",
    metavar="TEXT",
    help="Whose code it is. Default: `title` of codeshare.toml, else the repository.",
)
@click.option("--names", is_flag=True, help="Name people. Default: stable pseudonyms.")
@click.option("--allow-unknown", is_flag=True, help="Report also where much could not be read.")
@click.option(
    "--compare", nargs=2, metavar="A B", help="Set two repositories, teams, tools or periods side by side."
)
@click.option("--since", metavar="DATE", help="First day that counts: a day, or a month, quarter or year (2025-03, 2025-Q1, 2025). The baseline is read all the same.")  # fmt: skip
@click.option("--until", metavar="DATE", help="First day that does not.")
@click.option("--repo", "only_repos", multiple=True, metavar="NAME", help="Only this repository; may be repeated.")  # fmt: skip
@click.option("--team", "teams", multiple=True, metavar="NAME", help="Only commits of this team's people; may be repeated.")  # fmt: skip
@click.option("--path", "paths", multiple=True, metavar="GLOB", help="Only files whose path matches; `*` also matches `/`, a folder stands for all in it; may be repeated.")  # fmt: skip
@click.option("--by", type=click.Choice(BY), help="Break the share down, period by period.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="git processes at once.")
@pass_settings
def report(
    settings: Settings,
    repos: tuple[str, ...],
    output: Path,
    branch: str | None,
    as_of: str | None,
    title: str | None,
    names: bool,
    allow_unknown: bool,
    compare: tuple[str, str] | None,
    since: str | None,
    until: str | None,
    only_repos: tuple[str, ...],
    teams: tuple[str, ...],
    paths: tuple[str, ...],
    by: str | None,
    jobs: int | None,
) -> None:
    """Write report.html (one file, works offline), report.md, charts/ and tables/, and print the headline.

    What is named is mined first; without arguments all of codeshare.toml, else the repository you stand in.
    Where --db names a database that holds others and not that one, nothing is mined: the report is about
    what it holds.

    \b
    codeshare report                         the repository you stand in, or all of codeshare.toml
    codeshare report ../service -o out       another one
    codeshare --db company.duckdb report     what this database holds
    codeshare --db company.duckdb report .   the repository you stand in, added to it
    codeshare report --compare service web   two repositories, teams or tools, side by side
    codeshare report --compare 2024 2025-Q3..2026-Q2     two periods
    codeshare report --team payments --since 2025 a team, from 2025 on
    codeshare report --path 'src/*' --path docs   some files
    codeshare report --by repo                    the share of each repository, since when
    """
    from dataclasses import replace

    from rich.console import Console

    from codeshare.estimates.comparison import compare as compare_sides
    from codeshare.estimates.run import estimate, is_current
    from codeshare.metrics.figures import collect
    from codeshare.metrics.filters import check_filter, first_day, resolve_filter
    from codeshare.metrics.guard import check_known
    from codeshare.report.terminal import print_headline
    from codeshare.report.write import write_report
    from codeshare.store.database import open_database
    from codeshare.store.filter import filtered
    from codeshare.store.scope import scoped

    check_output(output)
    days = [
        first_day(day, option) if day else None for day, option in ((since, "--since"), (until, "--until"))
    ]
    wanted: list[str] = []
    if _is_to_mine(settings, repos):
        wanted = [outcome.repo for outcome in mine_targets(settings, repos, branch, as_of, jobs)]
    connection = open_database(settings.database, wait=settings.wait)
    try:
        if compare:
            wanted = _compared_repositories(connection, compare) or wanted
        connection, is_part = scoped(connection, wanted)
        asked = resolve_filter(connection, only_repos, teams, paths, *days)
        check_filter(connection, asked)
        if not asked and (is_part or not is_current(connection)):
            if not is_part:
                connection.close()
                connection = open_database(settings.database, write=True, wait=settings.wait)
            with estimating_progress() as tell:
                estimate(connection, tell)
        with filtered(connection, asked) as shown:
            check_known(shown, allow_unknown)
            if asked:
                with estimating_progress() as tell:
                    estimate(shown, tell)
            figures = collect(
                shown,
                title=title or settings.config.title,
                names=names,
                asked=asked,
                by=_SPLITS.get(by or "", by),
            )
            if by and figures.parts is None:
                click.echo(f"note: --by {by}: there are not two of them in this scope.", err=True)
            if compare:
                with estimating_progress() as tell:
                    figures = replace(figures, comparison=compare_sides(shown, *compare, tell))
    finally:
        connection.close()
    write_report(figures, output)
    print_headline(Console(), figures)
    click.echo(f"Report: {output / 'report.html'}")


def _compared_repositories(connection: DuckDBPyConnection, names: tuple[str, str]) -> list[str]:
    """Two repositories that are compared: the report is then about those. Wrong names end it here."""
    from codeshare.metrics.sides import resolve_sides

    sides = resolve_sides(connection, *names)
    return [side.name for side in sides] if all(side.kind == "repository" for side in sides) else []


def _is_to_mine(settings: Settings, repos: tuple[str, ...]) -> bool:
    """Whether repositories are mined first: those named, else those of the settings, else the one around here.

    That one is left alone where --db names a database of others, for nobody asked for it to be added.
    """
    from codeshare.mining.run import repository_here

    if repos or settings.config.repos or not settings.database.exists():
        return True
    if not repository_here():
        return False
    if settings.db is None:
        return True
    held, here = _repositories_in(settings), _name_here()
    if not held or here in held:
        return True
    click.echo(
        f"note: {settings.db} holds other repositories and not {here or 'this one'}: nothing is mined, and the report is "
        f"about those. To add this one: `codeshare --db {settings.db} report .`",
        err=True,
    )
    return False


def _repositories_in(settings: Settings) -> set[str]:
    with settings.reading() as connection:
        return {name for (name,) in connection.execute("select repo from repos").fetchall()}


def _name_here() -> str | None:
    """The name of the repository around here; none where it has no commit yet."""
    from codeshare.errors import EmptyHistory
    from codeshare.git.repository import open_repository

    try:
        return open_repository(".").name
    except EmptyHistory:
        return None


def check_output(folder: Path) -> None:
    """Refuse an output folder that cannot be written before the long work, not after it."""
    import os

    from codeshare.errors import OutputError

    nearest = folder.absolute()
    if nearest.exists() and not nearest.is_dir():
        raise OutputError(f"{folder}: a file, not a folder. Name another with -o.")
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(f"{folder}: cannot be written. Name another folder with -o.")
