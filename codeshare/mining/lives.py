"""From a finished pass to the rows of ``line_spans`` and ``tip_blame``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from codeshare.git.lines import read_changed_text
from codeshare.git.quoting import text_of
from codeshare.git.shadow import Shadow
from codeshare.mining.newwork import NotNewWork
from codeshare.mining.resume import Carried, carry_over
from codeshare.provenance.forward import Forward
from codeshare.provenance.lines import NEVER, UNKNOWN, Files, Ids
from codeshare.provenance.links import link, origins
from codeshare.provenance.spans import Spans, TipRuns, settle, spans_of, tip_runs

if TYPE_CHECKING:
    from codeshare.mining.repository import Mined


@dataclass(frozen=True, slots=True)
class Update:
    """Where a pass went on: rows of `Files` whose stored spans are replaced, paths whose tip is."""

    rows: list[int]
    paths: set[bytes]


@dataclass(frozen=True, slots=True)
class Lives:
    """What became of every line: runs by fate, runs at the tip, and where ids lead."""

    spans: Spans
    tip: TipRuns
    files: Files
    # Per line: row of `files` and number there. Per span: the commit whose attribution counts.
    born_in: Ids
    number: Ids
    attributed: Ids
    renames: list[tuple[int, int, int]]
    update: Update | None


def find_lives(
    forward: Forward,
    shadow: Shadow,
    shas: Sequence[str],
    landing: Sequence[int],
    not_new: NotNewWork,
    carried: Carried | None,
) -> Lives:
    """Settle a pass to whose end all commits were fed; ``carried``: what it went on from."""
    died_by = settle(forward, np.array(landing, dtype=np.int32))
    fed = forward.is_fed
    repeats, succeeds = link(
        forward,
        reverts={new: old for new, old in not_new.reverts.items() if fed(new)},
        dup_of={new: old for new, old in not_new.dup_of.items() if fed(new)},
        bulk=[i for i, why in not_new.bulk.items() if why in ("ignore_revs", "whitespace") and fed(i)],
        read=lambda some: read_changed_text(shadow.path, {i: shas[i] for i in some}),
    )
    lines, files = forward.lines, forward.files
    update = None
    is_written = np.ones(len(files.commit), dtype=bool)
    if carried:
        changed = carry_over(lines, died_by, repeats, succeeds, carried)
        is_written[: carried.rows] = changed & (np.array(files.commit[: carried.rows], dtype=np.int64) >= 0)
        update = Update(np.flatnonzero(changed).tolist(), carried.paths)
    spans = spans_of(lines, died_by, repeats, succeeds)
    if carried:
        spans = spans.only(is_written[spans.file])
    row = np.array(files.commit, dtype=np.int32)
    origin = lines.file[origins(repeats)[spans.first]] if lines.count else lines.file[:0]
    return Lives(
        spans=spans,
        tip=tip_runs(forward.tip, files, lines),
        files=files,
        born_in=lines.file[: lines.count],
        number=lines.number[: lines.count],
        attributed=row[origin] if len(origin) else origin,
        renames=forward.renames,
        update=update,
    )


def line_spans(mined: Mined, lives: Lives) -> pa.Table:
    """One row per run of lines with one fate."""
    spans, files = lives.spans, lives.files
    commit = np.array(files.commit, dtype=np.int32)[spans.file] if len(spans.file) else spans.file
    path = np.array(files.path, dtype=np.int32)[spans.file] if len(spans.file) else spans.file
    landed = spans.landed_at != NEVER
    dates = _Column(mined.mainline.merged_at, pa.timestamp("us"))
    of_commit = _Column(mined.walked.shas)
    of_path = _Column([text_of(name) for name in files.names])
    columns = _origin_columns(mined, lives, commit, path, lives.attributed) | {
        "line_start": pa.array(spans.start),
        "line_count": pa.array(spans.count.astype(np.int32)),
        "landed": pa.array(landed),
        "merge_sha": of_commit(spans.landed_at, landed),
        "merged_at": dates(
            np.where(landed, spans.landed_at, np.array(mined.mainline.landing, dtype=np.int32)[commit])
        ),
        "died_sha": of_commit(spans.died_by, spans.died_at != NEVER),
        "died_merge_sha": of_commit(spans.died_at, spans.died_at != NEVER),
        "died_at": dates(spans.died_at, spans.died_at != NEVER),
        "is_moved": pa.array(spans.moved),
        "landed_path": of_path(spans.landed_path, landed & (spans.landed_path != path)),
        "landed_line": _number(spans.landed_number, landed & (spans.landed_number != spans.start)),
        "died_path": of_path(spans.died_path, (spans.died_at != NEVER) & (spans.died_path != path)),
        "died_line": _number(spans.died_number, spans.died_at != NEVER),
    }
    for name, other in (("repeats", spans.repeats), ("succeeds", spans.succeeds)):
        columns |= _place(name, other, lives, of_commit, of_path)
    return pa.table(columns)


def landed_lines(mined: Mined, lives: Lives) -> pa.Table:
    """Landed lines summed by commit, file and whatever else of a run can differ within these."""
    spans = lives.spans
    landed = np.flatnonzero(spans.landed_at != NEVER)
    keys = [each[landed] for each in (spans.file, spans.landed_at, lives.attributed)]
    heads = np.ones(len(landed), dtype=bool)
    order = np.lexsort(keys[::-1])
    keys = [key[order] for key in keys]
    if len(landed):
        heads[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    at = np.flatnonzero(heads)
    lines = spans.count[landed][order]
    moved = np.where(spans.moved[landed][order], lines, 0)
    sums = [np.add.reduceat(each, at) if len(at) else each for each in (lines, moved)]
    files = lives.files
    row, landing, attributed = (key[at] for key in keys)
    commit, path = (
        np.array(each, dtype=np.int32)[row] if len(row) else row for each in (files.commit, files.path)
    )
    return pa.table(
        _origin_columns(mined, lives, commit, path, attributed)
        | {
            "merged_at": _Column(mined.mainline.merged_at, pa.timestamp("us"))(landing),
            "lines": pa.array(sums[0].astype(np.int64)),
            "moved": pa.array(sums[1].astype(np.int64)),
        }
    )


def _origin_columns(
    mined: Mined, lives: Lives, commit: Ids, path: Ids, attributed: Ids
) -> dict[str, pa.Array]:
    """What rows of lines say of their commit, file and attribution."""
    names = [text_of(name) for name in lives.files.names]
    of_path: dict[str, list[Any]] = {
        "path": names,
        "file_class": [mined.classifier.classify(name).value for name in names],
        "language": [mined.classifier.language(name) for name in names],
    }
    decided = mined.attributions
    return (
        {"sha": _Column(mined.walked.shas)(commit)}
        | {name: _Column(values)(path) for name, values in of_path.items()}
        | {"engineer": _Column([fact.engineer for fact in mined.facts])(commit)}
        | {
            name: _Column([getattr(each, name) for each in decided])(attributed)
            for name in ("attribution", "confidence", "rule", "kind", "tool", "model")
        }
    )


def tip_blame(mined: Mined, lives: Lives) -> pa.Table:
    """One row per run of lines at the tip; ``sha`` is null where the origin could not be read."""
    tip, files = lives.tip, lives.files
    names, shas = _Column([text_of(name) for name in files.names]), _Column(mined.walked.shas)
    known = tip.first != UNKNOWN
    row = lives.born_in[tip.first] if len(lives.born_in) else tip.first
    commit, path = (
        np.array(each, dtype=np.int32)[row] if len(each) else row for each in (files.commit, files.path)
    )
    number = lives.number[tip.first] if len(lives.number) else tip.first
    return pa.table(
        {
            "path": names(tip.path),
            "line_start": pa.array(tip.start.astype(np.int32)),
            "line_count": pa.array(tip.count.astype(np.int32)),
            "sha": shas(commit, known),
            "orig_path": names(path, known),
            "orig_line": _number(number, known),
        }
    )


def _place(name: str, other: Ids, lives: Lives, of_commit: _Column, of_path: _Column) -> dict[str, pa.Array]:
    """Commit, path and number of the line that a span's first line points to."""
    there = other != NEVER
    row = lives.born_in[other] if len(lives.born_in) else other
    commit, path = (
        np.array(each, dtype=np.int32)[row] if len(each) else row
        for each in (lives.files.commit, lives.files.path)
    )
    number = lives.number[other] if len(lives.number) else other
    return {
        f"{name}_sha": of_commit(commit, there),
        f"{name}_path": of_path(path, there),
        f"{name}_line": _number(number, there),
    }


class _Column:
    """Values by index, to be looked up for many rows as a dictionary column."""

    def __init__(self, values: Sequence[Any], kind: pa.DataType | None = None) -> None:
        self._values = pa.array([getattr(value, "value", value) for value in values], kind or pa.string())
        if kind is None:
            self._values = self._values.dictionary_encode()

    def __call__(self, index: Ids, where: Any = None) -> pa.Array:
        mask = None if where is None else ~where
        return self._values.take(pa.array(np.asarray(index, dtype=np.int32), mask=mask))


def _number(values: Ids, where: Any) -> pa.Array:
    return pa.array(np.asarray(values, dtype=np.int32), mask=~where)


def mainline_renames(mined: Mined, lives: Lives) -> pa.Table:
    """One row per landing and file that it moved."""
    shas, names = mined.walked.shas, lives.files.names
    rows = sorted({(shas[at], text_of(names[old]), text_of(names[new])) for at, old, new in lives.renames})
    return pa.table(
        {
            name: pa.array([row[k] for row in rows], pa.string())
            for k, name in enumerate(("merge_sha", "old_path", "path"))
        }
    )
