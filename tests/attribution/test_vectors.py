"""What each mark of the field means, as rows: author, committer, message, expected."""

from __future__ import annotations

import pytest

from codeshare.attribution.engine import Attributor
from tests.attribution.commits import ANN, CATALOGUE, attribute, commit

_CLAUDE = "Co-Authored-By: Claude Opus 4.6 (1M context) <noreply@anthropic.com>"


@pytest.mark.parametrize(
    ("tail", "expected", "rule"),
    [
        (_CLAUDE, "ai high", "claude-code.trailer"),
        ("Co-authored-by: Claude Dupont <claude.dupont@example.fr>", "human low", "no-evidence"),
        ("Co-authored-by: Ashley Roe <ashley@anthropic.com>", "human low", "no-evidence"),
        ("🤖 Generated with [Claude Code](https://claude.com/claude-code)", "ai high", "claude-code.footer"),
        ("Made-with: Cursor", "ai high", "cursor.made-with"),
        ("Made-with: love", "human low", "no-evidence"),
        ("move the text cursor (see docs.cursor.com)", "human low", "no-evidence"),
        (
            "Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>",
            "assisted high",
            "copilot-review.trailer",
        ),
        (
            "Co-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>",
            "ai high",
            "copilot-cli.trailer",
        ),
        ("Co-authored-by: aider (gpt-5) <aider@aider.chat>", "ai high", "aider.co-author"),
        ("Assisted-by: Claude:claude-opus-4-6 coccinelle", "assisted high", "assisted-by"),
        ("Assisted-by: Claude <noreply@anthropic.com>", "assisted high", "claude-code.assisted-by"),
        ("Assisted-by: Marc Lee", "human low", "no-evidence"),
        ("Assisted-by: none", "human low", "no-evidence"),
        ("Assisted-by: Crush:glm-5.1", "ai high", "crush.model"),
        ("Replit-Commit-Author: Agent", "ai high", "replit.commit-author"),
        ("Replit-Commit-Author: Deployment", "bot high", "bot.replit-deployment"),
        ("    Co-authored-by: Claude <noreply@anthropic.com>", "ai medium", "claude-code.trailer"),
        ("> Co-authored-by: Claude <noreply@anthropic.com>", "human low", "no-evidence"),
        ("Reviewed-by: Claude <noreply@anthropic.com>", "human low", "no-evidence"),
        ("Tested-by: Claude <noreply@anthropic.com>", "human low", "no-evidence"),
        ("Signed-off-by: Claude <noreply@anthropic.com>", "ai medium", "claude-code.sign-off"),
        ("Entire-Checkpoint: a1b2c3d4e5f6", "assisted high", "entire.checkpoint"),
        ("Co-authored-by: Cursor Grok 4.6 <noreply@anthropic.com>", "ai high", "cursor.model-address"),
        ("Co-authored-by: Jules Mons <jules@example.dev>", "human low", "no-evidence"),
        ("Co-authored-by: openhands openhands@all-hands.dev", "ai high", "openhands.trailer"),
        ("```\nCo-authored-by: Claude <noreply@anthropic.com>\n```", "human low", "no-evidence"),
        ("Co-authored-by: Claude <noreply@anthropic.com>\n\nand so on", "ai high", "claude-code.trailer"),
        ("text\nCo-authored-by: Claude <noreply@anthropic.com>\ntext", "ai high", "claude-code.trailer"),
        ("co-AUTHORED-by : Claude <noreply@anthropic.com>", "ai high", "claude-code.trailer"),
    ],
)
def test_marks_in_the_message_of_a_person(tail: str, expected: str, rule: str) -> None:
    found = attribute(f"Add a thing\n\nWhy.\n\n{tail}\n")
    assert (f"{found.attribution} {found.confidence}", found.rule) == (expected, rule)


@pytest.mark.parametrize(
    ("author", "committer", "message", "expected", "rules"),
    [
        (
            "Claude <noreply@anthropic.com>",
            None,
            "Add\n\nhttps://claude.ai/code/session_01AbC\n",
            "ai high",
            ["claude-code.author", "claude-code.session"],
        ),
        (
            "claude[bot] <41898282+claude[bot]@users.noreply.github.com>",
            None,
            "Add\n",
            "ai high",
            ["claude-action.author"],
        ),
        (
            "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>",
            "GitHub <noreply@github.com>",
            f"Add\n\nCo-authored-by: {ANN}\n",
            "ai high",
            ["copilot-agent.author"],
        ),
        ("Ann (aider) <ann@example.org>", None, "Add\n", "ai high", ["aider.author"]),
        ("Ann <ann@example.org>", "Ann (aider) <ann@example.org>", "Add\n", "human low", []),
        (
            "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
            "GitHub <noreply@github.com>",
            "Bump x\n\nSigned-off-by: dependabot[bot] <support@github.com>\n",
            "bot high",
            ["bot.dependabot"],
        ),
        ("beatrix <b@cline.bot>", None, "Add\n", "human low", []),
        ("Ann <ann@example.org>", "GitHub <noreply@github.com>", "Add (#3)\n", "human low", []),
        (
            "Ann <ann@example.org>",
            "Claude <noreply@anthropic.com>",
            "Add\n",
            "ai medium",
            ["claude-code.committer"],
        ),
        (
            "acme-ci[bot] <acme-ci[bot]@users.noreply.github.com>",
            None,
            "Add\n",
            "bot medium",
            ["bot.unknown"],
        ),
        (
            "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>",
            None,
            f"Add\n\n{_CLAUDE}\n",
            "ai high",
            ["bot.github-actions", "claude-code.trailer"],
        ),
        (
            "coderabbitai[bot] <136622811+coderabbitai[bot]@users.noreply.github.com>",
            None,
            "Add\n",
            "ai high",
            ["coderabbit.author"],
        ),
        ("typeshedbot <>", None, "Remove\n", "bot high", ["bot.typeshed"]),
    ],
    ids=lambda value: value if isinstance(value, str) and "<" in value else None,
)
def test_marks_in_identities(
    author: str, committer: str | None, message: str, expected: str, rules: list[str]
) -> None:
    found = Attributor(CATALOGUE).attribute(commit(message, author, committer))
    assert f"{found.attribution} {found.confidence}" == expected
    assert sorted(piece.rule for piece in found.evidence) == sorted(rules)


