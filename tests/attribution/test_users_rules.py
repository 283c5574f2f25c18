"""Rules of ``codeshare.toml``: whole entries, identities in plain words, what is switched on and off."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.attribution.catalogue import Catalogue, configured_catalogue, load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.trial import conclusion, try_commit
from codeshare.config import Config, load_config
from tests.attribution.commits import ANN, CATALOGUE, commit

_WHOLE = """
enabled_rules = ["personal.*"]
disabled_rules = ["devin", "bot.unknown"]

[[identity]]
tool = "House Agent"
emails = ["agent+1@example.org", "builder@example.org"]
logins = ["house-agent[bot]", "77+housey"]
names = ["The House (Agent)"]
not_before = 2025-01-15

[[identity]]
id = "house-review"
tool = "House review"
class = "assisted"
class_as_author = "ai"
logins = ["house-review[bot]"]

[[identity]]
tool = "Release robot"
class = "bot"
emails = ["robot@example.org"]

[[rule]]
id = "house.footer"
tool = "House Agent"
kind = "footer"
pattern = '^Made by House, run \\d+'
contains = ["made by house"]
source = "handbook"
examples = { match = ["Made by House, run 12"], no_match = ["Made by House"] }
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    file = tmp_path / "codeshare.toml"
    file.write_text(_WHOLE)
    return configured_catalogue(load_config(file))


@pytest.mark.parametrize(
    ("author", "message", "day", "expected", "rule"),
    [
        ("A <agent+1@example.org>", "", "2026-08-01", "ai high", "own.house-agent.author"),
        ("A <AGENT+1@example.org>", "", "2026-08-01", "ai high", "own.house-agent.author"),
        ("A <agent1@example.org>", "", "2026-08-01", "human low", "no-evidence"),
        ("A <agent+1@example.org>", "", "2025-01-14", "human low", "untimely-mark"),
        ("H <5+house-agent[bot]@users.noreply.github.com>", "", "2026-08-01", "ai high", "own.house-agent.author"),
        ("H <77+housey@users.noreply.github.com>", "", "2026-08-01", "ai high", "own.house-agent.author"),
        ("H <78+housey@users.noreply.github.com>", "", "2026-08-01", "human low", "no-evidence"),
        ("The House (Agent) <x@example.org>", "", "2026-08-01", "ai high", "own.house-agent.name.author"),
        (ANN, "Co-authored-by: B <builder@example.org>", "2026-08-01", "ai high", "own.house-agent.trailer"),
        (ANN, "Co-authored-by: h <house-review[bot]@users.noreply.github.com>", "2026-08-01", "assisted high", "house-review.trailer"),
        ("h <house-review[bot]@users.noreply.github.com>", "", "2026-08-01", "ai high", "house-review.author"),
        ("R <robot@example.org>", "", "2026-08-01", "bot high", "own.release-robot.author"),
        (ANN, "Made by House, run 7", "2026-08-01", "ai high", "house.footer"),
        ("Ann Lee + Claude <ann@example.org>", "", "2026-08-01", "ai medium", "personal.plus-claude"),
        ("Devin AI <158243242+devin-ai-integration[bot]@users.noreply.github.com>", "", "2026-08-01", "human low", "no-evidence"),
        ("some[bot] <some[bot]@users.noreply.github.com>", "", "2026-08-01", "human low", "no-evidence"),
    ],
)  # fmt: skip
def test_rules_of_the_users(
    catalogue: Catalogue, author: str, message: str, day: str, expected: str, rule: str
) -> None:
    found = Attributor(catalogue).attribute(commit(f"Add\n\n{message}\n", author, day=day))
    assert (f"{found.attribution} {found.confidence}", found.rule) == (expected, rule)


def test_personal_conventions_are_off_until_switched_on() -> None:
    off = {rule.id for rule in CATALOGUE.off}
    assert {"personal.claude", "personal.openclaw.author", "personal.claude-tag"} <= off
    assert all(rule.id.startswith("personal.") for rule in CATALOGUE.off if rule.kind != "heuristic")
    on = load_catalogue(enabled=["personal.claude"])
    assert {rule.id for rule in on.rules} - {rule.id for rule in CATALOGUE.rules} == {"personal.claude"}
    assert on.hash != CATALOGUE.hash


def test_what_is_switched_off_is_still_known() -> None:
    catalogue = load_catalogue(disabled=["claude-code.*"])
    assert catalogue.rule("claude-code.trailer").tool == "Claude Code"
    assert "claude-code.trailer" not in {rule.id for rule in catalogue.rules}


def test_the_settings_without_a_file_are_the_catalogue() -> None:
    assert configured_catalogue(Config()) == load_catalogue()


_CLAUDE = "Co-authored-by: Claude Opus 4.6 <noreply@anthropic.com>"


@pytest.mark.parametrize(
    ("message", "author", "day", "branch", "outcomes", "said"),
    [
        (
            f"Add\n\n{_CLAUDE}\n", ANN, "2026-08-01", None, {"claude-code.trailer": "decides"},
            "ai, high: claude-code.trailer decides (Claude Code, Opus 4.6).",
        ),
        (
            f"Add\n\n{_CLAUDE}\n", ANN, "2024-08-01", None,
            {"claude-code.trailer": "too early: believed from 2025-02-24"},
            "human, low: the only marks are older than what leaves them (untimely-mark).",
        ),
        (
            "Add\n", "vercel[bot] <vercel[bot]@users.noreply.github.com>", "2026-08-01", None,
            {"vercel-agent.author": "decides", "bot.vercel": "too late: believed until 2025-08-17"},
            "assisted, medium: vercel-agent.author decides (Vercel Agent).",
        ),
        (
            "Add\n", "Ann (claude) <ann@example.org>", "2026-08-01", "codex/x",
            {"codex.branch": "decides", "personal.claude": "off by default: enabled_rules"},
            "ai, medium: codex.branch decides (Codex).",
        ),
        (
            "Merge pull request #3 from acme/copilot/x\n", ANN, "2026-08-01", None,
            {"copilot.branch": "speaks for the commits that this merge brings in"},
            "human, low: no AI evidence (no-evidence).",
        ),
        (
            f"Add\n\nMade-with: Cursor\n\n{_CLAUDE}\n", ANN, "2026-08-01", None,
            {"claude-code.trailer": "decides", "cursor.made-with": "counts"},
            "ai, high: claude-code.trailer decides (Claude Code, Opus 4.6).",
        ),
        ("Add\n", ANN, "2020-08-01", None, {}, "human, high: no AI evidence, and older than any assistant (before-assistants)."),
        ("Add\n", " <>", "2026-08-01", None, {}, "unknown, low: the author has neither name nor address (no-author)."),
    ],
    ids=["decides", "too early", "too late", "off by default", "a merge", "two", "old", "nobody"],
)  # fmt: skip
def test_a_commit_is_tried(
    message: str, author: str, day: str, branch: str | None, outcomes: dict[str, str], said: str
) -> None:
    trial = try_commit(CATALOGUE, commit(message, author, day=day), branch)
    assert {hit.evidence.rule: hit.outcome for hit in trial.hits} == outcomes
    assert conclusion(trial.attribution) == said


def test_a_rule_switched_off_is_a_near_miss() -> None:
    trial = try_commit(load_catalogue(disabled=["claude-code.trailer"]), commit(f"Add\n\n{_CLAUDE}\n"))
    assert [(hit.evidence.rule, hit.outcome) for hit in trial.hits] == [
        ("claude.model.trailer", "decides"),
        ("claude-code.trailer", "switched off"),
    ]
