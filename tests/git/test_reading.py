from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from codeshare.git import reading
from codeshare.git.diff import read_chunk
from codeshare.git.history import walk
from codeshare.git.reading import are_small, open_pool, read_deltas
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


def test_of_a_small_repository_whoever_takes_a_chunk_parses_it(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        history.commit({"a.txt": f"{n}\n"})
    repository = open_repository(str(history.path))
    monkeypatch.setattr(reading, "_bounds", lambda commits, pool: (1, 1))
    parse, where = reading._parse, list[threading.Thread]()

    def noted(*given: object) -> object:
        where.append(threading.current_thread())
        if len(where) == 3:
            raise ValueError("the third")
        return parse(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "_parse", noted)
    with repository.shadow() as shadow, open_pool(repository.objects, 2) as pool:
        chunks = read_deltas(pool, shadow.path, range(3), walk(shadow, repository.tip).shas)
        assert [path for _ in range(2) for path in next(chunks).deltas.path] == [b"a.txt", b"a.txt"]
        with pytest.raises(ValueError, match="the third"):
            next(chunks)
    assert where == [threading.current_thread()] * 3


def test_several_repositories_are_small_together_or_not(tmp_path: Path) -> None:
    for name, size in (("one", reading.LARGE - 1), ("two", 1), ("three", 1)):
        (tmp_path / name / "pack").mkdir(parents=True)
        with (tmp_path / name / "pack" / "pack-0.pack").open("wb") as pack:
            pack.truncate(size)
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    assert are_small([one, two])
    assert not are_small([one, two, three])
    assert are_small([tmp_path / "none"])
