"""``codeshare lake``: keep a lake in good order, and take it home."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from codeshare.cli.context import DATABASE, Settings, pass_settings
from codeshare.cli.logs import say


@click.group()
def lake() -> None:
    """Look after a lake: what `codeshare mine --lake URL` writes, a folder or a bucket of Parquet files.

    `codeshare --db URL` reads one as if it were a database.

    \b
    codeshare lake pull lake
    """


@lake.command()
@click.argument("url")
@pass_settings
def pull(settings: Settings, url: str) -> None:
    """Make a database of a lake, or bring one up to date: only what has changed is fetched.

    \b
    codeshare lake pull s3://metrics/code                 into codeshare.duckdb
    codeshare --db org.duckdb lake pull s3://metrics/code
    """
    from codeshare.fleet.pull import pull as run

    database = settings.db or Path(DATABASE)
    manifest = settings.patiently(partial(run, url, database))
    say(f"{database}: version {manifest.version} of the lake, {len(manifest.batch_of()):,} repositories.")


@lake.command()
@click.argument("url")
def compact(url: str) -> None:
    """Merge small files, and leave out rows that newer ones have replaced.

    \b
    codeshare lake compact lake
    """
    from codeshare.lake.compact import compact as run
    from codeshare.lake.storage import open_storage

    manifest = run(open_storage(url))
    say(f"version {manifest.version}: {len(manifest.batches):,} files a table at most.")


@lake.command()
@click.argument("url")
@click.option("--keep-hours", type=click.FloatRange(min=0), default=24.0, show_default=True, metavar="HOURS", help="Leave what is newer: somebody may be writing or reading it.")  # fmt: skip
def vacuum(url: str, keep_hours: float) -> None:
    """Remove files that the newest version of a lake does not need.

    \b
    codeshare lake vacuum lake
    """
    from codeshare.lake.compact import vacuum as run
    from codeshare.lake.storage import open_storage

    gone = run(open_storage(url), keep_hours)
    say(f"{gone.files:,} files removed, {gone.bytes / 1e6:,.1f} MB.")
