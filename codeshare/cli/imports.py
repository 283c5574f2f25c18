"""``codeshare import``: what forges and vendors export, into the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import note, say
from codeshare.cli.staff_imports import COMMANDS

if TYPE_CHECKING:
    from codeshare.exports.commit_lines import CommitLines

_File = click.Path(path_type=Path, dir_okay=False)


@click.group("import")
def imports() -> None:
    """Import what forges and vendors export (requests with their reviews, lines counted by commit), series from elsewhere, or
    teams, head counts and holidays.

    Nothing is asked of any network: `docs/requests.md` has the one command that exports each of them. The next
    `codeshare mine` uses what was imported. To import a file again changes nothing twice.

    \b
    codeshare import prs requests.json
    codeshare import metrics --published
    """


@imports.command("prs")
@click.argument("files", nargs=-1, required=True, type=_File, metavar="FILE...")
@click.option("--repo", metavar="REPO", help="The repository they belong to, as the database names it. Default: as the file says, else the only one.")  # fmt: skip
@pass_settings
def requests(settings: Settings, files: tuple[Path, ...], repo: str | None) -> None:
    """Import pull or merge requests, with commits and reviews where the export has them.

    FILE: what `gh pr list --json` wrote, pages of GitHub's REST or GraphQL, or of GitLab's API, as one array,
    arrays in a row, arrays in an array, or an object a line. The form is found out.

    \b
    codeshare import prs requests.json
    codeshare import prs page-*.json --repo acme/web
    """
    from codeshare.exports.forms import read_requests
    from codeshare.mining.imports import import_requests

    read = [request for file in files for request in read_requests(file)]
    with settings.adding() as connection:
        stored = import_requests(connection, read, repo)
        held = {name for (name,) in connection.execute("select repo from repos").fetchall()}
    for name, count in sorted(stored.items()):
        say(f"{name}: {count:,} requests imported.")
        if name not in held:
            note(f"{name} is not mined yet; where it goes by another name, say --repo.")
    if stored:
        say("`codeshare mine` uses them from now on.")
    else:
        say("The file holds no request.")


@imports.command("cursor")
@click.argument("file", type=_File)
@pass_settings
def cursor(settings: Settings, file: Path) -> None:
    """Import Cursor's lines by commit: commits.csv or pages of its AI Code Tracking API.

    \b
    codeshare import cursor commits.csv
    """
    from codeshare.exports.cursor import read_cursor

    _import_lines(settings, read_cursor(file))


@imports.command("claude-code")
@click.argument("file", type=_File)
@click.option("--column", "given", multiple=True, metavar="COLUMN=HEADING", help="Where the heading of commit, lines (Claude Code's) or total is unusual; may be repeated.")  # fmt: skip
@pass_settings
def claude_code(settings: Settings, file: Path, given: tuple[str, ...]) -> None:
    """Import Claude Code's contribution data by commit, as CSV.

    \b
    codeshare import claude-code contributions.csv --column commit="Merge commit" --column lines="Lines with CC"
    """
    from codeshare.exports.claude_code import read_claude_code

    _import_lines(settings, read_claude_code(file, _columns(given)))


@imports.command("metrics")
@click.argument("file", type=_File, required=False)
@click.option("--published", is_flag=True, help="Import the ready example: what one company published about its own code in June 2026.")  # fmt: skip
@click.option("--remove", metavar="SERIES", help="Remove a series.")
@pass_settings
def metrics(settings: Settings, file: Path | None, published: bool, remove: str | None) -> None:
    """Import series that were published or measured elsewhere, to stand beside your own figures.

    FILE: CSV with the columns series, date, value, low, high, unit and source. A series that is there already is
    replaced. One wrong row, and nothing is imported.

    \b
    codeshare import metrics survey.csv
    codeshare import metrics --published
    """
    from codeshare.exports.metrics import PUBLISHED, read_metrics
    from codeshare.mining.outside import import_metrics, remove_metrics

    if sum((file is not None, published, remove is not None)) != 1:
        raise click.UsageError("Name one of FILE, --published and --remove SERIES.")
    if remove is not None:
        with settings.adding() as connection:
            say(f"{remove}: {remove_metrics(connection, remove)} values removed.")
        return
    values = read_metrics(file or PUBLISHED)
    with settings.adding() as connection:
        stored = import_metrics(connection, values)
    for series, count in stored.items():
        say(f"{series}: {count:,} {'value' if count == 1 else 'values'} imported.")
    say("`codeshare query outside_series` shows them." if stored else "The file holds no value.")


def _columns(given: Sequence[str]) -> Mapping[str, str]:
    from codeshare.exports.claude_code import COLUMNS

    found = {}
    for pair in given:
        name, equals, heading = pair.partition("=")
        if not equals or name not in COLUMNS:
            raise click.BadParameter(f"{pair!r}: write it as COLUMN=HEADING, COLUMN one of {', '.join(COLUMNS)}.", param_hint="--column")  # fmt: skip
        found[name] = heading
    return found


def _import_lines(settings: Settings, lines: Sequence[CommitLines]) -> None:
    from codeshare.mining.imports import import_lines

    with settings.adding() as connection:
        placed = import_lines(connection, lines)
    for repo, count in placed.items():
        where = f"in {repo}" if repo else "of no repository that is mined"
        say(f"{count:,} commits {where}.")
    say("`codeshare mine` uses them from now on." if lines else "The file holds no commit.")


for command in COMMANDS:
    imports.add_command(command)
