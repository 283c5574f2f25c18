"""What files say of agents, and who owns which path: read off a branch once it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from codeshare.attribution.artefacts import Artefacts, Period, Version
from codeshare.files.codeowners import Codeowners
from codeshare.git.content import read_blobs
from codeshare.git.quoting import bytes_of, storable
from codeshare.git.repository import Repository
from codeshare.git.shadow import Shadow
from codeshare.store.writer import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SIGNALS = ("repo", "sign", "rule", "tool", "path", "since_sha", "since", "until_sha", "until", "excerpt")
_OWNERS = ("repo", "path", "position", "owner")

_LANDINGS = """
with wanted as (select unnest($paths) as path),
touched as (
    select sha, path from changes where repo = $repo and path in (from wanted)
    union select sha, old_path from changes where repo = $repo and old_path in (from wanted)
)
select distinct m.ordinal, c.merge_sha, c.merged_at, t.path from touched as t
join commits as c on c.repo = $repo and c.sha = t.sha
join commits as m on m.repo = $repo and m.sha = c.merge_sha
order by m.ordinal, t.path
"""


def write_signals(
    connection: DuckDBPyConnection, repository: Repository, artefacts: Artefacts, owners: Codeowners | None
) -> None:
    """Write ``signals`` and ``path_owners`` of a repository whose other rows were just stored. Call it inside a transaction."""
    name = repository.name
    paths = [path for (path,) in connection.execute("select path from changes where repo = ? union select old_path from changes where repo = ? and old_path is not null", [name, name]).fetchall()]  # fmt: skip
    wanted = [path for path in paths if artefacts.wants(path)]
    periods: list[Period] = []
    if wanted:
        with repository.shadow() as shadow:
            periods = artefacts.periods(_versions(connection, name, shadow, wanted))
    owned: list[tuple[str, str, int, str]] = []
    if owners:
        for path in paths:
            found = enumerate(owners.owners(bytes_of(path)), 1)
            owned += [(name, path, position, storable(owner)) for position, owner in found]
    insert_rows(connection, "signals", _SIGNALS, [(name, *_row(period)) for period in periods])
    insert_rows(connection, "path_owners", _OWNERS, owned)


def _versions(
    connection: DuckDBPyConnection, repo: str, shadow: Shadow, wanted: list[str]
) -> Iterator[Version]:
    """The wanted files as each landing left them that brought in a change of them."""
    landings = connection.execute(_LANDINGS, {"repo": repo, "paths": wanted}).fetchall()
    places = [(sha, bytes_of(path)) for _, sha, _, path in landings]
    for (_, sha, at, path), (_, content) in zip(landings, read_blobs(shadow, places), strict=True):
        yield Version(sha, at, path, content)


def _row(period: Period) -> tuple[Any, ...]:
    found = period.finding
    return (
        found.sign.value, found.rule, found.tool, found.path, period.since_sha, period.since, period.until_sha,
        period.until, storable(found.excerpt),
    )  # fmt: skip
