"""``codeshare doctor``: what in the mined history should make the reader careful."""

from __future__ import annotations

from typing import Any

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_json, print_rows, rows_of

# Query and what it means when it has rows.
FINDINGS = (
    ("unknown", "Repositories that could not be read whole, shallow and partial clones"),
    ("stale_repositories", "Possibly stale: nothing merged for over 30 days before the latest merge of all"),
    (
        "foxtrots",
        "Foxtrot merges: the branch was merged into somebody's copy of it and pushed; followed through their second parent",
    ),
    ("skewed_dates", "Commits whose merge date contradicts its neighbours by more than a day, and was moved"),
    ("unknown_bots", "Bots that no rule knows: name them in codeshare.toml if they are agents"),
    ("outliers", "Commits of over 5,000 handwritten lines: they count, and are left out in a variant"),
)


@click.command()
@format_option
@pass_settings
def doctor(settings: Settings, form: str) -> None:
    """Look for what makes figures doubtful: missing history, foxtrots, skewed dates, unknown bots.

    One table a finding; with --format json one object, a list of rows by finding.
    """
    from codeshare.metrics.queries import run

    found: dict[str, list[dict[str, Any]]] = {}
    with settings.reading() as connection:
        for name, words in FINDINGS:
            frame = run(connection, name)
            if name == "unknown":
                frame = frame[frame["is_shallow"] | frame["is_partial"] | (frame["unknown_commits"] > 0)]
            if frame.empty:
                continue
            found[name] = rows_of(frame)
            if form == "json":
                continue
            click.echo(f"{words}. [{name}, {len(frame):,}]", err=form != "table")
            print_rows(found[name][:20] if form == "table" else found[name], form)
    if form == "json":
        print_json(found)
    if not found:
        click.echo("Nothing found that makes the figures doubtful.", err=form != "table")
