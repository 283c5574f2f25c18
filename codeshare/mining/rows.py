"""Turn what was mined into Arrow tables, column by column."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from codeshare.attribution.decision import strongest
from codeshare.git.quoting import storable, text_of
from codeshare.mining.line_rows import line_tables
from codeshare.mining.lives import Lives
from codeshare.mining.repository import Mined
from codeshare.mining.resume import Past
from codeshare.model import FileClass, Scope
from codeshare.store.columns import flags, lists, numbers, optional, same, table, texts, times
from codeshare.store.stretches import Stretches, changed


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


def _commit_tables(mined: Mined, now: datetime, mined_with: str, requests_with: str) -> dict[str, pa.Table]:
    return {
        "repos": _repos(mined, now, mined_with, requests_with),
        "commits": _commits(mined),
        "trailers": _trailers(mined),
        "changes": _changes(mined),
        "evidence": _evidence(mined),
        "skipped": _skipped(mined),
        "identities": _identities(mined),
        "generated_marks": _marks(mined),
        "records": _records(mined),
        "unusable_records": _unusable_records(mined),
        "requests_seen": _requests_seen(mined),
        "fixes": _fixes(mined),
        "named_reverts": _named_reverts(mined),
    }


def replaced(mined: Mined, past: Past, lives: Lives) -> dict[str, Any]:
    """What an update takes the place of, as ``store.writer.update_repository`` wants it."""
    update, files, shas = lives.update, lives.files, mined.walked.shas
    assert update is not None
    known = [row for row in update.rows if files.commit[row] >= 0]
    return {
        "left": past.left(),
        "born_in": pa.table(
            {
                "sha": texts(shas[files.commit[row]] for row in known),
                "path": texts(text_of(files.names[files.path[row]]) for row in known),
            }
        ),
        "paths": pa.table({"path": texts(sorted(text_of(path) for path in update.paths))}),
    }


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


def _commits(mined: Mined) -> pa.Table:
    line, walked, since = mined.mainline, mined.walked, mined.since
    commits, shas = mined.commits[since:], walked.shas
    on_mainline = set(line.commits)
    unknown = {failure.commit for failure in mined.failures}
    decided, facts = mined.attributions[since:], mined.facts[since:]
    bulk, dup_of, reverts = mined.not_new.bulk, mined.not_new.dup_of, mined.not_new.reverts
    count = range(since, len(shas))
    return pa.table(
        {
            "sha": texts(shas[since:]),
            "ordinal": numbers(count),
            "parents": lists([[shas[p] for p in parents] for parents in walked.parents[since:]]),
            "authored_at": times([commit.authored_at for commit in commits]),
            "committed_at": times([commit.committed_at for commit in commits]),
            "merged_at": times(line.merged_at[since:]),
            "is_skewed": flags(i in line.skewed for i in count),
            "merge_sha": texts(shas[m] for m in line.landing[since:]),
            "is_mainline": flags(i in on_mainline for i in count),
            "is_merge": flags(commit.is_merge for commit in commits),
            "is_foxtrot": flags(i in line.foxtrots for i in count),
            "is_unknown": flags(i in unknown for i in count),
            "is_bulk": flags(i in bulk for i in count),
            "bulk_reason": texts(bulk.get(i) for i in count),
            "is_squash": flags(fact.is_squash for fact in facts),
            "is_mixed": flags(result.is_mixed for result in decided),
            "dup_of": texts(shas[dup_of[i]] if i in dup_of else None for i in count),
            "reverts": texts(shas[reverts[i]] if i in reverts else None for i in count),
            "request": optional([fact.request for fact in facts]),
            "author": texts(fact.author for fact in facts),
            "committer": texts(fact.committer for fact in facts),
            "engineer": texts(fact.engineer for fact in facts),
            "subject": texts(storable(commit.subject) for commit in commits),
            "attribution": texts(result.attribution.value for result in decided),
            "confidence": texts(result.confidence.value for result in decided),
            "scope": texts("line" if result.kind == "line_record" else "commit" for result in decided),
            "rule": texts(result.rule for result in decided),
            "kind": texts(result.kind for result in decided),
            "tool": texts(result.tool for result in decided),
            "model": texts(result.model for result in decided),
            "added": numbers(mined.patches.added[since:]),
            "deleted": numbers(mined.patches.deleted[since:]),
            "whitespace": numbers(mined.patches.whitespace[since:]),
            "patch_id": numbers(mined.patches.patch[since:], kind=pa.uint64()),
            "inverse_id": numbers(mined.patches.inverse[since:], kind=pa.uint64()),
        }
    )


def _trailers(mined: Mined) -> pa.Table:
    rows = [
        (commit.sha, position, storable(trailer.key), storable(trailer.value))
        for commit, fact in zip(mined.commits[mined.since :], mined.facts[mined.since :], strict=True)
        for position, trailer in enumerate(fact.trailers)
    ]
    return table(rows, {"sha": pa.string(), "position": pa.int32(), "key": pa.string(), "value": pa.string()})


def _changes(mined: Mined) -> pa.Table:
    changes, shas = mined.changes, mined.walked.shas
    names: dict[bytes, str] = {}
    for path in (*changes.path, *(old for old in changes.old_path if old is not None)):
        if path not in names:
            names[path] = text_of(path)
    binary = np.array(changes.added, dtype=np.int64) < 0
    paths = [names[path] for path in changes.path]
    kinds = {path: mined.classifier.classify(path) for path in set(paths)}
    languages = {path: mined.classifier.language(path) for path in kinds}
    is_text = ~binary
    known = pa.table(
        {
            "sha": texts(shas[i] for i in changes.commit),
            "path": texts(paths),
            "old_path": texts(names[old] if old is not None else None for old in changes.old_path),
            "status": texts(changes.status),
            "file_class": texts(
                _class_of(kinds[path], is_binary) for path, is_binary in zip(paths, binary, strict=True)
            ),
            "language": texts(languages[path] for path in paths),
            "is_binary": flags(binary),
            "added": numbers(changes.added, is_text),
            "deleted": numbers(changes.deleted, is_text),
            "moved": numbers(changes.moved, is_text),
            "whitespace": numbers(changes.whitespace, is_text),
        }
    )
    return pa.concat_tables([known, _unreadable_changes(mined)])


def _class_of(kind: FileClass, is_binary: bool) -> str:
    return FileClass.BINARY.value if is_binary else kind.value


def _unreadable_changes(mined: Mined) -> pa.Table:
    """The files of commits that git cannot compute: named, their counts unknown."""
    rows: list[tuple[Any, ...]] = []
    for failure in mined.failures:
        for raw in dict.fromkeys(failure.paths):
            path = text_of(raw)
            kind, language = mined.classifier.classify(path).value, mined.classifier.language(path)
            sha = mined.walked.shas[failure.commit]
            rows.append((sha, path, None, "?", kind, language, False, None, None, None, None))
    text, number = pa.string(), pa.int32()
    columns = {
        "sha": text, "path": text, "old_path": text, "status": text, "file_class": text, "language": text,
        "is_binary": pa.bool_(), "added": number, "deleted": number, "moved": number, "whitespace": number,
    }  # fmt: skip
    return table(rows, columns)


def _evidence(mined: Mined) -> pa.Table:
    rows: list[tuple[Any, ...]] = []
    judged = zip(mined.commits[mined.since :], mined.attributions[mined.since :], strict=True)
    for commit, decided in judged:
        deciding = strongest(decided.evidence) if decided.evidence else None
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


def _fixes(mined: Mined) -> pa.Table:
    shas = mined.walked.shas
    rows = [
        (
            shas[fix.commit],
            fix.kind,
            fix.confidence.value,
            storable(fix.excerpt),
            None if fix.named is None else shas[fix.named],
        )
        for fix in mined.fixes
    ]
    return table(rows, dict.fromkeys(("sha", "kind", "confidence", "excerpt", "named_sha"), pa.string()))


def _named_reverts(mined: Mined) -> pa.Table:
    shas = mined.walked.shas
    rows = [(shas[each.commit], shas[each.named], each.how) for each in mined.named_reverts]
    return table(rows, dict.fromkeys(("sha", "reverted_sha", "how"), pa.string()))


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
    stored = {row[:2]: row for row in mined.stored.identities()} if mined.stored else {}
    for identity, person in mined.identities.met().items():
        mapped = mined.identities.mapped(identity)
        names = [storable(part) for part in (identity.name, identity.email, mapped.name, mapped.email)]
        before = stored.get((names[0], names[1]))
        commits = authored[identity] + (before[-1] if before else 0)
        stored[names[0], names[1]] = (*names, person.person, person.kind.value, person.how, commits)
    text = pa.string()
    columns = dict.fromkeys(
        ("name", "email", "mapped_name", "mapped_email", "person", "kind", "how"), text
    ) | {"commits": pa.int64()}
    return table(sorted(stored.values()), columns)
