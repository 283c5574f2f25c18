from __future__ import annotations

import json
from typing import Any

from codeshare.attribution.records.claim import Claim
from codeshare.attribution.records.settle import settle
from codeshare.git.diff import read_chunk
from codeshare.git.history import Walk, read_commits, walk
from codeshare.git.repository import open_repository
from codeshare.mining.records import ABSENT, UNPLACED, Fault, Records, added_runs, read_records
from codeshare.model import Attribution
from tests.git.notes import add_note, notes_tree, remove
from tests.histories import History

TRACES = ".agent-trace/traces.jsonl"


def read(history: History) -> tuple[Records, Walk, dict[str, list[tuple[str, int, int, str]]]]:
    """Records, walk, and by commit what settles: path, start, count, class."""
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        walked = walk(shadow, repository.tip)
        records = read_records(repository, shadow, walked, list(read_commits(shadow, walked)))
        single = [i for i, parents in enumerate(walked.parents) if len(parents) < 2]
        added = added_runs(read_chunk(shadow.path, single, [walked.shas[i] for i in single]).deltas)
    settled = {walked.shas[i]: _rows(settle(some, added.get(i, {})).claims) for i, some in records.claims.items()}  # fmt: skip
    return records, walked, settled


def _rows(claims: list[Claim]) -> list[tuple[str, int, int, str]]:
    return [(one.path.decode(), one.start, one.count, str(one.source.attribution)) for one in claims]


def note(entries: str) -> str:
    sessions = {"s_01": {"agent_id": {"tool": "claude", "model": "claude-opus-4-6"}}}
    return f"{entries}---\n" + json.dumps({"schema_version": "authorship/3.0.0", "sessions": sessions})


def trace(identity: str, revision: str | None, path: str, first: int, last: int, kind: str = "ai") -> str:
    record: dict[str, Any] = {"version": "1.0", "id": identity, "tool": {"name": "cursor"}}
    if revision:
        record["vcs"] = {"type": "git", "revision": revision}
    ranges = [{"start_line": first, "end_line": last}]
    record["files"] = [{"path": path, "conversations": [{"contributor": {"type": kind}, "ranges": ranges}]}]
    return json.dumps(record) + "\n"


def test_a_note_speaks_of_added_lines_alone(history: History) -> None:
    first = history.commit({"a.py": "1\n2\n3\n"})
    second = history.commit({"a.py": "1\n2\nnew\nnew too\n3\n"})
    add_note(history, second, note("a.py\n  s_01::t_1 1-3\n  h_02 4,9\n"))
    records, walked, settled = read(history)
    assert settled == {second: [("a.py", 3, 1, "ai"), ("a.py", 4, 1, "human")]}
    assert records.covers(walked.shas.index(second))
    assert not records.covers(walked.shas.index(first))
    assert (records.faults, records.dropped, records.untold) == ([], 0, 0)


def test_an_empty_note_covers_its_commit(history: History) -> None:
    sha = history.commit({"a.py": "1\n"})
    add_note(history, sha, note(""))
    records, _, settled = read(history)
    assert settled == {sha: []}
    assert records.covers(0)


def test_a_line_that_a_person_changed_is_not_the_agents(history: History) -> None:
    agent = history.commit({"a.py": "1\n2\n3\n"})
    person = history.commit({"a.py": "1\ntwo\n3\n"})
    add_note(history, agent, note("a.py\n  s_01::t_1 1-3\n"))
    add_note(history, person, note(""))
    assert read(history)[2] == {agent: [("a.py", 1, 3, "ai")], person: []}


def test_faults_are_named_and_the_next_record_is_read(history: History) -> None:
    first, second, third = (history.commit({"a.py": f"{n}\n"}) for n in range(3))
    add_note(history, first, "nonsense")
    add_note(history, first, note("a.py\n  s_01::t_1 1\n"), "refs/notes/ai-remote/origin")
    add_note(history, second, note("a.py\n  s_01::t_2 1\n"))
    add_note(history, third, note(""))
    remove(history, history.git("rev-parse", f"refs/notes/ai:{third}"))
    records, _, settled = read(history)
    assert settled == {first: [("a.py", 1, 1, "ai")], second: [("a.py", 1, 1, "ai")]}
    why = "no line --- between entries and metadata"
    assert records.faults == [Fault("refs/notes/ai", first, why), Fault("refs/notes/ai", third, ABSENT)]


