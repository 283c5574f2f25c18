"""What belongs to the whole database and to no one repository: people, settings, events, estimates."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from codeshare.attribution.people import People
from codeshare.attribution.pseudonyms import pseudonyms
from codeshare.config import Config
from codeshare.escaping import LONGEST
from codeshare.metrics.events import load_events
from codeshare.mining.staff import write_staff, write_teams
from codeshare.model import Identity, PersonKind
from codeshare.store.database import pseudonym_salt
from codeshare.store.held import held
from codeshare.store.writer import PersonRow, drop_estimates, insert_rows, replace_others, replace_people

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SPELT_OUT = 1_000_000  # commits
# Of a small database, planning these views takes longer than computing them: once is enough.
_READ_OFTEN = ("scope_settings", "working_day", "working_days", "volume_window", "volume_by_window")


def write_shared(
    connection: DuckDBPyConnection, config: Config, people: People, *, teams: bool = True
) -> dict[str, str]:
    """Join people over all repositories and write them; whose ids became whose. Call it inside a transaction.

    An address that one repository's mailmap gives to somebody is that person's in every repository.

    Args:
        teams: write these, too; `write_given` does so anyway.
    """
    rows = connection.execute(
        "select name, email, mapped_name, mapped_email, person, kind, commits from identities order by all"
    ).fetchall()
    renamed = people.join(row[:4] for row in rows)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    kinds: dict[str, str] = {}
    for name, email, mapped_name, mapped_email, stored, kind, commits in rows:
        person = renamed.get(stored, stored)
        shown = people.resolve(Identity(name, email), Identity(mapped_name, mapped_email)).name
        # A name that a mailmap or an alias spells out is meant to be shown.
        names[person][shown] += commits + (_SPELT_OUT if shown != name else 0)
        kinds[person] = kind
    persons = [person for person, kind in kinds.items() if kind == PersonKind.PERSON]
    called = {word for person in persons for name in names[person] for word in name.lower().split()}
    words = pseudonyms(persons, config.pseudonym_salt or pseudonym_salt(connection), called)
    found = [
        PersonRow(
            person,
            _shown(names[person]),
            words.get(person, _shown(names[person])),
            kinds[person],
        )
        for person in sorted(kinds)
    ]
    replace_people(connection, found, renamed)
    if teams:
        write_teams(connection, config, people)
    return renamed


def write_settings(connection: DuckDBPyConnection, config: Config, people: People, as_of: str | None) -> None:
    """Write what the views read, then the estimates that depend on it. Call it inside a transaction."""
    is_same = write_given(connection, config, people, as_of)
    has_estimates = connection.execute("select 1 from estimates limit 1").fetchone()
    if not (is_same and has_estimates):
        write_estimates(connection)


def write_given(connection: DuckDBPyConnection, config: Config, people: People, as_of: str | None) -> bool:
    """Write what the views read; whether that is what was there. Call it inside a transaction."""
    staff = write_staff(connection, config, people)
    settings = [
        ("baseline_since", str(config.baseline_since)),
        ("baseline_until", str(config.baseline_until)),
        ("minimum_engineers", str(config.minimum_engineers)),
        *([("title", config.title)] if config.title else []),
        *([("as_of", as_of)] if as_of else []),
        *staff.origins.items(),
    ]
    is_other = replace_others(connection, "settings", ["key", "value"], settings)
    events = [(e.date, e.label, e.short_label, e.kind, e.source) for e in load_events(config.events)]
    replace_others(connection, "events", ["date", "label", "short_label", "kind", "source"], events)
    return not (staff.is_other or is_other)


def write_estimates(connection: DuckDBPyConnection) -> None:
    """Compute the quick part of what SQL cannot; ``codeshare.estimates.run`` computes all of it."""
    from codeshare.metrics.calibration import estimate_parts
    from codeshare.metrics.volume import COLUMNS, estimate

    with held(connection, _READ_OFTEN):
        found = [*estimate(connection), *estimate_parts(connection)]
    drop_estimates(connection)
    insert_rows(connection, "estimates", COLUMNS, [[row[name] for name in COLUMNS] for row in found])


def _shown(names: Counter[str]) -> str:
    """The name most used; of one that would fill a page, the beginning."""
    name = min(names, key=lambda name: (-names[name], name))
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
