"""``codeshare explain``: why a commit, a file or a line is attributed as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import warn
from codeshare.cli.output import print_json
from codeshare.escaping import terminal

if TYPE_CHECKING:
    from codeshare.metrics.explain import Why


@click.command()
@click.argument("target", metavar="REV | PATH | PATH:LINE")
@click.option("--repo", metavar="NAME", help="The repository. Default: the one you stand in.")
@click.option("--rev", metavar="REV", help="The file as it was: a day, tag, branch or commit. Default: the mined tip.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True, help="How the answer is printed.")  # fmt: skip
@pass_settings
def explain(settings: Settings, target: str, repo: str | None, rev: str | None, form: str) -> None:
    """Why a commit, a file or a line is attributed so: all evidence, and what was looked for in vain.

    PATH is relative to the current directory inside a work tree, else to the repository's root. Where a
    file and a commit have one name, ./NAME is the file. People are named.

    \b
    codeshare explain v2.0                 a commit: the evidence, the rule that decided, what is uncertain
    codeshare explain src/app.py           a file: whose lines it holds
    codeshare explain src/app.py:40        a line: who wrote it, and where it has been since
    codeshare explain 4f1c2aa --format json
    """
    why = _asked(settings, target, repo, rev)
    for note in why.get("notes", ()):  # type: ignore[attr-defined]
        warn(note)
    if form == "json":
        print_json(why)
        return
    from codeshare.cli.explained import write

    click.echo("\n".join(map(terminal, write(why))))


def _asked(settings: Settings, target: str, repo: str | None, rev: str | None) -> Why:
    from codeshare.attribution.catalogue import configured_catalogue
    from codeshare.metrics.at_hand import find_at_hand
    from codeshare.metrics.explain import explain as run
    from codeshare.metrics.targets import choose_for

    catalogue = configured_catalogue(settings.config)
    around = find_at_hand(settings.config) if repo is None else None
    with settings.reading() as connection:
        name = choose_for(connection, target, repo, around.name if around else None)
        row = connection.execute("select branch from repos where repo = ?", [name]).fetchone()
        at_hand = find_at_hand(settings.config, name, row[0] if row else None)
        return run(connection, name, target, catalogue, rev=rev, at_hand=at_hand)
