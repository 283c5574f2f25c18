from __future__ import annotations

from itertools import cycle, islice
from typing import Any

import pytest

from codeshare.metrics.calibration import (
    ENOUGH,
    OWN,
    SHIPPED,
    Mark,
    Part,
    estimate_parts,
    own_parts,
    resolve,
    shipped_parts,
)

from .rows import Rows

TRAILER = {
    "attribution": "ai",
    "confidence": "high",
    "kind": "trailer",
    "tool": "Claude Code",
    "rule": "claude.trailer",
}
RECORD = {
    "attribution": "ai",
    "confidence": "high",
    "kind": "line_record",
    "tool": "Claude Code",
    "rule": "git-ai.session",
}
DAY = "2026-05-04"


def landed(rows: Rows, sha: str, lines: int, **values: Any) -> None:
    defaults = {
        "repo": "widget",
        "path": "src/a.py",
        "merged_at": DAY,
        "file_class": "code",
        "engineer": "ann",
    }
    rows.insert("landed_lines", **{**defaults, "sha": sha, "lines": lines, **values})


def marked(rows: Rows, lines: int, mark: dict[str, Any] = TRAILER, **values: Any) -> str:
    """A commit with a mark, and no record of its lines."""
    sha = rows.commit(DAY, **mark, **values)
    landed(rows, sha, lines, **mark)
    return sha


def recorded(rows: Rows, agent: int, other: int, mark: dict[str, Any] = TRAILER, **values: Any) -> str:
    """A commit with a mark whose record names some of the lines."""
    sha = rows.commit(DAY, **RECORD, scope="line", **values)
    rows.insert("evidence", **mark, repo="widget", sha=sha, scope="commit", origin="message", excerpt="")
    rows.insert(
        "evidence", **RECORD, repo="widget", sha=sha, scope="line", origin="refs/notes/ai", path="src/a.py"
    )
    if agent:
        landed(rows, sha, agent, **RECORD)
    if other:
        landed(rows, sha, other, **{**mark, "confidence": "low"})
    return sha


@pytest.fixture
def widget(rows: Rows) -> Rows:
    rows.repo("widget", basis="landed")
    return rows


def calibrate(rows: Rows) -> dict[str, Any]:
    rows.connection.execute("delete from estimates")
    rows.estimates(estimate_parts(rows.connection))
    return rows.row("from ai_share_by('all')")


def part(mark: Mark, value: float = 0.5, method: str = OWN) -> Part:
    return Part(mark, value, value, value, 40, method)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([{"agent": 8, "other": 2}], [("ai", "trailer", "Claude Code", 8, 10)], id="part of a commit"),
        pytest.param([{"agent": 8, "other": 2, "is_squash": True}], [], id="a squash: its marks are those of parts"),
        pytest.param([{"agent": 8, "other": 2, "is_bulk": True}], [], id="no new work"),
        pytest.param([{"agent": 8, "other": 2, "mark": {**TRAILER, "kind": "author"}}], [], id="an agent's own identity"),
        pytest.param([{"agent": 8, "other": 2, "mark": {**TRAILER, "confidence": "low"}}], [], id="a mark not believed"),
        pytest.param([{"agent": 8, "other": 2, "mark": {**TRAILER, "attribution": "bot", "kind": "bot_author"}}], [], id="a bot"),
        pytest.param([{"agent": 8, "other": 2, "mark": {**TRAILER, "tool": None}}], [("ai", "trailer", "", 8, 10)], id="no tool"),
        pytest.param([{"agent": 0, "other": 10}], [], id="the record names no line that landed"),
    ],
)  # fmt: skip
def test_commits_with_a_mark_and_a_record(
    widget: Rows, given: list[dict[str, Any]], expected: list[Any]
) -> None:
    for commit in given:
        recorded(widget, **commit)
    assert widget.rows("select attribution, kind, tool, agent_lines, lines from recorded_marks") == expected


def test_the_strongest_mark_is_taken(widget: Rows) -> None:
    sha = recorded(widget, 5, 5, {**TRAILER, "kind": "footer", "tool": "Cursor"})
    widget.insert("evidence", **TRAILER, repo="widget", sha=sha, scope="commit", origin="message", excerpt="")
    assert widget.rows("select kind, tool from recorded_marks") == [("trailer", "Claude Code")]


