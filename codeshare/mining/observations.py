"""What is seen of a repository beside its branch's history, for ``doctor``: refs of requests, branches that fit better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from codeshare.errors import GitError
from codeshare.git.quoting import storable
from codeshare.git.recordrefs import is_record_branch
from codeshare.git.repository import Repository
from codeshare.store.writer import insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LARGE = 200  # commits that one landing brings in
_TIMES = 5
"""As many times the landings of the mined branch make another one fit better."""
_MOST_BRANCHES = 40
_USUAL = ("develop", "development", "dev", "next", "main", "master", "trunk", "staging", "integration")

_NOTED = "select repo, what, name, count from observations where repo in (select unnest(?)) order by all"
_OF_LARGE_MERGES = """
with landings as (
    select repo, merge_sha, count(*) as commits, bool_or(is_merge and sha = merge_sha) as is_merge
    from commits where repo in (select unnest(?)) group by repo, merge_sha
)
select repo from landings
group by repo having coalesce(sum(commits) filter (is_merge and commits > ?), 0) > sum(commits) / 2
"""
"""More than half of all commits came in with merges of so many commits each, few enough to doubt."""


def observe(connection: DuckDBPyConnection, repositories: Sequence[Repository]) -> None:
    """Note what is there now, where it differs from what is noted; all must be mined. Call it inside a transaction."""
    names = [repository.name for repository in repositories]
    noted: defaultdict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for repo, *row in connection.execute(_NOTED, [names]).fetchall():
        noted[repo].append(tuple(row))
    doubtful = {repo for (repo,) in connection.execute(_OF_LARGE_MERGES, [names, _LARGE]).fetchall()}
    changed = {}
    for repository in repositories:
        seen = [("request_refs", "", repository.refs.count_requests() if repository.refs else 0)]
        if repository.name in doubtful:
            better = _better_branches(connection, repository)
            seen += [("landings", branch, count) for branch, count in better]
        if noted.get(repository.name, []) != sorted(seen):
            changed[repository.name] = sorted(seen)
    if changed:
        if noted.keys() & changed.keys():
            connection.execute("delete from observations where repo in (select unnest(?))", [list(changed)])
        rows = [(repo, *row) for repo, seen in changed.items() for row in seen]
        insert_rows(connection, "observations", ["repo", "what", "name", "count"], rows)


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
