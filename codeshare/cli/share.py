"""``codeshare share``: the share of AI in merged lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import say, warn
from codeshare.cli.output import format_option, print_json, print_rows
from codeshare.cli.ranges import asked_range, say_range
from codeshare.cli.unanswered import nulls_if_unanswered

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
    "file",
    "commit",
    "tool",
    "class",
)


PERIODS = BY[: BY.index("all")]

_JOINED = ("repo", "branch", "tip")
_SHOWN_WHOLE, _SHOWN = 5, 3


@click.command()
@click.option("--by", type=click.Choice(BY), default="all", show_default=True, help="One row a period, or a repository, team, owner of code, folder, file, commit, agent or class of file.")  # fmt: skip
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
@click.option("--range", "span", metavar="A..B", help="Only what B adds to A in the repository you stand in: of a request or a push, merged or not.")  # fmt: skip
@click.option("--alive", is_flag=True, help="Of the lines that are there, not of those merged: at the tip, or at --rev.")  # fmt: skip
@click.option("--rev", metavar="REV", help="With --alive: a day, or a tag, branch or commit of the branch's own line.")  # fmt: skip
@click.option("--append", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="With --by a period: add those that are over to this file of JSON lines, and print nothing.")  # fmt: skip
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
    append: Path | None,
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
    codeshare share --range origin/main..HEAD --by file    of what a request adds
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
    from codeshare.metrics.filters import first_day

    first, last = (
        first_day(text, option) if text else None for text, option in ((since, "--since"), (until, "--until"))
    )
    if append is not None:
        if span or paths or teams or by not in PERIODS:
            raise click.UsageError(
                "--append goes with --by day, week, month, quarter or year, and not with --range, --path or --team."
            )
        _append(settings, append, by, first, last, repos, allow_unknown)
        return
    from codeshare.metrics.share import Readings

    where = settings.reading() if span is None else _range(settings, span)
    with nulls_if_unanswered(form, Readings.__annotations__), where as connection:
        _answer(by, first, last, paths, teams, depth, allow_unknown, form, connection, repos)


def _append(
    settings: Settings,
    file: Path,
    by: str,
    first: date | None,
    last: date | None,
    repos: tuple[str, ...],
    allow_unknown: bool,
) -> None:
    """Add the periods that are over to a file."""
    from codeshare.metrics.guard import check_known
    from codeshare.metrics.revisions import find_held
    from codeshare.metrics.share import closed_rows
    from codeshare.metrics.trend import append_periods

    with settings.reading() as connection:
        repos = find_held(connection, repos)
        check_known(connection, allow_unknown, by, first, last, repos)
        rows = closed_rows(connection, by, first, last, repos)
    fresh, anew = append_periods(file, rows)
    again = f", {anew} anew with other figures" if anew else ""
    say(f"{file}: {fresh} added{again}, of {len(rows)} that are over.")


def _answer(
    by: str,
    first: date | None,
    last: date | None,
    paths: tuple[str, ...],
    teams: tuple[str, ...],
    depth: int,
    allow_unknown: bool,
    form: str,
    connection: DuckDBPyConnection,
    repos: tuple[str, ...],
) -> None:
    from codeshare.metrics.filters import resolve_filter
    from codeshare.metrics.guard import check_known
    from codeshare.metrics.revisions import find_held
    from codeshare.metrics.share import share_rows
    from codeshare.metrics.suppressed import suppressed
    from codeshare.store.filter import filtered

    path = paths[0] if len(paths) == 1 else None
    repos = find_held(connection, repos)
    asked = resolve_filter(connection, (), teams, () if path else paths)
    with filtered(connection, asked) as shown:
        check_known(shown, allow_unknown, by, first, last, repos, path, depth=depth)
        rows = share_rows(shown, by, first, last, repos, path, depth=depth)
        lower = suppressed(shown, repos, first, last)
    if by == "all":
        _print(rows[0], form)
    else:
        print_rows([_shown(row, form) for row in rows], form)
    for each in lower:
        warn(str(each))


def _print(row: Mapping[str, Any], form: str) -> None:
    """Print the only row: in JSON an object."""
    if form == "json":
        print_json(row)
    else:
        print_rows([_shown(row, form)], form)


def _shown(row: Mapping[str, Any], form: str) -> Mapping[str, Any]:
    """A row for a reader, where that of many repositories would name all of them; programs get them all."""
    if form in ("json", "csv"):
        return row
    return {name: _few(value) if name in _JOINED else value for name, value in row.items()}


def _few(joined: str) -> str:
    names = joined.split(", ")
    if len(names) <= _SHOWN_WHOLE:
        return joined
    different = list(dict.fromkeys(names))
    first, more = different[:_SHOWN], len(different) - _SHOWN
    return ", ".join(first) + (f" and {more:,} more" if more > 0 else "")


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


@contextmanager
def _range(settings: Settings, text: str) -> Iterator[DuckDBPyConnection]:
    """A database that holds a range and nothing else; of the mined one, if there is any, only what was imported counts."""
    from codeshare.mining.beside import imported_beside
    from codeshare.mining.opened import find, read

    with asked_range(text), find(text, settings.config_file) as found, settings.reading_if_there() as mined:
        with read(found, imported_beside(found, mined, settings.database)) as opened:
            say_range(opened)
            yield opened.connection