def test_own_parts_are_lines_over_lines_with_an_interval_over_commits(widget: Rows) -> None:
    for agent, other in islice(cycle([(10, 0), (30, 10), (0, 0)]), 0, 3 * ENOUGH):
        if agent:
            recorded(widget, agent, other)
    found = {part["scope"]: part for part in estimate_parts(widget.connection)}
    ours = found["ai/trailer/Claude Code"]
    assert ours["value"] == pytest.approx(40 / 50)
    assert 0.75 < ours["low"] < ours["value"] < ours["high"] <= 1
    assert ours["n"] == 2 * ENOUGH
    assert ours["method"] == OWN
    assert found["ai/trailer/"]["value"] == ours["value"]
    assert found["assisted/trailer/"]["method"].startswith(SHIPPED)


def test_too_few_commits_speak_for_nobody() -> None:
    row = {"attribution": "ai", "kind": "footer", "tool": "Amp", "agent_lines": 1, "lines": 2}
    assert own_parts([row] * (ENOUGH - 1)) == []
    assert [part.mark.tool for part in own_parts([row] * ENOUGH)] == ["", "Amp"]


def test_own_parts_go_before_shipped_ones() -> None:
    own_kind, own_tool = part(Mark("ai", "trailer")), part(Mark("ai", "branch", "Codex"))
    shipped = [
        part(Mark("ai", "trailer"), method=SHIPPED),
        part(Mark("ai", "trailer", "Cursor"), method=SHIPPED),
        part(Mark("ai", "branch"), method=SHIPPED),
        part(Mark("ai", "branch", "Codex"), method=SHIPPED),
    ]
    kept = list(resolve([own_kind, own_tool], shipped))
    assert kept == [own_kind, own_tool, shipped[2]]


def test_the_shipped_table_says_where_it_is_from() -> None:
    assert Mark("ai", "trailer") in {part.mark for part in shipped_parts()}
    for shipped in shipped_parts():
        assert 0 <= shipped.low <= shipped.value <= shipped.high <= 1
        assert shipped.commits >= ENOUGH
        assert "@" in shipped.method


def test_records_of_all_lines_leave_nothing_to_calibrate(widget: Rows) -> None:
    recorded(widget, 70, 0)
    landed(widget, recorded(widget, 10, 0), 20, attribution="human", confidence="high", kind="line_record")
    share = calibrate(widget)
    assert (
        share["share"]
        == share["share_calibrated"]
        == share["share_calibrated_low"]
        == share["share_calibrated_high"]
    )
    assert share["share"] == pytest.approx(80 / 100)


def test_marked_commits_count_for_what_records_of_others_say(widget: Rows) -> None:
    for _ in range(ENOUGH):
        recorded(widget, 6, 4)
    marked(widget, 100)
    marked(widget, 100, {**TRAILER, "kind": "author"})
    rest = 1000 - 10 * ENOUGH - 200
    landed(widget, widget.commit(DAY), rest, attribution="human", confidence="low", rule="no-evidence")
    share = calibrate(widget)
    assert share["share"] == pytest.approx((6 * ENOUGH + 200) / 1000)
    assert share["share_calibrated"] == pytest.approx((6 * ENOUGH + 0.6 * 100 + 100) / 1000)
    assert share["uncalibrated_lines"] == 0


@pytest.mark.parametrize(
    ("unheard", "is_known"), [(10, True), (11, False)], ids=["one line in a hundred", "more"]
)
def test_marks_that_no_record_speaks_of(widget: Rows, unheard: int, is_known: bool) -> None:
    recorded(widget, 1000 - unheard, 0)
    marked(widget, unheard, {**TRAILER, "kind": "committer", "tool": "Nobody's"})
    share = calibrate(widget)
    assert share["uncalibrated_lines"] == unheard
    if not is_known:
        assert share["share_calibrated"] is None
        return
    assert share["share_calibrated"] == share["share"] == 1
    assert (share["share_calibrated_low"], share["share_calibrated_high"]) == (0.99, 1)
