"""Rows of commits: what they say themselves, made while git is still at work, and what is found out about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.quoting import storable
from codeshare.mining.decision_columns import DecisionColumns
from codeshare.mining.fixes import Fix, NamedRevert
from codeshare.model import Commit, Trailer
from codeshare.store.columns import (
    Lookup,
    Rows,
    alike,
    few,
    flags,
    lists,
    members,
    numbers,
    optional,
    texts,
    times,
)
from codeshare.store.tables import UBIGINT, VARCHAR, Column, Table

if TYPE_CHECKING:
    from codeshare.mining.repository import CommitFacts, Mined


class Said(Struct, frozen=True):
    """What commits say themselves, whatever they changed.

    ``shas``: of the whole walk; ``columns``: of ``commits``, as far as these decide them; ``tables``: those
    that nothing else decides.
    """

    shas: Lookup
    columns: dict[str, Column]
    tables: dict[str, Table | Rows]


def rows_said(
    walked: Walk,
    commits: Sequence[Commit],
    mainline: Mainline,
    facts: Sequence[CommitFacts],
    trailers: Sequence[Sequence[Trailer]],
    fixes: Sequence[Fix] = (),
    named_reverts: Sequence[NamedRevert] = (),
    since: int = 0,
) -> Said:
    """Make the rows that commits from ``since`` on (index into the walk), whose ``facts`` and ``trailers`` are given, decide by themselves."""
    shas = Lookup(walked.shas)
    own, rows, count = commits[since:], range(since, len(commits)), np.arange(since, len(commits))
    columns = {
        "sha": shas(count),
        "ordinal": numbers(count),
        "parents": lists([[walked.shas[p] for p in parents] for parents in walked.parents[since:]]),
        "authored_at": times([commit.authored_at for commit in own]),
        "committed_at": times([commit.committed_at for commit in own]),
        "merged_at": times(mainline.merged_at[since:]),
        "is_skewed": members(mainline.skewed, rows),
        "merge_sha": shas(np.array(mainline.landing[since:], dtype=np.int32)),
        "is_mainline": members(mainline.commits, rows),
        "is_merge": flags(commit.is_merge for commit in own),
        "is_foxtrot": members(mainline.foxtrots, rows),
        "is_squash": flags(fact.is_squash for fact in facts),
        "request": optional([fact.request for fact in facts]),
        "author": alike([fact.author for fact in facts]),
        "committer": alike([fact.committer for fact in facts]),
        "engineer": alike([fact.engineer for fact in facts]),
        "subject": texts([storable(commit.subject) for commit in own]),
    }
    tables: dict[str, Table | Rows] = {
        "trailers": _trailers(
            shas(np.repeat(count, np.array([len(each) for each in trailers], dtype=np.int64))), trailers
        ),
        "fixes": _fixes(walked.shas, fixes),
        "named_reverts": _named_reverts(walked.shas, named_reverts),
    }
    return Said(shas, columns, tables)


def _trailers(shas: Column, trailers: Sequence[Sequence[Trailer]]) -> Table:
    every = [trailer for own in trailers for trailer in own]
    return Table(
        {
            "sha": shas,
            "position": numbers([position for own in trailers for position in range(len(own))]),
            "key": alike([trailer.key for trailer in every], storable),
            "value": alike([trailer.value for trailer in every], storable),
        }
    )


def _fixes(shas: Sequence[str], fixes: Sequence[Fix]) -> Rows:
    rows = [
        (
            shas[fix.commit],
            fix.kind,
            fix.confidence.value,
            storable(fix.excerpt),
            None if fix.named is None else shas[fix.named],
        )
        for fix in fixes
    ]
    return Rows(rows, dict.fromkeys(("sha", "kind", "confidence", "excerpt", "named_sha"), VARCHAR))


def _named_reverts(shas: Sequence[str], named_reverts: Sequence[NamedRevert]) -> Rows:
    rows = [(shas[each.commit], shas[each.named], each.how) for each in named_reverts]
    return Rows(rows, dict.fromkeys(("sha", "reverted_sha", "how"), VARCHAR))


def commit_rows(mined: Mined) -> Table:
    """What commits say, and what is found out about them."""
    since = mined.since
    shas = mined.walked.shas
    bulk, dup_of, reverts = mined.not_new.bulk, mined.not_new.dup_of, mined.not_new.reverts
    count = range(since, len(mined.commits))
    decided = mined.attributions[since:]
    return Table(
        mined.said.columns
        | DecisionColumns(decided)(np.arange(len(decided)))
        | {
            "is_unknown": members((failure.commit for failure in mined.failures), count),
            "is_bulk": members(bulk, count),
            "bulk_reason": few(bulk, count),
            "is_mixed": flags([each.is_mixed for each in decided]),
            "dup_of": few({i: shas[other] for i, other in dup_of.items()}, count),
            "reverts": few({i: shas[other] for i, other in reverts.items()}, count),
            "scope": alike(["line" if each.kind == "line_record" else "commit" for each in decided]),
            "added": numbers(mined.patches.added[since:]),
            "deleted": numbers(mined.patches.deleted[since:]),
            "whitespace": numbers(mined.patches.whitespace[since:]),
            "patch_id": numbers(mined.patches.patch[since:], kind=UBIGINT),
            "inverse_id": numbers(mined.patches.inverse[since:], kind=UBIGINT),
        }
    )
