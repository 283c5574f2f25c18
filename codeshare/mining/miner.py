"""The miner: reads what is new of repositories and stores it, a transaction each."""

from __future__ import annotations

import json
import logging
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext, suppress
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from codeshare.attribution.catalogue import Catalogue
from codeshare.attribution.heuristics import load_heuristics
from codeshare.attribution.people import People
from codeshare.attribution.rule import BEFORE_ASSISTANTS
from codeshare.config import Config
from codeshare.errors import CannotKnow, ConfigError, GitError
from codeshare.git.repository import Repository
from codeshare.git.shadow import git_version
from codeshare.mining.belonging import write_shared_commits
from codeshare.mining.observations import observe
from codeshare.mining.reading import Ahead, begin, readable
from codeshare.mining.recovered import ABSENT, NO_REF
from codeshare.mining.requests import Imported, read_imported
from codeshare.mining.shared import write_settings, write_shared
from codeshare.mining.stamp import Stamp, fingerprint, stamp_of
from codeshare.mining.standing import Standing, read_standing
from codeshare.mining.targets import Target
from codeshare.store.database import transaction
from codeshare.store.writer import drop_estimates, follow_engineers, replace_repositories, update_repository
from codeshare.version import VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.mining.repository import Mined
    from codeshare.mining.stored import Stored
    from codeshare.store.stretches import Arriving

_log = logging.getLogger(__name__)


class Outcome(Struct, frozen=True):
    """What mining one repository came to."""

    repo: str
    branch: str
    commits: int
    unknown_commits: int
    unknown_files: int
    is_shallow: bool
    was_current: bool
    notes: tuple[str, ...] = field(default=())


class Found(Struct, frozen=True):
    """A repository that was mined, and its rows by table: where most of what ``was_stored`` stays, those that are new."""

    repository: Repository
    mined: Mined
    rows: Mapping[str, Arriving]
    outcome: Outcome
    was_stored: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.repository.name

    @property
    def is_update(self) -> bool:
        """Whether most of what is stored of it stays."""
        return bool(self.mined.past and self.mined.lives and self.mined.lives.update)


Tell = Callable[[str, str, int, int], None]
"""Called with the repository's name, what is being done, how many are done, of how many (0: not known)."""


_git_version = cache(git_version)


def _get_ready() -> None:
    """Load what rows are made and the quick estimates computed with, and ask git for its version."""
    import numpy.random  # noqa: F401

    import codeshare.metrics.calibration
    import codeshare.metrics.volume
    import codeshare.mining.rows
    import codeshare.mining.signals
    import codeshare.store.arrow  # noqa: F401

    with suppress(CannotKnow, GitError):  # whoever needs it asks again, and is told
        _git_version()


