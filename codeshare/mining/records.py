"""All line records of one repository: read by `git.records`, parsed by `attribution.records`, put to commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct, field

from codeshare.attribution.records.checkpoints import (
    Share,
    checkpoint_ids,
    checkpoint_of,
    parse_checkpoint,
    shares_evidence,
)
from codeshare.attribution.records.claim import Claim, Parsed, Unparsable
from codeshare.attribution.records.gitai import parse_git_ai
from codeshare.attribution.records.traces import Trace, parse_trace, place
from codeshare.git.deltas import Deltas
from codeshare.git.diff import read_chunk
from codeshare.git.history import Walk
from codeshare.git.records import Record, find_notes, has_traces, read_checkpoints, read_notes, read_traces
from codeshare.git.repository import Repository
from codeshare.git.shadow import Shadow
from codeshare.model import Commit, Evidence

ABSENT = "its object is absent (partial clone)"
UNPLACED = "no commit added the lines it speaks of"

Added = dict[bytes, list[tuple[int, int]]]
"""What one commit added: by path start (1-based) and count of each run."""


class Fault(Struct, frozen=True):
    """A record that cannot be used: the ref or file it stands in, the commit it is about, why."""

    origin: str
    sha: str
    why: str


class Records(Struct):
    """What agents recorded about the commits of a walk (indexes).

    ``claims``: of each commit with a record that could be parsed, the later ones last; an empty list
    is a record too. ``shares``: what checkpoints say of a commit as a whole. ``elsewhere``: by kind of
    origin how many records are about commits outside the walk, ``recovered`` how many of these spoke of
    lines that reached the branch in another commit, ``dropped`` how many entries are those of agents in
    tests, ``untold`` how many name nobody. ``places``: where every note is kept, those outside the walk too.
    """

    claims: dict[int, list[Claim]] = field(default_factory=dict)
    shares: dict[int, Evidence] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    elsewhere: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    untold: int = 0
    places: list[tuple[str, str, str]] = field(default_factory=list)

    def covers(self, commit: int) -> bool:
        """Whether a record speaks of the commit's lines, be it to say that none is an agent's."""
        return commit in self.claims


def read_records(
    repository: Repository,
    shadow: Shadow,
    walked: Walk,
    commits: Sequence[Commit],
    is_traced: bool | None = None,
) -> Records:
    """Read every line record that is about a commit of the walk.

    Args:
        commits: those of the walk, in its order.
        is_traced: whether the tip has trace files, where that is known; nothing is searched for them if it has none.
    """
    records = Records()
    if repository.records:
        _read_git_ai(records, repository, shadow, {sha: i for i, sha in enumerate(walked.shas)})
    if has_traces(shadow, repository.tip) if is_traced is None else is_traced:
        _read_traces(records, repository, shadow, walked)
    _read_checkpoints(records, repository, shadow, commits)
    return records


def read_records_aside(
    known: Records, repository: Repository, shadow: Shadow, shas: Sequence[str], commits: Sequence[Commit]
) -> Records:
    """Read the notes and checkpoints that are about commits off the branch.

    Args:
        known: the records of the walk.
        shas: ids of these commits; the indexes of what comes back are into this.
        commits: the same, read.
    """
    records = Records()
    index = {sha: i for i, sha in enumerate(shas)}
    _read_notes(records, known.places, shadow, index)
    _read_checkpoints(records, repository, shadow, commits)
    return records


def kind_of(ref: str) -> str:
    """``refs/ai/authorship/<id>`` without the id: one kind of origin."""
    return ref.rpartition("/")[0] if ref.startswith("refs/ai/authorship/") else ref


def added_runs(deltas: Deltas) -> dict[int, Added]:
    """What the commits of a chunk added, from hunks as ``-U0`` has them."""
    result: dict[int, Added] = {}
    grown = np.flatnonzero(deltas.hunks[:, 3] > 0)
    owners = deltas.commit[deltas.hunk_file[grown]].tolist()
    files = deltas.hunk_file[grown].tolist()
    for commit, file, (start, count) in zip(owners, files, deltas.hunks[grown, 2:4].tolist(), strict=True):
        result.setdefault(commit, {}).setdefault(deltas.path[file], []).append((start, count))
    return result


def _read_git_ai(records: Records, repository: Repository, shadow: Shadow, index: dict[str, int]) -> None:
    found = find_notes(shadow, repository.records)
    records.faults += [Fault(ref, "", why) for ref, why in found.unreadable]
    records.elsewhere.update(kind_of(ref) for sha, ref, _ in found.places if sha not in index)
    records.places = found.places
    _read_notes(records, found.places, shadow, index)


def _read_notes(
    records: Records, places: Sequence[tuple[str, str, str]], shadow: Shadow, index: dict[str, int]
) -> None:
    waiting: dict[str, dict[str, tuple[str, str, str]]] = {}
    for kept in places:
        if kept[0] in index:
            waiting.setdefault(kept[0], {}).setdefault(kept[2], kept)
    while waiting:  # a note that counts less is read where the one before cannot be parsed
        turn = [mine.pop(next(iter(mine))) for mine in waiting.values()]
        for record in read_notes(shadow, turn):
            if parsed := _parsed(records, record):
                records.claims[index[record.commit]] = parsed.claims
                records.dropped += parsed.dropped
                records.untold += parsed.untold
                waiting[record.commit].clear()
        waiting = {sha: mine for sha, mine in waiting.items() if mine}


def _parsed(records: Records, record: Record) -> Parsed | None:
    try:
        if record.content is None:
            raise Unparsable(ABSENT)
        return parse_git_ai(record.content, record.origin)
    except Unparsable as error:
        records.faults.append(Fault(record.origin, record.commit, str(error)))
        return None


def _read_traces(records: Records, repository: Repository, shadow: Shadow, walked: Walk) -> None:
    lines, why = read_traces(shadow, repository.tip)
    if why:
        records.faults.append(Fault(".agent-trace", repository.tip, why))
    traces: dict[str, tuple[Trace, str, int]] = {}
    index = {sha: i for i, sha in enumerate(walked.shas)} if lines else {}
    for line in lines:
        try:
            trace = parse_trace(line.content or b"", line.origin)
        except Unparsable as error:
            records.faults.append(Fault(line.origin, line.commit, str(error)))
            continue
        records.dropped += trace.is_test
        if trace.claims:
            traces.setdefault(trace.id, (trace, line.origin, index[line.commit]))
    if traces:
        _place(records, list(traces.values()), shadow, walked, index)


def _place(
    records: Records,
    traces: Sequence[tuple[Trace, str, int]],
    shadow: Shadow,
    walked: Walk,
    index: dict[str, int],
) -> None:
    """Find for each trace and file the commit that it is about; claims of notes on it count more."""
    children = _children(walked, {index[t.revision] for t, _, _ in traces if t.revision in index})
    candidates = [_candidates(trace, brought, index, children) for trace, _, brought in traces]
    wanted = sorted({i for some in candidates for i in some if _is_single(walked, i)})
    chunk = read_chunk(shadow.path, wanted, [walked.shas[i] for i in wanted])
    added = added_runs(chunk.deltas)
    placed: dict[int, list[Claim]] = {}
    for (trace, origin, brought), some in zip(traces, candidates, strict=True):
        by_path: dict[bytes, list[Claim]] = {}
        for claim in trace.claims:
            by_path.setdefault(claim.path, []).append(claim)
        for claims in by_path.values():
            at = place(claims, [added.get(i, {}) for i in some])
            if at is None:
                records.faults.append(Fault(origin, walked.shas[brought], f"{trace.id}: {UNPLACED}"))
            else:
                placed.setdefault(some[at], []).extend(claims)
    for commit, claims in placed.items():
        records.claims[commit] = [*claims, *records.claims.get(commit, ())]


def _candidates(
    trace: Trace, brought: int, index: dict[str, int], children: dict[int, list[int]]
) -> list[int]:
    """The commits that a trace can be about, the likeliest first."""
    named = index.get(trace.revision or "")
    if named is None:
        return [brought]
    return list(dict.fromkeys(([brought] if brought in children[named] else []) + [named, *children[named], brought]))  # fmt: skip


def _is_single(walked: Walk, i: int) -> bool:
    """Whether what the commit added can be told from its one parent, or from nothing."""
    return len(walked.parents[i]) < 2 and i not in walked.boundary


def _children(walked: Walk, wanted: set[int]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {i: [] for i in wanted}
    for i, parents in enumerate(walked.parents):
        for parent in parents:
            if parent in children:
                children[parent].append(i)
    return children


def _read_checkpoints(
    records: Records, repository: Repository, shadow: Shadow, commits: Sequence[Commit]
) -> None:
    if not repository.records:
        return
    named = {i: ids for i, commit in enumerate(commits) if (ids := checkpoint_ids(commit.message))}
    wanted = {checkpoint: i for i, ids in named.items() for checkpoint in ids}
    if not wanted:
        return
    found, unreadable = read_checkpoints(shadow, repository.records, wanted, checkpoint_of)
    records.faults += [Fault(ref, "", why) for ref, why in unreadable]
    shares = _shares(records, found)
    origin = found[0].origin if found else ""
    for i, ids in named.items():
        if piece := shares_evidence(
            [shares[checkpoint] for checkpoint in ids if checkpoint in shares], origin
        ):
            records.shares[i] = piece


def _shares(records: Records, found: Iterable[Record]) -> dict[str, list[Share]]:
    shares: dict[str, list[Share]] = {}
    for record in found:
        try:
            if record.content is None:
                raise Unparsable(ABSENT)
            share = parse_checkpoint(record.content)
        except Unparsable as error:
            records.faults.append(Fault(record.origin, record.commit, str(error)))
            continue
        if share:
            shares.setdefault(record.commit, []).append(share)
    return shares
