from __future__ import annotations

from pathlib import Path

import pytest

from codeshare.errors import RepositoryError
from codeshare.git.records import find_notes, has_traces, read_checkpoints, read_notes, read_traces
from codeshare.git.repository import open_repository
from tests.git.notes import add_note, notes_tree, remove
from tests.histories import History

NOTE, OTHER = "---\n{}", '---\n{"n": 1}'


def found(history: History) -> list[tuple[str, str, bytes | None]]:
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        places = find_notes(shadow, repository.records).places
        return [(each.commit, each.origin, each.content) for each in read_notes(shadow, places)]


@pytest.mark.parametrize(
    "fan_out", ["{}", "{0[0]}{0[1]}/{1}", "{0[0]}{0[1]}/{0[2]}{0[3]}/{2}"], ids=["flat", "2/38", "2/2/36"]
)
def test_notes_are_found_however_deep(history: History, fan_out: str) -> None:
    sha = history.commit({"a": "1\n"})
    path = fan_out.format(sha, sha[2:], sha[4:])
    notes_tree(history, "refs/notes/ai", {path: NOTE, "README": "no note", "abc/def": "neither"})
    assert found(history) == [(sha, "refs/notes/ai", NOTE.encode())]


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_refs_come_in_the_order_in_which_they_count(tmp_path: Path, object_format: str) -> None:
    history = History(tmp_path / "project", object_format=object_format)
    sha = history.commit({"a": "1\n"})
    old = history.git("hash-object", "-w", "--stdin", feed=b'{"files": {}}')
    history.git("update-ref", f"refs/ai/authorship/{sha}", old)
    add_note(history, sha, OTHER, "refs/notes/ai-remote/origin")
    add_note(history, sha, NOTE)
    add_note(history, sha, "for somebody else", "refs/notes/review")
    expected = [
        (sha, "refs/notes/ai", NOTE.encode()),
        (sha, "refs/notes/ai-remote/origin", OTHER.encode()),
        (sha, f"refs/ai/authorship/{sha}", b'{"files": {}}'),
    ]
    # git ends a note with a line break
    assert [(c, o, (text or b"").removesuffix(b"\n")) for c, o, text in found(history)] == expected
    history.git("pack-refs", "--all")
    assert len(found(history)) == 3


def test_absent_objects_are_said_and_end_nothing(history: History) -> None:
    first, second = history.commit({"a": "1\n"}), history.commit({"a": "2\n"})
    add_note(history, first, NOTE)
    add_note(history, second, OTHER)
    history.git("update-ref", f"refs/ai/authorship/{first}", history.git("rev-parse", "HEAD^{tree}"))
    add_note(history, first, NOTE, "refs/notes/ai-remote")
    remove(history, history.git("rev-parse", "refs/notes/ai-remote^{tree}"))
    remove(history, history.git("rev-parse", f"refs/notes/ai:{second}"))
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        listed = find_notes(shadow, repository.records)
        assert [ref for ref, _ in listed.unreadable] == ["refs/notes/ai-remote"]
        contents = {(r.commit, r.origin): r.content for r in read_notes(shadow, listed.places)}
    assert contents == {
        (first, "refs/notes/ai"): NOTE.encode() + b"\n",
        (second, "refs/notes/ai"): None,
        (first, f"refs/ai/authorship/{first}"): None,  # a tree, no blob
    }


def test_lines_of_trace_files_come_with_the_commit_that_added_them(history: History) -> None:
    first = history.commit({".agent-trace/traces.jsonl": '{"id": 1}\n'})
    history.switch("side")
    side = history.commit({"b": "1\n", ".agent-trace/more/x y.jsonl": '++ b/a\n@@ no json\n\n{"id": 2}'})
    history.switch("main")
    second = history.commit(
        {".agent-trace/traces.jsonl": '{"id": 1}\n{"id": 3}\n', ".agent-trace/README.md": "text\n"}
    )
    history.merge("side")
    history.commit({".agent-trace/traces.jsonl": '{"id": 3}\n'})
    with open_repository(str(history.path)).shadow() as shadow:
        lines, why = read_traces(shadow, history.head())
    assert why is None
    traces, more = ".agent-trace/traces.jsonl", ".agent-trace/more/x y.jsonl"
    assert sorted((r.commit, r.origin, r.content) for r in lines) == sorted(
        [
            (first, traces, b'{"id": 1}'),
            (second, traces, b'{"id": 3}'),
            (side, more, b"++ b/a"),
            (side, more, b"@@ no json"),
            (side, more, b'{"id": 2}'),
        ]
    )
    assert lines[0].commit == first


def test_trace_files_are_there_while_the_tree_has_them(history: History) -> None:
    first = history.commit({".agent-trace/traces.jsonl": '{"id": 1}\n'})
    history.commit({".agent-trace/traces.jsonl": None})
    with open_repository(str(history.path)).shadow() as shadow:
        assert has_traces(shadow, first)
        assert not has_traces(shadow, history.head())


def test_checkpoints_are_read_from_either_branch(history: History) -> None:
    history.commit({"a": "1\n"})
    local, fetched = "refs/heads/entire/checkpoints/v1", "refs/remotes/origin/entire/checkpoints/v1"
    notes_tree(history, local, {"a1/metadata.json": "1", "b2/metadata.json": "2", "a1/full.jsonl": "private"})
    notes_tree(history, fetched, {"a1/metadata.json": "old", "c3/metadata.json": "3"})
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        records, unreadable = read_checkpoints(
            shadow,
            repository.records,
            {"a1": 1, "c3": 2},
            lambda path: path[:2].decode() if path.endswith(b"metadata.json") else None,
        )
    assert unreadable == []
    assert [(r.commit, r.origin, r.content) for r in records] == [("a1", local, b"1"), ("c3", fetched, b"3")]


@pytest.mark.parametrize("branch", ["entire/checkpoints/v1", "refs/heads/entire/checkpoints/v1"])
def test_a_branch_of_records_is_never_mined(history: History, branch: str) -> None:
    history.commit({"a": "1\n"})
    notes_tree(history, "refs/heads/entire/checkpoints/v1", {"a1/metadata.json": "1"})
    with pytest.raises(RepositoryError, match="not code; name another one with --branch"):
        open_repository(str(history.path), branch=branch)
    assert open_repository(str(history.path)).branch == "main"
    history.git("switch", "--quiet", "entire/checkpoints/v1")
    with pytest.raises(RepositoryError, match="holds an agent's records"):
        open_repository(str(history.path))


def test_a_clone_made_of_a_url_has_the_records(history: History, tmp_path: Path) -> None:
    sha = history.commit({"a": "1\n"})
    add_note(history, sha, NOTE)
    bare = tmp_path / "bare.git"
    history.git("clone", "--quiet", "--mirror", str(history.path), str(bare))
    assert [name for name, _ in open_repository(f"file://{bare}").records] == ["refs/notes/ai"]
    add_note(history, sha, OTHER)
    history.git("push", "--quiet", str(bare), "+refs/notes/ai:refs/notes/ai")
    tip = history.git("rev-parse", "refs/notes/ai")
    assert open_repository(f"file://{bare}").records == (("refs/notes/ai", tip),)


def test_a_bundle_brings_its_records(history: History, tmp_path: Path) -> None:
    add_note(history, history.commit({"a": "1\n"}), NOTE)
    history.git("bundle", "create", "--quiet", str(tmp_path / "project.bundle"), "--all")
    names = [name for name, _ in open_repository(str(tmp_path / "project.bundle")).records]
    assert names == ["refs/notes/ai"]
