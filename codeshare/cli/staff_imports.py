"""``codeshare import teams``, ``headcount`` and ``holidays``: what people keep in spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import note, say

if TYPE_CHECKING:
    from codeshare.mining.staff_imports import Taken

_TEAMS = """Import who is in which team.

FILE: CSV with the columns person (an address or a name), team and, if you like, from and to, the first and the last
day. It is used at once and stays through `mine`, unless codeshare.toml has teams, which go before it. One wrong row,
and nothing is imported.

\b
codeshare import teams teams.csv
codeshare import teams teams-november.csv --replace
codeshare import teams --remove teams.csv
"""
_HEADCOUNT = """Import how many engineers there were, for the volume per head.

FILE: CSV with the columns quarter (2025-Q1), engineers and, if you like, team. It is used at once and stays through
`mine`, unless codeshare.toml names a file, which goes before it. One wrong row, and nothing is imported.

\b
codeshare import headcount heads.csv
"""
_HOLIDAYS = """Import days on which nobody works; working days are counted without them.

FILE: CSV with the columns day (2026-05-01, or 1.5.2026) and, if you like, name. It is used at once and stays through
`mine`, unless codeshare.toml has holidays, which go before it. One wrong row, and nothing is imported.

\b
codeshare import holidays holidays-2026.csv
"""


def _command(kind: str, words: str) -> click.Command:
    @click.command(kind, help=words)
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
    @click.option(
        "--source",
        metavar="NAME",
        help="What the file is called from now on: imported again under it, it is replaced. Default: its name.",
    )
    @click.option("--replace", is_flag=True, help="In the place of all that was imported of this kind.")
    @click.option("--remove", metavar="NAME", help="Remove what was imported under a name.")
    @pass_settings
    def run(
        settings: Settings, file: Path | None, source: str | None, replace: bool, remove: str | None
    ) -> None:
        from codeshare.mining.staff_imports import import_staff
        from codeshare.staff import READERS

        if (file is None) == (remove is None) or (remove is not None and (source or replace)):
            raise click.UsageError(
                "Name a FILE, with --source or --replace if need be, or --remove NAME alone."
            )
        rows = READERS[kind](file) if file else ()
        name = remove or source or (file.name if file else "")
        with settings.adding() as connection:
            taken = import_staff(connection, settings.config, kind, name, rows, replace=replace)
        _tell(kind, name, taken)

    return run


def _tell(kind: str, name: str, taken: Taken) -> None:
    stored, removed = (
        f"{count:,} {'row' if count == 1 else 'rows'}" for count in (taken.rows, taken.removed)
    )
    instead = f", in the place of {removed}" if taken.removed else ""
    say(f"{name}: {stored} imported{instead}." if taken.rows else f"{name}: {removed} removed.")
    if taken.unknown:
        some = ", ".join(each.person for each in taken.unknown[:3]) + (" …" if len(taken.unknown) > 3 else "")
        note(f"{len(taken.unknown):,} of them speak of nobody in a mined repository: {some}")
    if taken.before:
        note(f"kept, but not used: {kind} of {taken.before} goes before what is imported.")


COMMANDS = (_command("teams", _TEAMS), _command("headcount", _HEADCOUNT), _command("holidays", _HOLIDAYS))
