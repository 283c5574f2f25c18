"""Prints the generated parts of README.md and docs/*.md; `make docs` fails when they drift.

Renew them with `.venv/bin/cog -r README.md docs/*.md`. Nothing here depends on the terminal, the
user's settings or the day.
"""

from __future__ import annotations

import ast
import inspect
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import click
from click.testing import CliRunner
from msgspec import NODEFAULT, Struct

from codeshare.cli.main import codeshare
from codeshare.config import CheckConfig

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 96

# The repository of README's examples, in the form of `git fast-import`: a person's commit, an agent's, a bot's.
EXAMPLE = [
    ("Ann Lee <ann@example.org>", 1767603600, "Count the boats", "count.py", 40),
    ("Ann Lee <ann@example.org>", 1767690000, "Count the piers\n\nCo-Authored-By: Claude <noreply@anthropic.com>", "piers.py", 120),
    ("dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>", 1767776400, "Bump numpy", "requirements.txt", 2),
]  # fmt: skip


def commands() -> str:
    """Every command with its first sentence, as a table."""
    rows = [
        (f"[`{name}`](docs/commands.md#codeshare-{name})", _first_sentence(command))
        for name, command in codeshare.commands.items()
    ]
    return table(("command", "does"), rows)


def usage() -> str:
    """``--help`` of the group and of every command, each under its heading."""
    group = click.Context(
        codeshare, info_name="codeshare", terminal_width=WIDTH, help_option_names=["-h", "--help"]
    )
    parts = ["## codeshare\n", _help(codeshare, group)]
    for name, command in codeshare.commands.items():
        context = click.Context(command, info_name=name, parent=group, terminal_width=WIDTH)
        parts += [f"\n## codeshare {name}\n", _help(command, context)]
        for inner, part in getattr(command, "commands", {}).items():
            below = click.Context(part, info_name=inner, parent=context, terminal_width=WIDTH)
            parts += [f"\n### codeshare {name} {inner}\n", _help(part, below)]
    return "\n".join(parts)


def settings(name: str) -> str:
    """The keys of one class of ``codeshare.config``, as a table."""
    from codeshare import config

    tables = {field: f"[[{key}]]" for key, (field, _) in config._TABLES.items()}
    tables |= {field: f"[[{key}]]" for key, field in config._RAW.items()}
    tables |= {"check": "[check]"} | ({"paths": "[[check.path]]"} if name == "CheckConfig" else {})
    rows = [
        (f"`{tables.get(key, key)}`", _type(each.type), _default(each.default), each.help)
        for key, each in config.keys_of(getattr(config, name)).items()
    ]
    return table(("key", "value", "default", "what"), rows)


def tables() -> str:
    """Every table of the database with its columns."""
    return "\n".join(_relations("duckdb_tables()", "table_name"))


def views() -> str:
    """Every view of the database with its columns."""
    return "\n".join(_relations("duckdb_views()", "view_name"))


def macros() -> str:
    """Every macro of the database with its parameters."""
    with _empty_database() as connection:
        found = connection.execute(
            "select function_name, parameters, comment from duckdb_functions() where not internal order by function_name"
        ).fetchall()
    rows = [(f"`{name}({', '.join(parameters)})`", comment) for name, parameters, comment in found]
    return table(("macro", "what"), rows)


def queries() -> str:
    """Every named query: question, grain, units, parameters."""
    from codeshare.metrics.queries import load_query, query_names

    parts: list[str] = []
    for query in map(load_query, query_names()):
        parts += [f"## {query.name}\n", f"**{query.question}**\n", f"- Grain: {query.grain}"]
        parts += [f"- Units: {query.units}"] if query.units != "none" else []
        given = (f"`{p.name}` ({p.type}, default {p.default or 'none'})" for p in query.parameters)
        parts += [f"- Parameters: {', '.join(given)}"] if query.parameters else []
        parts.append("")
    return "\n".join(parts)


def functions() -> str:
    """Every function of ``import codeshare`` with its parameters and documentation."""
    import codeshare as package

    parts: list[str] = []
    for name in package.__all__:
        each = getattr(package, name)
        if inspect.isfunction(each):
            given = ", ".join(_parameters(inspect.signature(each)))
            parts += [f"### {name}\n", fenced(f"{name}({given})\n\n{inspect.getdoc(each)}", "text"), ""]
    return "\n".join(parts)


