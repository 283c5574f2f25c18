"""Turn what was mined into Arrow tables, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from codeshare.attribution.decision import strongest
from codeshare.git.quoting import storable, text_of
from codeshare.mining.lives import Lives, landed_lines, line_spans, mainline_renames, tip_blame
from codeshare.mining.repository import Mined
from codeshare.mining.resume import Past
from codeshare.model import FileClass

_TIME = pa.timestamp("us")


def tables(mined: Mined, *, now: datetime, mined_with: str) -> dict[str, pa.Table]:
    """All rows of one repository, by table."""
    result = {
        "repos": _repos(mined, now, mined_with),
        "commits": _commits(mined),
        "trailers": _trailers(mined),
        "changes": _changes(mined),
        "evidence": _evidence(mined),
        "skipped": _skipped(mined),
        "identities": _identities(mined),
        "generated_marks": _marks(mined),
    }
    if mined.lives is not None:
        result |= {
            "line_spans": line_spans(mined, mined.lives),
            "landed_lines": landed_lines(mined, mined.lives),
            "tip_blame": tip_blame(mined, mined.lives),
            "mainline_renames": mainline_renames(mined, mined.lives),
        }
    return {name: _with_repo(table, mined.repository.name) for name, table in result.items()}


def replaced(mined: Mined, past: Past, lives: Lives) -> dict[str, Any]:
    """What an update takes the place of, as ``store.writer.update_repository`` wants it."""
    update, files, shas = lives.update, lives.files, mined.walked.shas
    assert update is not None
    known = [row for row in update.rows if files.commit[row] >= 0]
    text = pa.string()
    return {
        "left": past.left(),
        "born_in": pa.table(
            {
                "sha": pa.array([shas[files.commit[row]] for row in known], text),
                "path": pa.array([text_of(files.names[files.path[row]]) for row in known], text),
            }
        ),
        "paths": pa.table({"path": pa.array(sorted(text_of(path) for path in update.paths), text)}),
    }


def _with_repo(table: pa.Table, repo: str) -> pa.Table:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * table.num_rows, pa.int32()), pa.array([repo]))
    return table.add_column(0, "repo", column)


def _repos(mined: Mined, now: datetime, mined_with: str) -> pa.Table:
    repository, dates = mined.repository, mined.mainline.merged_at
    row: dict[str, Any] = {
        "branch": storable(repository.branch),
        "tip_sha": repository.tip,
        "mined_at": now,
        "is_shallow": repository.is_shallow,
        "is_partial": repository.is_partial,
        "basis": "added" if mined.lives is None else "landed",
        "mined_with": mined_with,
        "origin": storable(repository.origin) if repository.origin else None,
        "commits": len(mined.commits),
        "unknown_commits": len(mined.failures),
        "first_merged_at": min(dates),
        "last_merged_at": max(dates),
    }
    return pa.Table.from_pylist([row])


def _commits(mined: Mined) -> pa.Table:
    commits, line, walked = mined.commits, mined.mainline, mined.walked
    shas = walked.shas
    on_mainline = set(line.commits)
    unknown = {failure.commit for failure in mined.failures}
    decided, facts = mined.attributions, mined.facts
    bulk, dup_of, reverts = mined.not_new.bulk, mined.not_new.dup_of, mined.not_new.reverts
    count = range(len(commits))
    return pa.table(
        {
            "sha": shas,
            "ordinal": pa.array(count, pa.int32()),
            "parents": pa.array(
                [[shas[p] for p in parents] for parents in walked.parents], pa.list_(pa.string())
            ),
            "authored_at": pa.array([commit.authored_at for commit in commits], _TIME),
            "committed_at": pa.array([commit.committed_at for commit in commits], _TIME),
            "merged_at": pa.array(line.merged_at, _TIME),
            "is_skewed": [i in line.skewed for i in count],
            "merge_sha": [shas[m] for m in line.landing],
            "is_mainline": [i in on_mainline for i in count],
            "is_merge": [commit.is_merge for commit in commits],
            "is_foxtrot": [i in line.foxtrots for i in count],
            "is_unknown": [i in unknown for i in count],
            "is_bulk": [i in bulk for i in count],
            "bulk_reason": pa.array([bulk.get(i) for i in count], pa.string()),
            "is_squash": [fact.is_squash for fact in facts],
            "is_mixed": [result.is_mixed for result in decided],
            "dup_of": pa.array([shas[dup_of[i]] if i in dup_of else None for i in count], pa.string()),
            "reverts": pa.array([shas[reverts[i]] if i in reverts else None for i in count], pa.string()),
            "request": pa.array([fact.request for fact in facts], pa.int32()),
            "author": [fact.author for fact in facts],
            "committer": [fact.committer for fact in facts],
            "engineer": pa.array([fact.engineer for fact in facts], pa.string()),
            "subject": [storable(commit.subject) for commit in commits],
            "attribution": [result.attribution.value for result in decided],
            "confidence": [result.confidence.value for result in decided],
            "scope": ["commit"] * len(commits),
            "rule": [result.rule for result in decided],
            "kind": pa.array([result.kind for result in decided], pa.string()),
            "tool": pa.array([result.tool for result in decided], pa.string()),
            "model": pa.array([result.model for result in decided], pa.string()),
            "added": pa.array(mined.patches.added, pa.int32()),
            "deleted": pa.array(mined.patches.deleted, pa.int32()),
            "whitespace": pa.array(mined.patches.whitespace, pa.int32()),
            "patch_id": pa.array(mined.patches.patch, pa.uint64()),
            "inverse_id": pa.array(mined.patches.inverse, pa.uint64()),
        }
    )


def _trailers(mined: Mined) -> pa.Table:
    rows = [
        (commit.sha, position, storable(trailer.key), storable(trailer.value))
        for commit, fact in zip(mined.commits, mined.facts, strict=True)
        for position, trailer in enumerate(fact.trailers)
    ]
    return _table(
        rows, {"sha": pa.string(), "position": pa.int32(), "key": pa.string(), "value": pa.string()}
    )


def _changes(mined: Mined) -> pa.Table:
    changes, shas = mined.changes, mined.walked.shas
    texts: dict[bytes, str] = {}
    for path in (*changes.path, *(old for old in changes.old_path if old is not None)):
        if path not in texts:
            texts[path] = text_of(path)
    binary = [added < 0 for added in changes.added]
    paths = [texts[path] for path in changes.path]
    kinds = {path: mined.classifier.classify(path) for path in set(paths)}
    languages = {path: mined.classifier.language(path) for path in kinds}
    known = pa.table(
        {
            "sha": pa.array([shas[i] for i in changes.commit], pa.string()),
            "path": pa.array(paths, pa.string()),
            "old_path": pa.array(
                [texts[old] if old is not None else None for old in changes.old_path], pa.string()
            ),
            "status": pa.array(changes.status, pa.string()),
            "file_class": pa.array(
                [_class_of(kinds[path], is_binary) for path, is_binary in zip(paths, binary, strict=True)],
                pa.string(),
            ),
            "language": pa.array([languages[path] for path in paths], pa.string()),
            "is_binary": pa.array(binary, pa.bool_()),
            "added": pa.array(_counts(changes.added, binary), pa.int32()),
            "deleted": pa.array(_counts(changes.deleted, binary), pa.int32()),
            "moved": pa.array(_counts(changes.moved, binary), pa.int32()),
            "whitespace": pa.array(_counts(changes.whitespace, binary), pa.int32()),
        }
    )
    return pa.concat_tables([known, _unreadable_changes(mined, known.schema)])


def _class_of(kind: FileClass, is_binary: bool) -> str:
    return FileClass.BINARY.value if is_binary else kind.value


def _counts(values: list[int], binary: list[bool]) -> list[int | None]:
    return [None if hidden else value for value, hidden in zip(values, binary, strict=True)]


def _unreadable_changes(mined: Mined, schema: pa.Schema) -> pa.Table:
    """The files of commits that git cannot compute: named, their counts unknown."""
    rows: list[dict[str, Any]] = []
    for failure in mined.failures:
        for raw in dict.fromkeys(failure.paths):
            path = text_of(raw)
            rows.append(
                {
                    "sha": mined.walked.shas[failure.commit],
                    "path": path,
                    "status": "?",
                    "file_class": mined.classifier.classify(path).value,
                    "language": mined.classifier.language(path),
                    "is_binary": False,
                }
            )
    return pa.Table.from_pylist(rows, schema=schema)


def _evidence(mined: Mined) -> pa.Table:
    rows: list[tuple[Any, ...]] = []
    for commit, decided in zip(mined.commits, mined.attributions, strict=True):
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
                    piece is deciding,
                )
            )
    text, number = pa.string(), pa.int32()
    columns = {
        "sha": text, "path": text, "line_start": number, "line_count": number, "rule": text, "kind": text,
        "tool": text, "model": text, "attribution": text, "confidence": text, "scope": text, "origin": text,
        "excerpt": text, "decides": pa.bool_(),
    }  # fmt: skip
    return _table(rows, columns)


def _skipped(mined: Mined) -> pa.Table:
    rows = [
        (mined.walked.shas[failure.commit], text_of(path) if path is not None else None, failure.why)
        for failure in mined.failures
        for path in (dict.fromkeys(failure.paths) or (None,))
    ]
    return _table(rows, {"sha": pa.string(), "path": pa.string(), "why": pa.string()})


def _marks(mined: Mined) -> pa.Table:
    rows = sorted((text_of(path), count) for path, count in mined.marks.items() if count)
    return _table(rows, {"path": pa.string(), "marks": pa.int32()})


def _identities(mined: Mined) -> pa.Table:
    authored = Counter(commit.author for commit in mined.commits)
    rows = [
        (
            *(storable(part) for part in (identity.name, identity.email, mapped.name, mapped.email)),
            *(person.person, person.kind.value, person.how, authored[identity]),
        )
        for identity, person in mined.identities.met().items()
        for mapped in (mined.identities.mapped(identity),)
    ]
    text = pa.string()
    columns = dict.fromkeys(
        ("name", "email", "mapped_name", "mapped_email", "person", "kind", "how"), text
    ) | {"commits": pa.int64()}
    return _table(sorted(rows), columns)


def _table(rows: list[tuple[Any, ...]], columns: Mapping[str, pa.DataType]) -> pa.Table:
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table(
        {
            name: pa.array(list(column), kind)
            for (name, kind), column in zip(columns.items(), values, strict=True)
        }
    )
