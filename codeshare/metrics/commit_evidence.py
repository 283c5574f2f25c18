"""Everything that is known about the attribution of one commit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from codeshare.attribution.catalogue import Catalogue
from codeshare.git.history import read_commit
from codeshare.metrics.conclusion import conclude_commit
from codeshare.metrics.doubts import doubts, flags_of
from codeshare.metrics.pieces import Piece, pieces_of
from codeshare.metrics.queries import run
from codeshare.metrics.records import RecordPlace, records_of
from codeshare.metrics.rows import first_row, rows_of
from codeshare.metrics.sought import Ignored, Sought, ignored, sought

if TYPE_CHECKING:
    import duckdb

    from codeshare.metrics.at_hand import AtHand
    from codeshare.model import Commit

_FACTS = """
select
    c.repo, c.sha, c.subject, r.branch, r.basis, author.name as author, author.kind as author_kind,
    committer.name as committer, engineer.name as engineer, c.authored_at, c.committed_at, c.merged_at,
    c.merge_sha as landing, landing.subject as landing_subject, c.request,
    c.attribution, c.confidence, c.scope, c.rule, c.kind, c.tool, c.model,
    len(c.parents) as parents, c.is_merge, c.is_foxtrot, c.is_unknown, c.is_bulk, c.bulk_reason, c.is_squash, c.is_mixed,
    c.is_skewed, c.dup_of, c.reverts,
    (select any_value(holder) from shared_commits where repo = c.repo and sha = c.sha) as counts_in,
    (select list(sha order by ordinal) from commits where repo = c.repo and reverts = c.sha) as reverted_by,
    (select list(sha order by ordinal) from commits where repo = c.repo and dup_of = c.sha) as repeated_by,
    (select list(distinct coalesce(path || ': ', '') || why) from skipped where repo = c.repo and sha = c.sha) as skipped,
    (select sum(lines)::bigint from overclaimed where repo = c.repo and sha = c.sha) as overclaimed,
    (select list(origin || ': ' || why order by origin, why) from unusable_records where repo = c.repo and sha = c.sha) as unusable,
    (select list(distinct tool || ' (' || path || ')') from signals
        where repo = c.repo and sign in ('switch', 'ban') and since <= c.merged_at and coalesce(c.merged_at < until, true)) as kept_out
from commits as c
join repos as r on r.repo = c.repo
left join people as author on author.person = c.author
left join people as committer on committer.person = c.committer
left join people as engineer on engineer.person = c.engineer
left join commits as landing on landing.repo = c.repo and landing.sha = c.merge_sha
where c.repo = $repo and c.sha = $sha
"""

_TOLD = "attribution confidence scope rule kind tool model author committer engineer authored_at committed_at merged_at landing landing_subject request"


class CommitWhy(TypedDict):
    """Why a commit is attributed so; times are UTC."""

    target: Literal["commit"]
    repo: str
    sha: str
    subject: str
    conclusion: str
    attribution: str
    confidence: str
    scope: str
    rule: str | None
    kind: str | None
    tool: str | None
    model: str | None
    author: str | None
    committer: str | None
    engineer: str | None
    authored_at: datetime | None
    committed_at: datetime | None
    merged_at: datetime | None
    landing: str | None
    landing_subject: str | None
    request: int | None
    flags: dict[str, str]
    lines: list[dict[str, Any]]
    brings_in: dict[str, int]
    evidence: list[Piece]
    sought: list[Sought]
    records: list[RecordPlace]
    ignored: list[Ignored]
    uncertain: list[str]


def explain_commit(
    connection: duckdb.DuckDBPyConnection,
    repo: str,
    sha: str,
    catalogue: Catalogue,
    at_hand: AtHand | None,
    at: tuple[str, int] | None = None,
) -> CommitWhy:
    """Gather what is known about a commit of the database.

    Args:
        connection: an open database of codeshare.
        repo: the commit's repository.
        sha: its whole id.
        catalogue: the rules in force.
        at_hand: the repository itself, for the whole message and the records that lie in it.
        at: a path and line of the commit: of records of single lines only those that speak of it.
    """
    facts = first_row(connection, _FACTS, {"repo": repo, "sha": sha})
    assert facts is not None, "the caller has found the commit in the database"
    day = facts["committed_at"].date()
    rules = {rule.id: rule for rule in (*catalogue.off, *catalogue.rules)}
    path, line = at or (None, None)
    found = rows_of(run(connection, "commit_evidence", repo=repo, sha=sha, path=path, line=line))
    evidence = pieces_of(found, rules, facts["is_mixed"])
    lines = rows_of(run(connection, "commit_lines", repo=repo, sha=sha).drop(columns=["repo", "sha"]))
    looked = sought(catalogue, day, {piece["rule"] for piece in found})
    commit = _commit(at_hand, sha)
    origins = {piece["origin"] for piece in found if piece["kind"] == "line_record"}
    records = records_of(at_hand, sha, commit, origins)
    words = [piece["excerpt"] or "" for piece in found]
    aside = ignored(catalogue, day, _trailers(connection, repo, sha), commit, words)
    is_other = _mined_with(connection) not in (None, catalogue.hash)
    answer: CommitWhy = CommitWhy(
        target="commit",
        repo=repo,
        sha=sha,
        subject=facts["subject"],
        conclusion=conclude_commit(facts, evidence, lines, looked),
        **{name: facts[name] for name in _TOLD.split()},  # type: ignore[typeddict-item]
        flags=flags_of(facts),
        lines=lines,
        brings_in=_brought(connection, repo, sha),
        evidence=evidence,
        sought=looked,
        records=records,
        ignored=aside,
        uncertain=doubts(facts, evidence, rules.get(facts["rule"] or ""), day, records, is_other),
    )
    return answer


def _brought(connection: duckdb.DuckDBPyConnection, repo: str, sha: str) -> dict[str, int]:
    """Of a landing that brings in other commits: how many of each class."""
    rows = connection.execute(
        "select attribution, count(*) from commits where repo = ? and merge_sha = ? and sha <> ? group by all order by 2 desc, 1",
        [repo, sha, sha],
    ).fetchall()
    return {str(attribution): int(count) for attribution, count in rows}


def _trailers(connection: duckdb.DuckDBPyConnection, repo: str, sha: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select key, value from trailers where repo = ? and sha = ? order by position", [repo, sha]
    ).fetchall()


def _commit(at_hand: AtHand | None, sha: str) -> Commit | None:
    if at_hand is None:
        return None
    with at_hand.repository.shadow() as shadow:
        return read_commit(shadow, sha)


def _mined_with(connection: duckdb.DuckDBPyConnection) -> str | None:
    row = connection.execute("select catalogue_hash from runs order by run desc limit 1").fetchone()
    return row[0] if row else None
