from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.git.notes import add_note
from tests.histories import ANN, History
from tests.mining.test_records import note
from tests.stored import rows

Mine = Callable[..., Path]
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
SPANS = "select line_start, line_count, attribution, confidence, kind, rule from line_spans where sha = '{}' order by line_start"


def test_a_record_decides_line_by_line_and_weakens_other_marks(history: History, mined: Mine) -> None:
    history.commit({"a.py": "0\n"})
    marked = history.commit({"a.py": "0\n1\n2\n3\n4\n"}, "marked", trailers=[CLAUDE])
    add_note(history, marked, note("a.py\n  s_01::t_1 1-3\n  h_02 4\n"))
    database = mined(history)
    assert rows(database, SPANS.format(marked)) == [
        (2, 2, "ai", "high", "line_record", "git-ai.session"),
        (4, 1, "human", "high", "line_record", "git-ai.human"),
        (5, 1, "ai", "low", "trailer", "claude-code.trailer"),
    ]
    assert rows(database, f"select attribution, scope, kind from commits where sha = '{marked}'") == [
        ("assisted", "line", "line_record")
    ]
    assert rows(database, "select sha, path, lines from overclaimed") == [(marked, "a.py", 1)]
    assert rows(
        database, "select path, line_start, line_count, decides from evidence where scope = 'line' order by 2"
    ) == [("a.py", 2, 2, True), ("a.py", 4, 1, True)]
    assert rows(database, "select state, count from records") == [("used", 1)]
    # the lines of a commit and file are those of landed_lines, however they are attributed
    assert rows(database, "select attribution, lines from landed_lines where sha = '" + marked + "' order by all") == [
        ("ai", 1),
        ("ai", 2),
        ("human", 1),
    ]  # fmt: skip


def test_a_wholly_recorded_commit_is_what_its_record_says(history: History, mined: Mine) -> None:
    agent = history.commit({"a.py": "1\n2\n"}, "an agent's")
    person = history.commit({"b.py": "1\n2\n"}, "a person's", trailers=[CLAUDE])
    covered = history.commit(
        {"c.py": "1\n2\n"}, "marked, and the record knows of no agent", trailers=[CLAUDE]
    )
    add_note(history, agent, note("a.py\n  s_01::t_1 1-2\n"))
    add_note(history, person, note("b.py\n  h_02 1-2\n"))
    add_note(history, covered, note(""))
    assert rows(mined(history), "select attribution, confidence, kind from commits order by ordinal") == [
        ("ai", "high", "line_record"),
        ("human", "high", "line_record"),
        ("ai", "low", "trailer"),
    ]


def test_lines_brought_back_keep_what_a_record_says_of_them(history: History, mined: Mine) -> None:
    base = {"a.py": "0\n1\n2\n3\n4\n5\n6\n"}
    history.commit(base)
    first = history.commit({"a.py": base["a.py"] + "agent\nagent too\nperson\nperson too\nnobody\n"}, "add")
    add_note(history, first, note("a.py\n  s_01::t_1 8-9\n  h_02 10-11\n"))
    history.commit(base, f'Revert "add"\n\nThis reverts commit {first}.')
    last = history.commit(
        {"a.py": base["a.py"] + "agent\nagent too\nperson\nperson too\nnobody\n"},
        'Reapply "add"',
    )
    found = rows(mined(history), SPANS.format(last))
    assert [row[:3] for row in found] == [(8, 2, "ai"), (10, 2, "human"), (12, 1, "human")]
    assert [row[4] for row in found] == ["line_record", "line_record", None]


def test_lines_that_a_merge_added_itself_can_be_recorded(history: History, mined: Mine) -> None:
    history.commit({"a.py": "1\n"})
    history.switch("topic")
    history.commit({"b.py": "1\n"})
    history.switch("main")
    history.commit({"c.py": "1\n"})
    history.git("merge", "--no-commit", "--no-ff", "topic", env=history.identity(ANN))
    (history.path / "a.py").write_text("1\nevil\n")
    history.git("add", "a.py")
    history.tick()
    history.git("commit", "-m", "merge", env=history.identity(ANN))
    merge = history.head()
    add_note(history, merge, note("a.py\n  s_01::t_1 1-2\n"))
    database = mined(history)
    assert rows(database, SPANS.format(merge)) == [(2, 1, "ai", "high", "line_record", "git-ai.session")]
    assert rows(database, "select lines from overclaimed") == [(1,)]


def test_a_note_that_comes_later_is_seen_though_the_tip_is_the_same(history: History, tmp_path: Path) -> None:
    sha = history.commit({"a.py": "1\n"})
    database = tmp_path / "x.duckdb"
    (first,) = mine([Target(str(history.path))], database, Config(), jobs=2)
    assert rows(database, SPANS.format(sha))[0][2] == "human"
    add_note(history, sha, note("a.py\n  s_01::t_1 1\n"))
    (second,) = mine([Target(str(history.path))], database, Config(), jobs=2)
    (third,) = mine([Target(str(history.path))], database, Config(), jobs=2)
    assert [each.was_current for each in (first, second, third)] == [False, False, True]
    assert rows(database, SPANS.format(sha))[0][2] == "ai"


def test_a_record_that_cannot_be_read_is_told(history: History, tmp_path: Path) -> None:
    sha = history.commit({"a.py": "1\n"})
    add_note(history, sha, "no note of git-ai's")
    (outcome,) = mine([Target(str(history.path))], tmp_path / "x.duckdb", Config(), jobs=2)
    assert len(outcome.notes) == 1
    assert "1 records of lines cannot be used, first refs/notes/ai" in outcome.notes[0]
    assert rows(tmp_path / "x.duckdb", "select origin, sha from unusable_records") == [("refs/notes/ai", sha)]
    (outcome,) = mine([Target(str(history.path))], tmp_path / "y.duckdb", Config(), jobs=2, lines=False)
    assert outcome.notes == ("records of lines (git-ai's notes and the like) count only without --no-lines",)
