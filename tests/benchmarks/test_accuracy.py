from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from benchmarks.accuracy import measure
from benchmarks.accuracy.measure import frame_of
from benchmarks.accuracy.shipped import write_calibration
from benchmarks.accuracy.tables import tables
from benchmarks.accuracy.truth import Read, observe
from tests.git.notes import add_note
from tests.histories import History
from tests.mining.test_records import note

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


def lines(*numbers: int) -> str:
    return "".join(f"x{n} = {n}\n" if n else "\n" for n in numbers)


@pytest.fixture
def seen(history: History) -> Read:
    """What notes say of seven commits: the first six on the branch, the last on another one."""
    whole = history.commit({"whole.py": lines(1, 2, 3, 4)}, "all the agent's", trailers=[CLAUDE])
    part = history.commit({"part.py": lines(1, 2, 3, 0)}, "a blank line not named", trailers=[CLAUDE])
    silent = history.commit({"silent.py": lines(1, 2)}, "marked, nothing named", trailers=[CLAUDE])
    unmarked = history.commit({"plain.py": lines(1, 2, 3)}, "the agent left no mark")
    person = history.commit({"own.py": lines(1, 2)}, "a person's")
    locked = history.commit({"yarn.lock": lines(1, 2, 3)}, "no handwritten file", trailers=[CLAUDE])
    add_note(history, whole, note("whole.py\n  s_01::t_1 1-4\n"))
    add_note(history, part, note("part.py\n  s_01::t_1 1-3\n"))
    add_note(history, silent, note(""))
    add_note(history, unmarked, note("plain.py\n  s_01::t_1 1-9\n"))
    add_note(history, person, note("own.py\n  h_02 1-2\n"))
    add_note(history, locked, note("yarn.lock\n  s_01::t_1 1-3\n"))
    history.git("checkout", "-q", "-b", "aside", f"{whole}^{{commit}}")
    again = history.commit({"part.py": lines(1, 2, 3, 0)}, "the same change, elsewhere", trailers=[CLAUDE])
    add_note(history, again, note("part.py\n  s_01::t_1 1-4\n"))
    history.git("checkout", "-q", "main")
    return observe(str(history.path), "project")


def test_commits_are_held_against_their_notes(seen: Read) -> None:
    found = {
        (o.lines, o.by_agents, o.by_person, o.untracked, o.blank, str(o.marked.attribution), o.on_branch)
        for o in seen.observed
    }
    assert found == {
        (4, 4, 0, 0, 0, "ai", True),
        (4, 3, 0, 1, 1, "ai", True),
        (2, 0, 0, 2, 0, "ai", True),
        (3, 3, 0, 0, 0, "human", True),
        (2, 0, 2, 0, 0, "human", True),
        (4, 4, 0, 0, 0, "ai", False),
    }
    assert seen.notes == 7
    assert +seen.passed_over == {"adds no handwritten line": 1}


def test_precision_and_recall_are_lines_over_lines(seen: Read) -> None:
    frame = frame_of(seen.observed)
    assert len(frame) == 5  # one of the two that make the same change, that of the branch
    assert (measure.precision(frame, strictly=True).over, measure.precision(frame, strictly=True).under) == (
        7,
        7,
    )
    assert (
        measure.precision(frame, strictly=False).over,
        measure.precision(frame, strictly=False).under,
    ) == (7, 10)
    assert (measure.recall(frame).over, measure.recall(frame).under) == (7, 10)
    ((key, part),) = measure.agents_part(frame, ["said", "kind", "tool"]).items()
    assert (key, part.over, part.under, part.commits) == (("ai", "trailer", "Claude Code"), 7, 8, 2)
    assert sorted(frame.loc[frame["covered"], "lines"]) == [2, 3, 4]


def test_few_commits_have_no_interval_and_many_have_one() -> None:
    assert measure.ratio([1] * 5, [2] * 5).low is None
    found = measure.ratio([2, 0] * 20, [2, 2] * 20)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.5 < found.high


def test_the_tables_can_be_printed_and_few_commits_are_not_shipped(seen: Read, tmp_path: Path) -> None:
    frame = frame_of(seen.observed)
    assert "| AI | trailer | Claude Code | 87.5 % | – | 7 / 8 | 2 |" in tables([seen], frame)
    write_calibration(frame, [seen], tmp_path / "calibration.toml")
    assert "[[part]]" not in (tmp_path / "calibration.toml").read_text()


def test_mining_finds_the_same_parts(history: History, mined: Callable[..., Path], seen: Read) -> None:
    with duckdb.connect(str(mined(history)), read_only=True) as connection:
        found = connection.execute("select agent_lines, lines from recorded_marks order by all").fetchall()
    told = [o for o in seen.observed if o.on_branch and o.by_agents and o.marked.attribution == "ai"]
    assert found == sorted((o.by_agents, o.lines) for o in told) == [(3, 4), (4, 4)]
