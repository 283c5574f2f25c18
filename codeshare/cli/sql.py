"""``codeshare sql``: ad-hoc SQL on the database, read-only."""

from __future__ import annotations

import click

from codeshare.cli.asking import rows_of_statement
from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_rows


@click.command()
@click.argument("statement", metavar="QUERY")
@format_option
@pass_settings
def sql(settings: Settings, statement: str, form: str) -> None:
    """Run one SQL query; the database is opened read-only and reaches nothing outside itself.

    \b
    codeshare sql "from ai_share_monthly"
    codeshare sql "select tool, count(*) from commits group by all" --format csv
    """
    with settings.reading() as connection:
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        # Not as a frame: that turns whole numbers into floats where one is missing or the type is large.
        columns, found = rows_of_statement(connection, statement)
    if columns:
        names = _distinct(columns)
        print_rows([dict(zip(names, row, strict=True)) for row in found], form, columns=names)


def _distinct(names: list[str]) -> list[str]:
    """Names of columns, those that repeat numbered."""
    return [
        name if name not in names[:k] else f"{name}_{names[:k].count(name)}" for k, name in enumerate(names)
    ]
