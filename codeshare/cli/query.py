"""``codeshare query``: the named queries that every figure comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codeshare.cli.asking import WrongQuestion, ask, one_line, parameter_option, parameters_of
from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_frame, print_rows

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection


@click.command()
@click.argument("name", required=False, shell_complete=lambda context, parameter, begun: _names(begun))
@click.option("--list", "listing", is_flag=True, help="List the queries, with the question each answers.")
@click.option("--show", is_flag=True, help="Print the SQL instead of running it.")
@parameter_option
@format_option
@pass_settings
def query(
    settings: Settings, name: str | None, listing: bool, show: bool, given: tuple[str, ...], form: str
) -> None:
    """Run a named query.

    \b
    codeshare query --list
    codeshare query volume_quarterly
    codeshare query ai_share --param part=quarter --format csv
    """
    from codeshare.metrics.queries import load_query, query_names

    if listing:
        rows = [{"query": each, "question": load_query(each).question} for each in query_names()]
        print_rows(rows, form)
        return
    if name is None:
        raise click.UsageError("Name a query, or list them with --list.")
    asked = load_query(name)
    if show:
        click.echo(asked.sql.strip())
        return
    parameters = parameters_of(given)
    with settings.reading() as connection:
        frame = _asked(connection, name, parameters)
    print_frame(frame, form)


def _asked(connection: DuckDBPyConnection, name: str, parameters: dict[str, object]) -> pd.DataFrame:
    import duckdb

    from codeshare.metrics.queries import run

    try:
        return ask(connection, lambda: run(connection, name, **parameters))
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        if not parameters:
            raise
        raise WrongQuestion(
            f"query {name}: {one_line(str(error), is_typed=False)} Look at --param: `codeshare query {name} --show` says what it takes."
        ) from None


def _names(begun: str) -> list[str]:
    """Names of queries, for a shell that completes one."""
    from codeshare.metrics.queries import query_names

    return [name for name in query_names() if name.startswith(begun)]
