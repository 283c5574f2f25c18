"""``codeshare badge``: the share of AI and its range on a badge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import warn
from codeshare.errors import CannotKnow, EmptyHistory

if TYPE_CHECKING:
    from codeshare.metrics.share import ShareRow


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Default: the standard output.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(("svg", "shields")), default="svg", show_default=True, help="A picture, or JSON for an endpoint of shields.io.")  # fmt: skip
@click.option("--repo", "repos", multiple=True, metavar="NAME", help="Only this repository; may be repeated.")
@click.option("--path", metavar="GLOB", help="Only files whose path matches; a folder stands for all in it.")
@click.option("--allow-unknown", is_flag=True, help="Answer also where much could not be read.")
@pass_settings
def badge(
    settings: Settings,
    output: Path | None,
    form: str,
    repos: tuple[str, ...],
    path: str | None,
    allow_unknown: bool,
) -> None:
    """The share of AI in merged lines and its range of evidence on a badge, in a colour that judges nothing.

    Where `codeshare share` would refuse an answer the badge says "unknown", and why is said on stderr; it is
    written all the same, for an old share would stay in its place otherwise.

    \b
    codeshare badge -o badge.svg
    codeshare badge --format shields -o badge.json
    """
    from codeshare.ci.badge import badge_of, shields, svg
    from codeshare.ci.writing import write_whole

    shown = badge_of(_row(settings, repos, path, allow_unknown))
    text = svg(shown) if form == "svg" else shields(shown)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(output, text)


def _row(
    settings: Settings, repos: tuple[str, ...], path: str | None, allow_unknown: bool
) -> ShareRow | None:
    from codeshare.metrics.guard import check_known
    from codeshare.metrics.revisions import find_held
    from codeshare.metrics.share import share_rows

    with settings.reading() as connection:
        repos = find_held(connection, repos)
        try:
            check_known(connection, allow_unknown, "all", repos=repos, path=path)
        except (CannotKnow, EmptyHistory) as error:
            warn(f"unknown: {error}")
            return None
        return share_rows(connection, "all", repos=repos, path=path)[0]
