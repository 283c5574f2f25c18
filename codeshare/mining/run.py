"""One mining run: several repositories into one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.collector import without_collector
from codeshare.config import Config
from codeshare.errors import ConfigError, NotARepository
from codeshare.git.reading import are_small
from codeshare.git.repository import Repository, fetch_requests_of, is_url, open_repository
from codeshare.git.shadow import without_credentials
from codeshare.mining.reading import Ahead, begin
from codeshare.mining.targets import Target

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.attribution.catalogue import Catalogue
    from codeshare.mining.miner import Outcome, Tell


def mine(
    targets: Sequence[Target],
    database: Path,
    config: Config,
    *,
    jobs: int | None = None,
    lines: bool | None = None,
    wait: float = 0.0,
    as_of: str | None = None,
    again: bool = False,
    fetch_requests: bool = False,
    quality: int | None = None,
    announce: Callable[[str], None] = lambda line: None,
    tell: Tell = lambda repo, what, done, total: None,
) -> list[Outcome]:
    """Mine repositories into a database, one transaction each; what is up to date is left as it is.

    Args:
        fetch_requests: first fetch the heads of pull and merge requests from each origin into the cache;
            ``announce`` is told from where before that begins.
        quality: measure the quality of a sample of so many commits of each repository; None: do not.
        lines: follow the life of every line, or only count what commits add; None: as before, else follow.

    Raises:
        NotARepository, NoSuchRevision, EmptyHistory, GitError: one cannot be read; those before it stay mined.
        ConfigError: two of one name.
        NotADatabase, StoreBusy, StoreTooOld, OutputError: the database.
    """
    is_far = fetch_requests or any(target.requests or is_url(target.where) for target in targets)
    rules = cache(partial(_rules, config))
    if is_far:
        rules()  # what is wrong with the settings is said before anything is fetched
    opened = [open_target(target, fetch_requests, announce) for target in targets]
    _refuse_same_names(opened, targets)
    with without_collector(), _ahead(opened, database, jobs, lines) as ahead:
        from codeshare.mining.miner import Miner  # only here: git is at work
        from codeshare.store.database import leave, open_database, refuse_handed_on
        from codeshare.store.failures import failures

        catalogue = rules()
        if ahead:
            import codeshare.mining.repository  # noqa: F401  while git lists the history

            ahead.wait()  # what cannot be read leaves no database behind
        # Packs that several borrow from one place count once.
        is_small = not database.exists() and are_small({each for one in opened for each in one.objects})
        connection = open_database(database, write=True, wait=wait, is_small=is_small)
        try:
            refuse_handed_on(connection, database)
            miner = Miner(connection, config, catalogue, jobs, lines, again, tell, ahead)
            with failures(database):
                outcomes = miner.mine(opened, targets, as_of)
            if quality is not None:
                measure(connection, opened, quality, jobs, announce, tell)
        finally:
            leave(connection, database)
    return outcomes


def _rules(config: Config) -> Catalogue:
    from codeshare.attribution.catalogue import configured_catalogue
    from codeshare.staff import headcounts

    headcounts(config)  # what is wrong with the file is said before the mining, not after it
    return configured_catalogue(config)


@contextmanager
def _ahead(
    opened: Sequence[Repository], database: Path, jobs: int | None, lines: bool | None
) -> Iterator[Ahead | None]:
    """Begin to read a single repository of which nothing can be stored yet: git works while we load what we need."""
    if len(opened) != 1 or database.exists():
        yield None
        return
    with closing(Ahead(opened[0], begin(opened[0], jobs=jobs, lines=lines is not False))) as ahead:
        yield ahead


def measure(
    connection: DuckDBPyConnection,
    opened: Sequence[Repository],
    size: int,
    jobs: int | None,
    announce: Callable[[str], None],
    tell: Tell,
) -> None:
    """Measure the quality of a sample of so many commits of each repository."""
    from codeshare.mining.quality import measure_quality

    for repository in opened:
        progress = partial(tell, repository.name)
        found = measure_quality(connection, repository, size, jobs, progress)
        announce(
            f"{found.repo}: quality of {found.commits:,} commits, {found.measured:,} measured now, "
            f"{found.failed:,} that could not be."
        )


def open_target(
    target: Target, fetch_requests: bool = False, announce: Callable[[str], None] = lambda line: None
) -> Repository:
    """Open a repository; first clone or fetch it, and the heads of its requests, where that is asked for."""
    repository = open_repository(target.where, branch=target.branch, name=target.name)
    if not (fetch_requests or target.requests):
        return repository
    if repository.origins:
        announce(f"fetching the heads of requests from {repository.origins[0]} into the cache")
    fetch_requests_of(repository)
    return open_repository(target.where, branch=target.branch, name=target.name)


def _refuse_same_names(opened: Sequence[Repository], targets: Sequence[Target]) -> None:
    where: dict[str, str] = {}
    for repository, target in zip(opened, targets, strict=True):
        if repository.name in where:
            raise ConfigError(
                f"{without_credentials(target.where)} and {without_credentials(where[repository.name])} "
                f"are both named {repository.name!r}. "
                "Give one of them another `name` under [[repo]] in codeshare.toml."
            )
        where[repository.name] = target.where


def repository_here() -> bool:
    """Whether the current directory is a repository or inside one."""
    from codeshare.errors import EmptyHistory

    try:
        open_repository(".")
    except EmptyHistory:
        return True
    except NotARepository:
        return False
    return True
