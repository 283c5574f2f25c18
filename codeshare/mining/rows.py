"""Turn what was mined into Arrow tables, column by column."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pyarrow as pa

from codeshare.attribution.decision import strongest
from codeshare.git.quoting import storable, text_of
from codeshare.mining.commit_rows import commit_rows
from codeshare.mining.line_rows import line_tables
from codeshare.mining.lives import Lives
from codeshare.mining.repository import Mined
from codeshare.mining.resume import Past
from codeshare.model import Scope
from codeshare.store.columns import flags, numbers, same, table, texts, times
from codeshare.store.stretches import Stretches, changed, few_at_once


def tables(
    mined: Mined, *, now: datetime, mined_with: str, requests_with: str = ""
) -> dict[str, pa.Table | Stretches]:
    """All rows of one repository, by table."""
    with ThreadPoolExecutor(1) as beside:
        # Rows of lines are made by numpy, which leaves the interpreter to those that are made by Python.
        lines = beside.submit(_tables_of_lines, mined)
        result = _commit_tables(mined, now, mined_with, requests_with) | lines.result()
    repo = mined.repository.name
    return {name: changed(rows, lambda part: _with_repo(part, repo)) for name, rows in result.items()}


def _tables_of_lines(mined: Mined) -> dict[str, pa.Table | Stretches]:
    lives = mined.lives
    return {} if lives is None else line_tables(mined, lives) | {"overclaimed": _overclaimed(mined, lives)}


def _commit_tables(
    mined: Mined, now: datetime, mined_with: str, requests_with: str
) -> dict[str, pa.Table | Stretches]:
    return {
        "repos": _repos(mined, now, mined_with, requests_with),
        "commits": commit_rows(mined),
        "changes": few_at_once(mined.changes),
        "evidence": _evidence(mined),
        "skipped": _skipped(mined),
        "identities": _identities(mined),
        "generated_marks": _marks(mined),
        "records": _records(mined),
        "unusable_records": _unusable_records(mined),
        "requests_seen": _requests_seen(mined),
    } | mined.said.tables


def replaced(mined: Mined, past: Past, lives: Lives) -> dict[str, Any]:
    """What an update takes the place of, as ``store.writer.update_repository`` wants it."""
    update, files, shas = lives.update, lives.files, mined.walked.shas
    assert update is not None
    known = [row for row in update.rows if files.commit[row] >= 0]
    return {
        "left": past.left,
        "born_in": pa.table(
            {
                "sha": texts(shas[files.commit[row]] for row in known),
                "path": texts(text_of(files.names[files.path[row]]) for row in known),
            }
        ),
        "paths": pa.table({"path": texts(sorted(text_of(path) for path in update.paths))}),
        "behind": _behind(mined),
    }


def _behind(mined: Mined) -> pa.Table:
    """Stored commits of other persons than those that are stored."""
    rows = [(mined.walked.shas[i], *behind) for i, behind in mined.anew.items()]
    return table(rows, dict.fromkeys(("sha", "author", "committer", "engineer"), pa.string()))


def _with_repo(rows: pa.Table, repo: str) -> pa.Table:
    return rows.add_column(0, "repo", same(repo, rows.num_rows))


def _repos(mined: Mined, now: datetime, mined_with: str, requests_with: str) -> pa.Table:
    repository, dates = mined.repository, mined.mainline.merged_at
    return pa.table(
        {
            "branch": texts([repository.branch]),
            "tip_sha": texts([repository.tip]),
            "mined_at": times([now]),
            "is_shallow": flags([repository.is_shallow]),
            "is_partial": flags([repository.is_partial]),
            "basis": texts(["added" if mined.lives is None else "landed"]),
            "mined_with": texts([mined_with]),
            "requests_with": texts([requests_with]),
            "origin": texts([storable(repository.origin) if repository.origin else None]),
            "commits": numbers([len(mined.commits)]),
            "unknown_commits": numbers([len(mined.failures)]),
            "first_merged_at": times([min(dates)]),
            "last_merged_at": times([max(dates)]),
        }
    )


def _evidence(mined: Mined) -> pa.Table:
    rows: list[tuple[Any, ...]] = []
    judged = zip(mined.commits[mined.since :], mined.attributions[mined.since :], strict=True)
    for commit, decided in [each for each in judged if each[1].evidence]:
        deciding = strongest(decided.evidence)
        for piece in decided.evidence:
            place = (
                text_of(piece.path.encode("utf-8", "surrogateescape")) if piece.path else None,
                piece.line_start,
                piece.line_count,
            )
            what = (
                piece.rule,
                piece.kind,
                piece.tool,
                piece.model,
                piece.attribution.value,
                piece.confidence.value,
            )
            rows.append(
                (
                    commit.sha,
                    *place,
                    *what,
                    piece.scope.value,
                    storable(piece.origin),
                    storable(piece.excerpt),
                    piece is deciding or piece.scope is Scope.LINE,
                )
            )
    text, number = pa.string(), pa.int32()
    columns = {
        "sha": text, "path": text, "line_start": number, "line_count": number, "rule": text, "kind": text,
        "tool": text, "model": text, "attribution": text, "confidence": text, "scope": text, "origin": text,
        "excerpt": text, "decides": pa.bool_(),
    }  # fmt: skip
    return table(rows, columns)


def _skipped(mined: Mined) -> pa.Table:
    rows = [
        (mined.walked.shas[failure.commit], text_of(path) if path is not None else None, failure.why)
        for failure in mined.failures
        for path in (dict.fromkeys(failure.paths) or (None,))
    ]
    return table(rows, {"sha": pa.string(), "path": pa.string(), "why": pa.string()})


def _marks(mined: Mined) -> pa.Table:
    rows = sorted((text_of(path), count) for path, count in mined.marks.items() if count)
    return table(rows, {"path": pa.string(), "marks": pa.int32()})


def _records(mined: Mined) -> pa.Table:
    found = mined.records
    rows = [
        ("used", None, len(found.claims)),
        *(("elsewhere", origin, count) for origin, count in sorted(found.elsewhere.items())),
        *(("recovered", origin, count) for origin, count in sorted(mined.recovered.notes.items())),
        ("test agent", None, found.dropped),
        ("nobody", None, found.untold),
    ]
    known = [row for row in rows if row[2]]
    return table(known, {"state": pa.string(), "origin": pa.string(), "count": pa.int64()})


def _requests_seen(mined: Mined) -> pa.Table:
    shas = mined.walked.shas
    rows = [
        (shas[seen.commit], seen.number, seen.head, seen.state, seen.how, seen.lines, seen.found)
        for seen in sorted(mined.recovered.seen, key=lambda seen: seen.commit)
    ]
    text, number = pa.string(), pa.int64()
    columns = {
        "sha": text, "number": pa.int32(), "head_sha": text, "state": text, "how": text, "lines": number, "found": number,
    }  # fmt: skip
    return table(rows, columns)


def _unusable_records(mined: Mined) -> pa.Table:
    rows = [
        (storable(fault.origin), fault.sha or None, storable(fault.why)) for fault in mined.records.faults
    ]
    return table(rows, {"origin": pa.string(), "sha": pa.string(), "why": pa.string()})


def _overclaimed(mined: Mined, lives: Lives) -> pa.Table:
    shas = mined.walked.shas
    rows = [
        (shas[i], text_of(path), lines)
        for i, settled in sorted(lives.verdicts.settled.items())
        for path, lines in settled.overclaimed.items()
    ]
    return table(rows, {"sha": pa.string(), "path": pa.string(), "lines": pa.int64()})


def _identities(mined: Mined) -> pa.Table:
    authored = Counter(commit.author for commit in mined.commits[mined.since :])
    before = mined.stored.identities if mined.stored else {}
    rows = []
    for identity, person in mined.identities.met().items():
        commits = authored[identity] + (before[identity].commits if identity in before else 0)
        words = mined.identities.words(identity)
        rows.append((*words, person.person, person.kind.value, person.how, commits))
    text = pa.string()
    columns = dict.fromkeys(
        ("name", "email", "mapped_name", "mapped_email", "person", "kind", "how"), text
    ) | {"commits": pa.int64()}
    return table(sorted(rows), columns)
