"""What imported rows say of commits: the branch and the labels of the request that brought them in, a vendor's counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field

from codeshare.attribution.branch import merged_branch
from codeshare.attribution.engine import Attributor
from codeshare.attribution.squash import request_number
from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.model import Attribution, Commit, Confidence, Evidence

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.exports.commit_lines import CommitLines

_WHOLE = (40, 64)


class KnownRequest(Struct, frozen=True):
    """An imported request, as far as mining looks at it. ``subjects``: of its commits."""

    number: int
    head_branch: str | None
    merge_sha: str | None
    labels: tuple[str, ...]
    subjects: frozenset[str]


class Imported(Struct, frozen=True):
    """What is imported about one repository."""

    requests: tuple[KnownRequest, ...] = ()
    lines: tuple[CommitLines, ...] = field(default=())


def read_imported(connection: DuckDBPyConnection, repo: str) -> Imported:
    """Read the requests of a repository, and the vendors' rows about its commits or about commits of none."""
    requests = connection.execute(
        """with subjects_of as (
            select number, list(regexp_extract(ltrim(message, chr(10)), '^[^\\n]*')) as subjects
            from request_commits where repo = $repo and message is not null group by number)
        select number, head_branch, merge_sha, coalesce(labels, []), coalesce(subjects, [])
        from pull_requests left join subjects_of using (number)
        where repo = $repo and (merged_at is not null or merge_sha is not null or state is null)
        order by number""",
        {"repo": repo},
    ).fetchall()
    lines = connection.execute(
        """select vendor, tool, sha, added, agent_lines, completed_lines, person_lines from exported_lines
        where repo = ? or repo is null order by all""",
        [repo],
    ).fetchall()
    from codeshare.exports.commit_lines import CommitLines  # only here: most repositories have no imports

    return Imported(
        tuple(
            KnownRequest(n, branch, sha, tuple(labels), frozenset(subjects))
            for n, branch, sha, labels, subjects in requests
        ),
        tuple(CommitLines(*row) for row in lines),
    )


def evidence_of(
    imported: Imported,
    attributor: Attributor,
    walked: Walk,
    commits: Sequence[Commit],
    mainline: Mainline,
    dates: Sequence[datetime],
) -> dict[int, tuple[Evidence, ...]]:
    """The evidence that imported rows give, by commit of the walk.

    A vendor's count speaks of its commit; a request's branch and labels of all commits that it brought in.
    """
    if not (imported.requests or imported.lines):
        return {}
    found: dict[int, list[Evidence]] = {}
    index = {sha: i for i, sha in enumerate(walked.shas)}
    for i, lines in _by_commit(imported.lines, walked.shas, index).items():
        found.setdefault(i, []).extend(piece for each in lines if (piece := each.evidence()))
    brought = _brought_in(imported.requests, walked, commits, mainline, index)
    for request in imported.requests:
        for i in brought.get(request.number, ()):
            said = _said(request, attributor, dates[i].date(), commits[mainline.landing[i]])
            if said:
                found.setdefault(i, []).extend(said)
    return {i: tuple(pieces) for i, pieces in found.items()}


def _said(request: KnownRequest, attributor: Attributor, day: date, landing: Commit) -> list[Evidence]:
    from codeshare.exports.claude_code import LABEL, TOOL

    origin = f"request #{request.number}"
    pieces = []
    # What the merge says itself is evidence already.
    branch = None if landing.is_merge and merged_branch(landing.message) else request.head_branch
    if branch and (piece := attributor.branch_named(branch, day, origin)):
        pieces.append(piece)
    if LABEL in request.labels:
        pieces.append(
            Evidence(
                rule="claude-code.request-label",
                kind="export",
                tool=TOOL,
                attribution=Attribution.ASSISTED,
                confidence=Confidence.MEDIUM,
                origin=origin,
                excerpt=f"label {LABEL}",
            )
        )
    return pieces


def _brought_in(
    requests: Sequence[KnownRequest],
    walked: Walk,
    commits: Sequence[Commit],
    mainline: Mainline,
    index: Mapping[str, int],
) -> dict[int, list[int]]:
    """Per request the commits of the walk that it brought in, itself merged by a merge, a squash or a rebase."""
    landed_by: dict[int, list[int]] = {}
    for i, landing in enumerate(mainline.landing):
        if landing != i and commits[landing].is_merge:
            landed_by.setdefault(landing, []).append(i)
    named: dict[int, list[int]] = {}
    lost = {request.number for request in requests if request.merge_sha not in index}
    if lost:
        for i in mainline.commits:
            if (number := request_number(commits[i].message)) in lost and number is not None:
                named.setdefault(number, []).append(i)
    found: dict[int, list[int]] = {}
    for request in requests:
        at = index.get(request.merge_sha or "")
        if (
            at is None
        ):  # rewritten since, or not told: its number in one message alone says which commit it is
            places = named.get(request.number, [])
            at = places[0] if len(places) == 1 else None
        if at is not None:
            found[request.number] = (
                landed_by.get(at, []) if commits[at].is_merge else _series(at, request, walked, commits)
            )
    return found


def _series(last: int, request: KnownRequest, walked: Walk, commits: Sequence[Commit]) -> list[int]:
    """A squash, or the commits of a rebase merge: those before it whose subjects are the request's."""
    series = [last]
    if commits[last].subject not in request.subjects:
        return series
    while len(walked.parents[series[-1]]) == 1 and len(series) < len(request.subjects):
        before = walked.parents[series[-1]][0]
        if commits[before].is_merge or commits[before].subject not in request.subjects:
            break
        series.append(before)
    return series


def _by_commit(
    lines: Sequence[CommitLines], shas: Sequence[str], index: Mapping[str, int]
) -> dict[int, list[CommitLines]]:
    found: dict[int, list[CommitLines]] = {}
    short: dict[str, list[CommitLines]] = {}
    for each in lines:
        if len(each.sha) in _WHOLE:
            if each.sha in index:
                found.setdefault(index[each.sha], []).append(each)
        else:
            short.setdefault(each.sha[:7], []).append(each)
    if short:
        matching: dict[CommitLines, list[int]] = {}
        for i, sha in enumerate(shas):
            for each in short.get(sha[:7], ()):
                if sha.startswith(each.sha):
                    matching.setdefault(each, []).append(i)
        for each, places in matching.items():
            if len(places) == 1:
                found.setdefault(places[0], []).append(each)
    return found
