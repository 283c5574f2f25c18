"""``codeshare doctor``: what in the mined history should make the reader careful."""

from __future__ import annotations

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_frame

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
    """Look for what makes figures doubtful: missing history, foxtrots, skewed dates, unknown bots."""
    from codeshare.metrics.queries import run

    found = 0
    with settings.reading() as connection:
        for name, words in FINDINGS:
            frame = run(connection, name)
            if name == "unknown":
                frame = frame[frame["is_shallow"] | frame["is_partial"] | (frame["unknown_commits"] > 0)]
            if frame.empty:
                continue
            found += len(frame)
            click.echo(f"{words}. [{name}, {len(frame):,}]", err=form != "table")
            print_frame(frame.head(20) if form == "table" else frame, form)
    if not found:
        click.echo("Nothing found that makes the figures doubtful.")
