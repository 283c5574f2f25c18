from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from codeshare.git.diff import read_chunk
from codeshare.git.history import walk
from codeshare.git.patch import parse_hunk_headers
from codeshare.git.reading import open_pool, read_deltas
from codeshare.git.repository import open_repository
from codeshare.git.wanted import MarkerSearch, Wanted
from tests.git.numstat import numstat
from tests.git.random_histories import build, plans
from tests.histories import History


def counted(
    path: Path,
) -> tuple[dict[str, dict[bytes, tuple[int, int] | None]], dict[str, dict[bytes, tuple[int, int] | None]]]:
    """What we count and what git counts."""
    ours: dict[str, dict[bytes, tuple[int, int] | None]] = {}
    repository = open_repository(str(path))
    with repository.shadow() as shadow, open_pool(repository.objects, 2) as pool:
        walked = walk(shadow, repository.tip)
        wanted = [i for i, parents in enumerate(walked.parents) if len(parents) < 2]
        for chunk in read_deltas(pool, shadow.path, wanted, walked.shas):
            assert not chunk.failures
            deltas = chunk.deltas
            ours |= {walked.shas[i]: {} for i in deltas.commits.tolist()}
            for k, commit in enumerate(deltas.commit.tolist()):
                binary = deltas.added[k] < 0
                ours[walked.shas[commit]][deltas.path[k]] = (
                    None if binary else (int(deltas.added[k]), int(deltas.deleted[k]))
                )
        return ours, numstat(shadow, repository.tip)


