"""Put imported requests and vendors' lines into the database; what mining takes from there is `imported`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from codeshare.errors import ConfigError
from codeshare.exports.commit_lines import CommitLines
from codeshare.exports.request import Request
from codeshare.git.remotes import parse_remote
from codeshare.store.columns import flags, lists, numbers, optional, texts, times, with_repo
from codeshare.store.database import transaction
from codeshare.store.registered import registered
from codeshare.store.tables import BIGINT, BOOLEAN, Column, Table
from codeshare.store.writer import append, drop_estimates

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REQUESTS = "requests"
_REQUEST_DIGEST = """
with commits_of as (
    select number, string_agg(concat_ws('|', sha, message), chr(10) order by position) as said
    from request_commits where repo = $repo group by number)
select count(*), sha256(coalesce(string_agg(
    concat_ws('|', number, coalesce(head_branch, ''), coalesce(merge_sha, ''), coalesce(head_sha, ''), coalesce(labels::varchar, ''), said),
    chr(10) order by number), ''))
from pull_requests left join commits_of using (number) where repo = $repo"""
_LINES_DIGEST = """
select count(*), sha256(coalesce(string_agg(
    concat_ws('|', sha, coalesce(added, -1), agent_lines, completed_lines), chr(10) order by sha), ''))
from exported_lines where repo = $repo and vendor = $kind"""


def import_requests(
    connection: DuckDBPyConnection, requests: Sequence[Request], repo: str | None = None
) -> dict[str, int]:
    """Store requests, each in the place of what was stored of its number.

    Commits and reviews that an export does not tell of are left as they are. What was estimated of
    reviews goes: the next report or ``codeshare estimate`` computes it anew.

    Args:
        connection: a database, to be written.
        requests: as read from one file.
        repo: whose they are; None: as they say, else the only repository of the database.

    Returns:
        By repository how many were stored.

    Raises:
        ConfigError: it cannot be told to which repository they belong.
    """
    from codeshare.estimates.review import METRICS

    by_repo: dict[str, dict[int, Request]] = defaultdict(dict)
    for name, request in zip(_repositories(connection, requests, repo), requests, strict=True):
        by_repo[name][request.number] = request
    with transaction(connection):
        for name, numbered in by_repo.items():
            _store(connection, name, list(numbered.values()))
            _renew(connection, name, REQUESTS, _REQUEST_DIGEST, {"repo": name})
        if by_repo:
            drop_estimates(connection, METRICS)
    return {name: len(numbered) for name, numbered in by_repo.items()}


def import_lines(connection: DuckDBPyConnection, lines: Sequence[CommitLines]) -> dict[str | None, int]:
    """Store what a vendor says of commits, each in the place of what was stored of it.

    Returns:
        By repository how many of the commits it holds; None: those that no repository holds yet.
    """
    rows = Table(
        {
            "vendor": texts(each.vendor for each in lines),
            "sha": texts(each.sha for each in lines),
            "tool": texts(each.tool for each in lines),
            "added": optional([each.added for each in lines], BIGINT),
            "agent_lines": numbers([each.agent for each in lines], kind=BIGINT),
            "completed_lines": numbers([each.completed for each in lines], kind=BIGINT),
            "person_lines": optional([each.person for each in lines], BIGINT),
        }
    )
    with transaction(connection):
        with registered(connection, arriving_lines=rows):
            connection.execute(
                "delete from exported_lines where (vendor, sha) in (select (vendor, sha) from arriving_lines)"
            )
            connection.execute(
                """insert into exported_lines (vendor, sha, repo, tool, added, agent_lines, completed_lines, person_lines)
                select vendor, sha, null, tool, added, agent_lines, completed_lines, person_lines from arriving_lines"""
            )
            _place(connection)
            placed = connection.execute(
                "select e.repo, count(*) from exported_lines as e semi join arriving_lines using (vendor, sha) group by all order by all"
            ).fetchall()
        for repo, vendor in connection.execute(
            "select distinct repo, vendor from exported_lines where repo is not null order by all"
        ).fetchall():
            _renew(connection, repo, vendor, _LINES_DIGEST, {"repo": repo, "kind": vendor})
    return dict(placed)


def _place(connection: DuckDBPyConnection) -> None:
    """Note for each vendor's row which repository holds the commit; ids may be shortened."""
    connection.execute(
        """update exported_lines set repo = c.repo from (select sha, min(repo) as repo from commits group by sha) as c
        where exported_lines.repo is null and exported_lines.sha = c.sha"""
    )
    connection.execute(
        """update exported_lines set repo = m.repo from (
            select e.sha, min(c.repo) as repo from (select distinct sha, left(sha, 7) as head from exported_lines
                where repo is null and length(sha) < 40) as e
            join commits as c on left(c.sha, 7) = e.head and starts_with(c.sha, e.sha)
            group by e.sha having count(distinct c.sha) = 1) as m
        where exported_lines.repo is null and exported_lines.sha = m.sha"""
    )


