"""A range read alone against the same commits mined whole, after the merge."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings

from codeshare.config import Config
from codeshare.mining.opened import find, read
from codeshare.mining.requests import Imported, KnownRequest
from codeshare.mining.run import Target, mine
from tests.git.notes import add_note
from tests.git.random_histories import build, plans
from tests.histories import BOB, History

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
Landed = list[tuple[str, str, str, int]]
_LANDED = "select sha, path, attribution, sum(lines)::bigint from landed_lines where {where} group by all order by all"


def _read(history: History, span: str) -> Landed:
    with find(span, where=str(history.path)) as found, read(found) as opened:
        return opened.connection.execute(_LANDED.format(where="true")).fetchall()


def _mined(history: History, database: Path, merge: str, branch: str = "main") -> Landed:
    mine([Target(str(history.path), None, branch)], database, Config(), jobs=1)
    with duckdb.connect(str(database), read_only=True) as connection:
        where = f"sha in (select sha from commits where merge_sha = '{merge}')"
        return connection.execute(_LANDED.format(where=where)).fetchall()


def lines(*names: str) -> str:
    return "".join(f"{name}\n" for name in names)


@pytest.fixture
def request_of(history: History) -> History:
    """A branch `topic` with two commits of an agent and one of a person, and newer commits on main."""
    history.commit({"a.py": lines(*"abcdef"), "old.py": lines(*"uvwxyz")}, "root")
    history.switch("topic")
    history.commit({"a.py": lines(*"abXYcdef"), "n.py": lines(*"12345678")}, "agent", trailers=[CLAUDE])
    history.commit({"n.py": lines(*"1234567")}, "person", author=BOB)
    history.git("mv", "old.py", "new.py")
    history.commit({"new.py": lines(*"uvwxyzR")}, "renamed", trailers=[CLAUDE])
    history.switch("main")
    history.commit({"a.py": lines(*"abcdefG"), "m.py": "m\n"}, "meanwhile", author=BOB)
    return history


def test_a_range_adds_what_its_merge_brings_in(request_of: History, tmp_path: Path) -> None:
    alone = _read(request_of, "main..topic")
    assert [row[1:] for row in sorted(alone, key=lambda row: row[1])] == [
        ("a.py", "ai", 2), ("n.py", "ai", 7), ("new.py", "ai", 1)
    ]  # fmt: skip
    merge = request_of.merge("topic")
    assert _mined(request_of, tmp_path / "x.duckdb", merge) == alone


def test_merges_of_the_base_into_the_request_are_none_of_its_work(
    request_of: History, tmp_path: Path
) -> None:
    request_of.switch("topic")
    request_of.merge("main", message="Merge branch 'main' into topic")
    request_of.commit({"m.py": "m\nn\n"}, "after", trailers=[CLAUDE])
    alone = _read(request_of, "main..topic")
    assert {row[1]: row[3] for row in alone} == {"a.py": 2, "n.py": 7, "new.py": 1, "m.py": 1}
    # Seen from where the request began, what main brought is none of it either once that is the base.
    request_of.switch("main")
    merge = request_of.merge("topic")
    assert _mined(request_of, tmp_path / "x.duckdb", merge) == alone


def test_what_a_merge_itself_adds_is_the_requests(request_of: History) -> None:
    request_of.switch("topic")
    request_of.git("merge", "--quiet", "--no-ff", "--no-commit", "main", env=request_of.identity(BOB))
    evil = request_of.commit({"evil.py": lines(*"123")}, "Merge branch 'main' into topic", author=BOB)
    assert (evil, "evil.py", "human", 3) in _read(request_of, "main..topic")


def test_what_comes_and_goes_and_comes_again_counts_once_with_its_mark(history: History) -> None:
    base = history.commit({"a.py": "a\n"})
    added = history.commit({"b.py": lines(*"123456789")}, "Add b", trailers=[CLAUDE])
    for _ in range(2):
        history.git("revert", "--no-edit", "HEAD", env=history.identity(BOB))
        history.tick()
    found = _read(history, f"{base}..HEAD")
    assert [(path, who, count) for _, path, who, count in found] == [("b.py", "ai", 9)]
    assert found[0][0] != added


@pytest.mark.thorough
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=plans, after=plans)
def test_any_range_adds_what_its_merge_brings_in(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[str, object]],
    after: list[tuple[str, object]],
) -> None:
    folder = tmp_path_factory.mktemp("random")
    history = build(folder / "project", [*before, ("empty", None), *after])
    head = history.head()
    line = history.git("rev-list", "--first-parent", "--reverse", head).split()
    base = line[min(len(before), len(line) - 1) // 2]
    assume(base != head)
    inside = history.git("rev-list", f"^{base}", head).split()
    assume(inside)
    # Another root, or what repeats and undoes, is no new work for the miner; alone a range has its net lines.
    merge = history.git("commit-tree", f"{head}^{{tree}}", "-p", base, "-p", head, "-m", "Merge", env=history.identity(BOB))  # fmt: skip
    history.git("branch", "--force", "landed", merge)
    alone = _read(history, f"{base}..{head}")
    mined = _mined(history, folder / "x.duckdb", merge, "landed")
    assert [(sha, path, count) for sha, path, _, count in alone] == [
        (sha, path, count) for sha, path, _, count in mined if sha != merge
    ]


def test_settings_are_those_of_the_base(history: History) -> None:
    history.commit({"a.py": "a\n", ".mailmap": "Ann Lee <ann@example.org> <old@example.org>\n"})
    history.switch("topic")
    sha = history.commit(
        {
            "b.py": lines(*"123456"),
            ".gitattributes": "*.py linguist-generated\n",
            ".mailmap": "Other <other@example.org> <old@example.org>\n",
        },
        "work",
        author="Old <old@example.org>",
        trailers=[CLAUDE],
    )
    history.commit(
        {".git-blame-ignore-revs": f"{sha}\n", "codeshare.toml": 'exclude = ["*.py"]\n'}, "hide it"
    )
    with find("main..topic", where=str(history.path)) as found, read(found) as opened:
        assert found.changed == (".git-blame-ignore-revs", ".gitattributes", ".mailmap", "codeshare.toml")
        rows = opened.connection.execute(
            "select file_class, lines from landed_lines where path = 'b.py'"
        ).fetchall()
        assert rows == [("code", 6)]
        facts = opened.connection.execute(
            "select is_bulk, engineer from commits where sha = ?", [sha]
        ).fetchone()
        people = opened.connection.execute("select name from people where person = ?", [facts[1]]).fetchone()  # type: ignore[index]
        assert not facts[0]  # type: ignore[index]
        assert people == ("Ann Lee",)


def test_a_header_counts_as_at_the_base(history: History) -> None:
    generated = "# Code generated by tool. DO NOT EDIT.\n"
    history.commit({"made.py": generated + "a\n", "own.py": "a\n"})
    base = history.head()
    history.commit({"made.py": "a\nb\n", "own.py": generated + "a\nb\n", "new.py": generated + "c\n"}, trailers=[CLAUDE])  # fmt: skip
    with find(f"{base}..HEAD", where=str(history.path)) as found, read(found) as opened:
        classes = dict(
            opened.connection.execute(
                "select path, any_value(file_class) from changes group by path"
            ).fetchall()
        )
        assert classes == {"made.py": "generated", "own.py": "code", "new.py": "generated"}
        assert opened.read.self_declared == ("new.py",)
        assert any("new.py" in note for note in opened.notes)


def test_the_branch_of_a_request_is_evidence_as_after_the_merge(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({"a.py": "a\n"})
    history.switch("copilot/fix-1")
    history.commit({"b.py": "b\n"}, "Fix")
    assert [row[2] for row in _read(history, "main..HEAD")] == ["human"]
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("GITHUB_HEAD_REF", "copilot/fix-1")
    assert [row[2] for row in _read(history, "main..HEAD")] == ["ai"]


def test_what_was_imported_is_evidence(request_of: History) -> None:
    base = request_of.git("rev-parse", "main")
    merge = request_of.merge("topic", message="Merge")
    known = KnownRequest(7, "claude/topic", merge, (), frozenset())
    with find(f"{base}..main", where=str(request_of.path)) as found:
        by_class = []
        for imported in (Imported(), Imported((known,))):
            with read(found, imported) as opened:
                rows = opened.connection.execute("select count(*) from commits where attribution = 'ai'")
                by_class.append(rows.fetchone())
    assert by_class == [(2,), (3,)]


def test_records_of_lines_count(history: History) -> None:
    history.commit({"a.py": "a\n"})
    base = history.head()
    sha = history.commit({"b.py": lines(*"12345")}, "work")
    record = {"schema_version": "authorship/3.0.0", "base_commit_sha": sha, "prompts": {"p1": {"agent_id": {"tool": "claude", "id": "x", "model": "m"}}}}  # fmt: skip
    add_note(history, sha, "b.py\n  p1 1-3\n---\n" + json.dumps(record))
    assert [row[1:] for row in _read(history, f"{base}..HEAD")] == [("b.py", "ai", 3), ("b.py", "human", 2)]