@given(plans)
def test_counts_are_those_of_numstat(plan: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours, gits = counted(build(Path(folder) / "repo", plan).path)
    assert ours == gits


def test_a_common_tail_does_not_change_the_counts(history: History) -> None:
    # Without context lines git drops a common tail of over 1,024 bytes before it compares, and the
    # frequent lines of the rest are then weighed differently.
    tail = "".join(f"line {n} of a tail that both have\n}}\n\n" for n in range(60))
    history.commit({"a.c": "{\n}\n\n" * 12 + "first\n" + "}\n" * 9 + tail})
    history.commit({"a.c": "}\n\n{\n" * 9 + "second\n}\n{\n" + "\n}\n" * 7 + tail})
    ours, gits = counted(history.path)
    assert ours == gits


def test_hunks_are_those_without_context(history: History) -> None:
    history.commit({"a.txt": "".join(f"{n}\n" for n in range(1, 21))})
    sha = history.commit(
        {"a.txt": "".join(f"{n}\n" for n in [0, *range(1, 5), 55, *range(6, 10), *range(12, 21), 21])}
    )
    with open_repository(str(history.path)).shadow() as shadow:
        deltas = read_chunk(shadow.path, [7], [sha]).deltas
        out = shadow.run("diff-tree", "-p", "-U0", sha).decode()
    printed = [line.split(" @@")[0] for line in out.splitlines() if line.startswith("@@")]
    assert [f"@@ -{_range(*row[:2])} +{_range(*row[2:])}" for row in deltas.hunks.tolist()] == printed
    assert deltas.commits.tolist() == [7]


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"


def test_hunk_headers_are_read_at_once() -> None:
    text = (
        b"@@ -1 +1 @@\n@@ -0,0 +1,12345678 @@ f(-3,4 +5)\n@@ -17,3 +20 @@\n@@ -9,0 +10,2 @@ @@ -1,1 +1,1 @@\n"
    )
    starts = np.array([0, *(i + 1 for i, byte in enumerate(text[:-1]) if byte == 10)])
    rows = parse_hunk_headers(np.frombuffer(text, dtype=np.uint8), starts)
    assert rows.tolist() == [[1, 1, 1, 1], [0, 0, 1, 12345678], [17, 3, 20, 1], [9, 0, 10, 2]]


@pytest.fixture
def broken(history: History) -> tuple[History, list[str]]:
    """A history in which the blob of one commit is gone; its ids."""
    shas = [history.commit({"kept.txt": f"{n}\n" * (n + 1)}) for n in range(3)]
    shas.append(history.commit({"lost.txt": "this will be lost\n"}))
    shas += [history.commit({"kept.txt": f"again {n}\n"}) for n in range(3)]
    blob = history.git("rev-parse", f"{shas[3]}:lost.txt")
    (history.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    return history, shas


def test_a_missing_blob_costs_only_its_commit(broken: tuple[History, list[str]]) -> None:
    history, shas = broken
    with open_repository(str(history.path)).shadow() as shadow:
        chunk = read_chunk(shadow.path, list(range(len(shas))), shas)
        alone = [subprocess.call(["git", f"--git-dir={shadow.path}", "diff-tree", "-r", "--root", "-M", "-p", sha], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for sha in shas]  # fmt: skip
    assert [failure.commit for failure in chunk.failures] == [3]
    assert [status != 0 for status in alone] == [k == 3 for k in range(len(shas))]
    assert chunk.failures[0].paths == (b"lost.txt",)
    assert "unable to read" in chunk.failures[0].why
    assert chunk.deltas.commits.tolist() == [0, 1, 2, 4, 5, 6]


@pytest.mark.parametrize(
    "lost", ["lost.txt", ":(glob) *.txt", "caf\udce9.txt"], ids=["plain", "magic", "bytes"]
)
def test_a_missing_blob_costs_only_its_file(history: History, lost: str) -> None:
    shas = [
        history.commit({"kept.txt": "1\n2\n3\n", lost: "this will be lost\n"}),
        history.commit({"kept.txt": "1\n2\n4\n", "new.txt": "5\n", lost: "again\n"}),
        history.commit({"kept.txt": None, "moved.txt": "1\n2\n4\n", lost: None}),
        history.commit({"new.txt": "6\n"}),
    ]
    blob = history.git("ls-tree", "-r", "-z", shas[1], "--format=%(objectname) %(path)").split("\0")
    (name,) = (line.split(" ")[0] for line in blob if line and not line.endswith(("kept.txt", "new.txt")))
    (history.path / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with open_repository(str(history.path)).shadow() as shadow:
        chunk = read_chunk(shadow.path, [4, 5, 6, 7], shas)
    absent = os.fsencode(lost)
    assert [(f.commit, f.paths, [path for path, _ in f.changed]) for f in chunk.failures] == [
        (5, (absent,), [absent]),
        (6, (absent,), [absent]),
    ]
    deltas = chunk.deltas
    files = list(zip(deltas.commit.tolist(), deltas.status, deltas.path, deltas.added.tolist(), strict=True))
    assert files[2:] == [
        (5, "M", b"kept.txt", 1), (5, "A", b"new.txt", 1), (6, "R", b"moved.txt", 0), (7, "M", b"new.txt", 1),
    ]  # fmt: skip


def test_chunks_in_processes_are_those_in_threads(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        history.commit({f"{n % 3}.txt": f"{n}\n" * n})
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        shas = walk(shadow, repository.tip).shas
        with open_pool(repository.objects, 2) as pool:
            (threads,) = read_deltas(pool, shadow.path, range(7), shas)
        monkeypatch.setattr("codeshare.git.reading.LARGE", -1)
        monkeypatch.setattr("codeshare.git.reading.CHUNKS", (2, 2))
        with open_pool(repository.objects, 2) as pool:
            processes = list(read_deltas(pool, shadow.path, range(7), shas))
    assert len(processes) == 4
    for field in ("commit", "added", "deleted", "patch", "inverse"):
        joined = np.concatenate([getattr(chunk.deltas, field) for chunk in processes]).tolist()
        assert joined == getattr(threads.deltas, field).tolist()


BODY = "".join(f"value_{n} = compute({n})\n" for n in range(8))


@pytest.mark.parametrize(
    ("before", "after", "moved", "whitespace"),
    [
        ("a\nb\n", "a\n\nb\n", 0, 1),
        ("if x:\na = 1\nb = 2\n", "if x:\n    a = 1\n    b = 2\n", 0, 2),
        ("a = 1\n", "a = 2\n", 0, 0),
        (BODY + "end\n", "end\n" + BODY, 0, 0),
        (BODY + "middle 1\nmiddle 2\n" * 9, "middle 1\nmiddle 2\n" * 9 + BODY, 8, 0),
        ("x\ny\n" + "keep\n" * 9, "keep\n" * 9 + "x\ny\n", 0, 0),
    ],
    ids=["blank line", "indented", "changed", "short side moves", "block moved", "two lines are no run"],
)
def test_moved_and_whitespace(history: History, before: str, after: str, moved: int, whitespace: int) -> None:
    history.commit({"a.py": before})
    sha = history.commit({"a.py": after})
    with open_repository(str(history.path)).shadow() as shadow:
        deltas = read_chunk(shadow.path, [0], [sha]).deltas
    assert (deltas.moved.tolist(), deltas.whitespace.tolist()) == ([moved], [whitespace])


def test_patch_and_inverse(history: History) -> None:
    base = history.commit({"a.py": "one\ntwo\nthree\nfour\n", "b.py": "x\n"})
    change = history.commit({"a.py": "one\n2\n3\nfour\nfive\n"})
    undo = history.commit({"a.py": "one\ntwo\nthree\nfour\n"})
    shifted = history.commit({"a.py": "zero\none\ntwo\nthree\nfour\n"})
    again = history.commit({"a.py": "zero\none\n  2\n3\nfour\nfive\n"})
    elsewhere = history.commit({"b.py": "x\n2\n3\n"})
    with open_repository(str(history.path)).shadow() as shadow:
        shas = [base, change, undo, shifted, again, elsewhere]
        deltas = read_chunk(shadow.path, list(range(6)), shas).deltas
        git_ids = {
            sha: shadow.run("patch-id", "--stable", feed=shadow.run("diff-tree", "-p", sha)).split()[0]
            for sha in shas[1:]
        }
    patch = dict(zip(deltas.commit.tolist()[2:], deltas.patch.tolist()[2:], strict=True))
    inverse = dict(zip(deltas.commit.tolist()[2:], deltas.inverse.tolist()[2:], strict=True))
    assert patch[1] == patch[4], "whitespace and line numbers do not count"
    assert (git_ids[change] == git_ids[again]) is False, "git's context lines differ here; ours has none"
    assert inverse[1] == patch[2]
    assert inverse[2] == patch[1]
    assert len({patch[k] for k in (1, 2, 3, 5)}) == 4


def test_markers_of_generated_files(history: History) -> None:
    """Among the first three lines, be it that a hunk goes further."""
    search = MarkerSearch((b"enerated",), rb"@generated", 3)
    late, edge = "1\n2\n3\n// @generated\n", "1\n2\n// @generated\n// @generated\n"
    shas = [
        history.commit({"a.go": "// @generated by x\nbody\n", "edge.go": edge, "late.go": late}),
        history.commit({"b.go": "about generated code\n"}),
        history.commit({"a.go": "body\n"}),
        history.commit({"edge.go": "1\n", "late.go": "1\n2\n3\n"}),
    ]
    with open_repository(str(history.path)).shadow() as shadow:
        deltas = read_chunk(shadow.path, [0, 1, 2, 3], shas, Wanted(search)).deltas
    found = [(deltas.path[file], sign) for file, sign in deltas.markers]
    assert found == [(b"a.go", 1), (b"edge.go", 1), (b"a.go", -1), (b"edge.go", -1)]
