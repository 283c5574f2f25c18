from __future__ import annotations

import pytest

from codeshare.git import reading
from codeshare.git.diff import read_chunk
from codeshare.git.history import walk
from codeshare.git.reading import open_pool, read_deltas
from codeshare.git.repository import open_repository
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
