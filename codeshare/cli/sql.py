"""``codeshare sql``: SQL on the database, read-only unless asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import click

from codeshare.cli.asking import Statements, parameter_option, parameters_of, rows_of_statement, statements_of
from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@click.command()
@click.argument("statement", required=False, metavar="[QUERY]")
@click.option("-f", "--file", "script", type=click.File(encoding="utf-8"), metavar="FILE", help="Run the statements of a file; `-` is standard input.")  # fmt: skip
@parameter_option
@click.option("--write", is_flag=True, help="Let statements change the database.")
@click.option("--external", is_flag=True, help="Let statements read and write other files and reach the network.")  # fmt: skip
@format_option
@pass_settings
def sql(
    settings: Settings,
    statement: str | None,
    script: IO[str] | None,
    given: tuple[str, ...],
    write: bool,
    external: bool,
    form: str,
) -> None:
    """Run SQL; without a query, open a shell with completion and history.

    The database is opened read-only, and queries reach nothing outside it, unless asked for.

    \b
    codeshare sql "from ai_share_monthly"
    codeshare sql "select tool, count(*) from commits group by all" --format csv
    codeshare sql "from commits where merged_at >= $since" --param since=2026-01-01
    codeshare sql -f questions.sql
    codeshare sql --external "copy (from shares) to 'shares.parquet'"
    codeshare sql                       .help in the shell says what it knows
    """
    if statement is not None and script is not None:
        raise click.UsageError("Give a query or -f, not both.")
    parameters = parameters_of(given)
    if statement is None and script is None:
        if sys.stdin.isatty():
            from codeshare.cli.shell import run_shell

            with _opened(settings, write, external) as connection:
                run_shell(connection, settings.database, form, parameters)
            return
        script = sys.stdin
    text = statement if statement is not None else script.read() if script else ""
    with _opened(settings, write, external) as connection:
        statements = statements_of(connection, text)
        _check_parameters(statements, parameters)
        run_statements(connection, statements, form, parameters)


@contextmanager
def _opened(settings: Settings, write: bool, external: bool) -> Iterator[DuckDBPyConnection]:
    with settings.writing(external=external) if write else settings.reading(external=external) as connection:
        connection.execute("set lock_configuration = true")
        yield connection


def _check_parameters(statements: Statements, parameters: Mapping[str, object]) -> None:
    if not statements:
        raise click.UsageError("Give a query, or a file of some with -f.")
    known = set().union(*(names for _, names in statements))
    if unknown := sorted(parameters.keys() - known):
        raise click.BadParameter(f"no statement has ${unknown[0]}.", param_hint="--param")


def run_statements(
    connection: DuckDBPyConnection, statements: Statements, form: str, parameters: Mapping[str, object]
) -> None:
    """Run statements one after the other and print what each answers; the first that is wrong ends it.

    Raises:
        WrongQuestion: DuckDB refuses a statement; those before it have run.
    """
    for statement, names in statements:
        wanted = {name: parameters[name] for name in names if name in parameters}
        # Not as a frame: that turns whole numbers into floats where one is missing or the type is large.
        columns, found = rows_of_statement(connection, statement, wanted)
        if columns:
            distinct = _distinct(columns)
            print_rows([dict(zip(distinct, row, strict=True)) for row in found], form, columns=distinct)


def _distinct(names: list[str]) -> list[str]:
    """Names of columns, those that repeat numbered."""
    return [
        name if name not in names[:k] else f"{name}_{names[:k].count(name)}" for k, name in enumerate(names)
    ]
