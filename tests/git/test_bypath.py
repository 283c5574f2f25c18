"""Changes read in order of paths are those read commit by commit."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from codeshare.files.markers import load_markers
from codeshare.git import bypath, pairfacts
from codeshare.git.diff import Chunk, read_chunk
from codeshare.git.history import walk
from codeshare.git.reading import open_pool, read_deltas
from codeshare.git.repository import open_repository
from codeshare.git.wanted import MarkerSearch, Wanted
from tests.git.random_histories import build, plans
from tests.histories import History

MARKERS = load_markers()
COUNTS = Wanted(MarkerSearch(MARKERS.needles, MARKERS.pattern, MARKERS.within), lines=False)
LISTS = ("status", "path", "old_path")
BODY = "".join(f"value_{n} = compute({n})\n" for n in range(8))
COLUMNS = ("commits", "commit", "added", "deleted", "moved", "whitespace", "patch", "inverse")


def both(path: Path) -> tuple[list[Chunk], Chunk]:
    """What is read by path, chunks as they come, and by commit."""
    repository = open_repository(str(path))
    with repository.shadow() as shadow, open_pool(repository.objects, 2) as pool:
        walked = walk(shadow, repository.tip)
        single = [i for i, parents in enumerate(walked.parents) if len(parents) < 2]
        chunks = list(read_deltas(pool, shadow.path, single, walked.shas, COUNTS))
        return chunks, read_chunk(shadow.path, single, [walked.shas[i] for i in single], COUNTS)


def look_the_same(chunks: Sequence[Chunk], chunk: Chunk) -> None:
    for name in LISTS:
        assert [each for part in chunks for each in getattr(part.deltas, name)] == getattr(chunk.deltas, name)
    for name in COLUMNS:
        found = np.concatenate([getattr(part.deltas, name) for part in chunks])
        assert found.tolist() == getattr(chunk.deltas, name).tolist(), name
    assert [i for part in chunks for i in part.commits] == list(chunk.commits)
    assert [each for part in chunks for each in part.failures] == chunk.failures


@given(plans)
def test_any_history(plan: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        look_the_same(*both(build(Path(folder) / "repo", plan).path))


def eventful(history: History) -> None:
    history.commit({"a.py": BODY, "b.py": "", "generated.py": "# @generated\n" + BODY})
    history.commit({"a.py": "", "b.py": BODY})  # moved
    history.commit({"c.py": BODY, "d.py": BODY})  # one pair for two files
    history.commit({"c.py": BODY.replace("value", "  value"), "d.py": BODY[::-1]})
    history.commit({"generated.py": BODY, "bytes": b"\0" * 20})
    history.git("mv", "bytes", "moved")
    history.git("mv", "d.py", "e.py")
    history.commit({})
    (history.path / "c.py").unlink()
    (history.path / "c.py").symlink_to("b.py")
    history.git("add", "-A")
    history.commit({})


def test_windows_pieces_and_slices(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    eventful(history)
    _, chunk = both(history.path)
    assert chunk.deltas.moved.sum() > 0
    assert chunk.deltas.whitespace.sum() > 0
    assert {"R", "T"} <= set(chunk.deltas.status)
    assert (chunk.deltas.added[[path == b"moved" for path in chunk.deltas.path]] == -1).all()
    assert {sign for _, sign in chunk.deltas.markers} == {1, -1}
    for window, named, piece, size in (
        (100_000, 2500, 1000, 1),
        (100_000, 1, 1, 1),
        (3, 2, 2, 200),
        (1, 1, 1, 1),
    ):
        monkeypatch.setattr(bypath, "_WINDOW", window)
        monkeypatch.setattr(bypath, "_NAMED", (named, named))
        monkeypatch.setattr(bypath, "_PIECE", (piece, piece))
        monkeypatch.setattr(pairfacts, "_SLICE", size)
        chunks, _ = both(history.path)
        look_the_same(chunks, chunk)
        first = np.cumsum([0, *(len(part.deltas.path) for part in chunks)]).tolist()
        marked = [
            (at + file, sign)
            for at, part in zip(first, chunks, strict=False)
            for file, sign in part.deltas.markers
        ]
        assert sorted(marked) == sorted(chunk.deltas.markers)


def test_around_what_cannot_be_read(history: History) -> None:
    eventful(history)
    lost = history.git("rev-parse", "HEAD~3:d.py")
    (history.path / ".git/objects" / lost[:2] / lost[2:]).unlink()
    chunks, chunk = both(history.path)
    assert chunk.failures
    look_the_same(chunks, chunk)


def test_around_names_that_need_what_is_absent(history: History) -> None:
    history.commit({"a.py": BODY})
    history.git("mv", "a.py", "b.py")
    history.commit({"b.py": BODY + "more\n"})
    lost = history.git("rev-parse", "HEAD:b.py")
    (history.path / ".git/objects" / lost[:2] / lost[2:]).unlink()
    chunks, chunk = both(history.path)
    assert chunk.failures
    look_the_same(chunks, chunk)