class Miner:
    """Mines repositories into one database: what holds for all of them, and how one is read and stored."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        config: Config,
        catalogue: Catalogue,
        jobs: int | None = None,
        lines: bool | None = None,
        again: bool = False,
        tell: Tell = lambda repo, what, done, total: None,
        ahead: Ahead | None = None,
    ) -> None:
        self.connection, self.config, self.catalogue = connection, config, catalogue
        self.jobs, self.lines, self.again, self.tell = jobs, lines, again, tell
        self.ahead = ahead
        self.people = People(catalogue, config.aliases, config.teams)
        self.started = _now()
        self.seconds: dict[str, Mapping[str, float]] = {}
        self._fingerprints: dict[tuple[str, ...], str] = {}

    def mine(
        self, repositories: Sequence[Repository], targets: Sequence[Target], as_of: str | None
    ) -> list[Outcome]:
        """Mine one after the other, a transaction each; what belongs to the whole database is stored with the last."""
        outcomes: list[Outcome] = []
        for repository, target in zip(repositories, targets, strict=True):
            standing = read_standing(self.connection, [repository.name])
            outcome = self.current(repository, target, standing)
            is_last = len(outcomes) == len(repositories) - 1
            meanwhile = _get_ready if is_last else lambda: None
            found = None if outcome else self.read(repository, target, standing, meanwhile)
            with transaction(self.connection, is_last=is_last):
                if found:
                    self.store([found])
                    write_shared(self.connection, self.config, self.people, teams=not is_last)
                    outcome = found.outcome
                assert outcome
                outcomes.append(outcome)
                observe(self.connection, [repository])
                if is_last:
                    self.finish(outcomes, as_of)
        return outcomes

    def read(
        self,
        repository: Repository,
        target: Target,
        standing: Standing,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Found:
        """Mine what is new of a repository, without storing it.

        Args:
            standing: what is stored of it, and maybe of others.
            meanwhile: is called where git or stored lines are waited for.
        """
        name, config = repository.name, target.settings(self.config)
        stamp = self._stamp(repository, config, standing)
        stored = standing.repos.get(name)
        lines = (stored is None or stored.basis == "landed") if self.lines is None else self.lines
        _log.info("%s: mining %s at %s", name, repository.branch, repository.tip)
        with readable(repository):
            mined = self._read(repository, config, lines, stamp, standing, meanwhile)
        # Only here: git was at work while the rest was loaded.
        from codeshare.mining.rows import tables

        if stored and not stored.is_shallow:
            self._refuse_other_history(mined)
        rows = tables(
            mined,
            now=_now(),
            mined_with=stamp.mined_with,
            requests_with=stamp.requests_with,
        )
        outcome = self._outcome(repository, mined)
        return Found(repository, mined, rows, outcome, was_stored=stored is not None)

    def store(self, found: Sequence[Found]) -> None:
        """Store the rows of repositories in the place of what was stored. Call it inside a transaction."""
        from codeshare.mining.signals import write_signals

        began = time.perf_counter()
        whole = [each for each in found if not each.is_update]
        stored = [each.name for each in whole if each.was_stored]
        replace_repositories(self.connection, {each.name: each.rows for each in whole}, stored)
        for each in found:
            self.tell(each.name, "storing", 0, 0)
            if each.is_update:
                self._update(each)
            write_signals(self.connection, each.repository, load_heuristics().artefacts, each.mined.owners)
            _log.info("%s: stored: %s", each.name, _counts(each.rows))
        took = (time.perf_counter() - began) / max(len(found), 1)
        self.seconds |= {each.name: each.mined.seconds | {"store": round(took, 3)} for each in found}

    def _update(self, found: Found) -> None:
        from codeshare.mining.rows import replaced

        past, lives = found.mined.past, found.mined.lives
        assert past
        assert lives
        update_repository(
            self.connection,
            found.name,
            found.rows,
            **replaced(found.mined, past, lives),
            adds_commits=bool(found.mined.since),
        )
        if not found.mined.since:
            follow_engineers(self.connection, found.name)

    @staticmethod
    def _outcome(repository: Repository, mined: Mined) -> Outcome:
        files = sum(len(failure.paths) for failure in mined.failures)
        return Outcome(
            repository.name,
            repository.branch,
            len(mined.commits),
            len(mined.failures),
            files,
            repository.is_shallow,
            False,
            (*repository.notes, *_notes(mined)),
        )

    def _read(
        self,
        repository: Repository,
        config: Config,
        lines: bool,
        stamp: Stamp,
        standing: Standing,
        meanwhile: Callable[[], None],
    ) -> Mined:
        """Read what is new since the repository was stored, or everything where that cannot be told apart."""
        self.tell(repository.name, "reading history", 0, 0)
        imported = read_imported(self.connection, repository.name) if standing.has_imports else Imported()

        def read(connection: DuckDBPyConnection | None, stored: Stored | None = None) -> Mined:
            is_whole = connection is None
            with (
                self.ahead
                if self.ahead and is_whole and self.ahead.fits(repository, lines)
                else begin(repository, jobs=self.jobs, lines=lines, whole=is_whole, stored=stored)
            ) as begun:
                # Only here: git is at work while this is loaded, and where nothing is new it is not needed.
                from codeshare.mining.repository import mine_repository

                return mine_repository(
                    begun,
                    config,
                    self.catalogue,
                    self.people,
                    now=self.started,
                    connection=connection,
                    mined_with=stamp.mined_with,
                    imported=imported,
                    request_heads=stamp.request_heads,
                    progress=lambda what, done, total: self.tell(repository.name, what, done, total),
                    meanwhile=meanwhile,
                )

        if self.again or repository.name not in standing.repos:
            return read(None)
        # What is imported may speak of commits that are merged already.
        stored = None if imported.requests or imported.lines else self._stored(repository, lines, stamp)
        with closing(stored) if stored else nullcontext():
            if stored:
                import codeshare.mining.repository  # noqa: F401  while those commits are being read
            from codeshare.provenance.followed import CannotResume

            for attempt in (
                ((self.connection, stored), (self.connection, None)) if stored else ((self.connection, None),)
            ):
                try:
                    return read(*attempt)
                except CannotResume:
                    if stored:
                        stored.give_up()
            return read(None)

    def _stored(self, repository: Repository, lines: bool, stamp: Stamp) -> Stored | None:
        """The commits that are stored, where new ones can be put beside them."""
        judges_the_whole = any(rule.id in load_heuristics().bursts for rule in self.catalogue.rules)
        if not lines or stamp.request_heads or judges_the_whole:
            return None
        from codeshare.mining.stored import find_stored

        return find_stored(self.connection, repository, stamp.mined_with, stamp.requests_with)

    def current(self, repository: Repository, target: Target, standing: Standing) -> Outcome | None:
        """What mining would come to where it would leave a repository as it is stored.

        Args:
            standing: what is stored of it, and maybe of others.
        """
        if self.again:
            return None
        return self._current(
            repository, self._stamp(repository, target.settings(self.config), standing), standing
        )

    def _stamp(self, repository: Repository, config: Config, standing: Standing) -> Stamp:
        """What is in force for a repository now."""
        return stamp_of(standing, repository, self._decided(config))

    def _decided(self, config: Config) -> str:
        if config.exclude not in self._fingerprints:
            self._fingerprints[config.exclude] = fingerprint(config, self.catalogue)
        return self._fingerprints[config.exclude]

    def _current(self, repository: Repository, stamp: Stamp, standing: Standing) -> Outcome | None:
        stored = standing.repos.get(repository.name)
        given = (
            repository.branch,
            repository.tip,
            stamp.mined_with,
            stamp.requests_with,
            repository.is_shallow,
        )
        # What was absent may have been fetched since, which no ref tells.
        if stored is None or stored[: len(given)] != given or stored.unknown_commits:
            return None
        if self.lines is not None and self.lines != (stored.basis == "landed"):
            return None
        return Outcome(
            repository.name,
            repository.branch,
            stored.commits,
            stored.unknown_commits,
            standing.files.get(repository.name, 0),
            repository.is_shallow,
            was_current=True,
            notes=repository.notes,
        )

    def _refuse_other_history(self, mined: Mined) -> None:
        """Two repositories of one name must not overwrite each other."""
        name = mined.repository.name
        stored = self.connection.execute(
            "select sha from commits semi join repos using (repo) where repo = ? and len(parents) = 0", [name]
        ).fetchall()
        if not stored or mined.repository.is_shallow:
            return
        if not {sha for (sha,) in stored} & set(mined.walked.shas):
            raise ConfigError(
                f"{name}: the database holds another repository of this name. Give this one a `name` in codeshare.toml, "
                "or use another database with --db."
            )

    def finish(self, outcomes: Sequence[Outcome], as_of: str | None) -> None:
        """Write what belongs to the whole database: settings, estimates, the record of the run. Call it inside a transaction."""
        if write_shared_commits(self.connection, self.config):
            drop_estimates(self.connection)
        write_settings(self.connection, self.config, self.people, as_of)
        self.record(outcomes)

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Write down that there was this run, unless nothing was new."""
        row = self.connection.execute("select coalesce(max(run), 0) + 1 from runs").fetchone()
        assert row is not None
        if all(outcome.was_current for outcome in outcomes):
            return
        values = [
            row[0], self.started, _now(), VERSION, _git_version(), platform.python_version(), self.catalogue.hash,
            json.dumps({"baseline": [str(self.config.baseline_since), str(self.config.baseline_until)], "mainline": self.config.mainline}),
            len(outcomes), sum(outcome.commits for outcome in outcomes), json.dumps(self.seconds),
        ]  # fmt: skip
        self.connection.execute(f"insert into runs values ({', '.join('?' * len(values))})", values)


def _counts(rows: Mapping[str, Arriving]) -> str:
    return ", ".join(f"{table.num_rows:,} {name}" for name, table in rows.items() if table.num_rows)


def _notes(mined: Mined) -> Iterator[str]:
    """What the user should hear about records of lines and requests."""
    if mined.lives is None and mined.repository.records:
        yield "records of lines (git-ai's notes and the like) count only without --no-lines"
    if faults := mined.records.faults:
        first = faults[0]
        yield (
            f"{len(faults):,} records of lines cannot be used, first {first.origin}: {first.why}. "
            '`codeshare sql "from unusable_records"` lists them.'
        )
    yield from _lost_requests(mined)


def _lost_requests(mined: Mined) -> Iterator[str]:
    """How much the own commits of squashed requests may have said that cannot be read."""
    lost = sum(
        seen.state in (NO_REF, ABSENT) and mined.commits[seen.commit].committed_at.date() >= BEFORE_ASSISTANTS
        for seen in mined.recovered.seen
    )
    if lost:
        yield (
            f"pull requests squashed into one commit, whose own commits are not here: {lost:,}. Marks of AI in those are "
            "not counted; `codeshare mine --fetch-requests` fetches them from the origin into the cache."
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
