"""What is seen of a repository beside its branch's history, for ``doctor``: refs of requests, branches that fit better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeshare.errors import GitError
from codeshare.git.quoting import storable
from codeshare.git.recordrefs import is_record_branch
from codeshare.git.repository import Repository

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LARGE = 200  # commits that one landing brings in
_TIMES = 5
"""As many times the landings of the mined branch make another one fit better."""
_MOST_BRANCHES = 40
_USUAL = ("develop", "development", "dev", "next", "main", "master", "trunk", "staging", "integration")


def observe(connection: DuckDBPyConnection, repository: Repository) -> None:
    """Note what is there now, if it differs from what is noted; the repository must be mined. Call it inside a transaction."""
    name = repository.name
    seen = [("request_refs", "", repository.refs.count_requests() if repository.refs else 0)]
    if _is_of_large_merges(connection, name):
        seen += [("landings", branch, count) for branch, count in _better_branches(connection, repository)]
    noted = connection.execute(
        "select what, name, count from observations where repo = ? order by all", [name]
    ).fetchall()
    if noted == sorted(seen):
        return
    connection.execute("delete from observations where repo = ?", [name])
    connection.executemany(
        "insert into observations values (?, ?, ?, ?)", [[name, *row] for row in sorted(seen)]
    )


def _is_of_large_merges(connection: DuckDBPyConnection, repo: str) -> bool:
    """Whether more than half of all commits came in with merges of over 200 commits each, few enough to doubt."""
    row = connection.execute(
        """with landings as (select merge_sha, count(*) as commits, bool_or(is_merge and sha = merge_sha) as is_merge
            from commits where repo = ? group by merge_sha)
        select coalesce(sum(commits) filter (is_merge and commits > ?), 0) > sum(commits) / 2 from landings""",
        [repo, _LARGE],
    ).fetchone()
    return bool(row and row[0])


def _better_branches(connection: DuckDBPyConnection, repository: Repository) -> list[tuple[str, int]]:
    """Branches with far more commits on their own line that hold what was merged into this one."""
    refs = repository.refs
    row = connection.execute(
        "select count(*) from commits where repo = ? and is_mainline", [repository.name]
    ).fetchone()
    if refs is None or row is None:
        return []
    names = [
        name for name in refs.branches() if storable(name) != repository.branch and not is_record_branch(name)
    ]
    names.sort(key=lambda name: (_USUAL.index(name) if name in _USUAL else len(_USUAL), name))
    found = []
    with repository.shadow() as shadow:
        for name in names[:_MOST_BRANCHES]:
            sha = refs.resolve(f"refs/heads/{name}") or refs.resolve(f"refs/remotes/origin/{name}")
            if sha is None or sha == repository.tip:
                continue
            try:
                landings = int(shadow.run("rev-list", "--count", "--first-parent", sha, "--"))
                shadow.run("merge-base", sha, repository.tip)
            except GitError:
                continue
            if landings >= _TIMES * row[0]:
                found.append((storable(name), landings))
    return sorted(found, key=lambda each: (-each[1], each[0]))[:3]
