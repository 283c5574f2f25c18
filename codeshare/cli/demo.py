"""``codeshare demo``: a company that is made up, and its report."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec.structs import replace

from codeshare.cli.context import DATABASE, Settings, pass_settings
from codeshare.cli.logs import say
from codeshare.cli.progress import waiting
from codeshare.cli.report import check_output, report
from codeshare.config import FILE_NAME


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("codeshare-demo"), metavar="[DIR]")
@click.option("--scale", type=click.FloatRange(min=0.01, max=10), default=1.0, metavar="N", help="Multiply everybody's commits.")  # fmt: skip
@pass_settings
@click.pass_context
def demo(context: click.Context, settings: Settings, folder: Path, scale: float) -> None:
    """Make a company up, five repositories from 2021 to 2026 whose truth is known, and write its report.

    DIR, by default codeshare-demo, then holds repos/ (bare, with codeshare.toml), codeshare.duckdb and report/.
    Nothing else is touched; takes a minute.

    \b
    codeshare demo
    codeshare --db codeshare-demo/codeshare.duckdb share --by quarter
    """
    from codeshare.errors import OutputError
    from sample_repos.build import NotOurs, build
    from sample_repos.fastimport import GitFailed

    check_output(folder)
    repos = folder / "repos"
    try:
        with waiting("making the company") as tell:
            counts = build(repos, scale=scale, progress=tell)
    except (NotOurs, GitFailed, OSError) as error:
        raise OutputError(f"{repos}: {error}") from None
    say(f"{repos}: {sum(counts.values()):,} commits in {len(counts)} repositories.")
    context.obj = replace(settings, db=folder / DATABASE, lake=None, config_file=repos / FILE_NAME)
    context.invoke(report, output=folder / "report")
