"""``codeshare verify``: figures that others published, computed anew and compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import warn
from codeshare.cli.output import format_option, print_json, print_rows
from codeshare.cli.progress import mining_progress
from codeshare.errors import CannotKnow, CheckFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.conformance.comparison import Compared
    from codeshare.metrics.at_hand import AtHand

MOST_SHOWN = 40


@click.command()
@click.option("--against", required=True, type=click.Choice(["git-ai", "blame", "git-of-theseus"]), help="Whose figures FILE holds.")  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("where", required=False, metavar="[REPO]")
@click.option("--tolerance", type=click.FloatRange(min=0), default=0.01, show_default=True, help="Part of a published figure by which ours may differ.")  # fmt: skip
@click.option("--rules", default="aider", show_default=True, metavar="NAME|FILE", help="blame: by which was counted; a TOML file, or those shipped under a name.")  # fmt: skip
@click.option("--only", multiple=True, metavar="TAG", help="blame: only these releases; may be repeated.")
@click.option("--rev", metavar="REV", help="git-ai: the commit that a single object is about. Default: the mined tip.")  # fmt: skip
@click.option("--ignore", multiple=True, metavar="PATTERN", help="git-ai: files left out besides its own list; may be repeated.")  # fmt: skip
@click.option("--cohort-format", default="%Y", show_default=True, help="git-of-theseus: its --cohortfm.")
@click.option("--all-filetypes", is_flag=True, help="git-of-theseus: it was run with --all-filetypes.")
@format_option
@pass_settings
def verify(
    settings: Settings,
    against: str,
    file: Path,
    where: str | None,
    tolerance: float,
    rules: str,
    only: tuple[str, ...],
    rev: str | None,
    ignore: tuple[str, ...],
    cohort_format: str,
    all_filetypes: bool,
    form: str,
) -> None:
    """Compute figures anew that others published about a repository, and say which are equal, which are not and why.

    REPO is the repository's folder, or its name in the database; default: the one around here, else the only one.
    git-ai and git-of-theseus are compared with what was mined, blame with git itself.

    Exit status 0 if all are equal within the tolerance, 1 if one is not, 3 if none can be known.

    \b
    codeshare verify --against git-ai stats.jsonl
    codeshare verify --against blame aider/website/_data/blame.yml ../aider
    codeshare verify --against git-of-theseus cohorts.json
    """
    if against == "blame":
        compared = _blame(settings, file, where, rules, only, tolerance)
    else:
        from codeshare.conformance.git_ai import compare_git_ai
        from codeshare.conformance.theseus import compare_cohorts

        def ask(connection: DuckDBPyConnection, repo: str, at_hand: AtHand | None) -> Compared:
            if against == "git-ai":
                return compare_git_ai(connection, repo, file, rev=rev, at_hand=at_hand, ignored=ignore, tolerance=tolerance)  # fmt: skip
            return compare_cohorts(connection, repo, file, cohort_format=cohort_format, all_files=all_filetypes, tolerance=tolerance)  # fmt: skip

        compared = _mined(settings, where, ask)
    _print(compared, form)
    _conclude(compared)


def _mined(
    settings: Settings, where: str | None, ask: Callable[[DuckDBPyConnection, str, AtHand | None], Compared]
) -> Compared:
    from codeshare.metrics.at_hand import find_at_hand, open_at_hand
    from codeshare.metrics.revisions import choose_repository, held

    with settings.reading() as connection:
        is_folder = where is not None and where not in held(connection)
        at_hand = open_at_hand(where) if where and is_folder else find_at_hand(settings.config, where)
        name = at_hand.name if at_hand and is_folder else where
        repo = choose_repository(connection, name, at_hand.name if at_hand else None)
        return ask(connection, repo, at_hand if at_hand and at_hand.name == repo else None)


def _blame(
    settings: Settings, file: Path, where: str | None, rules: str, only: tuple[str, ...], tolerance: float
) -> Compared:
    from codeshare.conformance.blame_rules import load_rules
    from codeshare.conformance.release_blame import compare_releases
    from codeshare.metrics.at_hand import find_at_hand, open_named

    loaded = load_rules(rules)
    configured = find_at_hand(settings.config, where) if where and not Path(where).exists() else None
    at_hand = configured or open_named(where or ".")
    with mining_progress() as tell:
        return compare_releases(
            at_hand,
            file,
            loaded,
            only=only,
            tolerance=tolerance,
            tell=lambda done, total: tell(at_hand.name, "counting releases", done, total),
        )


def _print(compared: Compared, form: str) -> None:
    verdicts = compared.verdicts()
    rows = compared.rows()
    if form == "json":
        print_json({"tolerance": compared.tolerance, "verdicts": dict(verdicts), "notes": list(compared.notes), "figures": rows})  # fmt: skip
        return
    if form != "table":
        print_rows(rows, form, columns=["place", "figure", "published", "ours", "verdict", "why"])
        return
    unlike = [row for row in rows if row["verdict"] not in ("equal", "within")]
    if unlike:
        print_rows(unlike[:MOST_SHOWN], "table")
    if len(unlike) > MOST_SHOWN:
        click.echo(f"… and {len(unlike) - MOST_SHOWN:,} more; --format csv has all.")
    counts = ", ".join(f"{verdicts[each]:,} {each}" for each in ("equal", "within", "different", "unknown") if verdicts[each])  # fmt: skip
    click.echo(f"{len(rows):,} figures: {counts or 'none'} (tolerance {compared.tolerance:g} of the published figure).")  # fmt: skip
    for note in compared.notes if unlike else ():
        click.echo(f"note: {note}.")


def _conclude(compared: Compared) -> None:
    verdicts = compared.verdicts()
    if verdicts["different"]:
        raise CheckFailed(f"{verdicts['different']:,} of {verdicts.total():,} figures differ.")
    if verdicts["unknown"] == verdicts.total():
        raise CannotKnow("none of these figures can be computed here: mine the repository and branch that they are about.")  # fmt: skip
    if verdicts["unknown"]:
        warn(f"{verdicts['unknown']:,} figures cannot be computed here.")
