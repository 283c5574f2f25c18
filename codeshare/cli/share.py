"""``codeshare share``: the share of AI in merged lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.metrics.alive import AliveRow

BY = (
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "all",
    "repository",
    "team",
    "owner",
    "path",
    "tool",
    "class",
)


@click.command()
@click.option("--by", type=click.Choice(BY), default="all", show_default=True, help="One row a period, or a repository, team, owner of code, folder, agent or class of file.")  # fmt: skip
@click.option("--depth", type=click.IntRange(min=1), default=1, show_default=True, help="With --by path: folders within folders, so deep.")  # fmt: skip
@click.option("--repo", "repos", multiple=True, metavar="NAME", help="Only this repository; may be repeated.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="Only commits of this team's people; may be repeated.")  # fmt: skip
@click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="GLOB",
    help="Only files whose path matches; `*` also matches `/`, a folder stands for all in it; may be repeated.",
)
@click.option("--since", metavar="DATE", help="First day that counts: a day, or a month, quarter or year (2025-03, 2025-Q1, 2025).")  # fmt: skip
@click.option("--until", metavar="DATE", help="First day that does not.")
@click.option("--range", "span", metavar="A..B", help="Only commits reachable from B and not from A, of the repository you stand in.")  # fmt: skip
@click.option("--alive", is_flag=True, help="Of the lines that are there, not of those merged: at the tip, or at --rev.")  # fmt: skip
@click.option("--rev", metavar="REV", help="With --alive: a day, or a tag, branch or commit of the branch's own line.")  # fmt: skip
@click.option("--allow-unknown", is_flag=True, help="Answer also where much could not be read.")
@format_option
@pass_settings
def share(
    settings: Settings,
    by: str,
    depth: int,
    repos: tuple[str, ...],
    teams: tuple[str, ...],
    paths: tuple[str, ...],
    since: str | None,
    until: str | None,
    span: str | None,
    alive: bool,
    rev: str | None,
    allow_unknown: bool,
    form: str,
) -> None:
    """The share of AI in merged lines, with its range, its bounds and what they are made of.

    \b
    codeshare share --format json          one object, for CI
    codeshare share --by month             since when
    codeshare share --by path --depth 2    where
    codeshare share --path 'src/*.py'      of some files
    codeshare share --team payments        of a team
    codeshare share --alive --rev v2.0     of all the code of a release
    """
    if alive:
        _refuse_days(by, since, until, span, teams)
        if len(paths) > 1:
            raise click.UsageError("--alive takes one --path.")
        _print(_alive(settings, rev, repos, paths[0] if paths else None, allow_unknown), form)
        return
    if rev is not None:
        raise click.UsageError("--rev goes with --alive.")
    if depth > 1 and by != "path":
        raise click.UsageError("--depth goes with --by path.")
    from codeshare.metrics.filters import first_day, resolve_filter
    from codeshare.metrics.guard import check_known
    from codeshare.metrics.share import share_rows
    from codeshare.metrics.suppressed import suppressed
    from codeshare.store.filter import filtered

    first, last = (
        first_day(t, option) if t else None for t, option in ((since, "--since"), (until, "--until"))
    )
    shas = _commits(span) if span else []
    path = paths[0] if len(paths) == 1 else None
    with (
        settings.reading() as whole,
        filtered(whole, resolve_filter(whole, (), teams, () if path else paths)) as connection,
    ):
        if shas and not repos:
            repos = _repository_of(connection, shas)
        check_known(connection, allow_unknown, by, first, last, repos, path, shas, depth)
        rows = share_rows(connection, by, first, last, repos, path, shas, depth)
        lower = suppressed(connection, repos, first, last)
    if by == "all":
        _print(rows[0], form)
    else:
        print_rows(rows, form)
    for each in lower:
        click.echo(f"note: {each}", err=True)


def _print(row: Mapping[str, Any], form: str) -> None:
    """Print the only row: in JSON an object."""
    if form == "json":
        click.echo(json.dumps(row, ensure_ascii=False, indent=1))
    else:
        print_rows([row], form)


def _refuse_days(
    by: str, since: str | None, until: str | None, span: str | None, teams: tuple[str, ...]
) -> None:
    options = {
        "--by": by if by != "all" else None,
        "--since": since,
        "--until": until,
        "--range": span,
        "--team": teams or None,
    }
    for option, value in options.items():
        if value is not None:
            raise click.UsageError(f"{option} is about lines merged, --alive about those that are there.")


def _alive(
    settings: Settings, rev: str | None, repos: tuple[str, ...], path: str | None, allow_unknown: bool
) -> AliveRow:
    from codeshare.metrics.alive import alive_row
    from codeshare.metrics.at_hand import find_at_hand
    from codeshare.metrics.revisions import parse_day

    is_name = rev is not None and parse_day(rev) is None
    at_hand = find_at_hand(settings.config, repos[0] if len(repos) == 1 else None) if is_name else None
    with settings.reading() as connection:
        return alive_row(connection, rev, repos, path, at_hand, allow_unknown)


def _repository_of(connection: DuckDBPyConnection, shas: list[str]) -> tuple[str, ...]:
    """The repository that holds the commits of a range; says how many it does not hold.

    Forks of one repository in one database hold the same commits, which must not count twice.
    """
    from codeshare.git.repository import open_repository

    held = dict(
        connection.execute(
            "select repo, count(*) from commits where list_contains(?, sha) group by repo order by 2 desc, 1",
            [shas],
        ).fetchall()
    )
    if not held:
        return ()
    name = open_repository(".").name
    repo = name if name in held else next(iter(held))
    if absent := len(shas) - held[repo]:
        click.echo(
            f"warning: {absent:,} of the range's {len(shas):,} commits are not in the database and do not count. "
            "Mine a branch that holds them with `codeshare mine --branch NAME`.",
            err=True,
        )
    return (repo,)


def _commits(span: str) -> list[str]:
    from codeshare.errors import NoSuchRevision
    from codeshare.git.repository import commits_in_range

    base, dots, head = span.partition("..")
    if not dots or not base or not head or head.startswith("."):
        raise click.BadParameter(f"{span!r}: write it as BASE..HEAD.", param_hint="--range")
    shas = commits_in_range(".", base, head)
    if not shas:
        raise NoSuchRevision(f"{span}: no commit is reachable from {head} and not from {base}.")
    return shas
