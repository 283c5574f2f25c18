"""Whose each line is: as its commit's evidence says, unless a record speaks of the line itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from codeshare.attribution.decision import AI_CLASSES
from codeshare.attribution.records.claim import Claim, Source
from codeshare.attribution.records.settle import Settled, settle
from codeshare.mining.records import Records
from codeshare.mining.recovered import Recovered
from codeshare.model import Attribution, CommitAttribution, Confidence, Evidence
from codeshare.provenance.lines import Files, Ids, Lines

_NONE: Ids = np.empty(0, dtype=np.int32)


class Verdicts(Struct):
    """Per line the index of its decision; ``settled``: of commits with records (index into the walk).

    ``sources``: of decisions that claims made. ``carried``: of commits that others' evidence was carried
    to, runs of lines with that; ``counts``: how many of their lines each decision has.
    """

    of_line: Ids
    decisions: list[CommitAttribution]
    settled: dict[int, Settled] = field(default_factory=dict)
    added: dict[int, int] = field(default_factory=dict)
    sources: dict[int, Source] = field(default_factory=dict)
    carried: dict[int, list[Claim]] = field(default_factory=dict)
    counts: dict[int, Counter[int]] = field(default_factory=dict)


def judge_lines(
    lines: Lines,
    files: Files,
    attributions: Sequence[CommitAttribution],
    records: Records,
    recovered: Recovered | None = None,
) -> Verdicts:
    """Decide line by line.

    Where a record could be parsed, what else marks the commit speaks of its other lines with low
    confidence only. What commits off the branch say of lines counts more than marks of the commit that
    landed them, and less than its own record.

    Args:
        lines: every line born; ``files``: where.
        attributions: per commit of the walk.
        records: of the walk.
    """
    commit = np.array(files.commit or [0], dtype=np.int32)
    found = Verdicts(commit[lines.file[: lines.count]], list(attributions))
    carried = recovered.lines if recovered else {}
    if not records.claims and not carried:
        return found
    names: dict[tuple[int, Source], int] = {}

    def name(i: int, source: Source) -> int:
        key = i, source
        if key not in names:
            names[key] = len(found.decisions)
            found.decisions.append(_decision(source))
            found.sources[names[key]] = source
        return names[key]

    born: dict[int, dict[bytes, tuple[Ids, Ids]]] = {i: {} for i in (*records.claims, *carried)}
    for i, path, numbers, ids in born_in(lines, files, born):
        born[i][path] = numbers, ids
    for i, paths in born.items():
        found.added[i] = sum(len(ids) for _, ids in paths.values())
        has_record = i in records.claims
        if has_record and (weaker := _weaker(attributions[i])) is not attributions[i]:
            found.decisions.append(weaker)
            for _, ids in paths.values():
                found.of_line[ids] = len(found.decisions) - 1
        if recovered and i in carried:
            found.carried[i] = _carry(found, recovered, i, paths, has_record, name)
        if has_record:
            claims = settle(records.claims[i], {path: _runs(numbers) for path, (numbers, _) in paths.items()})
            found.settled[i] = claims
            for claim in claims.claims:
                numbers, ids = paths[claim.path]
                low, high = np.searchsorted(numbers, [claim.start, claim.start + claim.count])
                found.of_line[ids[low:high]] = name(i, claim.source)
        if i in carried:
            found.counts[i] = Counter(
                decision for _, ids in paths.values() for decision in found.of_line[ids].tolist()
            )
    return found


def _carry(
    found: Verdicts,
    recovered: Recovered,
    i: int,
    paths: Mapping[bytes, tuple[Ids, Ids]],
    has_record: bool,
    name: Callable[[int, Source], int],
) -> list[Claim]:
    """Give lines of a commit what was carried to them; the runs of lines that have it."""
    runs: list[Claim] = []
    for path, (wanted, index) in recovered.lines[i].items():
        numbers, ids = paths.get(path, (_NONE, _NONE))
        at = np.searchsorted(numbers, wanted)
        there = at < len(numbers)
        there[there] = numbers[at[there]] == wanted[there]
        wanted, index, ids = wanted[there], index[there], ids[at[there]]
        breaks = np.flatnonzero((np.diff(wanted) != 1) | (np.diff(index) != 0)) + 1
        bounds = [0, *breaks.tolist(), len(wanted)] if len(wanted) else []
        for low, high in pairwise(bounds):
            source = recovered.sources[index[low]]
            if has_record and source.kind != "line_record":
                source = replace(source, confidence=Confidence.LOW)
            found.of_line[ids[low:high]] = name(i, source)
            runs.append(Claim(path, int(wanted[low]), high - low, source))
    return runs


def sum_up(verdicts: Verdicts, attributions: list[CommitAttribution]) -> None:
    """Put into the attribution of each commit with records what they say of its lines."""
    for i, settled in verdicts.settled.items():
        if i in verdicts.counts:
            continue
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
    for i, counts in verdicts.counts.items():
        claims = [*(verdicts.settled[i].claims if i in verdicts.settled else ()), *verdicts.carried[i]]
        evidence = tuple(_evidence(claim) for claim in claims if claim.source.kind is not None)
        by_parts = _by_parts(counts, verdicts.decisions)
        attributions[i] = replace(by_parts, evidence=(*evidence, *attributions[i].evidence))


def _by_parts(counts: Mapping[int, int], decisions: Sequence[CommitAttribution]) -> CommitAttribution:
    """What a commit is whose lines are known by the parts that it was made of."""
    # Of equal ones that which was decided first, so that it is the same every time.
    order = sorted(counts, key=lambda k: (-counts[k], k))
    classes = {decisions[k].attribution for k in order}
    of_ai = [k for k in order if decisions[k].attribution in AI_CLASSES]
    decided = replace(decisions[(of_ai or order)[0]], is_mixed=False)
    return replace(decided, attribution=Attribution.ASSISTED) if of_ai and len(classes) > 1 else decided


def born_in(lines: Lines, files: Files, commits: Collection[int]) -> Iterator[tuple[int, bytes, Ids, Ids]]:
    """Of some commits, by file: numbers and ids of the lines born there, in order."""
    commit = np.array(files.commit or [0], dtype=np.int32)
    is_wanted = np.isin(commit, list(commits))
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
        source.attribution, source.confidence, source.rule, source.tool, source.model, source.kind
    )


def _weaker(decided: CommitAttribution) -> CommitAttribution:
    """What other marks say where a record covers the commit and does not claim the line."""
    if decided.attribution not in AI_CLASSES or decided.confidence is Confidence.LOW:
        return decided
    return replace(decided, confidence=Confidence.LOW)


def _evidence(claim: Claim) -> Evidence:
    return claim.evidence(claim.path.decode("utf-8", "surrogateescape"))
