from __future__ import annotations

from datetime import datetime

import pytest

from codeshare.attribution.decision import strongest
from codeshare.attribution.engine import Attributor
from tests.attribution.commits import ANN, CATALOGUE, attribute, commit

_CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
_AGENT = "devin-ai-integration[bot] <158243242+devin-ai-integration[bot]@users.noreply.github.com>"


@pytest.mark.parametrize(
    ("message", "author", "rule"),
    [
        (f"Add\n\n{_CLAUDE}\n", ANN, "claude-code.trailer"),
        (f"Add\n\n* one\n\n{_CLAUDE}\n\n* two\n\nmore\n", ANN, "claude-code.trailer"),
        (
            "Add\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n",
            ANN,
            "claude-code.footer",
        ),
        ("Add\n", "Claude <noreply@anthropic.com>", "claude-code.author"),
    ],
    ids=["trailer", "trailer in the middle", "footer", "author"],
)
@pytest.mark.parametrize("day", ["1970-01-01", "2015-03-01", "2023-03-01"])
def test_a_mark_older_than_its_agent_is_kept_and_decides_nothing(
    message: str, author: str, rule: str, day: str
) -> None:
    found = attribute(message, author=author, day=day)
    assert (found.attribution, found.confidence, found.rule) == ("human", "low", "untimely-mark")
    assert (found.kind, found.tool) == (None, None)
    assert rule in {piece.rule for piece in found.evidence}
    assert {(piece.kind, piece.confidence) for piece in found.evidence} == {("untimely", "low")}
    assert strongest(found.evidence) is None


@pytest.mark.parametrize(
    ("message", "author"),
    [
        ("Add\n", ANN),
        ("Add\n\nSigned-off-by: Claude Dupont <claude@example.fr>\n", ANN),
        ("Add\n\nCo-authored-by: Devin Ray <devin@example.org>\n", "Claude Dupont <claude@example.fr>"),
        (f"Add\n\n> {_CLAUDE}\n", ANN),
    ],
    ids=["none", "a sign-off", "namesakes", "a quotation"],
)
def test_old_commits_without_an_agents_mark_stay_old(message: str, author: str) -> None:
    found = attribute(message, author=author, day="2015-03-01")
    assert (found.confidence, found.rule, found.evidence) == ("high", "before-assistants", ())


def test_a_mark_in_its_time_decides_beside_one_too_early() -> None:
    found = attribute(f"Add\n\n{_CLAUDE}\n", author=_AGENT, day="2024-12-15")
    assert (found.attribution, found.rule) == ("ai", "devin.author")
    assert {piece.rule: piece.kind for piece in found.evidence} == {
        "devin.author": "author",
        "claude-code.trailer": "untimely",
    }


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 1), ("ai", "high", "claude-code.trailer")),
        (datetime(2020, 3, 1), ("human", "low", "untimely-mark")),
        (datetime.max, ("ai", "high", "claude-code.trailer")),
    ],
    ids=["when it was merged", "an old date that is believed", "no date at all"],
)
def test_the_date_to_judge_by_is_given(at: datetime, expected: tuple[str, str, str]) -> None:
    made = commit(f"Add\n\n{_CLAUDE}\n", day="1970-01-01")
    found = Attributor(CATALOGUE).attribute(made, at=at)
    assert (found.attribution, found.confidence, found.rule) == expected


def test_a_branch_is_judged_by_the_given_date_too() -> None:
    merge = commit("Merge branch 'claude/x' into main\n", parents=("b" * 40, "c" * 40), day="1970-01-01")
    engine = Attributor(CATALOGUE)
    assert engine.branch_evidence(merge) is None
    found = engine.branch_evidence(merge, datetime(2026, 3, 1))
    assert found is not None
    assert found.rule == "claude-code.branch"
