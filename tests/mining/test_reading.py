from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.people import People
from codeshare.config import Config
from codeshare.errors import GitError
from codeshare.git.history import Walk, walk
from codeshare.git.lines import ChangedText
from codeshare.git.repository import Repository, open_repository
from codeshare.git.shadow import Shadow, refuse_killed, start
from codeshare.mining import reading
from codeshare.mining.lives import Lives, find_lives
from codeshare.mining.reading import Ahead, Begun, begin
from codeshare.mining.repository import Mined, mine_repository
from codeshare.mining.run import mine
from codeshare.mining.targets import Target
from tests.histories import History


@pytest.fixture
def repository(history: History) -> Repository:
    for n in range(3):
        history.commit({"a.txt": "a\n" * n})
    return open_repository(str(history.path))


@pytest.mark.parametrize("lines", [True, False])
def test_the_walk_is_waited_for_when_it_is_asked_for(repository: Repository, lines: bool) -> None:
    with repository.shadow() as shadow:
        expected = walk(shadow, repository.tip)
    with begin(repository, lines=lines) as begun:
        assert begun.walked == expected
        assert begun.walked is begun.walked
        assert [i for chunk in begun.reader.chunks() for i in chunk.commits] == [0, 1, 2]


def test_a_history_that_cannot_be_listed_leaves_no_database_behind(
    history: History, repository: Repository, tmp_path: Path
) -> None:
    lost = history.git("rev-parse", "HEAD~1")
    (history.path / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(GitError, match=f"{repository.name}: .*git fsck"):
        mine([Target(str(history.path))], tmp_path / "x.duckdb", Config())
    assert not (tmp_path / "x.duckdb").exists()
    with begin(repository) as begun, pytest.raises(GitError):
        _ = begun.walked


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _mined(begun: Begun) -> Mined:
    catalogue = load_catalogue()
    return mine_repository(begun, Config(), catalogue, People(catalogue), now=datetime(2027, 1, 1))


def test_workers_are_gone_before_what_takes_most_memory(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codeshare.git.reading.LARGE", -1)
    gone: list[bool] = []
    with begin(repository, jobs=2) as begun:
        workers = list(begun.pool.executor._processes)  # type: ignore[attr-defined]

        def find(*given: Any) -> Lives:
            until = time.monotonic() + 30
            while any(map(_is_there, workers)) and time.monotonic() < until:
                time.sleep(0.01)
            gone.extend(not _is_there(worker) for worker in workers)
            return find_lives(*given)

        monkeypatch.setattr("codeshare.mining.repository.find_lives", find)
        mined = _mined(begun)
    assert gone == [True, True]
    assert mined.lives


def test_who_is_interrupted_while_lines_are_settled_does_not_wait_for_the_texts(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, open_end = os.pipe()  # nothing ever comes
    has_begun = Event()

    def endless(git_dir: Path, shas: Mapping[int, str]) -> dict[int, ChangedText]:
        with os.fdopen(there, "rb") as nothing:
            process = start(git_dir, ["cat-file", "--batch"], nothing, subprocess.DEVNULL, subprocess.DEVNULL)
        has_begun.set()
        process.wait()
        return {}

    def interrupted(*given: object) -> None:
        has_begun.wait()
        raise KeyboardInterrupt

    monkeypatch.setattr("codeshare.mining.lives.read_changed_text", endless)
    monkeypatch.setattr("codeshare.mining.lives.settle", interrupted)
    # Should it wait, it would wait for ever: then this ends it, late.
    late = Timer(30, os.close, (open_end,))
    late.start()
    with begin(repository) as begun, pytest.raises(KeyboardInterrupt):
        _mined(begun)
    assert late.is_alive()
    late.cancel()
    os.close(open_end)


def test_whoever_leaves_does_not_wait_until_git_has_listed_everything(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    there, open_end = os.pipe()  # nothing ever comes
    monkeypatch.setattr(
        "codeshare.git.reading.LARGE", -1
    )  # else the threads that read changes end what git is asked

    def endless(shadow: Shadow, tip: str) -> Callable[[], Walk]:
        with os.fdopen(there, "rb") as nothing:
            process = start(shadow.path, ["cat-file", "--batch"], nothing, subprocess.DEVNULL, subprocess.DEVNULL)  # fmt: skip
        begun.append(process)

        def wait() -> Walk:
            refuse_killed("cat-file", process.wait(), b"")
            raise AssertionError("it ended by itself")

        return wait

    monkeypatch.setattr(reading, "begin_walk", endless)
    started = time.monotonic()
    try:
        Ahead(repository, begin(repository, jobs=2)).close()
    finally:
        os.close(open_end)
    assert time.monotonic() - started < 20
    assert [process.poll() is None for process in begun] == [False]
