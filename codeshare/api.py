"""The Python face of the commands: same work, answers as pandas frames."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeshare.config import Config, load_config
from codeshare.errors import CannotKnow, CatalogueError

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from codeshare.metrics.checks import Checked
    from codeshare.metrics.explain import Why
    from codeshare.mining.miner import Outcome
    from codeshare.mining.targets import Target


def mine(
    repos: Sequence[str | Path] = (),
    database: str | Path = "codeshare.duckdb",
    *,
    config: str | Path | None = None,
    branch: str | None = None,
    as_of: date | None = None,
    jobs: int | None = None,
    fetch_requests: bool = False,
    quality: int | None = None,
    lake: str | None = None,
    cluster: str | None = None,
    keep_going: bool = False,
) -> list[Outcome]:
    """Mine or update repositories, as ``codeshare mine`` does.

    With more than a few thousand commits worker processes are started by ``spawn``: call it from a
    script below ``if __name__ == "__main__":``.

    Args:
        repos: paths, bundles, URLs or names of the configuration; none: those of the configuration,
            else the repository around the current directory.
        database: the DuckDB file; made where there is none.
        config: a ``codeshare.toml``; default: that of the current directory, if any.
        as_of: the last day that counts; default: that of the latest merge.
        jobs: git processes at once; default: the processors there are.
        fetch_requests: first fetch the heads of pull and merge requests from each origin into the cache.
        quality: measure the quality of a sample of so many commits of each repository; None: do not.
        lake: a folder or URL to mine into, in the place of the database.
        cluster: address of a Dask scheduler, or ``local:N``, to have the work done by.
        keep_going: of several repositories of the configuration some may fail.

    Returns:
        One outcome a repository, in order: its name, branch, commits, what could not be read.

    Raises:
        CodeshareError: as the command; what could be mined stays mined.
    """
    from codeshare.mining.run import mine as run
    from codeshare.mining.targets import targets_of

    settings = load_config(Path(config) if config is not None else None)
    day = as_of.isoformat() if as_of else None
    targets = targets_of(settings, [str(repo) for repo in repos], branch)
    if lake or cluster or (len(targets) > 1 and not repos):
        return _mine_fleet(
            targets, settings, Path(database), lake, cluster, jobs, keep_going, as_of=day,
            fetch_requests=fetch_requests, quality=quality,
        )  # fmt: skip
    return run(
        targets,
        Path(database),
        settings,
        jobs=jobs,
        as_of=day,
        fetch_requests=fetch_requests,
        quality=quality,
    )


def _mine_fleet(
    targets: Sequence[Target],
    config: Config,
    database: Path,
    lake: str | None,
    cluster: str | None,
    jobs: int | None,
    keep_going: bool,
    **options: Any,
) -> list[Outcome]:
    from codeshare.fleet.cluster import open_workers
    from codeshare.fleet.homes import open_home
    from codeshare.fleet.run import Options, mine_fleet

    workers = open_workers(jobs, cluster)
    with closing(open_home(database, lake)) as home:
        fleet = mine_fleet(targets, home, workers, config, Options(**options))
    if fleet.failed and not keep_going:
        first = fleet.failed[0]
        raise CannotKnow(f"{len(fleet.failed):,} repositories failed, first {first.repo}: {first.why}")
    return list(fleet.outcomes)


def open_database(
    database: str | Path = "codeshare.duckdb", *, wait: float = 0.0, external: bool = False
) -> DuckDBPyConnection:
    """Open a database read-only; ``with`` closes it.

    Args:
        wait: seconds, while another process holds it.
        external: let queries reach other files and the network; only for a database that you trust.
    """
    from codeshare.store.database import open_database as connect

    return connect(Path(database), wait=wait, external=external)


def shares(
    connection: DuckDBPyConnection,
    by: str = "all",
    *,
    since: date | None = None,
    until: date | None = None,
    repos: Sequence[str] = (),
    path: str | None = None,
    depth: int = 1,
) -> pd.DataFrame:
    """The share of AI by period, or by repository, team, path, tool or class; see `codeshare.metrics.share.shares`."""
    from codeshare.metrics.share import shares as run

    return run(connection, by, since, until, repos, path, depth=depth)


def check(
    range: str,  # noqa: A002  the option's name
    *,
    where: str | Path = ".",
    database: str | Path | None = None,
    config: str | Path | None = None,
    allow_unknown: bool = False,
    **rules: object,
) -> Checked:
    """Hold what a range adds to rules, as ``codeshare check --range`` does.

    Args:
        range: ``BASE..HEAD``, of the repository in the folder ``where``.
        database: the mined one, for the rules that need it.
        config: a file of settings outside of the repository; default: ``codeshare.toml`` as the base has it.
        allow_unknown: judge also where much could not be read.
        rules: keys of ``[check]``, such as ``at_most=0.5``, that go before those of the settings.

    Returns:
        The verdicts, and the share of the range; ``exit_status`` is the command's.

    Raises:
        ValueError: ``range`` is none.
        CannotKnow: the range cannot be told from this clone, or is empty.
        ConfigError: the settings are wrong, or hold no rule.
    """
    from typing import cast

    from msgspec.structs import replace

    from codeshare.mining.check import check_range

    with ExitStack() as open_files:
        connection = open_files.enter_context(open_database(database)) if database is not None else None
        return check_range(
            range,
            overrule=lambda given: replace(given, **cast("Any", rules)),
            config_file=Path(config) if config is not None else None,
            connection=connection,
            database=Path(database) if database is not None else None,
            allow_unknown=allow_unknown,
            where=str(where),
        )


def alive(
    connection: DuckDBPyConnection,
    rev: str | None = None,
    *,
    repos: Sequence[str] = (),
    path: str | None = None,
    where: str | Path | None = None,
) -> pd.DataFrame:
    """The share of AI in the lines that are there; see `codeshare.metrics.alive.alive`.

    Args:
        rev: a day, an id, or with ``where`` a tag or branch; None: the tip.
        where: the repository's folder.
    """
    from codeshare.metrics.alive import alive as run
    from codeshare.metrics.at_hand import open_named

    at_hand = open_named(str(where), repos[0] if len(repos) == 1 else None) if where is not None else None
    return run(connection, rev, repos, path, at_hand)


def blame(
    connection: DuckDBPyConnection,
    path: str,
    *,
    rev: str | None = None,
    repo: str | None = None,
    where: str | Path | None = None,
) -> pd.DataFrame:
    """The origin of every line of a file; see `codeshare.metrics.blame.blame`.

    Args:
        path: the file, from the repository's root.
        rev: a day, an id, or with ``where`` a tag or branch; None: the mined tip.
        repo: the repository's name in the database; default: that of ``where``, else the only one.
        where: the repository's folder, for the text of the lines and for commits that are no landing.
    """
    from codeshare.metrics.at_hand import open_named
    from codeshare.metrics.blame import blame as run
    from codeshare.metrics.revisions import choose_repository

    at_hand = open_named(str(where), repo) if where is not None else None
    name = choose_repository(connection, repo, at_hand.name if at_hand else None)
    return run(connection, name, path, rev, at_hand).frame


def explain(
    connection: DuckDBPyConnection,
    target: str,
    *,
    rev: str | None = None,
    repo: str | None = None,
    where: str | Path | None = None,
    config: str | Path | None = None,
) -> Why:
    """Why a commit, a file or a line is attributed so; see `codeshare.metrics.explain.explain`.

    Args:
        target: a commit's id or, with ``where``, a tag or branch; a path; or ``PATH:LINE``.
        rev: of a path: a day, an id, or with ``where`` a tag or branch; None: the mined tip.
        repo: the repository's name in the database; default: that of ``where``, else the only one.
        where: the repository's folder, for whole messages, notes and commits that are no landing.
        config: a ``codeshare.toml`` with rules of your own; default: that of the current directory, if any.

    Returns:
        A mapping with the keys that ``codeshare explain --format json`` prints.
    """
    from codeshare.attribution.catalogue import configured_catalogue
    from codeshare.metrics.at_hand import open_named
    from codeshare.metrics.explain import explain as run
    from codeshare.metrics.targets import choose_for

    catalogue = configured_catalogue(load_config(Path(config) if config is not None else None))
    at_hand = open_named(str(where), repo) if where is not None else None
    name = choose_for(connection, target, repo, at_hand.name if at_hand else None)
    return run(connection, name, target, catalogue, rev=rev, at_hand=at_hand)


def volume(connection: DuckDBPyConnection, by: str = "quarter") -> pd.DataFrame:
    """Lines merged per engineer and working day, by quarter.

    Args:
        by: ``quarter``: all of them, with ratio and intervals; or ``repository``, ``team``, ``engineer``: each by quarter.

    Source: the queries ``volume_quarterly``, ``volume_by_repository``, ``volume_by_team``, ``volume_by_engineer``.
    """
    if by == "quarter":
        return query(connection, "volume_quarterly")
    if by not in ("repository", "team", "engineer"):
        raise CatalogueError(f"by {by!r}: must be one of quarter, repository, team, engineer.")
    return query(connection, f"volume_by_{by}")


def compare(connection: DuckDBPyConnection, first: str, second: str) -> pd.DataFrame:
    """Two repositories, teams, tools or periods, figure by figure; see `codeshare.estimates.comparison.compare`.

    ``frame.attrs`` holds ``sentence``, ``facts`` and ``notes``.
    """
    from codeshare.estimates.comparison import compare as run

    found = run(connection, first, second)
    found.frame.attrs.update(sentence=found.sentence, facts=found.facts, notes=found.notes)
    return found.frame


def query(connection: DuckDBPyConnection, name: str, **parameters: object) -> pd.DataFrame:
    """Run a named query."""
    from codeshare.metrics.queries import run

    return run(connection, name, **parameters)


def queries() -> list[str]:
    """Names of all named queries."""
    from codeshare.metrics.queries import query_names

    return list(query_names())
