from __future__ import annotations

import time

import pytest

from codeshare.git import reading
from codeshare.git.diff import read_chunk
from codeshare.git.history import walk
from codeshare.git.reading import open_pool, read_deltas
from codeshare.git.repository import open_repository
from codeshare.git.shadow import _running as running
from tests.histories import History


def test_processes_give_chunk_by_chunk_what_one_chunk_gives(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        history.commit({f"{n % 2}.txt": "".join(f"{k}\n" for k in range(n))})
    lost = history.git("rev-parse", "HEAD~4:1.txt")
    (history.path / ".git/objects" / lost[:2] / lost[2:]).unlink(missing_ok=True)
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        shas = walk(shadow, repository.tip).shas
        alone = read_chunk(shadow.path, list(range(9)), shas)
        monkeypatch.setattr(reading, "LARGE", -1)
        monkeypatch.setattr(reading, "CHUNKS", (2, 2))
        with open_pool(repository.objects, 2) as pool:
            chunks = list(read_deltas(pool, shadow.path, range(9), shas))
        assert len(chunks) == 5
        assert [failure for chunk in chunks for failure in chunk.failures] == alone.failures
        assert alone.failures
        assert [path for chunk in chunks for path in chunk.deltas.path] == alone.deltas.path


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_git_goes_on_once_threads_have_ended(
    history: History, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    for n in range(12):  # after the first pair git compares for a while
        order = range(20_011) if n > 1 else range(2)
        history.commit({"a.txt": "".join(f"{k * (7919 + 2 * n) % 20_011}\n" for k in order)})
    repository = open_repository(str(history.path))
    monkeypatch.setattr(reading, "_bounds", lambda commits, jobs: (1, 1))
    with repository.shadow() as shadow:
        shas = walk(shadow, repository.tip).shas
        with open_pool(repository.objects, jobs) as pool:
            next(read_deltas(pool, shadow.path, range(12), shas))
            assert pool.only_ask
        time.sleep(0.02)
        assert [each.args for each in list(running) if each.poll() is None] == []
