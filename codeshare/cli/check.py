"""``codeshare check``: gates for CI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from codeshare.cli.context import Settings
from codeshare.cli.logs import warn
from codeshare.cli.output import format_option, print_json, print_rows
from codeshare.cli.ranges import asked_range
from codeshare.cli.told import Told, told_options
from codeshare.cli.unanswered import nulls_if_unanswered
from codeshare.config import LEVELS, CheckConfig, PathCheck
from codeshare.errors import CannotKnow, CheckFailed
from codeshare.escaping import terminal

if TYPE_CHECKING:
    from codeshare.metrics.checks import Checked

_PART = click.FloatRange(0, 1)
_UNANSWERED = {"state": "unknown", "verdicts": [], "changed_settings": [], "notes": []}


@click.command()
@click.option("--range", "span", metavar="A..B", help="Judge what B adds to A, by the settings at A. Default: all that is mined.")  # fmt: skip
@click.option("--at-most", type=_PART, metavar="PART", help="The share of AI may be at most this, such as 0.5.")  # fmt: skip
@click.option("--at-least", type=_PART, metavar="PART", help="The share of AI must be at least this.")
@click.option("--path", metavar="GLOB", help="--at-most and --at-least are about these files only; `*` also matches `/`, a folder stands for all in it.")  # fmt: skip
@click.option("--ratchet", type=_PART, metavar="PART", help="The share may be at most so much above that of the weeks before; needs a mined database.")  # fmt: skip
@click.option("--weeks", "ratchet_weeks", type=click.IntRange(min=1), metavar="N", help="How many weeks before.  [default: 12]")  # fmt: skip
@click.option("--coverage", type=_PART, metavar="PART", help="Evidence must speak of at least this part of the lines.")  # fmt: skip
@click.option("--churn", type=_PART, metavar="PART", help="At most this part may be gone again within 14 days; needs a mined database.")  # fmt: skip
@click.option("--left-out", type=click.IntRange(min=0), metavar="LINES", help="A range may bring at most so many lines that no share counts, such as imports and vendored files.")  # fmt: skip
@click.option("--trailers", is_flag=True, help="Trailers must be well-formed.")
@click.option("--agent-trailers", is_flag=True, help="Commits of agents must carry their trailer.")
@click.option(
    "--required-trailer",
    metavar="REGEX",
    callback=lambda *given: _pattern(*given),
    help="Every commit must have a trailer that matches.",
)
@click.option("--settings", "deciding", is_flag=True, help="Files that decide how lines are counted must stay as they are.")  # fmt: skip
@click.option("--level", type=click.Choice(LEVELS), help="What a broken rule comes to.  [default: fail]")
@click.option("--repo", "repos", multiple=True, metavar="NAME", help="Without --range: only this repository; may be repeated.")  # fmt: skip
@click.option("--allow-unknown", is_flag=True, help="Judge also where much could not be read.")
@format_option
@told_options
@click.pass_obj
def check(
    own: Settings, /, span: str | None, path: str | None, deciding: bool, repos: tuple[str, ...], allow_unknown: bool, form: str, told: Told, **given: Any
) -> None:  # fmt: skip
    """Hold a request, a push or all that is merged to rules; status 1 where one is broken, 3 where one cannot be told.

    Rules are those of [check] in codeshare.toml, and options. Of a range all that decides is read at its
    base: what a request changes has no say about it.

    \b
    codeshare check --range origin/main..HEAD --at-most 0.5
    codeshare check --range origin/main..HEAD --at-most 0.2 --path 'crypto/**'
    codeshare check --ratchet 0.05         the last week against the twelve before
    """
    from codeshare.metrics.checks import Checked

    overrule = partial(_over, {**given, "settings": deciding}, path)
    with nulls_if_unanswered(form, Checked.__struct_fields__, _UNANSWERED):
        answer = told.tell(
            lambda: check_asked(own, span, overrule, repos, allow_unknown, needs_rule=not told.is_anybody),
            lambda found: print_checked(found, form),
        )
    leave(answer)


def check_asked(
    settings: Settings,
    span: str | None,
    overrule: Any,
    repos: tuple[str, ...],
    allow_unknown: bool,
    *,
    needs_rule: bool = True,
) -> Checked:
    """Check a range, or without one what is mined."""
    from codeshare.mining.check import check_database, check_range

    if span is None:
        with settings.reading() as whole:
            return check_database(
                whole,
                settings.config,
                overrule=overrule,
                repos=repos,
                allow_unknown=allow_unknown,
                needs_rule=needs_rule,
            )
    if repos:
        raise click.UsageError("--repo is for what is mined; a range is of the repository you stand in.")
    with settings.reading_if_there() as connection, asked_range(span):
        return check_range(
            span,
            overrule=overrule,
            config_file=settings.config_file,
            connection=connection,
            database=settings.database,
            allow_unknown=allow_unknown,
            needs_rule=needs_rule,
        )


def leave(answer: Checked) -> None:
    """End with the status that the verdicts come to.

    Raises:
        CheckFailed: a rule is broken.
        CannotKnow: one cannot be told.
    """
    broken = [each.rule for each in answer.verdicts if each.state == "fail"]
    open_ = [each.rule for each in answer.verdicts if each.state == "unknown"]
    if broken:
        raise CheckFailed(f"broken: {', '.join(dict.fromkeys(broken))}.")
    if open_:
        raise CannotKnow(f"cannot be known: {', '.join(dict.fromkeys(open_))}. What helps stands with each.")


def _over(given: Mapping[str, Any], path: str | None, rules: CheckConfig) -> CheckConfig:
    """The settings, with what was given as an option in their place."""
    asked = {name: value for name, value in given.items() if value is not None and value is not False}
    if path is not None:
        limits = {name: asked.pop(name) for name in ("at_most", "at_least") if name in asked}
        if not limits:
            raise click.UsageError("--path goes with --at-most or --at-least.")
        asked["paths"] = (*rules.paths, PathCheck(path, **limits))
    return replace(rules, **asked)


def _pattern(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """A regular expression."""
    try:
        re.compile(value or "")
    except re.error as error:
        raise click.BadParameter(f"no regular expression: {error}.") from None
    return value


def print_checked(answer: Checked, form: str) -> None:
    """Print a check: in JSON one object, else a row a verdict, and what else there is to say on stderr."""
    if form == "json":
        print_json(answer.as_json())
        return
    names = ("state", "rule", "measured", "limit", "unit", "scope", "says", "remedy", "definition")
    rows = [{name: getattr(each, name) for name in names} for each in answer.verdicts]
    if form == "table":
        _print_words(answer)
    else:
        print_rows(rows, form, columns=names)
    for note in answer.notes:
        warn(note)


def _print_words(answer: Checked) -> None:
    """Verdicts as people read them: a paragraph each."""
    for each in answer.verdicts:
        click.echo(terminal(f"{each.state}: {each.rule}: {each.says}"))
        if each.state != "off":
            click.echo(terminal(f"  of {each.scope}; measured is: {each.definition}"))
        if each.remedy:
            click.echo(terminal(f"  {each.remedy}"))
    if not answer.verdicts:
        click.echo("no rule is set: nothing was checked")
