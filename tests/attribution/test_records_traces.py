from __future__ import annotations

import json
from typing import Any

import pytest

from codeshare.attribution.records.claim import Unparsable
from codeshare.attribution.records.traces import Trace, parse_trace, place
from codeshare.model import Attribution


def trace(
    contributor: Any, *, path: str = "src/a.ts", tool: Any = "cursor", vcs: Any = None, of_range: Any = None
) -> Trace:
    ranges = [{"start_line": 3, "end_line": 8, "content_hash": "murmur3:0f0f0f0f"} | (of_range or {})]
    conversation = {"url": "https://example.org/1", "contributor": contributor, "ranges": ranges}
    record = {
        "version": "0.1.0",
        "id": "7b0e8f0a-0000-4000-8000-000000000001",
        "timestamp": "2026-02-03T10:00:00Z",
        "vcs": vcs,
        "tool": {"name": tool, "version": "2.4.0"},
        "files": [{"path": path, "conversations": [conversation]}],
    }
    return parse_trace(json.dumps(record).encode(), ".agent-trace/traces.jsonl")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ai", Attribution.AI),
        ("mixed", Attribution.ASSISTED),
        ("human", Attribution.HUMAN),
        ("unknown", None),
        (7, None),
    ],
)
def test_a_contributor_has_a_class(kind: Any, expected: Attribution | None) -> None:
    found = trace({"type": kind, "model_id": "anthropic/claude-opus-4-5"}).claims
    assert [one.source.attribution for one in found] == ([expected] if expected else [])
    assert [(one.path, one.start, one.count) for one in found] == [(b"src/a.ts", 3, 6)][: len(found)]


def test_tool_and_model_are_named_as_elsewhere() -> None:
    (one,) = trace({"type": "ai", "model_id": "anthropic/claude-opus-4-5"}).claims
    assert (one.source.tool, one.source.model) == ("Cursor", "claude-opus-4-5")
    (one,) = trace({"type": "ai"}, tool="unknown").claims
    assert (one.source.tool, one.source.model) == (None, None)
    assert trace({"type": "ai"}, tool="mock_ai").is_test


def test_the_contributor_of_a_range_overrides_that_of_the_conversation() -> None:
    (one,) = trace({"type": "ai"}, of_range={"contributor": {"type": "human"}}).claims
    assert one.source.attribution is Attribution.HUMAN


@pytest.mark.parametrize("path", [".sessions", ".shell-history"])
def test_what_the_reference_hook_calls_a_session_is_no_file(path: str) -> None:
    assert trace({"type": "ai"}, path=path).claims == ()


@pytest.mark.parametrize(
    ("vcs", "revision"),
    [
        ({"type": "git", "revision": "2" * 40}, "2" * 40),
        ({"type": "jj", "revision": "kkmpptxz"}, None),
        ({"type": "git", "revision": 2}, None),
        (None, None),
    ],
)
def test_only_revisions_of_git_lead_somewhere(vcs: Any, revision: str | None) -> None:
    assert trace({"type": "ai"}, vcs=vcs).revision == revision


@pytest.mark.parametrize(
    "line",
    [
        b"text",
        b"{}",
        b'{"id": "1"}',
        b'{"id": "1", "files": [1]}',
        b'{"id": "1", "files": [{"path": "a"}]}',
        b'{"id": "1", "files": [{"path": 1, "conversations": [{"ranges": []}]}]}',
        b'{"id": "1", "files": [{"path": "a", "conversations": [{}]}]}',
        b'{"id": "1", "files": [{"path": "a", "conversations": [{"ranges": [{"start_line": 0, "end_line": 1}]}]}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_trace_is_refused(line: bytes) -> None:
    with pytest.raises(Unparsable):
        parse_trace(line, "")


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([{b"src/a.ts": [(3, 6)]}], 0),
        ([{b"src/a.ts": [(8, 9)]}, {b"src/a.ts": [(3, 2)]}], 1),
        ([{b"src/a.ts": [(3, 6)]}, {b"src/a.ts": [(1, 99)]}], 0),
        ([{b"src/b.ts": [(3, 6)]}, {b"src/a.ts": [(9, 1)]}], None),
        ([], None),
    ],
    ids=["one", "most lines", "the first among equals", "nobody", "none"],
)
def test_a_trace_is_about_the_commit_that_added_its_lines(
    candidates: list[dict[bytes, list[tuple[int, int]]]], expected: int | None
) -> None:
    assert place(trace({"type": "ai"}).claims, candidates) == expected
