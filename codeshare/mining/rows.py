"""Turn what was mined into Arrow tables, column by column."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

from codeshare.attribution.decision import strongest
from codeshare.git.quoting import storable, text_of
from codeshare.mining.commit_rows import commit_rows
from codeshare.mining.line_rows import line_tables
from codeshare.mining.lives import Lives
from codeshare.mining.repository import Mined
from codeshare.model import Scope
from codeshare.store.columns import Rows, texts, with_repo
from codeshare.store.stretches import changed, few_at_once
from codeshare.store.tables import BIGINT, BOOLEAN, INTEGER, TIMESTAMP, VARCHAR, Table

if TYPE_CHECKING:
    from codeshare.mining.resume import Past
    from codeshare.store.stretches import Arriving


def tables(mined: Mined, *, now: datetime, mined_with: str, requests_with: str = "") -> dict[str, Arriving]:
    """All rows of one repository, by table."""
    with ThreadPoolExecutor(1) as beside:
        # Rows of lines are made by numpy, which leaves the interpreter to those that are made by Python.
        lines = beside.submit(_tables_of_lines, mined)
        result = {**_commit_tables(mined, now, mined_with, requests_with), **lines.result()}
    repo = mined.repository.name
    return {name: changed(rows, lambda part: with_repo(part, repo)) for name, rows in result.items()}


def _tables_of_lines(mined: Mined) -> dict[str, Arriving]:
    lives = mined.lives
    return {} if lives is None else {**line_tables(mined, lives), "overclaimed": _overclaimed(mined, lives)}


def _commit_tables(mined: Mined, now: datetime, mined_with: str, requests_with: str) -> dict[str, Arriving]:
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
        **mined.said.tables,
    }


def replaced(mined: Mined, past: Past, lives: Lives) -> dict[str, Any]:
    """What an update takes the place of, as ``store.writer.update_repository`` wants it."""
    update, files, shas = lives.update, lives.files, mined.walked.shas
    assert update is not None
    known = [row for row in update.rows if files.commit[row] >= 0]
    return {
        "left": past.left,
        "born_in": Table(
            {
                "sha": texts(shas[files.commit[row]] for row in known),
                "path": texts(text_of(files.names[files.path[row]]) for row in known),
            }
        ),
        "paths": Table({"path": texts(sorted(text_of(path) for path in update.paths))}),
        "behind": _behind(mined).table(),
    }


def _behind(mined: Mined) -> Rows:
    """Stored commits of other persons than those that are stored."""
    rows = [(mined.walked.shas[i], *behind) for i, behind in mined.anew.items()]
    return Rows(rows, dict.fromkeys(("sha", "author", "committer", "engineer"), VARCHAR))


def _repos(mined: Mined, now: datetime, mined_with: str, requests_with: str) -> Rows:
    repository, dates = mined.repository, mined.mainline.merged_at
    values = {
        "branch": (VARCHAR, repository.branch),
        "tip_sha": (VARCHAR, repository.tip),
        "mined_at": (TIMESTAMP, now),
        "is_shallow": (BOOLEAN, repository.is_shallow),
        "is_partial": (BOOLEAN, repository.is_partial),
        "basis": (VARCHAR, "added" if mined.lives is None else "landed"),
        "mined_with": (VARCHAR, mined_with),
        "requests_with": (VARCHAR, requests_with),
        "origin": (VARCHAR, storable(repository.origin) if repository.origin else None),
        "commits": (INTEGER, len(mined.commits)),
        "unknown_commits": (INTEGER, len(mined.failures)),
        "first_merged_at": (TIMESTAMP, min(dates)),
        "last_merged_at": (TIMESTAMP, max(dates)),
    }
    return Rows([[value for _, value in values.values()]], {name: kind for name, (kind, _) in values.items()})


def _evidence(mined: Mined) -> Rows:
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
    text, number = VARCHAR, INTEGER
    columns = {
        "sha": text, "path": text, "line_start": number, "line_count": number, "rule": text, "kind": text,
        "tool": text, "model": text, "attribution": text, "confidence": text, "scope": text, "origin": text,
        "excerpt": text, "decides": BOOLEAN,
    }  # fmt: skip
    return Rows(rows, columns)


def _skipped(mined: Mined) -> Rows:
    rows = [
        (mined.walked.shas[failure.commit], text_of(path) if path is not None else None, failure.why)
        for failure in mined.failures
        for path in (dict.fromkeys(failure.paths) or (None,))
    ]
    return Rows(rows, {"sha": VARCHAR, "path": VARCHAR, "why": VARCHAR})


def _marks(mined: Mined) -> Rows:
    rows = sorted((text_of(path), count) for path, count in mined.marks.items() if count)
    return Rows(rows, {"path": VARCHAR, "marks": INTEGER})


def _records(mined: Mined) -> Rows:
    found = mined.records
    rows = [
        ("used", None, len(found.claims)),
        *(("elsewhere", origin, count) for origin, count in sorted(found.elsewhere.items())),
        *(("recovered", origin, count) for origin, count in sorted(mined.recovered.notes.items())),
        ("test agent", None, found.dropped),
        ("nobody", None, found.untold),
    ]
    known = [row for row in rows if row[2]]
    return Rows(known, {"state": VARCHAR, "origin": VARCHAR, "count": BIGINT})


def _requests_seen(mined: Mined) -> Rows:
    shas = mined.walked.shas
    rows = [
        (shas[seen.commit], seen.number, seen.head, seen.state, seen.how, seen.lines, seen.found)
        for seen in sorted(mined.recovered.seen, key=lambda seen: seen.commit)
    ]
    text, number = VARCHAR, BIGINT
    columns = {
        "sha": text, "number": INTEGER, "head_sha": text, "state": text, "how": text, "lines": number, "found": number,
    }  # fmt: skip
    return Rows(rows, columns)


def _unusable_records(mined: Mined) -> Rows:
    rows = [
        (storable(fault.origin), fault.sha or None, storable(fault.why)) for fault in mined.records.faults
    ]
    return Rows(rows, {"origin": VARCHAR, "sha": VARCHAR, "why": VARCHAR})


def _overclaimed(mined: Mined, lives: Lives) -> Rows:
    shas = mined.walked.shas
    rows = [
        (shas[i], text_of(path), lines)
        for i, settled in sorted(lives.verdicts.settled.items())
        for path, lines in settled.overclaimed.items()
    ]
    return Rows(rows, {"sha": VARCHAR, "path": VARCHAR, "lines": BIGINT})


def _identities(mined: Mined) -> Rows:
    authored = Counter(commit.author for commit in mined.commits[mined.since :])
    before = mined.stored.identities if mined.stored else {}
    rows = []
    for identity, person in mined.identities.met().items():
        commits = authored[identity] + (before[identity].commits if identity in before else 0)
        words = mined.identities.words(identity)
        rows.append((*words, person.person, person.kind.value, person.how, commits))
    text = VARCHAR
    columns = dict.fromkeys(
        ("name", "email", "mapped_name", "mapped_email", "person", "kind", "how"), text
    ) | {"commits": BIGINT}
    return Rows(sorted(rows), columns)
