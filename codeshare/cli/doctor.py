"""``codeshare doctor``: what in the mined history should make the reader careful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_json, print_rows, rows_of
from codeshare.errors import CheckFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.provenance.prove import Proof

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
@click.argument("repos", nargs=-1, metavar="[REPO]...")
@click.option("--prove", is_flag=True, help="Prove the stored origin of every line at the mined tip instead.")
@format_option
@pass_settings
def doctor(settings: Settings, repos: tuple[str, ...], prove: bool, form: str) -> None:
    """Look for what makes figures doubtful: missing history, foxtrots, skewed dates, unknown bots.

    A table a finding, its first rows; with --format json one object, a list of rows by finding; as csv and
    markdown one table of all of them, its first column the finding.

    With --prove every text file of the tip is put together again, each line taken from the commit and the
    place where it is said to be born, and its blob id compared with the one that git names. No diff is
    trusted for it. REPO as for mine; exit status 1 if a file differs.
    """
    if prove:
        _prove(settings, repos, form)
        return
    if repos:
        raise click.UsageError("REPO goes with --prove; without it doctor looks at all that was mined.")
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


def _prove(settings: Settings, repos: tuple[str, ...], form: str) -> None:
    from codeshare.git.quoting import text_of
    from codeshare.git.repository import open_repository
    from codeshare.mining.proof import prove_stored
    from codeshare.mining.run import targets_of

    proofs: dict[str, Proof] = {}
    with settings.reading() as connection:
        for target in targets_of(settings.config, repos):
            repository = open_repository(target.where, branch=target.branch, name=target.name)
            proofs[repository.name] = prove_stored(connection, repository)
    rows = [_summary(name, proof) for name, proof in proofs.items()]
    differ = [
        {"repo": name, "path": text_of(path), "why": why}
        for name, proof in proofs.items()
        for path, why in proof.differ
    ]
    if form == "json":
        print_json({"proofs": rows, "differ": differ})
    else:
        print_rows(rows, form)
        for row in differ[:MOST_SHOWN]:
            click.echo(f"{row['repo']}: {row['path']}: {row['why']}", err=True)
        if len(differ) > MOST_SHOWN:
            click.echo(f"… and {len(differ) - MOST_SHOWN:,} more", err=True)
    if differ:
        raise CheckFailed(
            f"{len(differ):,} of {sum(row['files'] for row in rows):,} files differ from what git has. "
            "That is a fault of codeshare: please report it, with the history if it is public."
        )


def _summary(name: str, proof: Proof) -> dict[str, Any]:
    compared = proof.proved + len(proof.differ)
    return {
        "repo": name,
        "tip": proof.commit,
        "files": compared + proof.binary + len(proof.unknown),
        "proved": proof.proved,
        "lines": proof.lines,
        "binary": proof.binary,
        "unknown": len(proof.unknown),
        "differ": len(proof.differ),
    }
