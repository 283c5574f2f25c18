"""``codeshare blame``: each line of a file with its commit, engineer and attribution."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import warn
from codeshare.cli.output import format_option, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd

_LINES = re.compile(r"(?P<first>\d*),(?P<more>\+?)(?P<last>\d*)|(?P<only>\d+)")


@click.command()
@click.argument("path")
@click.option("--rev", metavar="REV", help="The file as it was: a day, tag, branch or commit. Default: the mined tip.")  # fmt: skip
@click.option("--repo", metavar="NAME", help="The repository. Default: the one you stand in.")
@click.option("-L", "lines", metavar="FROM,TO", help="Only these lines; `FROM,+N`: so many from there.")
@format_option
@pass_settings
def blame(
    settings: Settings, path: str, rev: str | None, repo: str | None, lines: str | None, form: str
) -> None:
    """Who wrote each line of a file, by which commit, and on what evidence.

    PATH is relative to the current directory inside a work tree, else to the repository's root. The
    database answers for every landing of the branch; of other commits git is asked. People are named.

    \b
    codeshare blame src/app.py                      as mined
    codeshare blame src/app.py --rev v2.0 -L 10,40  lines of an earlier release
    codeshare blame src/app.py --rev 2025-06-30     as it was at the end of that day
    """
    first, last = _range(lines)
    frame = _asked(settings, path, rev, repo)
    if lines is not None and first > len(frame):
        raise click.BadParameter(f"{lines!r}: the file has {len(frame):,} lines.", param_hint="-L")
    _print(frame.iloc[first - 1 : last], form)


def _asked(settings: Settings, path: str, rev: str | None, repo: str | None) -> pd.DataFrame:
    from codeshare.metrics.at_hand import find_at_hand
    from codeshare.metrics.blame import blame as run
    from codeshare.metrics.revisions import choose_repository

    around = find_at_hand(settings.config) if repo is None else None
    with settings.reading() as connection:
        name = choose_repository(connection, repo, around.name if around else None)
        row = connection.execute("select branch from repos where repo = ?", [name]).fetchone()
        at_hand = find_at_hand(settings.config, name, row[0] if row else None)
        inside = at_hand.path_from_root(path) if at_hand else path
        blamed = run(connection, name, inside, rev, at_hand)
    for note in blamed.notes:
        warn(note)
    return blamed.frame


def _range(lines: str | None) -> tuple[int, int | None]:
    """First and last line of ``-L``, 1-based; None: to the end."""
    if lines is None:
        return 1, None
    match = _LINES.fullmatch(lines)
    if match is None or lines == ",":
        raise click.BadParameter(f"{lines!r}: write it as FROM,TO or FROM,+N.", param_hint="-L")
    if match["only"]:
        return max(int(match["only"]), 1), None
    first = int(match["first"] or 1)
    last = int(match["last"]) if match["last"] else None
    if last is not None and match["more"]:
        last += first - 1
    if first < 1 or (last is not None and last < first):
        raise click.BadParameter(
            f"{lines!r}: the first line is 1, and TO is not before FROM.", param_hint="-L"
        )
    return first, last


def _print(frame: pd.DataFrame, form: str) -> None:
    if form == "table":
        from codeshare.report.source import print_source

        print_source(rows_of(frame))
    else:
        print_rows(rows_of(frame), form, columns=[str(name) for name in frame.columns])
