"""``codeshare``: the group of commands, and the one place where errors become a line and a status."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from codeshare.cli.badge import badge
from codeshare.cli.blame import blame
from codeshare.cli.check import check
from codeshare.cli.ci import ci
from codeshare.cli.completion import completion
from codeshare.cli.context import Settings, is_lake
from codeshare.cli.definitions import definitions
from codeshare.cli.demo import demo
from codeshare.cli.doctor import doctor
from codeshare.cli.estimate import estimate
from codeshare.cli.explain import explain
from codeshare.cli.export import export
from codeshare.cli.failures import told
from codeshare.cli.hook import hook
from codeshare.cli.imports import imports
from codeshare.cli.lake import lake
from codeshare.cli.mine import mine
from codeshare.cli.people import people
from codeshare.cli.query import query
from codeshare.cli.report import report
from codeshare.cli.rules import rules
from codeshare.cli.share import share
from codeshare.cli.sql import sql
from codeshare.cli.verify import verify
from codeshare.errors import CodeshareError
from codeshare.escaping import plain
from codeshare.version import VERSION

_LONGEST_ERROR = 2000


class _Group(click.Group):
    """A group that hands Ctrl-C on as it is: click's own way prints an empty line first."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="codeshare")
@click.option("--db", metavar="FILE", help="The database, or a lake: its folder or URL. Default: codeshare.duckdb, or inside a repository without codeshare.toml one in the cache folder.")  # fmt: skip
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings. Default: codeshare.toml of the current directory.")  # fmt: skip
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait so long for a database in use.")  # fmt: skip
@click.pass_context
def codeshare(context: click.Context, db: str | None, config: Path | None, wait: float) -> None:
    """How much of the code you merge is written by AI, since when, by which agents, and how much more
    your engineers merge: answered from git, with the evidence.

    \b
    codeshare report              the report of the repository you stand in
    codeshare share --by month    the share of AI in merged lines, by month
    codeshare sql "from commits"  the database itself
    """
    context.obj = Settings(Path(db) if db else None, config, wait, db if db and is_lake(db) else None)


for command in (
    mine, report, share, check, blame, explain, estimate, rules, people, sql, query, definitions, doctor, imports, export, verify,
    badge, ci, hook, demo, lake, completion,
):  # fmt: skip
    codeshare.add_command(command)


def main() -> None:
    """Run the command line and leave with the contract's exit status."""
    stdout = sys.stdout
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it ends as in order as with Ctrl-C
    try:
        codeshare.main(prog_name="codeshare", complete_var="_CODESHARE_COMPLETE", standalone_mode=False)
        sys.stdout.flush()  # here, where a reader that has gone is no error
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        _say(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _leave_interrupted()
    except (BrokenPipeError, SystemExit):
        # The reader of our output has gone (`| head`): not an error of ours. click and rich both make
        # it an exit with 1, and nothing else exits inside a command.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        sys.exit(0)
    except CodeshareError as error:
        _say_error(str(error))
        sys.exit(error.exit_status)
    except Exception as error:
        if isinstance(error, RuntimeError) and "Query interrupted" in str(error):  # DuckDB's word for Ctrl-C
            _leave_interrupted()
        if (known := told(error)) is None:
            raise
        _say_error(str(known))
        sys.exit(known.exit_status)


def _say(error: click.ClickException) -> None:
    """Wrong use in one line, with where the right one is told; no command at all brings the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    words = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        words += "" if words.endswith((".", "?", "!")) else "."
        words += f" See `{error.ctx.command_path} --help`."
    _say_error(words)


def _say_error(words: str) -> None:
    """On one line, whatever names it quotes."""
    click.echo(f"error: {plain(words, _LONGEST_ERROR)}", err=True)


def _leave_interrupted() -> NoReturn:
    if sys.stderr.isatty():
        click.echo(err=True)  # the terminal has written ^C
    click.echo("interrupted: what was complete is stored, nothing is half-written.", err=True)
    sys.exit(130)


if __name__ == "__main__":
    main()
