from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.attribution.records.claim import LAST_LINE, Unparsable
from codeshare.attribution.records.gitai import parse_git_ai
from codeshare.model import Attribution, Confidence, Scope

SESSION, HUMAN, PROMPT = "s_0a1b2c3d4e5f60", "h_aabbccddeeff00", "0123456789abcdef"
UUID = "0b3b4fe3-397f-47a7-80b6-9c1eeff85a6d"
KNOWN: dict[str, Any] = {
    "schema_version": "authorship/3.0.0",
    "git_ai_version": "1.4.5",
    "base_commit_sha": "1" * 40,
    "prompts": {
        PROMPT: {"agent_id": {"tool": "cursor", "id": "c-1", "model": "gpt-5"}, "total_additions": 9},
        "0123abc": {"agent_id": {"tool": "github-copilot", "id": "c-2", "model": "unknown"}, "messages": [{"text": "---\n"}] * 100},
        "fedcba9876543210": {"agent_id": {"tool": "mock_ai", "id": "c-3", "model": "unknown"}},
    },
    "sessions": {SESSION: {"agent_id": {"tool": "claude", "id": "c-9", "model": "claude-opus-4-6"}}},
    "humans": {HUMAN: {"author": "Ann Lee <ann@example.org>"}},
}  # fmt: skip
AI, PERSON = Attribution.AI, Attribution.HUMAN
HIGH, MEDIUM = Confidence.HIGH, Confidence.MEDIUM


def note(entries: str, known: dict[str, Any] = KNOWN) -> bytes:
    return f"{entries}---\n{json.dumps(known, indent=2)}".encode()


def claims(entries: str, known: dict[str, Any] = KNOWN) -> list[tuple[bytes, int, int]]:
    parsed = parse_git_ai(note(entries, known), "refs/notes/ai")
    return [(claim.path, claim.start, claim.count) for claim in parsed.claims]


@pytest.mark.parametrize(
    ("key", "rule", "attribution", "confidence", "tool", "model"),
    [
        (f"{SESSION}::t_00112233445566", "git-ai.session", AI, HIGH, "Claude Code", "claude-opus-4-6"),
        (SESSION, "git-ai.session", AI, HIGH, "Claude Code", "claude-opus-4-6"),
        ("s_99::t_00", "git-ai.session", AI, MEDIUM, None, None),
        (HUMAN, "git-ai.human", PERSON, HIGH, None, None),
        (f"{HUMAN}::t_00112233445566", "git-ai.human", PERSON, HIGH, None, None),
        (PROMPT, "git-ai.prompt", AI, HIGH, "Cursor", "gpt-5"),
        ("0123abc", "git-ai.prompt", AI, HIGH, "GitHub Copilot", None),
        ("aaaabbbbccccdddd", "git-ai.prompt", AI, MEDIUM, None, None),
        (UUID, "git-ai.prompt", AI, MEDIUM, None, None),
        ("ai_agent", "git-ai.prompt", AI, MEDIUM, None, None),
    ],
    ids=[
        "session",
        "session without trace",
        "session not described",
        "person",
        "person with trace",
        "sixteen digits",
        "seven digits",
        "prompt not described",
        "UUID",
        "word",
    ],
)
def test_a_key_tells_who_wrote(
    key: str, rule: str, attribution: Attribution, confidence: Confidence, tool: str | None, model: str | None
) -> None:
    (claim,) = parse_git_ai(note(f"src/a.py\n  {key} 3-9\n"), "refs/notes/ai").claims
    piece = claim.evidence("src/a.py")
    assert (piece.rule, piece.attribution, piece.confidence, piece.tool, piece.model) == (
        rule,
        attribution,
        confidence,
        tool,
        model,
    )
    assert (piece.kind, piece.scope, piece.line_start, piece.line_count) == ("line_record", Scope.LINE, 3, 7)
    assert (piece.origin, piece.excerpt) == ("refs/notes/ai", key.partition("::")[0])


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("", []),
        (f"a.py\n  {PROMPT} 4\n", [(b"a.py", 4, 1)]),
        (f"a.py\n  {PROMPT} 1-12,40\n", [(b"a.py", 1, 12), (b"a.py", 40, 1)]),
        (f"a.py\n  {UUID} 437-441,129\n", [(b"a.py", 437, 5), (b"a.py", 129, 1)]),
        (f'"docs/my notes.md"\n  {PROMPT} 3\n', [(b"docs/my notes.md", 3, 1)]),
        (f"a.py\n  {PROMPT} 1\nb.py\n  {PROMPT} 2\n", [(b"a.py", 1, 1), (b"b.py", 2, 1)]),
        (f"a.py  \n\n  {PROMPT} 1 \n", [(b"a.py", 1, 1)]),
        (f"a.py\n  {PROMPT} 1-{LAST_LINE}\n", [(b"a.py", 1, LAST_LINE)]),
        ("Größe.py\n  0123abc 1\n", [("Größe.py".encode(), 1, 1)]),
    ],
    ids=["none", "one", "two", "unsorted", "quoted", "files", "spaces", "past the end", "not ASCII"],
)
def test_entries_become_claims(entries: str, expected: list[tuple[bytes, int, int]]) -> None:
    assert claims(entries) == expected


def test_agents_of_tests_are_dropped_and_keys_of_nobody_counted() -> None:
    entries = f"a.py\n  fedcba9876543210 1-9\n  human 10\n  x_new 11\n  {PROMPT} 12\n"
    parsed = parse_git_ai(note(entries), "refs/notes/ai")
    assert [claim.start for claim in parsed.claims] == [12]
    assert (parsed.dropped, parsed.untold) == (1, 2)


