"""What is said about a commit whose lines have records of their own, and what was looked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from codeshare.attribution.catalogue import load_catalogue
from codeshare.metrics.commit_evidence import explain_commit
from codeshare.metrics.conclusion import conclude_file
from codeshare.metrics.sought import credible, ignored, rule_words, sought

from .rows import Rows

CLAUDE: dict[str, Any] = {"tool": "Claude Code", "attribution": "ai", "confidence": "high"}
RECORD = {
    "kind": "line_record",
    "rule": "git-ai.session",
    "scope": "line",
    "origin": "refs/notes/ai",
    "excerpt": "s_1",
}
MARK = {
    "kind": "trailer",
    "rule": "claude-code.trailer",
    "scope": "commit",
    "origin": "message",
    "excerpt": "x: y",
}


@pytest.fixture
def recorded(rows: Rows) -> tuple[Rows, str]:
    """A commit of 30 lines: 12 an agent's by record, 8 a person's by record, 10 of which no record speaks."""
    rows.repo(basis="landed")
    sha = rows.commit("2026-03-01", {"src/a.py": 20, "src/b.py": 10}, scope="line", kind="line_record", rule="git-ai.session",
                      **CLAUDE)  # fmt: skip
    parts: list[tuple[str, int, int, dict[str, Any]]] = [
        ("src/a.py", 1, 12, CLAUDE | {"rule": "git-ai.session", "kind": "line_record"}),
        (
            "src/a.py",
            13,
            8,
            {"attribution": "human", "confidence": "high", "rule": "git-ai.human", "kind": "line_record"},
        ),
        ("src/b.py", 1, 10, CLAUDE | {"confidence": "low", "rule": "claude-code.trailer", "kind": "trailer"}),
    ]
    for path, start, count, who in parts:
        rows.insert("line_spans", repo="widget", sha=sha, path=path, line_start=start, line_count=count, file_class="code",
                    landed=True, merged_at="2026-03-01", **who)  # fmt: skip
        rows.insert("landed_lines", repo="widget", sha=sha, path=path, merged_at="2026-03-01", file_class="code",
                    lines=count, moved=0, **who)  # fmt: skip
    human = RECORD | {"rule": "git-ai.human", "excerpt": "h_1"}
    for start, count in ((1, 5), (6, 7)):
        rows.insert("evidence", repo="widget", sha=sha, path="src/a.py", line_start=start, line_count=count, decides=True,
                    **CLAUDE, **RECORD)  # fmt: skip
    rows.insert("evidence", repo="widget", sha=sha, path="src/a.py", line_start=13, line_count=8, decides=False,
                attribution="human", confidence="high", **human)  # fmt: skip
    rows.insert("evidence", repo="widget", sha=sha, decides=False, **CLAUDE, **MARK)
    return rows, sha


def test_records_of_lines_come_first_and_are_put_together(recorded: tuple[Rows, str]) -> None:
    rows, sha = recorded
    why = explain_commit(rows.connection, "widget", sha, load_catalogue(), None)
    found = [(piece["rule"], piece["lines"], piece["files"], piece["why"]) for piece in why["evidence"]]
    assert found == [
        ("git-ai.session", 12, 1, "decides: the strongest there is"),
        ("git-ai.human", 8, 1, "decides about the lines that it names"),
        ("claude-code.trailer", None, None, "weaker than a record of single lines: what no record claims is ai, low at most by it"),
    ]  # fmt: skip
    assert why["conclusion"] == (
        "Written by Claude Code: a record of its lines says so (high confidence). Of its 30 handwritten lines 12 count as AI in "
        "the share; 10 count as AI in the high reading only, not in the headline; 8 count as a person's in the share."
    )
    assert not any("No record of single lines" in doubt for doubt in why["uncertain"])


@pytest.mark.parametrize(
    ("path", "line", "rules"),
    [
        ("src/a.py", 6, ["git-ai.session", "claude-code.trailer"]),
        ("src/a.py", 13, ["git-ai.human", "claude-code.trailer"]),
        ("src/b.py", 1, ["claude-code.trailer"]),
    ],
    ids=["agent", "person", "unclaimed"],
)
def test_a_line_is_told_what_speaks_of_it(
    recorded: tuple[Rows, str], path: str, line: int, rules: list[str]
) -> None:
    rows, sha = recorded
    why = explain_commit(rows.connection, "widget", sha, load_catalogue(), None, at=(path, line))
    assert [piece["rule"] for piece in why["evidence"]] == rules


def test_every_rule_is_counted_once() -> None:
    catalogue = load_catalogue()
    for day in (date(2019, 1, 1), date(2024, 6, 1), date(2026, 11, 1)):
        looked = sought(catalogue, day, ())
        assert sum(kind["rules"] for kind in looked) == sum(rule.fires(day) for rule in catalogue.rules)
        assert sum(kind["too_early"] + kind["too_late"] for kind in looked) == sum(
            not rule.fires(day) for rule in catalogue.rules
        )
        assert all(sum(kind["tools"].values()) == kind["rules"] for kind in looked)
        assert sum(kind["off"] for kind in looked) == len(catalogue.off)


def test_every_rule_has_words() -> None:
    catalogue = load_catalogue()
    for rule in (*catalogue.rules, *catalogue.off):
        assert len(rule_words(rule)) > len("heuristic") or rule.kind == "heuristic", rule.id
        assert credible(rule)


@pytest.mark.parametrize(
    ("key", "value", "day", "why"),
    [
        ("Acked-by", "Claude <noreply@anthropic.com>", date(2026, 1, 1), "who reviews, tests or suggests has not written the lines"),
        ("Prompted-by", "Claude <noreply@anthropic.com>", date(2026, 1, 1), "no rule says that Prompted-by names who wrote the lines"),
        ("Co-authored-by", "Claude <noreply@anthropic.com>", date(2024, 1, 1), "rule claude-code.trailer is credible from 2025-02-24 on only"),
        ("Assisted-by", "none", date(2026, 1, 1), "names no agent that a rule knows"),
        ("Reviewed-by", "Ann Lee <ann@example.org>", date(2026, 1, 1), None),
        ("Co-authored-by", "Ann Lee <ann@example.org>", date(2026, 1, 1), None),
        ("Fixes", "#12", date(2026, 1, 1), None),
    ],
    ids=["reviewer", "other-key", "too-early", "none", "person", "co-author", "other"],
)  # fmt: skip
def test_marks_that_mean_nothing(key: str, value: str, day: date, why: str | None) -> None:
    found = ignored(load_catalogue(), day, [(key, value)], None, ())
    assert [each["why"] for each in found] == ([why] if why else [])
    assert ignored(load_catalogue(), day, [(key, value)], None, {f"{key}: {value}"}) == []


@pytest.mark.parametrize(
    ("ai", "human", "beginning"),
    [(0, 10, "0 % of the 10 lines"), (1, 999, "Under 1 % of the 1,000"), (999, 1, "Over 99 % of"), (10, 0, "100 % of"), (1, 0, "100 % of the 1 line of")],
)  # fmt: skip
def test_a_share_of_a_file_is_never_rounded_to_none_or_all(ai: int, human: int, beginning: str) -> None:
    parts = [{"attribution": "ai", "lines": ai}, {"attribution": "human", "lines": human}]
    assert conclude_file("a.py", ai + human, parts, []).startswith(beginning)
