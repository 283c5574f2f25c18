"""What belongs to the whole database and to no one repository: people, settings, events, estimates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from codeshare.attribution.people import People, normalise_email
from codeshare.attribution.pseudonyms import pseudonyms
from codeshare.attribution.teams import Teams
from codeshare.config import Config
from codeshare.metrics.events import load_events
from codeshare.model import Identity, PersonKind
from codeshare.staff import headcounts, memberships
from codeshare.store.database import pseudonym_salt
from codeshare.store.held import held
from codeshare.store.writer import PersonRow, drop_estimates, replace_people, replace_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SPELT_OUT = 1_000_000  # commits
# Of a small database, planning these views takes longer than computing them: once is enough.
_READ_OFTEN = ("scope_settings", "working_day", "working_days", "volume_by_window")


def write_shared(connection: DuckDBPyConnection, config: Config, people: People) -> dict[str, str]:
    """Join people over all repositories and write them; whose ids became whose. Call it inside a transaction.

    An address that one repository's mailmap gives to somebody is that person's in every repository.
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
    teams = _teams(
        config,
        people,
        kinds,
        names,
        {row[1]: renamed.get(row[4], row[4]) for row in rows if row[5] == PersonKind.PERSON},
    )
    teams.settle(_worked_for(connection, renamed))
    persons = [person for person, kind in kinds.items() if kind == PersonKind.PERSON]
    called = {word for person in persons for name in names[person] for word in name.lower().split()}
    words = pseudonyms(persons, config.pseudonym_salt or pseudonym_salt(connection), called)
    found = [
        PersonRow(
            person,
            _shown(names[person]),
            words.get(person, _shown(names[person])),
            teams.team(person),
            kinds[person],
        )
        for person in sorted(kinds)
    ]
    replace_people(connection, found, renamed)
    replace_rows(connection, "memberships", ["person", "team", "since", "until"], teams.rows())
    return renamed


def _teams(
    config: Config,
    people: People,
    kinds: Mapping[str, str],
    names: Mapping[str, Counter[str]],
    met: Mapping[str, str],
) -> Teams:
    """The configured teams; ``met``: the person behind each address that commits have, as a mailmap may say."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for person in sorted(person for person, kind in kinds.items() if kind == PersonKind.PERSON):
        by_name[_shown(names[person])].append(person)
    known = {normalise_email(email): person for email, person in met.items()}
    return Teams(
        memberships(config),
        lambda address: known.get(normalise_email(address)) or people.person_of(address),
        by_name,
    )


def _worked_for(connection: DuckDBPyConnection, renamed: Mapping[str, str]) -> dict[str, str]:
    """The team in whose repositories each person has authored most commits."""
    rows = connection.execute(
        "select person, team, sum(commits)::bigint from identities join repository_teams using (repo)"
        " where kind = 'person' group by all order by all"
    ).fetchall()
    commits: dict[str, Counter[str]] = defaultdict(Counter)
    for person, team, count in rows:
        commits[renamed.get(person, person)][team] += count
    return {person: most.most_common(1)[0][0] for person, most in commits.items()}


def write_settings(connection: DuckDBPyConnection, config: Config, as_of: str | None) -> None:
    """Write what the views read, then the estimates that depend on it. Call it inside a transaction."""
    is_same = write_given(connection, config, as_of)
    has_estimates = connection.execute("select count(*) from estimates").fetchone()
    if not (is_same and has_estimates and has_estimates[0]):
        write_estimates(connection)


def write_given(connection: DuckDBPyConnection, config: Config, as_of: str | None) -> bool:
    """Write what the views read; whether that is what was there. Call it inside a transaction."""
    settings = [
        ("baseline_since", str(config.baseline_since)),
        ("baseline_until", str(config.baseline_until)),
        ("minimum_engineers", str(config.minimum_engineers)),
        *([("title", config.title)] if config.title else []),
        *([("headcount", config.headcount)] if config.headcount else []),
        *([("as_of", as_of)] if as_of else []),
    ]
    before = (_all(connection, "settings"), _all(connection, "holidays"))
    replace_rows(connection, "settings", ["key", "value"], settings)
    replace_rows(connection, "holidays", ["day", "name"], [(day, "holiday") for day in config.holidays])
    # Rows that came from elsewhere stay, those of a file that is no longer named go.
    if config.headcount or any(row[0] == "headcount" for row in before[0]):
        counts = [(each.period, each.team, each.engineers) for each in headcounts(config)]
        replace_rows(connection, "headcount", ["period", "team", "engineers"], counts)
    events = [(e.date, e.label, e.short_label, e.kind, e.source) for e in load_events(config.events)]
    replace_rows(connection, "events", ["date", "label", "short_label", "kind", "source"], events)
    return before == (_all(connection, "settings"), _all(connection, "holidays"))


def write_estimates(connection: DuckDBPyConnection) -> None:
    """Compute the quick part of what SQL cannot; ``codeshare.estimates.run`` computes all of it."""
    from codeshare.metrics.calibration import estimate_parts
    from codeshare.metrics.volume import COLUMNS, estimate

    with held(connection, _READ_OFTEN):
        found = [*estimate(connection), *estimate_parts(connection)]
    drop_estimates(connection)
    replace_rows(connection, "estimates", COLUMNS, [[row[name] for name in COLUMNS] for row in found])


def _all(connection: DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f"select * from {table} order by all").fetchall()


def _shown(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))
