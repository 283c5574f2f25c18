"""Teams, head counts and holidays in force: what ``codeshare.toml`` says, else what was imported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from codeshare.attribution.people import People, normalise_email
from codeshare.attribution.teams import Teams
from codeshare.config import FILE_NAME, Config
from codeshare.model import PersonKind
from codeshare.staff import Headcount, Holiday, Membership, headcounts, memberships
from codeshare.store.writer import replace_others, replace_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

IMPORTED = "imported"
KINDS = ("teams", "headcount", "holidays")
"""Each is a setting of the database too: the file whose rows are in force, or `IMPORTED`."""
_TABLES = (*(f"imported_{kind}" for kind in KINDS), "holidays", "memberships")
_TEAMS_OF_REPOSITORIES = "teams_of_repositories"
_FILLED = " union all ".join(
    f"(select '{name}' from {rows} limit 1)"
    for name, rows in (
        *((table, table) for table in _TABLES),
        (_TEAMS_OF_REPOSITORIES, "listed_repositories where team is not null"),
    )
)


def told_by(config: Config, kind: str) -> str | None:
    """The file of the settings that says something of a kind, if any does."""
    own = config.file.name if config.file else FILE_NAME
    files: dict[str, str | None] = {
        "teams": config.teams_file or (own if config.teams else None),
        "headcount": config.headcount,
        "holidays": own if config.holidays else None,
    }
    return files[kind]


class Written(Struct, frozen=True):
    """What was written: whether that changed what estimates rest on; ``origins``: settings that say where rows are from."""

    is_other: bool
    origins: Mapping[str, str]


def write_staff(
    connection: DuckDBPyConnection, config: Config, people: People, kinds: Sequence[str] = KINDS
) -> Written:
    """Write teams, head counts and holidays; the caller writes the settings. Call it inside a transaction.

    Raises:
        ConfigError: somebody is in two teams on one day, or a name is that of several people.
    """
    filled = _filled(connection)
    are_others = [
        "teams" in kinds and _write_teams(connection, config, people, filled),
        "holidays" in kinds and _write_holidays(connection, config, filled),
    ]
    if "headcount" in kinds:
        _write_headcount(connection, config, filled)
    origins = {kind: told_by(config, kind) or (IMPORTED if f"imported_{kind}" in filled else None) for kind in kinds}  # fmt: skip
    return Written(any(are_others), {kind: origin for kind, origin in origins.items() if origin})


def write_teams(connection: DuckDBPyConnection, config: Config, people: People) -> None:
    """Write who is in which team, of the people that are stored. Call it inside a transaction.

    Raises:
        ConfigError: as `write_staff`.
    """
    _write_teams(connection, config, people, _filled(connection))


def _filled(connection: DuckDBPyConnection) -> frozenset[str]:
    """The tables that hold any rows, asked at once: most often none does, and a query of each would take longer."""
    return frozenset(name for (name,) in connection.execute(_FILLED).fetchall())


def _write_teams(
    connection: DuckDBPyConnection, config: Config, people: People, filled: frozenset[str]
) -> bool:
    """Whether other people are in teams now, or in others."""
    rows = _memberships_in_force(connection, config, filled)
    worked_for = _worked_for(connection) if _TEAMS_OF_REPOSITORIES in filled else {}
    if not (rows or worked_for or "memberships" in filled):
        return False
    known = Directory.of(connection, people)
    teams = Teams(rows, known.by_address, known.by_name)
    teams.settle(worked_for)
    is_other = replace_others(connection, "memberships", ["person", "team", "since", "until"], teams.rows())
    latest = {person: teams.team(person) for person in sorted(known.persons)}
    connection.execute(
        "update people set team = latest.team from (select unnest(?) as person, unnest(?) as team) as latest"
        " where people.person = latest.person and people.team is distinct from latest.team",
        [list(latest), list(latest.values())],
    )
    return is_other


def _worked_for(connection: DuckDBPyConnection) -> dict[str, str]:
    """The team in whose repositories each person has authored most commits."""
    rows = connection.execute(
        "select person, team, sum(commits)::bigint from identities join listed_repositories using (repo)"
        " where team is not null and kind = ? group by all order by all",
        [PersonKind.PERSON],
    ).fetchall()
    commits: dict[str, Counter[str]] = defaultdict(Counter)
    for person, team, count in rows:
        commits[person][team] += count
    return {person: most.most_common(1)[0][0] for person, most in commits.items()}


def _write_headcount(connection: DuckDBPyConnection, config: Config, filled: frozenset[str]) -> None:
    """Rows that came from neither file nor import stay; those of one that is gone go."""
    counts = _headcounts_in_force(connection, config, filled)
    if counts or origin_of(connection, "headcount"):
        rows = [(each.period, each.team, each.engineers) for each in counts]
        replace_rows(connection, "headcount", ["period", "team", "engineers"], rows)


def _write_holidays(connection: DuckDBPyConnection, config: Config, filled: frozenset[str]) -> bool:
    """Whether others work now on other days."""
    names = {each.day: each.name for each in _holidays_in_force(connection, config, filled)}
    if not (names or "holidays" in filled):
        return False
    return replace_others(connection, "holidays", ["day", "name"], sorted(names.items()))


def origin_of(connection: DuckDBPyConnection, kind: str) -> str | None:
    """The file whose rows of a kind are in force, or `IMPORTED`; None: there are none."""
    row = connection.execute("select value from settings where key = ?", [kind]).fetchone()
    return row[0] if row else None


def _memberships_in_force(
    connection: DuckDBPyConnection, config: Config, filled: frozenset[str]
) -> list[Membership]:
    """Who is in which team, in the words of the file."""
    if told_by(config, "teams"):
        return memberships(config)
    if "imported_teams" not in filled:
        return []
    rows = connection.execute(
        "select person, team, since, until, source, row from imported_teams order by source, row"
    ).fetchall()
    return [
        Membership(person, team, since, until, f"{source} (imported): row {line}", line)
        for person, team, since, until, source, line in rows
    ]


def _headcounts_in_force(
    connection: DuckDBPyConnection, config: Config, filled: frozenset[str]
) -> list[Headcount]:
    """How many engineers there were."""
    if config.headcount:
        return headcounts(config)
    if "imported_headcount" not in filled:
        return []
    rows = connection.execute("select period, team, engineers from imported_headcount order by all")
    return [Headcount(*row) for row in rows.fetchall()]


def _holidays_in_force(
    connection: DuckDBPyConnection, config: Config, filled: frozenset[str]
) -> list[Holiday]:
    """Days on which nobody works; one that two files name is there twice."""
    if config.holidays:
        return [Holiday(day, "holiday") for day in config.holidays]
    if "imported_holidays" not in filled:
        return []
    rows = connection.execute("select day, name from imported_holidays order by day, source desc")
    return [Holiday(*row) for row in rows.fetchall()]


class Directory(Struct, frozen=True):
    """Whom an address or a name means: ``persons`` are those of the database."""

    people: People
    known: Mapping[str, str]
    by_name: Mapping[str, Sequence[str]]
    persons: frozenset[str]

    @classmethod
    def of(cls, connection: DuckDBPyConnection, people: People) -> Directory:
        """Read the people of a database; a mailmap may have given an address to somebody."""
        met = connection.execute(
            "select email, person from identities where kind = ? order by all", [PersonKind.PERSON]
        ).fetchall()
        named: dict[str, list[str]] = defaultdict(list)
        rows = connection.execute(
            "select name, person from people where kind = ? order by all", [PersonKind.PERSON]
        ).fetchall()
        for name, person in rows:
            named[name].append(person)
        return cls(
            people,
            {normalise_email(email): person for email, person in met},
            named,
            frozenset(person for _, person in rows),
        )

    def by_address(self, address: str) -> str:
        """The person behind an address, also of one who is not in the database."""
        return self.known.get(normalise_email(address)) or self.people.person_of(address)