@pytest.mark.parametrize(
    ("tail", "model"),
    [
        (_CLAUDE, "Opus 4.6"),
        ("Co-authored-by: aider (gpt-5) <aider@aider.chat>", "gpt-5"),
        ("Assisted-by: Claude:claude-opus-4-6 coccinelle", "claude-opus-4-6"),
        ("Assisted-by: Crush:glm-5.1", "glm-5.1"),
        ("Co-authored-by: Claude <noreply@anthropic.com>", None),
        ("Co-authored-by: codex (GPT-5.4) <noreply@openai.com>", "GPT-5.4"),
    ],
)
def test_the_model_is_read_where_a_mark_names_it(tail: str, model: str | None) -> None:
    assert attribute(f"Add\n\n{tail}\n").model == model


@pytest.mark.parametrize(
    ("day", "confidence"),
    [("2026-04-21", "medium"), ("2026-04-22", "low"), ("2026-05-06", "low"), ("2026-05-07", "medium")],
)
def test_a_window_weakens_a_rule(day: str, confidence: str) -> None:
    found = attribute("Add\n\nCo-authored-by: Copilot <copilot@github.com>\n", day=day)
    assert (found.attribution, found.confidence) == ("assisted", confidence)


@pytest.mark.parametrize(
    ("day", "expected", "rule"),
    [
        ("2021-06-28", "human low", "untimely-mark"),
        ("2025-02-23", "human low", "untimely-mark"),
        ("2025-02-24", "ai high", "claude-code.trailer"),
    ],
)
def test_no_mark_counts_before_its_first_credible_day(day: str, expected: str, rule: str) -> None:
    found = attribute(f"Add\n\n{_CLAUDE}\n", day=day)
    assert (f"{found.attribution} {found.confidence}", found.rule) == (expected, rule)


@pytest.mark.parametrize(("day", "confidence"), [("2021-06-28", "high"), ("2021-06-29", "low")])
def test_what_is_older_than_any_assistant_is_a_persons(day: str, confidence: str) -> None:
    found = attribute(day=day)
    assert (found.attribution, found.confidence) == ("human", confidence)


def test_an_author_without_name_and_address_is_unknown() -> None:
    assert attribute(author=" <>").attribution == "unknown"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('Revert "feat: x"\n\nThis reverts commit 1234567.\n', "human"),
        (f'Revert "feat: x"\n\nThis reverts commit 1234567:\n\n    feat: x\n\n    {_CLAUDE}\n', "human"),
        (f'Revert "feat: x"\n\nThis reverts commit 1234567.\n\n> {_CLAUDE}\n', "human"),
        (f'Revert "feat: x"\n\nThis reverts commit 1234567.\n\nfeat: x\n\n{_CLAUDE}\n', "human"),
        (f'Revert "feat: x" (#7)\n\nfeat: x\n\n🤖 Generated with Claude Code\n\n{_CLAUDE}\n', "human"),
        (f'Revert "feat: x"\n\nThis reverts commit 1234567.\n\n{_CLAUDE}\n', "ai"),
    ],
)
def test_a_revert_quotes_what_it_undoes(message: str, expected: str) -> None:
    assert attribute(message).attribution == expected


@pytest.mark.parametrize(
    ("subject", "rule"),
    [
        ("Merge pull request #7 from acme/claude/fix-x-01AbCdEf", "claude-code.branch"),
        ("Merge pull request #7 from claude/main", None),
        ("Merge pull request #7 from claude/claude/x", "claude-code.branch"),
        ("Merge branch 'claude/x' into main", "claude-code.branch"),
        ("Merge remote-tracking branch 'origin/codex/x'", "codex.branch"),
        ("Merged in copilot/fix-1 (pull request #4)", "copilot.branch"),
        ("Pull request #4: Fix\n\nMerge in PRO/app from devin/1735689600-x to main", "devin.branch"),
        ("Merge branch 'main' into claude/x", None),
        ("Add claude/x", None),
    ],
)
def test_branches_named_in_merges(subject: str, rule: str | None) -> None:
    found = Attributor(CATALOGUE).branch_evidence(commit(subject + "\n", parents=("b" * 40, "c" * 40)))
    assert (found.rule if found else None) == rule


def test_the_branch_speaks_for_commits_without_evidence_of_their_own() -> None:
    engine = Attributor(CATALOGUE)
    merge = commit("Merge pull request #7 from acme/claude/fix-x-01AbCdEf\n", parents=("b" * 40, "c" * 40))
    branch = engine.branch_evidence(merge)
    assert branch is not None
    plain = engine.attribute(commit(), [branch])
    assert (plain.attribution, plain.confidence, plain.kind) == ("ai", "medium", "branch")
    bot = engine.attribute(
        commit(author="renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"), [branch]
    )
    assert (bot.attribution, len(bot.evidence)) == ("bot", 2)
    helped = engine.attribute(commit("Add\n\nAssisted-by: Opus 4.7\n"), [branch])
    assert (helped.attribution, helped.kind) == ("assisted", "trailer")
    assert engine.attribute(merge).attribution == "human"