def test_records_of_other_branches_are_counted(history: History) -> None:
    history.commit({"a.py": "1\n"})
    history.switch("side")
    side = history.commit({"a.py": "2\n"})
    history.switch("main")
    add_note(history, side, note(""))
    old = history.git("hash-object", "-w", "--stdin", feed=b'{"files": {}}')
    history.git("update-ref", f"refs/ai/authorship/{side}", old)
    records = read(history)[0]
    assert (records.claims, records.faults) == ({}, [])
    assert records.elsewhere == {"refs/notes/ai": 1, "refs/ai/authorship": 1}


def test_the_revision_of_a_trace_is_the_parent_or_the_commit_itself(history: History) -> None:
    base = history.commit({"a.ts": "1\n2\n3\n"})
    by_hook = trace("t-1", base, "a.ts", 4, 5)
    hooked = history.commit({"a.ts": "1\n2\n3\nx\ny\n", TRACES: by_hook})
    itself = history.commit({"b.ts": "x\n"})
    history.commit({TRACES: by_hook + trace("t-2", itself, "b.ts", 1, 1, "mixed")})
    lost = trace("t-3", "0" * 40, "c.ts", 2, 9, "human")
    last = history.commit({"c.ts": "1\n2\n", TRACES: by_hook + lost})
    records, _, settled = read(history)
    assert settled == {
        hooked: [("a.ts", 4, 2, "ai")],
        itself: [("b.ts", 1, 1, "assisted")],
        last: [("c.ts", 2, 1, "human")],
    }
    assert records.faults == []


def test_a_trace_of_lines_that_nobody_added_is_a_fault(history: History) -> None:
    base = history.commit({"a.ts": "1\n2\n3\n"})
    sha = history.commit({TRACES: trace("t-1", base, "b.ts", 1, 3) + "nonsense\n"})
    records, _, settled = read(history)
    assert settled == {}
    assert {fault.why for fault in records.faults} == {f"t-1: {UNPLACED}", "no JSON: Expecting value: line 1 column 1 (char 0)"}  # fmt: skip
    assert {(fault.origin, fault.sha) for fault in records.faults} == {(TRACES, sha)}


def test_a_note_counts_more_than_a_trace(history: History) -> None:
    base = history.commit({"a.ts": "1\n"})
    sha = history.commit({"a.ts": "1\n2\n3\n", TRACES: trace("t-1", base, "a.ts", 2, 3, "mixed")})
    add_note(history, sha, note("a.ts\n  s_01::t_1 3\n"))
    assert read(history)[2] == {sha: [("a.ts", 2, 1, "assisted"), ("a.ts", 3, 1, "ai")]}


def test_checkpoints_say_what_part_of_a_commit_was_the_agents(history: History) -> None:
    ids = ["a1b2c3d4e5f6", "ffffffffffff", "0123456789ab"]
    shas = [history.commit({"a": f"{k}\n"}, trailers=[f"Entire-Checkpoint: {name}"]) for k, name in enumerate(ids)]  # fmt: skip
    counted = {"agent_lines": 40, "human_added": 5, "total_committed": 45}
    branch = "refs/heads/entire/checkpoints/v1"
    share = json.dumps({"agent": "Claude Code", "initial_attribution": counted})
    notes_tree(history, branch, {"a1/b2c3d4e5f6/metadata.json": "{}", "a1/b2c3d4e5f6/0/metadata.json": share, "ff/ffffffffff/0/metadata.json": "{"})  # fmt: skip
    records, walked, _ = read(history)
    assert list(records.shares) == [walked.shas.index(shas[0])]
    piece = records.shares[0]
    assert (piece.attribution, piece.tool, piece.origin) == (Attribution.ASSISTED, "Claude Code", branch)
    assert [(fault.origin, fault.sha) for fault in records.faults] == [(branch, ids[1])]
    assert records.claims == {}


def test_a_repository_without_records_has_none(history: History) -> None:
    history.commit({"a": "1\n"})
    assert read(history)[0] == Records()


def test_traces_that_the_tip_has_no_more_say_nothing(history: History) -> None:
    base = history.commit({"b.ts": "1\n"})
    history.commit({TRACES: trace("t-1", base, "b.ts", 1, 1)})
    assert read(history)[0].claims
    history.commit({TRACES: None})
    assert not read(history)[0].claims