def test_maps_may_be_absent_and_lines_end_as_on_windows() -> None:
    known = {"schema_version": "authorship/3.0.0", "prompts": {}}
    assert claims(f"a.py\n  {SESSION}::t_0 1\n", known) == [(b"a.py", 1, 1)]
    windows = note(f"a.py\n  {SESSION} 1\n").replace(b"\n", b"\r\n")
    assert [claim.path for claim in parse_git_ai(windows, "").claims] == [b"a.py"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no line ---"),
        (b"a.py\n  0123abc 1\n", "no line ---"),
        (b"a.py\n  0123abc 1\n---\n", "no JSON"),
        (b"a.py\n  0123abc 1\n---\n{", "no JSON"),
        (b"---\n[]", "no JSON object"),
        (b"---\n" + b"[" * 100_000, "nested too deep"),
        (note("  0123abc 1\n"), "line 1: neither a path nor an entry"),
        (note("a.py\n   0123abc\n"), "line 2: neither"),
        (note("a.py\n 0123abc 1\n"), "line 2: neither"),
        (note("a.py\n  0123abc 1-\n"), "line 2: '1-' is no range"),
        (note("a.py\n  0123abc 1, 2\n"), "line 2: ' 2' is no range"),
        (note("a.py\n  0123abc 0\n"), "no lines"),
        (note("a.py\n  0123abc 9-3\n"), "no lines"),
        (note(f"a.py\n  0123abc {LAST_LINE + 1}\n"), "no lines"),
        (note(f"a.py\n  0123abc {'9' * 5000}\n"), "is no range"),
        (b"\xff\xfe\x00", "no line ---"),
        (b'{"files": []}', "no files"),
        (b'{"files": {"a.py": {"authors": 1}}}', "no list of authors"),
        (b'{"files": {"a.py": {"authors": [1]}}}', "not all of them objects"),
        (b'{"files": {"a.py": {"authors": [{"author": "Claude", "lines": [true]}]}}}', "no lines"),
        (b'{"files": {"a.py": {"authors": [{"author": "Claude", "lines": [[1]]}]}}}', "no lines"),
        (b'{"files": {"a.py": {"authors": [{"author": "Claude", "lines": [1e9]}]}}}', "no lines"),
        (b'{"files": {"": {"authors": []}}}', "no path"),
    ],
)
def test_a_record_that_cannot_be_parsed_says_why(content: bytes, words: str) -> None:
    with pytest.raises(Unparsable, match=words):
        parse_git_ai(content, "refs/notes/ai")


def test_the_oldest_form_names_agents_models_and_persons() -> None:
    authors = [
        {"author": "Claude", "lines": [22, [30, 41]], "agent_metadata": None},
        {"author": "o3", "lines": [5]},
        {"author": "Ann Lee", "lines": [[7, 8], [7, 8]]},
        {"author": "In House", "lines": [9], "agent_metadata": {"model": "openai/gpt-5"}},
        {"author": "test-agent", "lines": [10]},
        {"author": None, "lines": [11]},
    ]
    content = json.dumps({"files": {"a.py": {"file": "a.py", "authors": authors}}}).encode()
    parsed = parse_git_ai(content, "refs/ai/authorship/1")
    found = [
        (c.start, c.count, c.source.attribution, c.source.tool, c.source.model, c.source.confidence)
        for c in parsed.claims
    ]
    assert found == [
        (22, 1, AI, "Claude Code", None, HIGH),
        (30, 12, AI, "Claude Code", None, HIGH),
        (5, 1, AI, None, "o3", HIGH),
        (7, 2, PERSON, None, None, MEDIUM),
        (7, 2, PERSON, None, None, MEDIUM),
        (9, 1, AI, "In House", "gpt-5", HIGH),
    ]
    assert {claim.source.rule for claim in parsed.claims} == {"git-ai.authorship"}
    assert (parsed.dropped, parsed.untold) == (1, 1)


PATHS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters='"'),
    min_size=1,
).filter(lambda path: path != "---" and path == path.strip())
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from([f"{SESSION}::t_1", HUMAN, PROMPT, "0123abc"]),
        st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 99)), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=4,
)


@given(st.dictionaries(st.tuples(PATHS, st.booleans()), ENTRIES, max_size=4))
def test_what_is_written_in_the_format_is_read_back(
    written: dict[tuple[str, bool], list[tuple[str, list[tuple[int, int]]]]],
) -> None:
    lines, expected = [], []
    for (name, is_spaced), entries in written.items():
        path = f"{name} {name}" if is_spaced else name
        lines.append(f'"{path}"' if is_spaced else path)
        for key, runs in entries:
            ranges = ",".join(str(a) if n == 1 else f"{a}-{a + n - 1}" for a, n in runs)
            lines.append(f"  {key} {ranges}")
            expected += [(path.encode(), a, n, key.partition("::")[0]) for a, n in runs]
    parsed = parse_git_ai(note("".join(line + "\n" for line in lines)), "")
    assert [(c.path, c.start, c.count, c.source.key) for c in parsed.claims] == expected


KEYED = f"a.py\n  {PROMPT} 1-"


@given(st.binary(max_size=300) | st.from_regex(rb"[0-9,-]{0,9}\n(---\n\{\})?", fullmatch=True), st.booleans())
def test_whatever_bytes_there_are_parse_or_are_refused(content: bytes, is_note: bool) -> None:
    try:
        parsed = parse_git_ai((b"---\n{}" if is_note else KEYED.encode()) + content, "")
    except Unparsable:
        return
    assert all(claim.start >= 1 and claim.count >= 1 for claim in parsed.claims)
