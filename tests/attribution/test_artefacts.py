from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files

import pytest

from codeshare.attribution.artefacts import Artefacts, Version, path_pattern
from codeshare.attribution.heuristics import load_heuristics

_ALL = load_heuristics().artefacts
_RAW = tomllib.loads((files("codeshare.attribution") / "heuristics.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "content", "rule"),
    [
        (".claude/settings.json", '{"attribution": {"commit": "", "pr": ""}}', "switch.claude-code"),
        (".claude/settings.json", '{"attribution": {"commit": "Made by us", "pr": ""}}', None),
        (".claude/settings.json", '{"attribution": {"pr": ""}}', None),
        (".claude/settings.local.json", '{"includeCoAuthoredBy": false}', "switch.claude-code-earlier"),
        (".claude/settings.json", '{"includeCoAuthoredBy": 0}', None),
        (".claude/settings.json", '{"includeCoAuthoredBy": true}', None),
        (".claude/settings.json", "not json", None),
        (".claude/settings.json", "[" * 100_000, None),
        ("src/.claude.json", '{"includeCoAuthoredBy": false}', None),
        (".aider.conf.yml", "model: x\nattribute-author: false # ours\n", "switch.aider"),
        (".aider.conf.yml", "attribute-author: No\nattribute-co-authored-by: 'true'\n", None),
        (".aider.conf.yml", "#attribute-author: false\n", None),
        (".vscode/settings.json", '{\n// ours\n"git.addAICoAuthor": "off", /* so */\n}', "switch.copilot-vscode"),
        ("app/.vscode/settings.json", '{"a": "//", "git.addAICoAuthor": "off",}', "switch.copilot-vscode"),
        ("x.code-workspace", '{"settings": {"git.addAICoAuthor": "off"}}', "switch.copilot-vscode"),
        (".vscode/settings.json", '{"git.addAICoAuthor": "all"}', None),
        ("crush.json", '{"options": {"attribution": {"trailer_style": "none"}}}', "switch.crush"),
        (".crush.json", '{"options": {"attribution": {"co_authored_by": false}}}', "switch.crush-earlier"),
        (".copilot/settings.json", '{"include_coauthor": false}', "switch.copilot-cli"),
    ],
)  # fmt: skip
def test_settings_that_switch_marks_off(path: str, content: str, rule: str | None) -> None:
    found = [each.rule for each in _ALL.find(path, content.encode()) if each.sign == "switch"]
    assert found == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("rule", "line", "is_ban"),
    [
        (raw["id"], line, is_ban)
        for raw in _RAW["ban"]
        for lines, is_ban in ((raw["match"], True), (raw["no_match"], False))
        for line in lines
    ],
)
def test_words_that_forbid_marks(rule: str, line: str, is_ban: bool) -> None:
    path = {"ban.instructions": "AGENTS.md", "ban.hook": ".githooks/commit-msg"}[rule]
    found = {each.rule for each in _ALL.find(path, f"# Rules\n\n{line}\n".encode())}
    assert (rule in found) == is_ban


@pytest.mark.parametrize(
    ("path", "tools"),
    [
        ("CLAUDE.md", {"Claude Code"}),
        ("docs/CLAUDE.md", {"Claude Code"}),
        (".claude/agents/x.md", {"Claude Code"}),
        ("AGENTS.md", {"any agent"}),
        (".cursor/rules/a.mdc", {"Cursor"}),
        (".github/copilot-instructions.md", {"GitHub Copilot"}),
        ("src/claude.md", set()),
        ("CLAUDE.md.bak", set()),
        ("a/.cursor/x", set()),
    ],
)
def test_files_of_instructions(path: str, tools: set[str]) -> None:
    assert {each.tool for each in _ALL.find(path, b"") if each.sign == "instructions"} == tools
    assert _ALL.is_instructions(path) == _ALL.wants(path) == bool(tools)


def test_only_what_is_read_is_wanted_with_its_content() -> None:
    assert _ALL.wants_content("AGENTS.md")
    assert _ALL.wants_content(".husky/commit-msg")
    assert not _ALL.wants_content(".claude/agents/x.md")
    assert not _ALL.wants("src/a.py")


_DAY = datetime(2025, 6, 2)


def _versions(*steps: tuple[str, str | None]) -> list[Version]:
    return [
        Version(f"m{n}", _DAY + timedelta(days=n), path, content if content is None else content.encode())
        for n, (path, content) in enumerate(steps)
    ]


def _periods(*steps: tuple[str, str | None]) -> list[tuple[str, str, str | None]]:
    return [(each.finding.rule, each.since_sha, each.until_sha) for each in _ALL.periods(_versions(*steps))]


_OFF = '{"attribution": {"commit": ""}}'


def test_a_switch_holds_from_the_landing_that_brings_it_to_the_one_that_takes_it_back() -> None:
    path = ".claude/settings.json"
    found = _periods((path, "{}"), (path, _OFF), (path, _OFF + " "), (path, "{}"), (path, _OFF), (path, None))
    assert found == [
        ("file.claude-code", "m0", "m5"),
        ("switch.claude-code", "m1", "m3"),
        ("switch.claude-code", "m4", "m5"),
    ]


def test_one_file_or_another_holds_a_rule() -> None:
    local, shared = ".claude/settings.local.json", ".claude/settings.json"
    found = _periods((shared, _OFF), (local, _OFF), (shared, None), (local, "{}"))
    assert ("switch.claude-code", "m0", "m3") in found
    assert ("file.claude-code", "m0", None) in found


def test_nothing_to_read_says_nothing() -> None:
    assert _periods(("CLAUDE.md", None)) == []
    assert Artefacts((), (), ()).wants("CLAUDE.md") is False


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [("a/*.md", "a/b.md", True), ("a/*.md", "a/b/c.md", False), ("**/x", "x", True), ("a/**", "a/b/c", True), ("a.b", "axb", False)],
)  # fmt: skip
def test_globs(glob: str, path: str, matches: bool) -> None:
    assert (path_pattern([glob]).fullmatch(path) is not None) == matches
