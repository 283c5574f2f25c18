"""``codeshare definitions``: what every word and figure means."""

from __future__ import annotations

import click


@click.command()
def definitions() -> None:
    """Print the definitions of everything that is counted.

    \b
    codeshare definitions
    """
    from codeshare.metrics.definitions import definitions as text

    click.echo(text())
