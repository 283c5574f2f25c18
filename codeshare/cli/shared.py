"""Options of the whole command line, which may stand before a command or after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from codeshare.cli import logs
from codeshare.cli.context import Settings
from codeshare.cli.size import Size
from codeshare.mining.limits import limits

_OF_LOGS = ("quiet", "verbose", "log_file")
_EPILOG = "Options of `codeshare --help` may stand here, too."


def group_options(group: click.Group) -> click.Group:
    """Give the group of all commands its options."""
    group.params += _options()
    return group


def command_options(command: click.Command) -> click.Command:
    """Give a command, and those below, the same options, hidden, for their help would be all of one kind."""
    command.params += _options(hidden=True)
    command.epilog = _EPILOG
    if command.callback is not None:
        command.callback = _limited(command.callback)
    if isinstance(command, click.Group):
        for each in command.commands.values():
            command_options(each)
    return command


def _limited(work: Callable[..., Any]) -> Callable[..., Any]:
    """What a command does, within the limits that were given."""

    @wraps(work)
    def within(*args: Any, **given: Any) -> Any:
        settings = click.get_current_context().ensure_object(Settings)
        with limits(settings.timeout, settings.max_memory):
            return work(*args, **given)

    return within


def _options(*, hidden: bool = False) -> list[click.Option]:
    def option(*names: str, **given: Any) -> click.Option:
        return click.Option(names, callback=_keep, expose_value=False, hidden=hidden, **given)

    return [
        option("--db", metavar="FILE", help="The database, or a lake: its folder or URL. Default: codeshare.duckdb, or inside a repository without codeshare.toml one in the cache folder."),
        option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="Settings. Default: codeshare.toml of the current directory."),
        option("--wait", type=click.FloatRange(min=0), metavar="SECONDS", help="Wait so long for a database in use."),
        option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="End with exit status 3 when it takes longer."),
        option("--max-memory", type=Size(), metavar="SIZE", help="End with exit status 3 when all its processes together use more memory, 500M or 2G say. Linux."),
        option("-q", "--quiet", is_flag=True, help="Only answers, warnings and errors: no notes, no progress."),
        option("-v", "--verbose", count=True, help="Also what is being done, with counts and seconds; -vv: also each git process and each query."),
        option("--log-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Add all that is said and done to this file, with times."),
    ]  # fmt: skip


def _keep(context: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep what was given, wherever it was."""
    assert option.name is not None
    settings = context.ensure_object(Settings)
    if context.get_parameter_source(option.name) in (ParameterSource.DEFAULT, None):
        return
    if option.name == "db":
        settings.use(value)
    else:
        setattr(settings, option.name, value)
    if settings.quiet and settings.verbose:
        raise click.UsageError("--quiet and --verbose: take one of them.", context)
    if option.name in _OF_LOGS and not context.resilient_parsing:
        logs.start(quiet=settings.quiet, verbose=settings.verbose, file=settings.log_file)
