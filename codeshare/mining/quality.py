"""``codeshare mine --quality``: measure a sample of commits and store what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import astuple

from codeshare.cores import available_cpus
from codeshare.git.repository import Repository
from codeshare.mining.maintainability import Quality, begin, measure
from codeshare.mining.sampling import Candidate, Drawn, draw
from codeshare.store.database import transaction
from codeshare.store.writer import drop_estimates
from codeshare.workers import worker_pool

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CHUNK = 20
_DEFINITION = 1  # of what this package measures itself; another one measures anew
# Without outliers: one commit of 50,000 lines, counted for others too, would be most of a figure.
_CANDIDATES = """
    select c.sha, c.attribution, c.attribution || '/' || c.quarter || '/' || c.size_class as stratum, list(g.path) as paths
    from compared_commits as c join changes as g on g.repo = c.repo and g.sha = c.sha
    where c.repo = ? and c.is_code and c.lines <= 5000 and g.file_class in ('code', 'test') and not g.is_binary
    group by all order by c.sha"""
_CODE = "select distinct path from changes where repo = ? and file_class in ('code', 'test') and not is_binary order by path"
_COLUMNS = (
    "repo, sha, unit_size, complexity, interfacing, files, added, comments, duplicated, why, measured_with"
)


class Sampled(Struct, frozen=True):
    """What measuring a repository came to: commits in the sample, measured now, failed of the sample."""

    repo: str
    commits: int
    measured: int
    failed: int


def measure_quality(
    connection: DuckDBPyConnection,
    repository: Repository,
    size: int,
    jobs: int | None = None,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Sampled:
    """Measure a stratified sample of a mined repository's commits; what was measured before is kept."""
    name = repository.name
    with_version = f"pydriller {version('pydriller')}, lizard {version('lizard')}, {_DEFINITION}"
    drawn = draw(_candidates(connection, name), size)
    known = {
        sha
        for (sha,) in connection.execute(
            "select sha from quality where repo = ? and measured_with = ?", [name, with_version]
        ).fetchall()
    }
    missing = _in_order(connection, name, {each.sha for each in drawn} - known)
    done = 0
    for found in _measured(connection, repository, missing, jobs):
        with transaction(connection):
            _store(connection, name, found, with_version)
        done += len(found)
        progress("measuring quality", done, len(missing))
    with transaction(connection):
        _weigh(connection, name, drawn, changed=bool(missing))
    row = connection.execute(
        "select count(*) from quality where repo = ? and weight is not null and why is not null", [name]
    ).fetchone()
    return Sampled(name, len(drawn), len(missing), row[0] if row else 0)


def _candidates(connection: DuckDBPyConnection, repo: str) -> list[Candidate]:
    from lizard_languages import get_reader_for

    rows = connection.execute(_CANDIDATES, [repo]).fetchall()
    known: dict[str, bool] = {}
    found = []
    for sha, attribution, stratum, paths in rows:
        names = {path.rpartition("/")[2] for path in paths}
        for each in names - known.keys():
            known[each] = get_reader_for(each) is not None
        if any(known[each] for each in names):
            found.append(Candidate(sha, attribution, stratum))
    return found


def _in_order(connection: DuckDBPyConnection, repo: str, shas: set[str]) -> list[str]:
    """As the history has them: neighbours share most files, which are then read once."""
    rows = connection.execute("select sha from commits where repo = ? order by ordinal", [repo]).fetchall()
    return [sha for (sha,) in rows if sha in shas]


def _measured(
    connection: DuckDBPyConnection, repository: Repository, shas: Sequence[str], jobs: int | None
) -> Iterator[list[Quality]]:
    if not shas:
        return
    code = [path for (path,) in connection.execute(_CODE, [repository.name]).fetchall()]
    chunks = [shas[at : at + _CHUNK] for at in range(0, len(shas), _CHUNK)]
    with repository.shadow() as shadow:
        count = min(jobs or available_cpus(), len(chunks))
        with worker_pool(count, begin, (shadow.clone(), shadow.path, code)) as executor:
            yield from executor.map(measure, chunks)


def _store(connection: DuckDBPyConnection, repo: str, found: Sequence[Quality], with_version: str) -> None:
    marks = ", ".join("?" for _ in _COLUMNS.split(", "))
    for each in found:
        connection.execute("delete from quality where repo = ? and sha = ?", [repo, each.sha])
        connection.execute(
            f"insert into quality ({_COLUMNS}) values ({marks})", [repo, *astuple(each), with_version]
        )


def _weigh(connection: DuckDBPyConnection, repo: str, drawn: Sequence[Drawn], *, changed: bool) -> None:
    """Say which rows are the sample now and what each stands for; rows of commits that are gone go."""
    before = _weights(connection, repo)
    connection.execute(
        "delete from quality where repo = ? and sha not in (select sha from commits where repo = ?)",
        [repo, repo],
    )
    connection.execute("update quality set stratum = null, weight = null where repo = ?", [repo])
    columns = [
        [each.sha for each in drawn],
        [each.stratum for each in drawn],
        [each.weight for each in drawn],
    ]
    connection.execute(
        """update quality set stratum = d.stratum, weight = d.weight
        from (select unnest(?::varchar[]) as sha, unnest(?::varchar[]) as stratum, unnest(?::double[]) as weight) as d
        where quality.repo = ? and quality.sha = d.sha""",
        [*columns, repo],
    )
    if changed or before != _weights(connection, repo):
        drop_estimates(connection)


def _weights(connection: DuckDBPyConnection, repo: str) -> list[tuple[object, ...]]:
    return connection.execute(
        "select sha, stratum, weight from quality where repo = ? order by sha", [repo]
    ).fetchall()