def _renew(connection: DuckDBPyConnection, repo: str, kind: str, sql: str, bound: Mapping[str, str]) -> None:
    row = connection.execute(sql, dict(bound)).fetchone()
    assert row is not None
    connection.execute("delete from imported where repo = ? and kind = ?", [repo, kind])
    if row[0]:
        connection.execute("insert into imported values (?, ?, ?, ?)", [repo, kind, *row])


def _repositories(connection: DuckDBPyConnection, requests: Sequence[Request], repo: str | None) -> list[str]:
    """For each request the name of its repository in the database."""
    rows = connection.execute("select repo, origin from repos order by repo").fetchall()
    told = Counter(request.repo for request in requests if request.repo)
    if repo is not None:
        if len(told) > 1:
            raise ConfigError(f"the file holds requests of {', '.join(sorted(told)[:4])}: leave --repo out, or export one at a time.")  # fmt: skip
        return [repo] * len(requests)
    known = {name.lower(): name for name, _ in rows}
    for name, origin in rows:
        if origin and (own := parse_remote(origin).name):
            known.setdefault(own.lower(), name)
    if None in {request.repo for request in requests} and len(rows) != 1:
        raise ConfigError("the file does not say whose requests it holds: name the repository with --repo.")
    return [_known(known, request.repo) if request.repo else rows[0][0] for request in requests]


def _known(names: Mapping[str, str], told: str) -> str:
    """The database's name of a repository; of a group within a group the last two parts count too."""
    lower = told.lower()
    return names.get(lower) or names.get("/".join(lower.split("/")[-2:]), told)


def _store(connection: DuckDBPyConnection, repo: str, requests: Sequence[Request]) -> None:
    commits = [(request, k, commit) for request in requests for k, commit in enumerate(request.commits or ())]
    reviews = [(request, review) for request in requests for review in request.reviews or ()]
    replaced = {
        "pull_requests": [request.number for request in requests],
        "request_commits": [request.number for request in requests if request.commits is not None],
        "reviews": [request.number for request in requests if request.reviews is not None],
    }
    for table, chosen in replaced.items():
        with registered(connection, numbers=Table({"number": numbers(chosen)})):
            connection.execute(
                f"delete from {table} where repo = ? and number in (select number from numbers)", [repo]
            )
    append(connection, "pull_requests", with_repo(Table(_request_rows(requests)), repo))
    append(
        connection,
        "request_commits",
        with_repo(
            Table(
                {
                    "number": numbers([request.number for request, _, _ in commits]),
                    "position": numbers([k for _, k, _ in commits]),
                    **{
                        name: texts(getattr(commit, name) for _, _, commit in commits)
                        for name in ("sha", "message", "author_name", "author_email", "author_login")
                    },
                }
            ),
            repo,
        ),
    )
    append(
        connection,
        "reviews",
        with_repo(
            Table(
                {
                    "number": numbers([request.number for request, _ in reviews]),
                    "reviewer": texts(review.reviewer.login for _, review in reviews),
                    "state": texts(review.state for _, review in reviews),
                    "submitted_at": times([review.submitted_at for _, review in reviews]),
                    "reviewer_is_bot": flags(review.reviewer.is_bot for _, review in reviews),
                }
            ),
            repo,
        ),
    )


def _request_rows(requests: Sequence[Request]) -> dict[str, Column]:
    def column(name: str) -> Iterable[Any]:
        return (getattr(request, name) for request in requests)

    plain = ("title", "state", "head_branch", "head_repo", "head_sha", "base_branch", "base_sha", "merge_sha")
    return {
        "number": numbers([request.number for request in requests]),
        **{name: texts(column(name)) for name in plain},
        **{name: times(list(column(name))) for name in ("opened_at", "merged_at", "closed_at")},
        "author": texts(request.author.login if request.author else None for request in requests),
        "author_is_bot": flags(bool(request.author and request.author.is_bot) for request in requests),
        "merged_by": texts(request.merged_by.login if request.merged_by else None for request in requests),
        "is_draft": optional(list(column("is_draft")), BOOLEAN),
        "labels": lists([request.labels for request in requests]),
    }
