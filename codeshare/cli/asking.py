"""Put a question to the database so that Ctrl-C ends it, and what DuckDB finds wrong with it is one line."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Answer = TypeVar("_Answer")
_Command = TypeVar("_Command", bound=Callable[..., Any])
_PLACE = re.compile(r"\n+LINE (?P<line>\d+): (?P<text>.*)\n(?P<indent> *)\^")
Statements = Sequence[tuple[str, set[str]]]
"""SQL, with the names of its parameters."""
_CHUNK = 10_000
_MOST_SHOWN = 40
_REMEDIES = {
    "Catalog Error:": ' Names: `codeshare sql "show tables"`.',
    "Binder Error:": ' Columns: `codeshare sql "describe TABLE"`.',
    "attached in read-only mode": " To write: `codeshare sql --write`.",
    "disabled by configuration": " To reach files or the network: `codeshare sql --external`.",
}


def parameter_option(command: _Command) -> _Command:
    """``--param``, the same wherever SQL is run; `parameters_of` reads it."""
    option = click.option(
        "--param", "given", multiple=True, metavar="NAME=VALUE", help="Set a parameter; may be repeated."
    )
    return option(command)


def parameters_of(given: Sequence[str]) -> dict[str, object]:
    """Read ``NAME=VALUE`` pairs; values are text, which DuckDB turns into what the query needs.

    Raises:
        click.BadParameter: one of them is no pair.
    """
    found: dict[str, object] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{pair!r}: write it as NAME=VALUE.", param_hint="--param")
        found[name] = value
    return found


class WrongQuestion(click.ClickException):
    """DuckDB refuses a query: wrong use."""

    exit_code = 2


def ask(connection: DuckDBPyConnection, question: Callable[[], _Answer]) -> _Answer:
    """Answer a question in a thread of its own, for DuckDB at work does not look for signals in every plan.

    Raises:
        KeyboardInterrupt: Ctrl-C; the query has ended when this is raised.
    """
    answer: Future[_Answer] = Future()

    def work() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:  # raised again where the answer is waited for
            answer.set_exception(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        return answer.result()
    except KeyboardInterrupt:
        # More than once: it says nothing to a query that begins after it.
        while thread.is_alive():
            connection.interrupt()
            thread.join(0.05)
        raise


def statements_of(connection: DuckDBPyConnection, text: str) -> Statements:
    """Split SQL of the user's into its statements, each with the names of its parameters.

    Raises:
        WrongQuestion: it is no SQL.
    """
    import duckdb

    try:
        return [(each.query, set(each.named_parameters)) for each in connection.extract_statements(text)]
    except duckdb.Error as error:
        raise WrongQuestion(one_line(str(error))) from None


def rows_of_statement(
    connection: DuckDBPyConnection, statement: str, parameters: Mapping[str, object] | None = None
) -> tuple[list[str], list[Any]]:
    """Run one statement of the user's: names of columns, none where it has no result, and rows.

    Raises:
        WrongQuestion: DuckDB refuses it.
    """
    import duckdb

    def question() -> tuple[list[str], list[Any]]:
        result = (
            connection.execute(statement, dict(parameters)) if parameters else connection.execute(statement)
        )
        names = [column[0] for column in result.description or ()]
        rows: list[Any] = []
        # Piece by piece, or nothing could interrupt the reading of many rows.
        while names and (piece := result.fetchmany(_CHUNK)):
            rows += piece
        return names, rows

    try:
        return ask(connection, question)
    except duckdb.Error as error:
        raise WrongQuestion(one_line(str(error))) from None


def one_line(words: str, *, is_typed: bool = True) -> str:
    """DuckDB's words about a wrong query on one line: what is wrong, its hint, where (if the user typed it), where to look."""
    place = _PLACE.search(words)
    said = (words[: place.start()] if place else words).strip()
    sentences = [" ".join(part.split()) for part in said.split("\n\n") if part.strip()]
    if place and is_typed:
        sentences.append(f"Line {place['line']}, at `{_shown(place)}`")
    line = " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in sentences)
    return line + next((remedy for said, remedy in _REMEDIES.items() if said in words), "")


def _shown(place: re.Match[str]) -> str:
    """What stands where the caret points."""
    before = len(f"LINE {place['line']}: ")
    rest = place["text"][max(len(place["indent"]) - before, 0) :].strip()
    return rest if len(rest) <= _MOST_SHOWN else f"{rest[:_MOST_SHOWN].rstrip()}…"