def _parameters(signature: inspect.Signature) -> Iterator[str]:
    is_keyword = False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not is_keyword:
            is_keyword = True
            yield "*"
        yield str(parameter.replace(annotation=parameter.empty))


def packages() -> str:
    """Every package of codeshare with what it is for, from its docstring."""
    rows = []
    for path in sorted((ROOT / "codeshare").glob("*/__init__.py")):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        rows.append((f"`codeshare/{path.parent.name}`", words.splitlines()[0]))
    return table(("package", "what"), rows)


def session(*lines: str) -> str:
    """Run commands in a small repository and print them with their output, as a terminal shows it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_example(folder / "boats")
        run_quietly(folder / "boats", folder / "boats.duckdb")
        return fenced("\n".join(_answer(line, folder) for line in lines), "console")


def make_example(folder: Path) -> None:
    """Make the repository of README's examples; the same to the byte wherever it is made."""
    _git(folder.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    stream = []
    for author, seconds, message, path, lines in EXAMPLE:
        content = "".join(f"{path[0]}_{n} = {n}\n" for n in range(lines))
        stream += [
            "commit refs/heads/main",
            f"author {author} {seconds} +0000",
            f"committer {author} {seconds} +0000",
        ]
        stream += [_data(message + "\n"), f"M 100644 inline {path}", _data(content)]
    _git(folder, "fast-import", "--quiet", feed="\n".join(stream) + "\n")


def run_quietly(repository: Path, database: Path) -> None:
    """Mine a repository, whatever CI or settings this runs under."""
    from codeshare.config import Config
    from codeshare.mining.run import Target, mine

    mine([Target(str(repository), "boats", "main")], database, Config(), jobs=1)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fenced(text: str, language: str = "text") -> str:
    """A fenced block, without blanks at the ends of its lines."""
    body = "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
    return f"```{language}\n{body}\n```"


def _answer(line: str, folder: Path) -> str:
    """A command line and what it prints on stdout."""
    arguments = ["--db", str(folder / "boats.duckdb"), *shlex.split(line)[1:]]
    with chdir(folder):  # no codeshare.toml of the caller's
        result = CliRunner().invoke(codeshare, arguments, catch_exceptions=False, standalone_mode=False)
    return f"$ {line}\n{result.stdout}"


def _help(command: click.Command, context: click.Context) -> str:
    return fenced(command.get_help(context))


def _first_sentence(command: click.Command) -> str:
    words = " ".join((command.help or "").split("\n\n")[0].split())
    return words.partition(". ")[0].rstrip(".") + "."


def _relations(source: str, column: str) -> Iterator[str]:
    with _empty_database() as connection:
        found = connection.execute(
            f"select {column}, comment from {source} where not internal order by {column}"
        ).fetchall()
        for name, comment in found:
            columns = connection.execute(
                "select column_name, data_type, comment from duckdb_columns() where table_name = ? and not internal order by column_index",
                [name],
            ).fetchall()
            yield f"### {name}\n\n{comment}.\n"
            yield table(
                ("column", "type", "what"),
                [(f"`{c}`", f"`{kind}`", words or "") for c, kind, words in columns],
            )
            yield ""


@contextmanager
def _empty_database() -> Iterator[DuckDBPyConnection]:
    import duckdb

    from codeshare.store.database import create_schema

    with duckdb.connect() as connection:
        create_schema(connection)
        yield connection


def _type(of: Any) -> str:
    words = {
        str: "text",
        int: "whole number",
        date: "date",
        float: "number",
        bool: "true or false",
        CheckConfig: "table",
        tuple[str, ...]: "list of texts",
        tuple[date, ...]: "list of dates",
    }
    return words.get(of, "table" if get_origin(of) is Mapping else "tables")


def _default(value: object) -> str:
    if value is NODEFAULT:
        return "required"
    if value == {}:
        return "empty"
    if value is None or value == () or value == "" or isinstance(value, Struct):
        return "none"
    return f"`{value.isoformat() if isinstance(value, date) else str(value).lower() if isinstance(value, bool) else value if isinstance(value, int) else repr(value)}`".replace(
        "'", '"'
    )


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"


def _git(folder: Path, *args: str, feed: str = "") -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    closed = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *args], cwd=folder, input=feed, env=kept | closed, text=True, check=True)
