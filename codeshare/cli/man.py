"""``codeshare man``: manual pages for the reader of this machine."""

from __future__ import annotations

from pathlib import Path

import click

from codeshare.cli.logs import say
from codeshare.errors import OutputError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.pass_context
def man(context: click.Context, folder: Path) -> None:
    """Write the manual pages of all commands into a folder, such as one that `man` looks into.

    \b
    codeshare man ~/.local/share/man/man1    then: man codeshare-report
    """
    from codeshare.cli.manual import contexts, page, page_name

    pages = {page_name(each): page(each) for each in contexts(context.find_root().command, "codeshare")}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / f"{name}.1").write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}.") from None
    say(f"{folder}: {len(pages)} pages.")
