"""Histories as large in one way as git allows: many files, many parents, long paths, large blobs, long messages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.mining.run import mine
from codeshare.mining.targets import Target
from tests.histories import clean_environment
from tests.stored import rows

pytestmark = pytest.mark.long

_WHO = "Ann <ann@example.org> {} +0000"


def _commit(n: int, message: str = "change\n", who: str = _WHO, parents: tuple[int, ...] = ()) -> str:
    lines = [f"commit refs/heads/main\nmark :{n}\ncommitter {who.format(1767600000 + n * 3600)}\ndata {len(message)}\n{message}"]  # fmt: skip
    lines += [f"{'merge' if k else 'from'} :{parent}" for k, parent in enumerate(parents)]
    return "\n".join(lines) + "\n"


def _file(path: str, content: str = "line\n") -> str:
    return f"M 100644 inline {path}\ndata {len(content)}\n{content}\n"


def _many_files() -> Iterator[str]:
    yield _commit(1)
    yield from (_file(f"d{n % 300}/f{n}.py", f"{n}\n") for n in range(100_000))
    yield _commit(2, parents=(1,)) + _file("a.py")


def _many_parents() -> Iterator[str]:
    yield _commit(1) + _file("a.py")
    files = {n: _file(f"{n}.py", f"{n}\n") for n in range(100, 10_001, 100)}
    for n in range(2, 10_002):
        yield f"reset refs/heads/main\n{_commit(n, parents=(1,))}{files.get(n, '')}"
    yield "reset refs/heads/main\n" + _commit(10_002, parents=tuple(range(1, 10_002)))
    yield from files.values()


def _long_path() -> Iterator[str]:
    path = "/".join(["x" * 240] * 17)[:4090] + ".py"
    yield _commit(1) + _file(path) + _file("a.py")
    yield _commit(2, parents=(1,)) + _file(path, "other\n")


def _large_blob() -> Iterator[str]:
    for n in (1, 2):
        yield _commit(n, parents=(n - 1,) if n > 1 else ())
        yield _file("data.txt", f"{n}\n" + ("x" * 1_000_003 + "\n") * 250) + _file("a.py", f"{n}\n")


def _long_message() -> Iterator[str]:
    yield _commit(1, "long\n" + "word " * 20_000_000 + "\n") + _file("a.py")
    yield _commit(2, who="A" * 1_000_000 + " <ann@example.org> {} +0000", parents=(1,)) + _file("a.py", "2\n")


@pytest.mark.parametrize(
    ("stream", "commits", "landed"),
    [
        (_many_files, 2, 100_001),
        (_many_parents, 10_002, 101),
        (_long_path, 2, 3),
        (_large_blob, 2, 254),
        (_long_message, 2, 2),
    ],
    ids=["100,000 files", "10,000 parents", "a path of 4,093 bytes", "a blob of 250 MB", "a message of 100 MB, a name of 1 MB"],
)  # fmt: skip
def test_what_is_huge_is_counted_line_by_line(
    tmp_path: Path, stream: object, commits: int, landed: int
) -> None:
    path, database = tmp_path / "project", tmp_path / "x.duckdb"
    environment = clean_environment()
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], env=environment, check=True)  # fmt: skip
    with subprocess.Popen(
        ["git", "-C", str(path), "fast-import", "--quiet"], env=environment, stdin=subprocess.PIPE
    ) as git:
        assert git.stdin is not None
        git.stdin.writelines(part.encode() for part in stream())  # type: ignore[operator]
        git.stdin.close()
    assert git.returncode == 0
    (outcome,) = mine([Target(str(path))], database, Config(), jobs=2)
    assert (outcome.commits, outcome.unknown_commits) == (commits, 0)
    assert rows(database, "select sum(lines)::int from landed_lines") == [(landed,)]
