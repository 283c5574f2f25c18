from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings

from codeshare.config import Alias, Config
from codeshare.errors import ConfigError
from codeshare.git import reading
from codeshare.mining.run import Target, mine
from codeshare.model import HANDWRITTEN
from codeshare.store.database import SMALL_BLOCK, SMALL_ROW_GROUP
from codeshare.version import PATCH_IDS
from tests.git.random_histories import build, plans
from tests.histories import ANN, BOB, History, clean_environment
from tests.stored import content, group_sizes, rows

Mine = Callable[..., Path]
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


def test_every_commit_and_change_is_there(history: History, mined: Mine) -> None:
    history.commit({"src/a.py": "x = 1\n", "README.md": "# A\n"}, "first", author=ANN)
    history.switch("topic")
    ai = history.commit(
        {"src/a.py": "x = 1\ny = 2\n", "poetry.lock": "lock\n"}, "by an agent", trailers=[CLAUDE]
    )
    history.switch("main")
    landing = history.merge("topic", message="Merge pull request #7 from ann/topic", author=BOB)
    database = mined(history)
    assert rows(
        database, f"select attribution, confidence, tool, merge_sha from commits where sha = '{ai}'"
    ) == [("ai", "high", "Claude Code", landing)]
    assert rows(
        database,
        f"select path, file_class, language, added, deleted from changes where sha = '{ai}' order by path",
    ) == [
        ("poetry.lock", "lock", "toml", 1, 0),
        ("src/a.py", "code", "python", 1, 0),
    ]
    assert rows(database, "select request from commits where is_merge") == [(7,)]
    assert rows(database, f"select key, value from trailers where sha = '{ai}'") == [
        tuple(CLAUDE.split(": "))
    ]
    ((rule, excerpt, decides),) = rows(
        database, f"select rule, excerpt, decides from evidence where sha = '{ai}'"
    )
    assert (rule, excerpt, decides) == ("claude-code.trailer", CLAUDE, True)
    assert rows(
        database,
        "select name, kind, engineers from (select name, kind, (select count(*) from commits where engineer = person) as engineers from people) order by name",
    )[:2] == [
        ("Ann Lee", "person", 2),
        ("Bob Ray", "person", 1),
    ]


