"""``codeshare people``: who takes part, who may be one person, and joining them."""

from __future__ import annotations

from pathlib import Path

import click

from codeshare.cli.context import DATABASE, Settings, pass_settings
from codeshare.cli.logs import note, say
from codeshare.cli.output import format_option, print_rows, rows_of
from codeshare.config import FILE_NAME


class _Listing(click.Group):
    """A group that lists where no other command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Listing)
def people() -> None:
    """Who takes part, under which names and addresses, and who is one person.

    A tool of the analyst: people are named. Reports name them only with --names.

    \b
    codeshare people                                     the list, with how names were joined
    codeshare people suggest                             who may be one person
    codeshare people join ann@example.org ann@home.net   write it down; `codeshare mine` applies it
    """


@people.command("list")
@click.option("--kind", type=click.Choice(["engineer", "person", "agent", "bot"]), help="Only these.")
@click.option("--match", metavar="TEXT", help="Only those whose names or addresses hold TEXT.")
@click.option("--pseudonyms", is_flag=True, help="Name nobody.")
@format_option
@pass_settings
def list_people(settings: Settings, kind: str | None, match: str | None, pseudonyms: bool, form: str) -> None:
    """List persons, agents and bots with their names and addresses.

    An engineer is accountable for at least one merged commit; agents and bots never are. Each name and
    address says how it was joined: itself, mailmap, alias, noreply (a forge's address) or rule.

    \b
    codeshare people list --kind engineer
    codeshare people list --match example.org --format csv
    """
    from codeshare.metrics.people import people as run

    with settings.reading() as connection:
        frame = run(connection, names=not pseudonyms)
    columns = [
        str(name) for name in frame.columns if not (pseudonyms and name in ("written_as", "pseudonym"))
    ]
    rows = [row for row in rows_of(frame) if kind is None or row["kind"] == kind]
    if match is not None:
        wanted = match.lower()
        rows = [row for row in rows if wanted in f"{row['person']} {row['written_as'] or ''}".lower()]
    hidden = ("how", "person_id") if form == "table" else ()
    print_rows(rows, form, columns=[name for name in columns if name not in hidden])


@people.command()
@click.option("--weak", is_flag=True, help="Also those who have only a name in common.")
@format_option
@pass_settings
def suggest(settings: Settings, weak: bool, form: str) -> None:
    """Propose persons that may be one, with the reason; nothing is joined.

    The score orders the proposals, the surest first. Agents and bots are left out.

    \b
    codeshare people suggest
    codeshare people suggest --weak --format csv
    """
    from codeshare.metrics.people import suggestions as run

    with settings.reading() as connection:
        found = run(connection, weak=True)
    shown = [each for each in found if weak or not each.is_weak]
    rows = [
        {
            "score": each.score,
            "person": each.person.names[0],
            "address": ", ".join(each.person.addresses),
            "commits": each.person.commits,
            "other": each.other.names[0],
            "other_address": ", ".join(each.other.addresses),
            "other_commits": each.other.commits,
            "reason": each.reason,
        }
        for each in shown
    ]
    columns = ["score", "person", "address", "commits", "other", "other_address", "other_commits", "reason"]
    print_rows(rows, form, columns=columns)
    if form == "table" and shown:
        say("Right ones are joined by `codeshare people join ADDRESS ADDRESS`.")
    if len(found) > len(shown):
        more = len(found) - len(shown)
        pairs = "pair has" if more == 1 else "pairs have"
        say(f"{more:,} {pairs} only a name in common: --weak lists them.")


@people.command()
@click.argument("whom", nargs=-1, required=True, metavar="A B [C…]")
@pass_settings
def join(settings: Settings, whom: tuple[str, ...]) -> None:
    """Write down in codeshare.toml that A, B… are one person; the next `codeshare mine` applies it.

    Each is an address or a name that only one person bears. The first is the main one. What stands in
    the file stays as it is; it is made if there is none. Agents and bots are refused.

    \b
    codeshare people join ann@example.org ann@home.net 7+ann@users.noreply.github.com
    """
    from codeshare.metrics.joining import join as run

    if len(whom) < 2:
        raise click.UsageError("Name two addresses or more.")
    is_beside = settings.db is not None or settings.config_file is not None
    database = settings.database
    with settings.reading() as connection:
        joined = run(connection, whom, settings.config_file or Path(FILE_NAME))
    if not joined.others:
        click.echo(f"{joined.main}: they are one person already.")
        return
    click.echo(
        f"{joined.file}: {joined.main} also stands for {', '.join(joined.others)}. `codeshare mine` applies it."
    )
    if joined.is_new_file and not is_beside and database.name != DATABASE:
        note(f"{joined.file} is new: from now on the database is {DATABASE} beside it, not {database}.")
