"""A stored history that only grew: what is known of its commits, so that none of them is read or judged again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime
from functools import cached_property, partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, TypeVar, overload

from msgspec import Struct

from codeshare.git.history import Walk, rows_since
from codeshare.git.quoting import bytes_of
from codeshare.git.repository import Repository, has_same_files, tip_blob
from codeshare.git.shadow import Shadow
from codeshare.model import Attribution, Commit, CommitAttribution, Confidence, Evidence, Identity
from codeshare.store.views_of import home_of

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from codeshare.mining.identities import Behind

T = TypeVar("T")
_NOBODY = Identity("", "")
_COMMITS = """
select c.sha, c.parents, c.committed_at, c.subject, c.author, c.committer, c.engineer, c.request, c.merged_at,
    c.added, c.deleted, c.whitespace, c.patch_id, c.inverse_id, coalesce(m.ordinal, -1) as landing
from commits as c left join commits as m on m.repo = $repo and m.sha = c.merge_sha
where c.repo = $repo order by c.ordinal
"""
# Of tens of thousands of commits a few dozen kinds of decisions.
_DECIDED = """
select attribution, confidence, rule, tool, model, kind, is_mixed, list(ordinal) from commits where repo = $repo
group by all
"""
_LINKS = "select ordinal, dup_of, reverts from commits where repo = $repo and (dup_of is not null or reverts is not null)"

_EVIDENCE = """
select rule, kind, tool, attribution, confidence, origin, excerpt, model
from evidence where repo = ? and sha = ? order by rowid
"""


class Known(Struct, frozen=True):
    """What is stored of an identity: what the mailmap made of it, its person (id), how many commits it authored."""

    mapped: Identity
    person: str
    commits: int


class GoneOn(Sequence[T]):
    """What is stored of commits, each made when it is asked for, and what is new after it."""

    def __init__(self, make: Callable[[int], T], count: int, new: Sequence[T]) -> None:
        """Put what is ``new`` after ``count`` stored ones, which ``make`` makes by index."""
        self._make, self._count, self._new = make, count, new
        self._made: list[T] | None = None

    def __len__(self) -> int:
        return self._count + len(self._new)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        return self._new[at - self._count] if at >= self._count else self._make(at)

    def __iter__(self) -> Iterator[T]:
        if self._made is None:  # whoever looks at all may do so again
            self._made = [self._make(i) for i in range(self._count)]
        return chain(self._made, self._new)


class Stored:
    """The commits of a repository as they are stored, in the order of their walk.

    They are read from the moment this is made, beside whatever else is done.

    Attributes:
        tip: id of the last; ``count``: how many they are.
    """

    def __init__(self, connection: DuckDBPyConnection, repo: str, tip: str, count: int) -> None:
        self._connection, self._repo, self.tip, self.count = connection, repo, tip, count
        self._columns: dict[str, list[Any]] = {}
        self._thread = ThreadPoolExecutor(1)
        self._cursor = connection.cursor()
        self._cursor.execute(f"use {home_of(connection)}")
        self._read = self.beside(partial(_read, repo=repo))
        self._lookups = self.beside(partial(keep_lookups, repo=repo))  # while the walk is not known yet

    def beside(self, work: Callable[[DuckDBPyConnection], T]) -> Future[T]:
        """Do something beside whatever else is done, with another connection, after what was begun before."""
        return self._thread.submit(work, self._cursor)

    def beside_lookups(self, work: Callable[[DuckDBPyConnection], T]) -> Future[T]:
        """As `beside`, with a connection for which `keep_lookups` was done."""

        def do(cursor: DuckDBPyConnection) -> T:
            self._lookups.result()
            return work(cursor)

        return self.beside(do)

    def close(self) -> None:
        """Wait until nothing is being read any more: the database cannot be closed before."""
        self._lookups.cancel()
        self.give_up()
        self._thread.shutdown()
        self._cursor.close()

    def added(self, shadow: Shadow, tip: str, beside: Executor) -> list[list[str]] | None:
        """The commits, with their parents, that a tip adds to what is stored; None: more than that has changed."""
        ignored = beside.map(partial(tip_blob, shadow, path=".git-blame-ignore-revs"), (self.tip, tip))
        rows = rows_since(shadow, self.tip, tip)
        return None if len(set(ignored)) > 1 else rows

    def give_up(self) -> None:
        """What is done `beside` is wanted no more."""
        self._cursor.interrupt()

    def walk_on(self, added: Sequence[Sequence[str]]) -> Walk:
        """The walk of what is stored and the commits `added`."""
        index = self.index | {row[0]: i for i, row in enumerate(added, self.count)}
        parents = [*self.parents, *(tuple(index[parent] for parent in row[1:]) for row in added)]
        return Walk([*self.shas, *(row[0] for row in added)], parents, frozenset())

    def commit(self, i: int) -> Commit:
        """Committer date and subject of a commit, that for the message; nobody in the place of people."""
        shas, at = self.shas, self.dates()[i]
        parents = tuple(shas[parent] for parent in self.parents[i])
        return Commit(shas[i], parents, _NOBODY, _NOBODY, at, at, self.subject(i))

    def subject(self, i: int) -> str:
        """The subject of a commit."""
        return _unquoted(self._subjects[i])

    def dates(self) -> list[datetime]:
        """The committer date of each."""
        return self._column("committed_at")

    def attributions(self) -> list[CommitAttribution]:
        """What was decided of each commit, without the evidence."""
        _, decided, _ = self._read.result()
        found: list[Any] = [None] * self.count
        for attribution, confidence, *rest, ordinals in decided:
            each = CommitAttribution(Attribution(attribution), Confidence(confidence), *rest)
            for i in ordinals:
                found[i] = each
        return found

    def behind(self) -> list[Behind]:
        """Author, committer and engineer of each commit."""
        return list(zip(*(self._column(name) for name in ("author", "committer", "engineer")), strict=True))

    def engineers(self) -> list[str | None]:
        """The engineer of each commit."""
        return self._column("engineer")

    def requests(self) -> list[int | None]:
        """The number of the request that each commit names."""
        return self._column("request")

    def landings(self) -> tuple[list[int], list[datetime]]:
        """By which commit each landed (index; -1: by none that is stored), and when."""
        return self._column("landing"), self._column("merged_at")

    def links(self) -> tuple[dict[int, int], dict[int, int]]:
        """The commits that repeat another one, and those that undo one, by index."""
        _, _, rows = self._read.result()
        repeats = {i: self.index[sha] for i, sha, _ in rows if sha is not None}
        return repeats, {i: self.index[sha] for i, _, sha in rows if sha is not None}

    def patches(self) -> list[list[int]]:
        """Lines added, deleted, whitespace, and hashes: each a column."""
        return [self._column(name) for name in ("added", "deleted", "whitespace", "patch_id", "inverse_id")]

    @cached_property
    def identities(self) -> dict[Identity, Known]:
        """The identities met in the repository."""
        sql = "select name, email, mapped_name, mapped_email, person, commits from identities where repo = ?"
        rows = self._connection.execute(sql, [self._repo]).fetchall()
        return {
            _identity(name, email): Known(_identity(*mapped), person, commits)
            for name, email, *mapped, person, commits in rows
        }

    def others(self) -> list[tuple[str, str, str, str]]:
        """Name and address of the identities of the database's other repositories, and as mapped there."""
        sql = "select name, email, mapped_name, mapped_email from identities where repo <> ?"
        return self._connection.execute(sql, [self._repo]).fetchall()

    def evidence(self, sha: str) -> tuple[Evidence, ...]:
        """What is known of one commit as a whole."""
        rows = self._connection.execute(_EVIDENCE, [self._repo, sha]).fetchall()
        return tuple(
            Evidence(
                rule, kind, tool, Attribution(attribution), Confidence(confidence), origin, excerpt, model
            )
            for rule, kind, tool, attribution, confidence, origin, excerpt, model in rows
        )

    @cached_property
    def shas(self) -> list[str]:
        """Their ids."""
        return self._column("sha")

    @cached_property
    def index(self) -> dict[str, int]:
        """The place of each, by its id."""
        return dict(zip(self.shas, range(self.count), strict=True))

    @cached_property
    def parents(self) -> list[tuple[int, ...]]:
        """The places of each one's parents."""
        from codeshare.store.values import parts_of

        shas, ends = parts_of(self._read.result()[0].column("parents"))
        places = list(map(self.index.__getitem__, shas))
        return [tuple(places[low:high]) for low, high in pairwise(ends)]

    @cached_property
    def _subjects(self) -> list[str]:
        return self._column("subject")

    def _column(self, name: str) -> list[Any]:
        if name not in self._columns:
            from codeshare.store.values import plain  # numpy: where nothing is new it is not needed

            self._columns[name] = plain(self._read.result()[0].column(name))
        return self._columns[name]


