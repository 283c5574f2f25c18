"""Changes read in order of paths are those read commit by commit."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.files.markers import load_markers
from codeshare.git import bypath, pairfacts
from codeshare.git.bypath import name_newest
from codeshare.git.diff import Chunk, read_chunk
from codeshare.git.history import walk
from codeshare.git.reading import Pool, open_pool, read_deltas
from codeshare.git.repository import open_repository
from codeshare.git.wanted import MarkerSearch, Wanted
from tests.git.random_histories import build, plans
from tests.histories import History

MARKERS = load_markers()
COUNTS = Wanted(MarkerSearch(MARKERS.needles, MARKERS.pattern, MARKERS.within), lines=False)
LISTS = ("status", "path", "old_path")
BODY = "".join(f"value_{n} = compute({n})\n" for n in range(8))
COLUMNS = ("commits", "commit", "added", "deleted", "moved", "whitespace", "patch", "inverse")


def both(path: Path, *, newest_first: bool = False) -> tuple[list[Chunk], Chunk]:
    """What is read by path, chunks as they come, and by commit; ``newest_first``: some are named before the walk."""
    repository = open_repository(str(path))
    with (
        repository.shadow() as shadow,
        ThreadPoolExecutor(1) as beside,
        open_pool(repository.objects, 2) as pool,
    ):
        processes = Pool(pool.executor, 2)
        newest = name_newest(processes, beside, shadow.path, repository.tip) if newest_first else None
        assert newest_first == bool(newest and newest.result())
        walked = walk(shadow, repository.tip)
        single = [i for i, parents in enumerate(walked.parents) if len(parents) < 2]
        chunks = list(read_deltas(pool, shadow.path, single, walked.shas, COUNTS, newest=newest))
        return chunks, read_chunk(shadow.path, single, [walked.shas[i] for i in single], COUNTS)


def look_the_same(chunks: Sequence[Chunk], chunk: Chunk) -> None:
    for name in LISTS:
        assert [each for part in chunks for each in getattr(part.deltas, name)] == getattr(chunk.deltas, name)
    for name in COLUMNS:
        found = np.concatenate([getattr(part.deltas, name) for part in chunks])
        assert found.tolist() == getattr(chunk.deltas, name).tolist(), name
    assert [i for part in chunks for i in part.commits] == list(chunk.commits)
    assert [each for part in chunks for each in part.failures] == chunk.failures


@pytest.mark.thorough
@given(plans, st.sampled_from([None, 1, 3, 1000]))
def test_any_history(plan: list[tuple[str, object]], newest: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if newest:
            patch.setattr(bypath, "_NEWEST", newest)
        look_the_same(*both(build(Path(folder) / "repo", plan).path, newest_first=newest is not None))


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


@pytest.mark.parametrize("newest", [1, 4, 7, 1000])
def test_the_newest_named_before_the_others(
    history: History, newest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    eventful(history)
    monkeypatch.setattr(bypath, "_NEWEST", newest)
    for window in (100_000, 3):
        monkeypatch.setattr(bypath, "_WINDOW", window)
        look_the_same(*both(history.path, newest_first=True))


def test_nobody_names_the_newest_where_the_history_is_cut_off(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eventful(history)
    history.git("clone", "--quiet", "--bare", "--depth=2", history.path.as_uri(), str(tmp_path / "cut.git"))
    repository = open_repository(str(tmp_path / "cut.git"))
    with repository.shadow() as shadow, open_pool(repository.objects, 2) as pool:
        given = pool.executor, shadow.path, repository.tip
        assert name_newest(Pool(pool.executor, 2), *given) is None
        (shadow.path / "shallow").unlink()
        assert name_newest(pool, *given) is None  # threads, of a small repository
        assert name_newest(Pool(pool.executor, 1), *given) is None
        assert name_newest(Pool(pool.executor, 2), *given) is not None


@pytest.mark.parametrize("newest_first", [False, True])
def test_around_what_cannot_be_read(history: History, newest_first: bool) -> None:
    eventful(history)
    lost = history.git("rev-parse", "HEAD~3:d.py")
    (history.path / ".git/objects" / lost[:2] / lost[2:]).unlink()
    chunks, chunk = both(history.path, newest_first=newest_first)
    assert chunk.failures
    look_the_same(chunks, chunk)


@pytest.mark.parametrize("newest_first", [False, True])
def test_around_names_that_need_what_is_absent(history: History, newest_first: bool) -> None:
    history.commit({"a.py": BODY})
    history.git("mv", "a.py", "b.py")
    history.commit({"b.py": BODY + "more\n"})
    lost = history.git("rev-parse", "HEAD:b.py")
    (history.path / ".git/objects" / lost[:2] / lost[2:]).unlink()
    chunks, chunk = both(history.path, newest_first=newest_first)
    assert chunk.failures
    look_the_same(chunks, chunk)
