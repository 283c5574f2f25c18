"""Whose each line is: as its commit's evidence says, unless a record speaks of the line itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from codeshare.attribution.decision import AI_CLASSES
from codeshare.attribution.records.claim import Claim, Source
from codeshare.attribution.records.settle import Settled, settle
from codeshare.mining.records import Records
from codeshare.model import Attribution, CommitAttribution, Confidence, Evidence
from codeshare.provenance.lines import Files, Ids, Lines


@dataclass(slots=True)
class Verdicts:
    """Per line the index of its decision; ``settled``: of commits with records (index into the walk)."""

    of_line: Ids
    decisions: list[CommitAttribution]
    settled: dict[int, Settled] = field(default_factory=dict)
    added: dict[int, int] = field(default_factory=dict)


def judge_lines(
    lines: Lines, files: Files, attributions: Sequence[CommitAttribution], records: Records
) -> Verdicts:
    """Decide line by line.

    Where a record could be parsed, what else marks the commit speaks of its other lines with low
    confidence only.

    Args:
        lines: every line born; ``files``: where.
        attributions: per commit of the walk.
        records: of the walk.
    """
    commit = np.array(files.commit or [0], dtype=np.int32)
    found = Verdicts(commit[lines.file[: lines.count]], list(attributions))
    if not records.claims:
        return found
    names: dict[tuple[int, Source], int] = {}
    born: dict[int, dict[bytes, tuple[Ids, Ids]]] = {i: {} for i in records.claims}
    for i, path, numbers, ids in _born_in(lines, files, commit, records):
        born[i][path] = numbers, ids
    for i, paths in born.items():
        settled = settle(records.claims[i], {path: _runs(numbers) for path, (numbers, _) in paths.items()})
        found.settled[i], found.added[i] = settled, sum(len(ids) for _, ids in paths.values())
        if (weaker := _weaker(attributions[i])) is not attributions[i]:
            found.decisions.append(weaker)
            for _, ids in paths.values():
                found.of_line[ids] = len(found.decisions) - 1
        for claim in settled.claims:
            numbers, ids = paths[claim.path]
            low, high = np.searchsorted(numbers, [claim.start, claim.start + claim.count])
            key = i, claim.source
            if key not in names:
                names[key] = len(found.decisions)
                found.decisions.append(_decision(claim.source))
            found.of_line[ids[low:high]] = names[key]
    return found


def sum_up(verdicts: Verdicts, attributions: list[CommitAttribution]) -> None:
    """Put into the attribution of each commit with records what they say of its lines."""
    for i, settled in verdicts.settled.items():
        of_class: Counter[Attribution] = Counter()
        of_source: Counter[Source] = Counter()
        for claim in settled.claims:
            of_class[claim.source.attribution] += claim.count
            of_source[claim.source] += claim.count
        decided = _weaker(attributions[i])
        if (of_source and of_class.keys() - {Attribution.HUMAN}) or of_class.total() == verdicts.added[i] > 0:
            most, _ = of_source.most_common(1)[0]
            is_whole = of_class.total() == verdicts.added[i] and len(of_class) == 1
            decided = _decision(most)
            if not is_whole:
                decided = replace(decided, attribution=Attribution.ASSISTED)
        evidence = tuple(_evidence(claim) for claim in settled.claims)
        attributions[i] = replace(decided, evidence=(*evidence, *attributions[i].evidence))


def _born_in(
    lines: Lines, files: Files, commit: Ids, records: Records
) -> Iterator[tuple[int, bytes, Ids, Ids]]:
    """Of the commits with records, by file: numbers and ids of the lines born there, in order."""
    is_wanted = np.isin(commit, list(records.claims))
    path = np.array(files.path or [0], dtype=np.int32)
    ids = np.flatnonzero(is_wanted[lines.file[: lines.count]]).astype(np.int32)
    row, number = lines.file[ids], lines.number[ids]
    order = np.lexsort((number, path[row], commit[row]))
    ids, row, number = ids[order], row[order], number[order]
    heads = np.ones(len(ids), dtype=bool)
    heads[1:] = (commit[row][1:] != commit[row][:-1]) | (path[row][1:] != path[row][:-1])
    bounds = [*np.flatnonzero(heads).tolist(), len(ids)]
    for low, high in pairwise(bounds):
        first = row[low]
        yield int(commit[first]), files.names[path[first]], number[low:high], ids[low:high]


def _runs(numbers: Ids) -> list[tuple[int, int]]:
    starts = np.flatnonzero(np.append(True, np.diff(numbers) != 1))
    return list(zip(numbers[starts].tolist(), np.diff(np.append(starts, len(numbers))).tolist(), strict=True))


def _decision(source: Source) -> CommitAttribution:
    return CommitAttribution(
        source.attribution, source.confidence, source.rule, source.tool, source.model, "line_record"
    )


def _weaker(decided: CommitAttribution) -> CommitAttribution:
    """What other marks say where a record covers the commit and does not claim the line."""
    if decided.attribution not in AI_CLASSES or decided.confidence is Confidence.LOW:
        return decided
    return replace(decided, confidence=Confidence.LOW)


def _evidence(claim: Claim) -> Evidence:
    return claim.evidence(claim.path.decode("utf-8", "surrogateescape"))