@settings(max_examples=3)
@given(plans)
def test_a_work_tree_and_its_bare_clone_give_the_same_database(plan: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = build(Path(folder) / "work" / "project", plan)
        bare = history.bare(Path(folder) / "bare" / "project.git")
        for place, database in ((history.path, "one"), (bare, "two")):
            mine(
                [Target(str(place), branch=history.git("branch", "--show-current"))],
                Path(folder) / database,
                Config(),
                jobs=2,
            )
        assert content(Path(folder) / "one") == content(Path(folder) / "two")


def test_mining_twice_changes_nothing(history: History, mined: Mine, tmp_path: Path) -> None:
    history.commit({"a.py": "1\n"})
    database = mined(history)
    before = content(database)
    (outcome,) = mine([Target(str(history.path))], database, Config())
    assert outcome.was_current
    assert content(database) == before
    other = Config(teams={"core": ("ann@example.org",)}, holidays=(date(2025, 5, 1),))
    for config in (Config(), other):
        mine([Target(str(history.path))], database, config)
        file = database.read_bytes()
        (outcome,) = mine([Target(str(history.path))], database, config)
        assert outcome.was_current
        assert database.read_bytes() == file  # not written at all
    mine([Target(str(history.path))], database, Config())
    assert content(database) == before
    (outcome,) = mine([Target(str(history.path))], database, Config(), again=True)
    assert not outcome.was_current
    assert content(database) == before


def test_a_new_commit_and_a_new_rule_are_noticed(history: History, mined: Mine) -> None:
    history.commit({"a.py": "1\n"})
    database = mined(history)
    history.commit({"a.py": "2\n"})
    assert not mine([Target(str(history.path))], database, Config())[0].was_current
    config = Config(disabled_rules=("claude-code.trailer",))
    assert not mine([Target(str(history.path))], database, config)[0].was_current
    with patch("codeshare.mining.stamp.PATCH_IDS", PATCH_IDS + 1):
        assert not mine([Target(str(history.path))], database, config)[0].was_current
    assert rows(database, "select count(*) from commits") == [(2,)]


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        History(tmp_path / folder / "project").commit({"a": f"{folder}\n"}, folder)
    targets = [Target(str(tmp_path / folder / "project")) for folder in ("one", "two")]
    with pytest.raises(ConfigError, match=r"both named 'project'. Give one of them another `name`"):
        mine(targets, tmp_path / "x.duckdb", Config())
    mine(targets[:1], tmp_path / "x.duckdb", Config())
    with pytest.raises(ConfigError, match="holds another repository of this name"):
        mine(targets[1:], tmp_path / "x.duckdb", Config())
    assert rows(tmp_path / "x.duckdb", "select subject from commits") == [("one",)]


def test_people_are_joined_over_repositories(tmp_path: Path, mined: Mine) -> None:
    home, work, other = "Ann <ann@home.example>", "Ann Lee <ann@corp.example>", "A. L. <al@old.example>"
    one, two = History(tmp_path / "one"), History(tmp_path / "two")
    one.commit({".mailmap": "Ann Lee <ann@corp.example> <ann@home.example>\n"}, author=work)
    one.commit({"a": "1\n"}, author=home)
    two.commit({"a": "1\n"}, author=home)
    two.commit({"a": "2\n"}, author=other)
    alias = Alias("ann@corp.example", ("al@old.example",))
    database = mined(one, two, config=Config(aliases=(alias,)))
    assert rows(database, "select name, kind from people") == [("Ann Lee", "person")]
    assert rows(database, "select count(distinct author), count(*) from commits") == [(1, 4)]


@pytest.fixture
def lossy(history: History) -> tuple[History, str, str]:
    """A repository with a blob missing; the commits that then cannot be computed."""
    history.commit({"a.py": "1\n"})
    lost = history.commit({"a.py": "1\n", "lost.py": "2\n"}, trailers=[CLAUDE])
    blob = history.git("rev-parse", "HEAD:lost.py")
    removed = history.commit({"lost.py": None})
    history.commit({"a.py": "3\n"})
    (history.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    return history, lost, removed


def test_what_cannot_be_read_is_unknown_and_listed(lossy: tuple[History, str, str], tmp_path: Path) -> None:
    history, lost, removed = lossy
    (outcome,) = mine([Target(str(history.path))], tmp_path / "x.duckdb", Config())
    assert (outcome.unknown_commits, outcome.unknown_files) == (2, 2)
    found = rows(
        tmp_path / "x.duckdb", "select sha, attribution from commits where is_unknown order by ordinal"
    )
    assert found == [(lost, "unknown"), (removed, "unknown")]
    assert {
        sha for (sha,) in rows(tmp_path / "x.duckdb", "select sha from skipped where path = 'lost.py'")
    } == {lost, removed}
    assert rows(tmp_path / "x.duckdb", "select added from changes where path = 'lost.py'") == [
        (None,),
        (None,),
    ]


def test_an_absent_picture_ends_no_line_of_other_files(history: History, tmp_path: Path) -> None:
    born = history.commit({"a.py": "1\n2\n3\n", "b.py": "1\n2\n"})
    partly = history.commit({"a.py": "1\n2\n4\n", "c.py": "1\n2\n", "b.py": None, "picture.png": "lost\n"})
    blob = history.git("rev-parse", "HEAD:picture.png")
    history.commit({"a.py": "1\n5\n4\n"})
    (history.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    (outcome,) = mine([Target(str(history.path))], tmp_path / "x.duckdb", Config())
    assert (outcome.unknown_commits, outcome.unknown_files) == (1, 1)
    lines = rows(
        tmp_path / "x.duckdb",
        "select sha, path, line_start, line_count, died_sha, attribution from line_spans order by path, line_start",
    )
    last = history.git("rev-parse", "HEAD")
    assert [row for row in lines if row[0] == born] == [
        (born, "a.py", 1, 1, None, "human"), (born, "a.py", 2, 1, last, "human"), (born, "a.py", 3, 1, partly, "human"),
        (born, "b.py", 1, 2, None, "human"),
    ]  # fmt: skip
    assert [row for row in lines if row[0] == partly] == [
        (partly, "a.py", 3, 1, None, "unknown"),
    ]
    assert rows(
        tmp_path / "x.duckdb", f"select path, status, added from changes where sha = '{partly}' order by path"
    ) == [("a.py", "M", 1), ("c.py", "R", 0), ("picture.png", "?", None)]


def test_a_change_of_type_of_what_a_shallow_clone_lacks(history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "1\n2\n", "b.py": "1\n"})
    history.commit({"b.py": "2\n"})
    (history.path / "a.py").unlink()
    (history.path / "a.py").symlink_to("b.py")
    history.git("add", "-A")
    history.commit({})
    history.commit({"b.py": "3\n"})
    history.git("clone", "--quiet", "--depth=3", history.path.as_uri(), str(tmp_path / "shallow"))
    (outcome,) = mine([Target(str(tmp_path / "shallow"))], tmp_path / "x.duckdb", Config(), jobs=1)
    assert (outcome.commits, outcome.unknown_commits) == (3, 1)


def test_a_stored_repository_that_becomes_shallow(history: History, tmp_path: Path) -> None:
    tips = [history.commit({"a.py": f"{n}\n"}) for n in range(3)]
    mine([Target(str(history.path))], tmp_path / "x.duckdb", Config(), jobs=1)
    (history.path / ".git" / "shallow").write_text(f"{tips[1]}\n")
    (outcome,) = mine([Target(str(history.path))], tmp_path / "x.duckdb", Config(), jobs=1)
    assert (outcome.commits, outcome.unknown_commits, outcome.is_shallow) == (2, 1, True)


def test_the_edge_of_a_shallow_clone_is_unknown(history: History, tmp_path: Path) -> None:
    for n in range(5):
        history.commit({"a.py": "".join(f"{k}\n" for k in range(n + 3))})
    clone = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=2", f"file://{history.path}", str(clone)],
        check=True,
        env=clean_environment(),
    )
    (outcome,) = mine([Target(str(clone))], tmp_path / "x.duckdb", Config())
    assert (outcome.commits, outcome.unknown_commits, outcome.is_shallow) == (2, 1, True)
    assert rows(tmp_path / "x.duckdb", "select sum(added) from changes") == [(1,)], (
        "the edge's whole tree is not its work"
    )


def test_odd_names_and_encodings_are_kept(history: History, mined: Mine) -> None:
    history.commit({'ünï "q"\t.py': "x\n"}, "touché", author="Zoë Ünal <zoë@example.org>")
    name = b"caf\xe9.py"
    (Path(str(history.path)) / name.decode("utf-8", "surrogateescape")).write_bytes(b"y\n")
    history.git("config", "i18n.commitEncoding", "ISO-8859-1")
    history.commit(message=b"na\xefve".decode("utf-8", "surrogateescape"))
    database = mined(history)
    assert rows(database, "select path from changes order by path") == [('"caf\\351.py"',), ('ünï "q"\t.py',)]
    assert rows(database, "select subject from commits order by ordinal") == [("touché",), ("naïve",)]


def test_an_interrupted_run_leaves_the_old_state(
    history: History, mined: Mine, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({"a.py": "1\n"})
    database = mined(history)
    before = content(database)
    history.commit({"a.py": "2\n"})

    def stop(*args: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("codeshare.mining.miner.write_shared", stop)
    with pytest.raises(KeyboardInterrupt):
        mine([Target(str(history.path))], database, Config())
    assert content(database) == before


def test_classes_come_from_attributes_markers_and_settings(history: History, mined: Mine) -> None:
    history.commit(
        {
            ".gitattributes": "api.py linguist-generated\nmarked.go -linguist-generated\n",
            "api.py": "x\n",
            "gen.go": "// Code generated by tool. DO NOT EDIT.\npackage x\n",
            "marked.go": "// Code generated by tool. DO NOT EDIT.\n",
            "moved.go": "// Code generated by tool. DO NOT EDIT.\nlong enough to be seen as renamed\n",
            "logs/x.py": "x\n",
        }
    )
    history.git("mv", "moved.go", "there.go")
    history.commit()
    found = dict(
        rows(
            mined(history, config=Config(exclude=("logs/",))), "select distinct path, file_class from changes"
        )
    )
    wanted = {
        "api.py": "generated",
        "gen.go": "generated",
        "marked.go": "code",
        "there.go": "generated",
        "logs/x.py": "data",
    }
    assert {path: found[path] for path in wanted} == wanted


def test_as_of_and_holidays_reach_the_views(history: History, mined: Mine, tmp_path: Path) -> None:
    history.commit({"a.py": "1\n"})
    database = tmp_path / "x.duckdb"
    mine([Target(str(history.path))], database, Config(holidays=(date(2026, 1, 6),)), as_of="2026-01-07")
    assert rows(database, "select days_elapsed from working_days where quarter = '2026-01-01'") == [(4,)]
    shutil.copy(database, tmp_path / "copy.duckdb")


@pytest.mark.parametrize(
    ("large", "groups", "block"),
    [
        (16 << 20, [2, SMALL_ROW_GROUP, SMALL_ROW_GROUP], SMALL_BLOCK),
        (-1, [2 * SMALL_ROW_GROUP + 2], 1 << 18),
    ],
)
def test_the_tables_of_a_small_repository_are_stored_in_small_groups_and_blocks(
    history: History,
    mined: Mine,
    monkeypatch: pytest.MonkeyPatch,
    large: int,
    groups: list[int],
    block: int,
) -> None:
    monkeypatch.setattr(reading, "LARGE", large)
    lines = [f"line {n}\n" for n in range(2 * SMALL_ROW_GROUP + 2)]
    history.commit({"a.txt": "".join(lines)})
    lines[::2] = [f"other {n}\n" for n in range(SMALL_ROW_GROUP + 1)]
    history.commit({"a.txt": "".join(lines)})
    database = mined(history)
    assert group_sizes(database, "tip_blame") == groups
    assert (block,) in rows(database, "select block_size from pragma_database_size()")


def test_lines_of_handwritten_files_are_stored_before_the_others(history: History, mined: Mine) -> None:
    names = ("z.py", "package-lock.json", "a.py", "data.csv", "README.md", "yarn.lock", "z.csv")
    for n in range(3):
        history.commit({name: "".join(f"{name} {n} {k}\n" for k in range(n + 1)) for name in names})
    database = mined(history)
    stored = [each for (each,) in rows(database, "select file_class from line_spans order by rowid")]
    runs = [each for each, _ in groupby("handwritten" if each in HANDWRITTEN else each for each in stored)]
    assert runs == ["handwritten", *sorted({*stored} - HANDWRITTEN)]
    assert len(runs) > 2
    handwritten = stored[: stored.index(runs[1])]
    assert {*handwritten} == {"code", "docs"}
    assert handwritten != sorted(handwritten)  # as they were born
