"""``codeshare export``: a database that can be handed on, or its tables as files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.cli.asking import parameter_option, parameters_of
from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import say, warn

if TYPE_CHECKING:
    from codeshare.exporting import Exported
    from codeshare.pseudonymous.export import Handed


@click.command()
@click.argument("output", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--format", "form", type=click.Choice(("duckdb", "parquet", "csv")), default="duckdb", show_default=True, help="A database file, or a folder with a file per table.")  # fmt: skip
@click.option("--pseudonymous", is_flag=True, help="Without names, addresses, accounts, messages and salts.")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Only this table or view, of a folder; may be repeated.")  # fmt: skip
@click.option("--query", "queries", multiple=True, metavar="NAME", help="This named query's rows, in a folder; may be repeated.")  # fmt: skip
@parameter_option
@click.option("--exact", is_flag=True, help="CSV with texts as they are, also those that a spreadsheet takes for formulas.")  # fmt: skip
@click.option("--hide-repositories", is_flag=True, help="Repositories by number, without the title.")
@click.option("--hide-paths", is_flag=True, help="Folders and files by codes.")
@click.option("--keep-shas", is_flag=True, help="Commits' ids and requests' numbers as they are: they lead back to their authors.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace an earlier export.")
@pass_settings
def export(
    settings: Settings,
    output: Path,
    form: str,
    pseudonymous: bool,
    tables: tuple[str, ...],
    queries: tuple[str, ...],
    given: tuple[str, ...],
    exact: bool,
    hide_repositories: bool,
    hide_paths: bool,
    keep_shas: bool,
    force: bool,
) -> None:
    """Write the database to a new file that can be handed on, or its tables as Parquet or CSV.

    With --pseudonymous nobody is in it by name, and tables, views and figures are the same: people get new
    pseudonyms, made with a secret that is thrown away; commits, requests and accounts become codes; messages,
    excerpts and URLs are left out; teams of too few people are put together. Whoever has the repository can still
    recognise commits by when they were merged and what they changed: docs/privacy.md.

    A folder of Parquet or CSV has a file per table, or what --table and --query name, and manifest.json: rows,
    columns with their types and what they mean. In CSV a text that a spreadsheet would take for a formula begins
    with ' (--exact leaves it as it is).

    \b
    codeshare export --pseudonymous handed-on.duckdb
    codeshare export --pseudonymous --hide-repositories --hide-paths handed-on.duckdb
    codeshare export --format parquet tables
    codeshare export --format csv --query ai_share --param part=quarter --table commits --pseudonymous tables
    """
    from codeshare.exporting import export as write

    parameters = parameters_of(given)
    if form == "duckdb" and not pseudonymous:
        raise click.UsageError(
            "say --pseudonymous, or --format parquet or csv; to hand on everything, names included, copy the database file itself."
        )
    _refuse("--table, --query, --param and --exact are for folders: say --format parquet or csv.", form == "duckdb" and (tables or queries or parameters or exact))  # fmt: skip
    _refuse("--exact is about CSV; Parquet is exact.", form == "parquet" and exact)
    _refuse("--param is for --query: name one.", parameters and not queries)
    _refuse("--hide-repositories, --hide-paths and --keep-shas go with --pseudonymous.", not pseudonymous and (hide_repositories or hide_paths or keep_shas))  # fmt: skip
    work = partial(
        write,
        settings.database,
        output,
        form,
        pseudonymous=pseudonymous,
        tables=tables,
        queries=queries,
        parameters=parameters,
        exact=exact,
        hide_repositories=hide_repositories,
        hide_paths=hide_paths,
        keep_shas=keep_shas,
        force=force,
    )
    done = settings.patiently(work)
    if done.handed:
        _tell_people(done.handed)
    _tell_files(done)


def _refuse(words: str, is_wrong: object) -> None:
    if is_wrong:
        raise click.UsageError(words)


def _tell_files(done: Exported) -> None:
    if done.manifest is None:
        return
    files = done.manifest["files"]
    rows = sum(each["rows"] for each in files)
    say(f"{done.path}: {len(files)} files, {rows:,} rows; manifest.json says what is in them.")
    if not done.manifest["pseudonymous"]:
        warn("names and addresses of people are in the tables; --pseudonymous leaves them out.")


def _tell_people(handed: Handed) -> None:
    say(f"{handed.path}: {handed.people:,} people, none by name.")
    if handed.folded:
        say(f"{handed.folded} teams of few people are one now, `Other teams`.")
    if handed.masked:
        say(f"{handed.masked:,} paths and repositories named somebody: that part is a code now.")
    if handed.engineers < handed.minimum_engineers:
        warn(
            f"fewer than {handed.minimum_engineers} engineers: whoever knows them recognises them, whatever they "
            "are called. Ask them before it is handed on."
        )
