"""``codeshare report``: mine if needed, write the report, print the headline."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import stage, warn
from codeshare.cli.mine import mine_targets
from codeshare.cli.progress import waiting

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import ExitStack

    from duckdb import DuckDBPyConnection

    from codeshare.metrics.cells import Cells
    from codeshare.metrics.figures import Figures

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
@click.option("--names", is_flag=True, help="Name people, with each one's own figures. Default: groups, and nobody's own figures.")  # fmt: skip
@click.option("--persons", is_flag=True, help="Each engineer's own figures, by stable pseudonym.")
@click.option("--allow-unknown", is_flag=True, help="Report also where much could not be read.")
@click.option(
    "--compare", nargs=2, metavar="A B", help="Set two repositories, teams, tools or periods side by side."
)
@click.option(
    "--explore",
    is_flag=True,
    help="Also write explore.html: live charts to pick from, by repository, team, period, class of file and agent.",
)
@click.option("--terminal", is_flag=True, help="Print the report here, with bars, and write no files.")
@click.option("--format", "form", type=click.Choice(("markdown", "json")), help="Print report.md or report.json, and write no files.")  # fmt: skip
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
    persons: bool,
    allow_unknown: bool,
    compare: tuple[str, str] | None,
    explore: bool,
    terminal: bool,
    form: str | None,
    since: str | None,
    until: str | None,
    only_repos: tuple[str, ...],
    teams: tuple[str, ...],
    paths: tuple[str, ...],
    by: str | None,
    jobs: int | None,
) -> None:
    """Write report.html (one file, works offline), report.md, report.json, charts/ and tables/, and print the headline.

    What is named is mined first; without arguments all of codeshare.toml, else the repository you stand in.
    Where --db names a database that holds others and not that one, nothing is mined: the report is about
    what it holds.

    \b
    codeshare report                         the repository you stand in, or all of codeshare.toml
    codeshare report ../service -o out       another one
    codeshare --db company.duckdb report     what this database holds
    codeshare --db company.duckdb report .   the repository you stand in, added to it
    codeshare report --terminal              read it here, nothing is written
    codeshare report --format json           for programs; fields: docs/schemas/report.schema.json
    codeshare report --compare service web   two repositories, teams or tools, side by side
    codeshare report --compare 2024 2025-Q3..2026-Q2     two periods
    codeshare report --explore               also explore.html, with pickers
    codeshare report --team payments --since 2025 a team, from 2025 on
    codeshare report --path 'src/*' --path docs   some files
    codeshare report --by repo                    the share of each repository, since when
    """
    from concurrent.futures import ThreadPoolExecutor
    from contextlib import ExitStack

    from msgspec.structs import replace

    from codeshare.metrics.filters import check_filter, first_day, resolve_filter

    is_printed = _is_printed(terminal, form, explore)
    if not is_printed:
        check_output(output)
    days = [
        first_day(day, option) if day else None for day, option in ((since, "--since"), (until, "--until"))
    ]
    wanted: list[str] = []
    with ExitStack() as stack:
        executor = _renderers(stack) if not is_printed and _is_there(settings) else None
        from codeshare.collector import without_collector

        stack.enter_context(without_collector())
        if _is_to_mine(settings, repos):
            outcomes, failed = mine_targets(settings, repos, branch, as_of, jobs)
            wanted = [] if failed else [outcome.repo for outcome in outcomes]
        if not is_printed:
            executor = executor or _renderers(stack)
            Thread(target=_load, daemon=True).start()
        from codeshare.estimates.away import get_ready
        from codeshare.estimates.run import estimate, is_current
        from codeshare.metrics.read_often import OF_ESTIMATES, OF_REVIEW, READ_OFTEN
        from codeshare.store.filter import filtered
        from codeshare.store.held import held
        from codeshare.store.scope import scoped
        from codeshare.store.threads import leave_processors

        if executor and settings.is_cold():
            get_ready(executor)
        connection = settings.open()
        try:
            if compare:
                wanted = _compared_repositories(connection, compare) or wanted
                if not names:
                    from codeshare.metrics.small_groups import refuse_small_teams

                    refuse_small_teams(connection, *compare)
            connection, is_part = scoped(connection, wanted)
            asked = resolve_filter(connection, only_repos, teams, paths, *days)
            check_filter(connection, asked)
            is_to_estimate = bool(asked) or is_part or not is_current(connection)
            if executor and is_to_estimate:
                get_ready(executor)
            if is_to_estimate and not (asked or is_part):
                connection.close()
                connection = settings.open(write=True)
            if executor:
                leave_processors(connection)
            with filtered(connection, asked) as shown, held(shown, READ_OFTEN) as hold:
                # Loaded by now: the tables of these modules' libraries take half a second.
                from codeshare.metrics.cells import explore_cells
                from codeshare.metrics.figures import collect, collect_counts
                from codeshare.metrics.guard import check_known

                check_known(shown, allow_unknown)
                split = _SPLITS.get(by or "", by)
                counts: dict[str, Any] = {}
                if is_to_estimate:
                    with waiting("estimating") as tell:
                        estimate(
                            shown,
                            tell,
                            executor,
                            lambda: counts.update(collect_counts(shown, names, persons, split)),
                            lambda: hold((*OF_REVIEW, *OF_ESTIMATES)),
                        )
                else:
                    hold(OF_REVIEW)
                with stage("collecting figures"):
                    figures = collect(
                        shown,
                        title=title or settings.config.title,
                        names=names,
                        persons=persons,
                        asked=asked,
                        by=split,
                        counts=counts or None,
                    )
                if by and figures.parts is None:
                    warn(f"--by {by}: there are not two of them in this scope.")
                if compare:
                    from codeshare.estimates.comparison import compare as compare_sides

                    with waiting("estimating") as tell:
                        figures = replace(figures, comparison=compare_sides(shown, *compare, tell))
                cells = explore_cells(shown, beside=figures) if explore else None
        except BaseException:
            connection.close()
            raise
        with ThreadPoolExecutor(1) as beside:
            # What was estimated goes into the file meanwhile.
            closed = beside.submit(connection.close)
            if executor:
                _write(figures, output, cells, executor)
            closed.result()
    if is_printed:
        _print(figures, form)


def _is_there(settings: Settings) -> bool:
    """Whether there is something to report on before anything is mined: then little of it is likely to be new."""
    return settings.lake is not None or settings.database.exists()


def _renderers(stack: ExitStack) -> Executor:
    """Processes that draw; they get ready while this one looks for what is new."""
    from codeshare.report.rendering import renderers

    return stack.enter_context(renderers())


def _is_printed(terminal: bool, form: str | None, explore: bool) -> bool:
    """Whether the report goes to stdout and no file is written; options that exclude each other end it here."""
    from click.core import ParameterSource

    if terminal and form:
        raise click.UsageError("--terminal and --format are two ways to print the report: take one of them.")
    is_printed = terminal or form is not None
    given = click.get_current_context().get_parameter_source("output")
    if is_printed and explore:
        raise click.UsageError("--explore writes files, --terminal and --format print: take one of them.")
    if is_printed and given is not ParameterSource.DEFAULT:
        raise click.UsageError("-o writes files, --terminal and --format print: take one of them.")
    return is_printed


def _print(figures: Figures, form: str | None) -> None:
    from codeshare.report.pages import build_page

    if form == "json":
        from codeshare.report.report_json import report_json

        click.echo(report_json(build_page(figures), figures), nl=False)
    elif form == "markdown":
        from codeshare.report.markdown import page_markdown

        click.echo(page_markdown(build_page(figures)), nl=False)
    else:
        from rich.console import Console

        from codeshare.report.screen.report import print_report

        print_report(Console(), figures)


def _write(figures: Figures, output: Path, cells: Cells | None, executor: Executor) -> None:
    from rich.console import Console

    from codeshare.report.terminal import print_headline
    from codeshare.report.write import EXPLORE, write_report

    with stage(f"writing {output}"):
        write_report(figures, output, cells, executor)
    print_headline(Console(), figures)
    click.echo(f"Report: {output / 'report.html'}")
    if cells is not None:
        click.echo(f"To explore: {output / EXPLORE}")


def _load() -> None:
    """Load what collects figures and draws them, a second in all, while the database comes in and its views are computed."""
    import codeshare.metrics.cells
    import codeshare.metrics.figures
    import codeshare.metrics.guard  # noqa: F401
    from codeshare.report.rendering import load

    load()


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

    if settings.lake is not None:
        return False
    if repos or settings.config.repos or not settings.database.exists():
        return True
    if not repository_here():
        return False
    if settings.db is None:
        return True
    held, here = _repositories_in(settings), _name_here()
    if not held or here in held:
        return True
    warn(
        f"{settings.db} holds other repositories and not {here or 'this one'}: nothing is mined, and the report is "
        f"about those. To add this one: `codeshare --db {settings.db} report .`"
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
