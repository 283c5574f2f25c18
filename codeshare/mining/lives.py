"""From a finished pass to what became of every line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from codeshare.git.lines import read_changed_text
from codeshare.git.shadow import Shadow
from codeshare.mining.newwork import NotNewWork
from codeshare.mining.records import Records
from codeshare.mining.recovered import Recovered
from codeshare.mining.verdicts import Verdicts, judge_lines
from codeshare.model import CommitAttribution
from codeshare.provenance.fixed import FixedLines, fixed_lines
from codeshare.provenance.forward import Forward
from codeshare.provenance.lines import Files, Ids
from codeshare.provenance.links import Linked, link, origins
from codeshare.provenance.recurring import Rows
from codeshare.provenance.spans import Spans, TipRuns, settle, spans_of, tip_runs

if TYPE_CHECKING:
    from codeshare.mining.loaded import Carried


class Update(Struct, frozen=True):
    """Where a pass went on: rows of `Files` whose stored spans are replaced, paths whose tip is."""

    rows: list[int]
    paths: set[bytes]


class Lives(Struct, frozen=True):
    """What became of every line: runs by fate, runs at the tip, and where ids lead."""

    spans: Spans
    tip: TipRuns
    files: Files
    # Per line: row of `files` and number there.
    born_in: Ids
    number: Ids
    verdicts: Verdicts
    renames: list[tuple[int, int, int]]
    recurring: Rows
    fixed: FixedLines
    update: Update | None


def find_lives(
    forward: Forward,
    shadow: Shadow,
    beside: Executor,
    shas: Sequence[str],
    landing: Sequence[int],
    not_new: NotNewWork,
    attributions: Sequence[CommitAttribution],
    records: Records,
    recovered: Recovered,
    carried: Carried | None,
    fixes: Collection[int] = (),
) -> Lives:
    """Settle a pass to whose end all commits were fed.

    Args:
        beside: where git is asked; who is interrupted does not wait for it.
        carried: what it went on from.
        fixes: commits that mend something; what they removed is told apart.
    """
    fed, lines, files = forward.is_fed, forward.lines, forward.files
    linked = Linked(
        reverts={new: old for new, old in not_new.reverts.items() if fed(new)},
        dup_of={new: old for new, old in not_new.dup_of.items() if fed(new)},
        bulk=[i for i, why in not_new.bulk.items() if why in ("ignore_revs", "whitespace") and fed(i)],
    )
    # Git takes a while to start: what needs no text is done meanwhile.
    text = beside.submit(read_changed_text, shadow.path, {i: shas[i] for i in linked.commits})
    died_by = settle(forward, np.array(landing, dtype=np.int32))
    verdicts = judge_lines(lines, files, attributions, records, recovered)
    tip = tip_runs(forward.tip, files, lines)
    repeats, succeeds = link(forward, linked, text.result)
    update = None
    is_written = np.ones(len(files.commit), dtype=bool)
    if carried:
        from codeshare.mining.loaded import carry_over

        changed = carry_over(lines, died_by, repeats, succeeds, carried)
        is_written[: carried.rows] = changed & (np.array(files.commit[: carried.rows], dtype=np.int64) >= 0)
        update = Update(np.flatnonzero(changed).tolist(), carried.paths)
    verdict = verdicts.of_line[origins(repeats)]
    spans = spans_of(lines, died_by, repeats, succeeds, verdict)
    if carried:
        spans = spans.only(is_written[spans.file])
    return Lives(
        spans=spans,
        tip=tip,
        files=files,
        born_in=lines.file[: lines.count],
        number=lines.number[: lines.count],
        verdicts=verdicts,
        renames=forward.renames,
        recurring=forward.recurring.rows(),
        fixed=fixed_lines(forward, died_by, verdict, [i for i in fixes if fed(i)]),
        update=update,
    )
