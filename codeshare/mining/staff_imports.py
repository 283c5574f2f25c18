"""Put teams, head counts and holidays from files into the database, and in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from codeshare.attribution.catalogue import configured_catalogue
from codeshare.attribution.people import People
from codeshare.attribution.teams import persons_of
from codeshare.config import Config
from codeshare.errors import ExportError
from codeshare.mining.shared import write_estimates
from codeshare.mining.staff import IMPORTED, Directory, origin_of, told_by, write_staff
from codeshare.staff import Headcount, Holiday, Membership, quarter_name
from codeshare.store.database import transaction
from codeshare.store.writer import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = {
    "teams": ["source", "row", "person", "team", "since", "until"],
    "headcount": ["source", "period", "team", "engineers"],
    "holidays": ["source", "day", "name"],
}


class Taken(Struct, frozen=True):
    """What an import came to: ``rows`` stored, ``removed`` before.

    ``before``: the file of the settings that says the same and goes before what is imported, if any.
    ``unknown``: rows of teams that speak of nobody who is in a mined repository.
    """

    rows: int
    removed: int
    before: str | None
    unknown: tuple[Membership, ...] = ()


def import_staff(
    connection: DuckDBPyConnection,
    config: Config,
    kind: str,
    source: str,
    rows: Sequence[Membership | Headcount | Holiday],
    *,
    replace: bool = False,
) -> Taken:
    """Store the rows of a file in the place of those that were imported under its name: all of them or none.

    They are in force at once, unless the settings say the same: those given, or those that were last mined by.

    Args:
        kind: teams, headcount or holidays.
        source: the file's name, or what it is to be called.
        rows: none: only remove.
        replace: also in the place of all others of this kind.

    Raises:
        ExportError: two files tell of the same quarter.
        ConfigError: somebody is in two teams on one day, or a name is that of several people.
    """
    people = People(configured_catalogue(config), config.aliases, config.teams)
    with transaction(connection):
        removed = _remove(connection, kind, None if replace else source)
        values = [(source, *_values(each)) for each in rows]
        insert_rows(connection, f"imported_{kind}", _COLUMNS[kind], values)
        _check_headcount(connection, source)
        before = told_by(config, kind) or _mined_by(connection, kind)
        is_mined = connection.execute("select 1 from repos limit 1").fetchone()
        if not before:
            written = write_staff(connection, config, people, [kind])
            connection.execute("delete from settings where key = ?", [kind])
            insert_rows(connection, "settings", ["key", "value"], list(written.origins.items()))
            if written.is_other and is_mined:
                write_estimates(connection)
        teams = [each for each in rows if isinstance(each, Membership)]
        unknown = _unknown(Directory.of(connection, people), teams) if is_mined else ()
    return Taken(len(rows), removed, before, tuple(unknown))


def _mined_by(connection: DuckDBPyConnection, kind: str) -> str | None:
    origin = origin_of(connection, kind)
    return None if origin == IMPORTED else origin


def _remove(connection: DuckDBPyConnection, kind: str, source: str | None) -> int:
    """Remove the rows of a file, or of all; returns how many there were."""
    found = connection.execute(
        f"delete from imported_{kind} where source = coalesce($source, source)", {"source": source}
    ).fetchone()
    return int(found[0]) if found else 0


def _values(row: Membership | Headcount | Holiday) -> tuple[Any, ...]:
    match row:
        case Membership():
            return row.line, row.person, row.team, row.since, row.until
        case Headcount():
            return row.period, row.team, row.engineers
        case Holiday():
            return row.day, row.name


def _check_headcount(connection: DuckDBPyConnection, source: str) -> None:
    """A quarter has one row of the whole organisation or one of each team, whatever the files are."""
    row = connection.execute(
        "select a.period, b.source from imported_headcount as a join imported_headcount as b using (period)"
        " where a.source = $source and b.source <> $source"
        " and (a.team is not distinct from b.team or (a.team is null) <> (b.team is null)) order by all limit 1",
        {"source": source},
    ).fetchone()
    if row:
        raise ExportError(
            f"{source}: {quarter_name(row[0])} is in {row[1]} too, which was imported before. Put this file in its "
            f"place with --source {row[1]}, or in the place of all with --replace."
        )


def _unknown(known: Directory, rows: Iterable[Membership]) -> list[Membership]:
    return [row for row in rows if not known.persons & set(persons_of(row, known.by_address, known.by_name))]
