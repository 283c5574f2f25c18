"""``codeshare rules``: the rules that attribute commits, tried and counted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec.structs import replace

from codeshare.attribution.rule import RECORDED, STEPS
from codeshare.cli.asking import ask
from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.output import format_option, print_frame, print_json, print_rows, print_words
from codeshare.errors import CheckFailed

if TYPE_CHECKING:
    from codeshare.attribution.trial import Trial
    from codeshare.model import Commit, Identity

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SOMEBODY = "Ann Lee <ann@example.org>"


def _filters(command: _Command) -> _Command:
    kinds = [step for step in STEPS if step not in RECORDED]
    tool = click.option("--tool", metavar="TEXT", help="Only tools whose name holds this.")
    kind = click.option("--kind", type=click.Choice(kinds), help="Only rules of this kind.")
    return tool(kind(format_option(command)))


@click.group(invoke_without_command=True)
@_filters
@click.pass_context
def rules(context: click.Context, tool: str | None, kind: str | None, form: str) -> None:
    """List the rules that attribute commits; try one commit on them; see what they found.

    \b
    codeshare rules --tool claude
    codeshare rules test "Co-authored-by: Claude <noreply@anthropic.com>"
    codeshare rules used
    """
    if context.invoked_subcommand is None:
        _print_list(context.obj, tool, kind, form)


@rules.command("list")
@_filters
@pass_settings
def list_(settings: Settings, tool: str | None, kind: str | None, form: str) -> None:
    """List all rules: what they look for, from when on they are believed, whether they are on.

    \b
    codeshare rules list --kind branch --format markdown
    """
    _print_list(settings, tool, kind, form)


def _print_list(settings: Settings, tool: str | None, kind: str | None, form: str) -> None:
    from codeshare.attribution.catalogue import configured_catalogue

    rows = configured_catalogue(settings.config).rows()
    wanted = [
        row
        for row in rows
        if (tool is None or tool.lower() in row["tool"].lower()) and kind in (None, row["kind"])
    ]
    print_rows(wanted, form, columns=list(rows[0]))


@rules.command()
@click.argument("message")
@click.option("--author", default=_SOMEBODY, show_default=True, metavar="WHO", help='"Name <address>".')
@click.option("--committer", metavar="WHO", help="Default: the author.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The committer's day. Default: today.")
@click.option("--branch", metavar="NAME", help="The branch that the commit came in with.")
@format_option
@pass_settings
def test(
    settings: Settings,
    message: str,
    author: str,
    committer: str | None,
    day: datetime | None,
    branch: str | None,
    form: str,
) -> None:
    """Try a commit's message: every rule that fires, which one decides, and near misses.

    Near misses are rules that match but are switched off, or are not believed on that day. A MESSAGE
    of - is read from the standard input.

    \b
    codeshare rules test "Assisted-by: Claude:claude-opus-4-6"
    git log -1 --format=%B | codeshare rules test - --author "Ann Lee <ann@example.org>" --date 2025-06-01
    """
    from codeshare.attribution.catalogue import configured_catalogue
    from codeshare.attribution.trial import conclusion, try_commit

    when = day or datetime.now(UTC).replace(tzinfo=None)
    trial = try_commit(
        configured_catalogue(settings.config), _commit(message, author, committer, when), branch
    )
    rows = _hits(trial)
    said = conclusion(trial.attribution)
    if form == "json":
        found = trial.attribution
        print_json(
            {
                "attribution": found.attribution.value,
                "confidence": found.confidence.value,
                "rule": found.rule,
                "tool": found.tool,
                "model": found.model,
                "is_mixed": found.is_mixed,
                "conclusion": said,
                "hits": rows,
            }
        )
        return
    if rows:
        print_rows(rows, form)
    print_words(said, form)


def _commit(message: str, author: str, committer: str | None, when: datetime) -> Commit:
    from codeshare.model import Commit

    if message == "-":
        message = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    message = message.strip("\n") + "\n"
    who = _identity("--author", author)
    carrier = _identity("--committer", committer) if committer else who
    return Commit("0" * 40, ("1" * 40,), who, carrier, when, when, message)


def _identity(option: str, words: str) -> Identity:
    from codeshare.attribution.trailers import parse_person

    found = parse_person(words)
    if found is None:
        raise click.BadParameter(f'{words!r}: write it as "Name <address>".', param_hint=option)
    return found


def _hits(trial: Trial) -> list[dict[str, Any]]:
    return [
        {
            "rule": piece.rule,
            "tool": piece.tool,
            "kind": piece.kind,
            "class": piece.attribution.value,
            "confidence": piece.confidence.value,
            "model": piece.model,
            "origin": piece.origin,
            "excerpt": piece.excerpt,
            "outcome": hit.outcome,
        }
        for hit in trial.hits
        for piece in [hit.evidence]
    ]


@rules.command()
@format_option
@pass_settings
def used(settings: Settings, form: str) -> None:
    """List the rules that found something in this database, with the commits and lines they decided.

    \b
    codeshare rules used
    codeshare query rules_fired   the same rows, as a query to build on
    """
    from codeshare.metrics.queries import run

    with settings.reading() as connection:
        frame = ask(connection, lambda: run(connection, "rules_fired"))
    print_frame(frame, form)


@rules.command()
@format_option
@pass_settings
def check(settings: Settings, form: str) -> None:
    """Try the examples of all rules, yours too; status 1 where one does not hold.

    \b
    codeshare rules check
    """
    from codeshare.attribution.catalogue import configured_catalogue
    from codeshare.attribution.examples import failures

    catalogue = configured_catalogue(replace(settings.config, enabled_rules=("*",)))
    found = [
        {
            "rule": each.rule,
            "example": each.example,
            "wrong": "does not match" if each.should_match else "matches",
        }
        for each in failures(catalogue)
    ]
    examples = sum(len(rule.match) + len(rule.no_match) for rule in catalogue.rules)
    if found:
        print_rows(found, form)
        raise CheckFailed(f"{len(found)} of {examples:,} examples do not hold.")
    print_words(f"{len(catalogue.rules):,} rules, {examples:,} examples: all hold.", form)