def _read(connection: DuckDBPyConnection, repo: str) -> tuple[pa.Table, list[Any], list[Any]]:
    """Rows of all commits, what was decided of them, and whom they repeat or undo."""
    rows = connection.sql(_COMMITS, params={"repo": repo}).to_arrow_table()
    decided, links = (connection.execute(sql, {"repo": repo}).fetchall() for sql in (_DECIDED, _LINKS))
    return rows, decided, links


# Few lines repeat or follow others: those that do are looked for once.
_LINKED = """
create or replace temp table linked as
    select rowid as line, sha, path, repeats_sha, repeats_path, repeats_line, succeeds_sha, succeeds_path, succeeds_line
    from line_spans where repo = $repo and (repeats_line is not null or succeeds_line is not null)
"""
_PLACES = """
create or replace temp table landing_places as
    select sha, (row_number() over (order by ordinal) - 1)::integer as place
    from commits where repo = $repo and sha = merge_sha
"""


def keep_lookups(connection: DuckDBPyConnection, repo: str) -> None:
    """Make temporary tables: ``linked``, the lines that repeat or follow others; ``landing_places``, oldest first."""
    for sql in (_LINKED, _PLACES):
        connection.execute(sql, {"repo": repo})


def _identity(name: str, email: str) -> Identity:
    return Identity(_unquoted(name), _unquoted(email))


def _unquoted(text: str) -> str:
    return bytes_of(text).decode("utf-8", "surrogateescape") if text.startswith('"') else text


def has_same_attributes(shadow: Shadow, before: str, after: str) -> bool:
    """Whether two commits have the same ``.gitattributes``, which decide about the class of every file."""
    return has_same_files(shadow, before, after, ".gitattributes")


def find_stored(
    connection: DuckDBPyConnection, repository: Repository, mined_with: str, requests_with: str
) -> Stored | None:
    """What is stored of a repository, where new commits can be put beside it.

    Records of lines and the heads of requests may speak of commits that are merged already.
    """
    if repository.records or repository.requests or repository.is_shallow:
        return None
    rows = connection.execute(
        "select tip_sha, commits from repos where repo = ? and branch = ? and mined_with = ? and requests_with = ?"
        " and basis = 'landed' and unknown_commits = 0 and not is_shallow"
        " and commits = (select count(*) from commits as c where c.repo = repos.repo)",
        [repository.name, repository.branch, mined_with, requests_with],
    ).fetchall()
    return Stored(connection, repository.name, *rows[0]) if rows else None
