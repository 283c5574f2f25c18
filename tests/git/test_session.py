from __future__ import annotations

import pytest

from codeshare.git import reading
from codeshare.git.diff import read_chunk
from codeshare.git.history import walk
from codeshare.git.reading import open_pool, read_deltas
from codeshare.git.repository import open_repository
from codeshare.git.session import Session
from tests.histories import History

PATCH = ("diff-tree", "--stdin", "--always", "--raw", "-r", "--root")


def test_one_process_answers_chunk_after_chunk(history: History) -> None:
    shas = [history.commit({"a.txt": f"{n}\n"}) for n in range(4)]
    with open_repository(str(history.path)).shadow() as shadow:
        session = Session(shadow.path, *PATCH)
        for part in (shas[:2], shas[2:], [shas[0]]):
            status, out, err = session.ask(part)
            alone = [shadow.run(*PATCH, feed=sha.encode() + b"\n") for sha in part]
            assert (status, out, err) == (0, b"".join(alone), b"")
        assert session._process is not None
        process = session._process
        session.close()
    assert process.poll() is not None


def test_a_process_that_dies_is_told_and_replaced(history: History) -> None:
    good = history.commit({"a.txt": "1\n"})
    lost = history.commit({"a.txt": "2\n"})
    blob = history.git("rev-parse", "HEAD:a.txt")
    (history.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with open_repository(str(history.path)).shadow() as shadow:
        session = Session(shadow.path, *PATCH, "-p")
        status, _, err = session.ask([good, lost])
        assert status == 128
        assert b"unable to read" in err
        assert session.ask([good])[0] == 0
        session.close()


def test_sessions_give_what_single_processes_give(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
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
