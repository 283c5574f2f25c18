"""``codeshare export``: a database that can be handed on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import say, warn


@click.command()
@click.argument("output", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.duckdb")
@click.option("--pseudonymous", is_flag=True, help="Without names, addresses, accounts, messages and salts. Must be said.")  # fmt: skip
@click.option("--hide-repositories", is_flag=True, help="Repositories by number, without the title.")
@click.option("--hide-paths", is_flag=True, help="Folders and files by codes.")
@click.option("--keep-shas", is_flag=True, help="Commits' ids and requests' numbers as they are: they lead back to their authors.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@pass_settings
def export(
    settings: Settings,
    output: Path,
    pseudonymous: bool,
    hide_repositories: bool,
    hide_paths: bool,
    keep_shas: bool,
    force: bool,
) -> None:
    """Write the database to a new file that can be handed on: the same tables, views and figures, nobody by name.

    People get new pseudonyms, made with a secret that is thrown away; commits, requests and accounts become
    codes; messages, excerpts and URLs are left out; teams of too few people are put together. Whoever has the
    repository can still recognise commits by when they were merged and what they changed: docs/privacy.md.

    \b
    codeshare export --pseudonymous handed-on.duckdb
    codeshare export --pseudonymous --hide-repositories --hide-paths handed-on.duckdb
    codeshare --db handed-on.duckdb report
    """
    from codeshare.pseudonymous.export import export as write

    if not pseudonymous:
        raise click.UsageError(
            "say --pseudonymous; to hand on everything, names included, copy the database file itself."
        )
    work = partial(
        write,
        settings.database,
        output,
        hide_repositories=hide_repositories,
        hide_paths=hide_paths,
        keep_shas=keep_shas,
        force=force,
    )
    handed = settings.patiently(work)
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
