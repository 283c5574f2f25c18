"""``codeshare hook``: what git hooks run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeshare.cli.context import Settings, pass_settings
from codeshare.cli.logs import say, warn
from codeshare.errors import CheckFailed
from codeshare.escaping import plain

if TYPE_CHECKING:
    from codeshare.attribution.slips import Slip
    from codeshare.ci.messages import Finding


@click.group()
def hook() -> None:
    """What git hooks run: trailers before a commit is made, rules before a push.

    \b
    codeshare hook commit-msg .git/COMMIT_EDITMSG
    codeshare hook pre-push
    """


@hook.command("commit-msg")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--require", is_flag=True, help="Fail where an agent is at work and the message bears no mark of one.")  # fmt: skip
@click.option("--fix", is_flag=True, help="Rewrite the message: trailers as they should be, a required one added.")  # fmt: skip
@pass_settings
def commit_message(settings: Settings, file: Path, require: bool, fix: bool) -> None:
    """Look at the trailers of a commit's message before it is committed.

    Points out lines that are nearly trailers (`Co-authored by:`, no colon, no angle brackets, a blank line
    within the block, unusual case), because git, forges and codeshare may not read them. Exit status 1
    where an agent's mark would be lost so; persons' and mere unusual case are only pointed out.
    Nothing is rewritten without --fix.

    \b
    codeshare hook commit-msg .git/COMMIT_EDITMSG --require
    """
    from codeshare.attribution.catalogue import configured_catalogue
    from codeshare.ci.messages import check_message, mended, read_message
    from codeshare.ci.writing import write_whole

    message, rest = read_message(file.read_bytes().decode("utf-8", "surrogateescape"))
    finding = check_message(message, configured_catalogue(settings.config), os.environ, wants_mark=require)
    for slip in finding.slips:
        warn(_said(slip))
    if fix and (finding.slips or finding.lacks):
        write_whole(file, mended(message, finding) + rest)
        say(f"{file}: rewritten.")
        _fail_on(_unmended(finding))
    else:
        _fail_on(finding)


@hook.command("pre-push")
@click.argument("names", nargs=-1, metavar="[REMOTE URL]")
@pass_settings
def before_push(settings: Settings, names: tuple[str, ...]) -> None:
    """Hold what a push adds to the rules of [check], as its base has them.

    Reads what git tells its hook on the standard input, or what pre-commit tells in variables. Without any
    rule it passes.

    \b
    codeshare hook pre-push                          what the hook runs
    echo 'exec codeshare hook pre-push "$@"' >> .git/hooks/pre-push
    """
    from codeshare.ci.events import pushed_ranges
    from codeshare.cli.check import check_asked, leave, print_checked

    fed = "" if sys.stdin.isatty() or "PRE_COMMIT_FROM_REF" in os.environ else sys.stdin.read()
    for span in pushed_ranges(os.environ, fed):
        answer = check_asked(settings, span, lambda rules: rules, (), False, needs_rule=False)
        print_checked(answer, "table")
        leave(answer)


def _said(slip: Slip) -> str:
    words = f"line {slip.line}: {_shown(slip.text)}: {slip.what}"
    return words + (f"; write `{_shown(slip.should_be)}`." if slip.should_be else ".")


def _shown(line: str) -> str:
    """A line of the message, safe on a terminal."""
    return plain(line, 120)


def _unmended(finding: Finding) -> Finding:
    from codeshare.ci.messages import Finding as Found

    return Found(tuple(slip for slip in finding.slips if slip.should_be is None))


def _fail_on(finding: Finding) -> None:
    if finding.lacks is not None:
        agent = finding.lacks
        raise CheckFailed(
            f"{agent.tool} is at work here ({agent.variable} is set), and the message does not say so. "
            f"Add the line `{agent.trailer}`, or let --fix do it."
        )
    if finding.is_failed:
        tools = ", ".join(sorted({slip.tool for slip in finding.slips if slip.tool and not slip.is_read}))
        raise CheckFailed(
            f"the mark of an agent ({tools}) would be lost. Mend the message, or let --fix do it."
        )
