"""The SQL shell: statements typed at a prompt, answered one by one."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeshare.cli.asking import WrongQuestion, statements_of
from codeshare.cli.logs import fail, say
from codeshare.cli.output import FORMATS, print_rows
from codeshare.cli.sql import run_statements
from codeshare.config import cache_folder
from codeshare.errors import CodeshareError
from codeshare.nearest import nearest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

HELP = """\
A statement ends with `;` and may take several lines. Tab completes names, the arrows walk through what was asked
before, Ctrl-C ends a query, Ctrl-D the shell.
.tables          tables and views, with what a row of each is
.describe NAME   the columns of a table or view, with what they mean
.queries         the named queries, with the question each answers
.show NAME       the SQL of a named query
.run NAME        a named query's rows
.format FORMAT   how rows are printed: table, json, csv or markdown
.help            this
.quit            leave
"""
_RELATIONS = """
select table_name as name, comment as "one row" from duckdb_tables() where not internal and not temporary
union all
select view_name, comment from duckdb_views() where not internal and not temporary
order by name
"""
_COLUMNS = """
select column_name as "column", data_type as type, comment as what
from duckdb_columns() where table_name = $name and not internal order by column_index
"""
_WORDS = """
select distinct word from (
    select table_name as word from duckdb_columns() where not internal
    union all select column_name from duckdb_columns() where not internal
    union all select function_name from duckdb_functions() where not internal or function_type in ('aggregate', 'macro')
    union all select keyword_name from duckdb_keywords() where keyword_category = 'reserved'
) where regexp_full_match(word, '[a-z_0-9]+') order by word
"""


def run_shell(
    connection: DuckDBPyConnection,
    database: Path,
    form: str,
    parameters: Mapping[str, object],
    source: Input | None = None,
    screen: Output | None = None,
) -> None:
    """Ask, answer, until there is no more input.

    Args:
        connection: an open database.
        database: its file, for the greeting.
        form: how rows are printed at first, one of `FORMATS`.
        parameters: values of ``$name`` in statements.
        source: where keys come from; default: the terminal.
        screen: where the prompt goes; default: the terminal.
    """
    shell = _Shell(connection, form, dict(parameters))
    session = _session(completer(connection), source, screen)
    say(f"{database}: statements end with `;`, .help for more, Ctrl-D to leave.")
    while True:
        try:
            text = session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.strip() in (".quit", ".exit"):
            return
        try:
            _paged(partial(shell.answer, text))
        except KeyboardInterrupt:
            say("Interrupted.")
        except (click.ClickException, CodeshareError) as error:
            fail(error.format_message() if isinstance(error, click.ClickException) else str(error))


def completer(connection: DuckDBPyConnection) -> Completer:
    """Complete the names of tables, columns, functions and SQL, and the shell's own commands."""
    from prompt_toolkit.completion import WordCompleter

    from codeshare.metrics.queries import query_names

    words = [word for (word,) in connection.execute(_WORDS).fetchall()]
    commands = [line.split()[0] for line in HELP.splitlines() if line.startswith(".")]
    return WordCompleter([*commands, *words, *query_names()], ignore_case=True, pattern=_word())


def is_whole(text: str) -> bool:
    """Whether what was typed can be run: a command of the shell, or SQL whose last statement has its `;`."""
    typed = text.strip()
    return not typed or typed.startswith(".") or typed.endswith(";")


class _Shell:
    def __init__(self, connection: DuckDBPyConnection, form: str, parameters: dict[str, object]) -> None:
        self.connection = connection
        self.form = form
        self.parameters = parameters

    def answer(self, text: str) -> None:
        """Do what a line says, and print what it answers."""
        if not text.strip().startswith("."):
            statements = statements_of(self.connection, text)
            run_statements(self.connection, statements, self.form, self.parameters)
            return
        command, _, rest = text.strip().rstrip(";").partition(" ")
        commands: dict[str, Callable[[str], None]] = {
            ".tables": lambda _: self._tables(),
            ".describe": self._describe,
            ".queries": lambda _: self._queries(),
            ".show": self._show,
            ".run": self._run,
            ".format": self._format,
            ".help": lambda _: click.echo(HELP, nl=False),
        }
        if command not in commands:
            raise WrongQuestion(
                f"{command}: no such command; {nearest(command, commands, '.help lists them.')}"
            )
        commands[command](rest.strip())

    def _rows(self, sql: str, **parameters: object) -> int:
        found = self.connection.execute(sql, parameters) if parameters else self.connection.execute(sql)
        names = [column[0] for column in found.description or ()]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        if rows:
            print_rows(rows, self.form, columns=names)
        return len(rows)

    def _tables(self) -> None:
        self._rows(_RELATIONS)

    def _describe(self, name: str) -> None:
        if not self._rows(_COLUMNS, name=name.lower()):
            names = [row[0] for row in self.connection.execute(_RELATIONS).fetchall()]
            meant = nearest(name.lower(), names, ".tables lists them.")
            raise WrongQuestion(f"{name or '.describe'}: no such table or view; {meant}")

    def _queries(self) -> None:
        from codeshare.metrics.queries import load_query, query_names

        rows = [{"query": name, "question": load_query(name).question} for name in query_names()]
        print_rows(rows, self.form)

    def _show(self, name: str) -> None:
        from codeshare.metrics.queries import load_query

        click.echo(load_query(name).sql.strip())

    def _run(self, name: str) -> None:
        from codeshare.cli.output import print_frame
        from codeshare.metrics.queries import run

        print_frame(run(self.connection, name), self.form)

    def _format(self, name: str) -> None:
        if name not in FORMATS:
            raise WrongQuestion(f".format: one of {', '.join(FORMATS)}.")
        self.form = name


def _session(words: Completer, source: Input | None, screen: Output | None) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.history import FileHistory, InMemoryHistory
    from prompt_toolkit.lexers import PygmentsLexer
    from pygments.lexers.sql import SqlLexer

    def typed() -> bool:
        from prompt_toolkit.application import get_app

        return not is_whole(get_app().current_buffer.text)

    history = cache_folder() / "sql_history"
    try:
        history.parent.mkdir(parents=True, exist_ok=True)
        history.touch(mode=0o600)
        kept: FileHistory | InMemoryHistory = FileHistory(str(history))
    except OSError:
        kept = InMemoryHistory()
    return PromptSession(
        "codeshare> ", multiline=Condition(typed), prompt_continuation="      ...> ", completer=words, history=kept,
        complete_while_typing=False, lexer=PygmentsLexer(SqlLexer), input=source, output=screen,
    )  # fmt: skip


def _word() -> Any:
    import re

    return re.compile(r"[.\w]+")


def _paged(answer: Callable[[], None]) -> None:
    """Print an answer; what is higher or wider than the terminal goes through the pager, which does not fold lines."""
    caught = io.StringIO()
    caught.isatty = lambda: False  # type: ignore[method-assign]
    try:
        with redirect_stdout(caught):
            answer()
    finally:
        lines = caught.getvalue().splitlines(keepends=True)
        terminal = shutil.get_terminal_size()
        if len(lines) >= terminal.lines or any(len(line.rstrip()) > terminal.columns for line in lines):
            os.environ.setdefault("LESS", "-SRFX")
            click.echo_via_pager("".join(lines))
        else:
            click.echo("".join(lines), nl=False)
