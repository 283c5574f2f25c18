"""``codeshare doctor``: what in the mined history should make the reader careful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_json, print_rows, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Query and what it means when it has rows.
FINDINGS = {
    "unknown": "Repositories that could not be read whole, shallow and partial clones",
    "stale_repositories": "Possibly stale: nothing merged for over 30 days before the latest merge of all",
    "foxtrots": "Foxtrot merges: the branch was merged into somebody's copy of it and pushed; followed through their second parent",
    "skewed_dates": "Commits whose merge date contradicts its neighbours by more than a day, and was moved",
    "unknown_bots": "Bots that no rule knows: name them in codeshare.toml if they are agents",
    "outliers": "Commits of over 5,000 handwritten lines: they count, and are left out in a variant",
}
MOST_SHOWN = 20
Found = dict[str, list[dict[str, Any]]]


@click.command()
@format_option
@pass_settings
def doctor(settings: Settings, form: str) -> None:
    """Look for what makes figures doubtful: missing history, foxtrots, skewed dates, unknown bots.

    A table a finding, its first rows; with --format json one object, a list of rows by finding; as csv and
    markdown one table of all of them, its first column the finding.
    """
    with settings.reading() as connection:
        found = _found(connection)
    if form == "json":
        print_json(found)
    elif form == "table":
        _print_tables(found)
    else:
        _print_together(found, form)
    if not found:
        click.echo("Nothing found that makes the figures doubtful.", err=form != "table")


def _found(connection: DuckDBPyConnection) -> Found:
    from codeshare.metrics.queries import run

    found: Found = {}
    for name in FINDINGS:
        frame = run(connection, name)
        if name == "unknown":
            frame = frame[frame["is_shallow"] | frame["is_partial"] | (frame["unknown_commits"] > 0)]
        if not frame.empty:
            found[name] = rows_of(frame)
    return found


def _print_tables(found: Found) -> None:
    for name, rows in found.items():
        click.echo(f"{FINDINGS[name]}. [{name}, {len(rows):,}]")
        print_rows(rows[:MOST_SHOWN], "table")


def _print_together(found: Found, form: str) -> None:
    """Print all findings as one table: a row has values in the columns of its finding, and is empty in the others."""
    columns = list(dict.fromkeys(name for rows in found.values() for name in rows[0]))
    empty = dict.fromkeys(columns)
    together = [{"finding": name, **empty, **row} for name, rows in found.items() for row in rows]
    print_rows(together, form, columns=["finding", *columns])
