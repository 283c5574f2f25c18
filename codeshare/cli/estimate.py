"""``codeshare estimate``: compute what SQL cannot and store it."""

from __future__ import annotations

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import say
from codeshare.cli.progress import waiting


@click.command()
@click.option("--again", is_flag=True, help="Compute also what is up to date.")
@pass_settings
def estimate(settings: Settings, again: bool) -> None:
    """Compute intervals, survival, models and change points, and store them in the table estimates.

    `codeshare report` does it itself where something was mined since. After `codeshare mine` it is
    needed only before queries over the table estimates.

    \b
    codeshare estimate
    codeshare sql "from estimates where metric = 'half_life'"
    """
    from codeshare.estimates.run import estimate as run
    from codeshare.estimates.run import is_current

    with settings.reading() as connection:
        if is_current(connection) and not again:
            say("Up to date.")
            return
    with settings.writing() as connection, waiting("estimating") as tell:
        seconds = run(connection, tell)
        (rows,) = connection.execute("select count(*) from estimates").fetchone() or (0,)
    say(f"{rows:,} estimates in {sum(seconds.values()):.1f} s.")
