"""``codeshare doctor``: what in the mined history should make the reader careful."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import warn
from codeshare.cli.output import format_option, print_json, print_rows, print_words
from codeshare.errors import CheckFailed

if TYPE_CHECKING:
    from codeshare.metrics.weaknesses import Finding
    from codeshare.provenance.prove import Proof

MOST_SHOWN = 20
_CLOSING = "Nothing found that makes the figures doubtful."


@click.command()
@click.argument("repos", nargs=-1, metavar="[REPO]...")
@click.option("--prove", is_flag=True, help="Prove the stored origin of every line at the mined tip instead.")
@format_option
@pass_settings
def doctor(settings: Settings, repos: tuple[str, ...], prove: bool, form: str) -> None:
    """Look for what makes figures doubtful, with a figure and a remedy for each weakness.

    Missing history, records that are absent, unreadable, lost or claim too much, bots that no rule knows,
    people that were not joined, wrong dates, and whatever else. Exit status 0 whatever is found.

    A table a finding, its first rows; with --format json one object, by finding what it is, count, figure,
    remedy and rows; as csv and markdown one table of all rows, with finding, figure and remedy.

    With --prove every text file of the tip is put together again, each line taken from the commit and the
    place where it is said to be born, and its blob id compared with the one that git names. No diff is
    trusted for it. REPO as for mine; exit status 1 if a file differs.

    \b
    codeshare doctor
    codeshare doctor --prove     are the stored lines what git has?
    """
    if prove:
        _prove(settings, repos, form)
        return
    if repos:
        raise click.UsageError("REPO goes with --prove; without it doctor looks at all that was mined.")
    from codeshare.attribution.catalogue import configured_catalogue
    from codeshare.metrics.weaknesses import find_weaknesses

    with settings.reading() as connection:
        found = find_weaknesses(connection, configured_catalogue(settings.config).windows)
    if form == "json":
        print_json({name: _as_json(finding) for name, finding in found.items()})
    elif form == "table":
        _print_tables(found)
    else:
        _print_together(found, form)
    if not found:
        print_words(_CLOSING, form)


def _as_json(finding: Finding) -> dict[str, Any]:
    weakness = finding.weakness
    return {
        "what": weakness.what,
        "count": finding.count,
        "figure": finding.figure,
        "remedy": weakness.remedy,
        "rows": finding.rows,
    }


def _print_tables(found: Mapping[str, Finding]) -> None:
    for name, finding in found.items():
        click.echo(f"{finding.weakness.what}: {finding.figure}. [{name}]")
        click.echo(f"  Remedy: {finding.weakness.remedy}")
        print_rows(finding.rows[:MOST_SHOWN], "table")


def _print_together(found: Mapping[str, Finding], form: str) -> None:
    """Print all findings as one table: a row has values in the columns of its finding, and is empty in the others."""
    columns = list(dict.fromkeys(name for finding in found.values() for name in finding.rows[0]))
    empty = dict.fromkeys(columns)
    together = [
        {"finding": name, "figure": finding.figure, "remedy": finding.weakness.remedy, **empty, **row}
        for name, finding in found.items()
        for row in finding.rows
    ]
    print_rows(together, form, columns=["finding", "figure", "remedy", *columns])


def _prove(settings: Settings, repos: tuple[str, ...], form: str) -> None:
    from codeshare.git.quoting import text_of
    from codeshare.git.repository import open_repository
    from codeshare.mining.proof import prove_stored
    from codeshare.mining.targets import targets_of

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
            warn(f"{row['repo']}: {row['path']}: {row['why']}")
        if len(differ) > MOST_SHOWN:
            warn(f"… and {len(differ) - MOST_SHOWN:,} more")
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
