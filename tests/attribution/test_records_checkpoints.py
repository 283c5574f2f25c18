from __future__ import annotations

import json
from typing import Any

import pytest

from codeshare.attribution.records.checkpoints import (
    Share,
    checkpoint_ids,
    checkpoint_of,
    parse_checkpoint,
    shares_evidence,
)
from codeshare.attribution.records.claim import Unparsable
from codeshare.model import Attribution, Confidence, Scope

ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
WHOLE, PART, NONE = Share("Claude Code", 45, 45, 0), Share("Codex", 40, 45, 3), Share(None, 0, 2, 19)


def metadata(**counted: Any) -> bytes:
    return json.dumps(
        {"checkpoint_id": "a1b2c3d4e5f6", "agent": "Claude Code", "initial_attribution": counted}
    ).encode()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("x\n\nEntire-Checkpoint: a1b2c3d4e5f6\n", ["a1b2c3d4e5f6"]),
        ("x\n\nEntire-Checkpoint: a1b2c3d4e5f6", ["a1b2c3d4e5f6"]),
        (f"x\n\nentire-checkpoint: {ULID}\r\n", [ULID]),
        ("x\n\nEntire-Checkpoint: a1b2c3d4e5f6\nEntire-Checkpoint: ffffffffffff\nEntire-Checkpoint: a1b2c3d4e5f6\n", ["a1b2c3d4e5f6", "ffffffffffff"]),
        ("see Entire-Checkpoint: a1b2c3d4e5f6", []),
        ("Entire-Checkpoint: none", []),
        ("Entire-Checkpoint:\na1b2c3d4e5f6", []),
    ],
)  # fmt: skip
def test_a_message_names_checkpoints(message: str, expected: list[str]) -> None:
    assert checkpoint_ids(message) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"a1/b2c3d4e5f6/metadata.json", "a1b2c3d4e5f6"),
        (b"a1/b2c3d4e5f6/0/metadata.json", "a1b2c3d4e5f6"),
        (b"01/ARZ3NDEKTSV4RRFFQ69G5FAV/12/metadata.json", ULID),
        (b"a1/b2c3d4e5f6/0/full.jsonl", None),
        (b"a1/b2c3d4e5f6/tasks/1/metadata.json", None),
        (b"metadata.json", None),
    ],
)
def test_a_path_tells_its_checkpoint(path: bytes, expected: str | None) -> None:
    assert checkpoint_of(path) == expected


def test_a_share_is_read() -> None:
    content = metadata(
        agent_lines=40, human_added=3, human_modified=2, total_committed=45, agent_percentage=88.9
    )
    assert parse_checkpoint(content) == Share("Claude Code", 40, 45, 5)
    assert parse_checkpoint(b'{"checkpoint_id": "a1b2c3d4e5f6", "sessions": []}') is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", metadata(agent_lines="40"), metadata(agent_lines=-1), metadata(agent_lines=True), b'{"initial_attribution": 1}']
)  # fmt: skip
def test_what_is_no_share_is_refused(content: bytes) -> None:
    with pytest.raises(Unparsable):
        parse_checkpoint(content)


@pytest.mark.parametrize(
    ("checkpoints", "attribution", "confidence", "tool", "words"),
    [
        ([[WHOLE]], Attribution.AI, Confidence.MEDIUM, "Claude Code", "45 of 45 lines"),
        ([[PART]], Attribution.ASSISTED, Confidence.HIGH, "Codex", "40 of 45 lines"),
        ([[NONE]], Attribution.ASSISTED, Confidence.LOW, "Entire", "0 of 2 lines"),
        ([[WHOLE], [PART]], Attribution.ASSISTED, Confidence.HIGH, "Claude Code", "85 of 90 lines"),
        ([[NONE, WHOLE]], Attribution.AI, Confidence.MEDIUM, "Claude Code", "45 of 45 lines"),
        ([[], [NONE]], Attribution.ASSISTED, Confidence.LOW, "Entire", "0 of 2 lines"),
    ],
    ids=["whole", "part", "none", "a squash", "two sessions", "one without count"],
)
def test_shares_are_evidence_of_a_commit(
    checkpoints: list[list[Share]], attribution: Attribution, confidence: Confidence, tool: str, words: str
) -> None:
    piece = shares_evidence(checkpoints, "refs/heads/entire/checkpoints/v1")
    assert piece is not None
    assert (piece.attribution, piece.confidence, piece.tool, piece.scope) == (
        attribution,
        confidence,
        tool,
        Scope.COMMIT,
    )
    assert piece.excerpt.startswith(words)


def test_without_a_count_there_is_no_evidence() -> None:
    assert shares_evidence([[], []], "") is None
