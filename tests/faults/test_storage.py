"""Databases that are damaged, strange, held or have no room: told in one line, and nothing that was stored is lost."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from codeshare.cli.failures import told
from codeshare.config import Config
from codeshare.errors import (
    NotADatabase,
    OutputError,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreTooOld,
)
from codeshare.mining.run import mine
from codeshare.mining.targets import Target
from codeshare.store.database import open_database
from tests.faults.damage import cut, flipped
from tests.faults.project import build
from tests.histories import History
from tests.stored import content, rows


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[History, Path]:
    """A repository and its database."""
    folder = tmp_path_factory.mktemp("kept")
    history = build(folder / "project")
    mine([Target(str(history.path))], folder / "x.duckdb", Config(), jobs=2)
    return history, folder / "x.duckdb"


@pytest.fixture
def database(kept: tuple[History, Path], tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(kept[1], tmp_path / "x.duckdb"))


def _version(version: str) -> Callable[[Path], None]:
    def change(database: Path) -> None:
        with duckdb.connect(str(database)) as connection:
            connection.execute("update meta set value = ? where key = 'schema_version'", [version])

    return change


def _sqlite(database: Path) -> None:
    database.unlink()
    with sqlite3.connect(database) as connection:
        connection.execute("create table commits (sha)")
    connection.close()


def _other(database: Path) -> None:
    database.unlink()
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table commits (sha varchar)")


def _rows_of_meta(database: Path) -> None:
    for found in re.finditer(rb"schema_version", database.read_bytes()):
        flipped(database, found.start())


def _folder(database: Path) -> None:
    database.unlink()
    database.mkdir()


STRANGE: list[tuple[str, Callable[[Path], None], type[StoreError], str]] = [
    ("empty", lambda path: cut(path, 0), NotADatabase, "not a DuckDB database"),
    ("anything", lambda path: path.write_bytes(b"anything" * 9000) and None, NotADatabase, "not a DuckDB database"),
    ("a folder", _folder, NotADatabase, "not a DuckDB database"),
    ("SQLite's", _sqlite, NotADatabase, "not a DuckDB database"),
    ("another program's", _other, NotADatabase, "not one that codeshare made"),
    ("its beginning only", lambda path: cut(path, 100), StoreDamaged, "damaged"),
    ("half of it", lambda path: cut(path, path.stat().st_size // 2), StoreDamaged, "damaged"),
    ("a wrong bit in its head", lambda path: flipped(path, 4096), StoreDamaged, "damaged"),
    ("a wrong bit in its tables", _rows_of_meta, StoreDamaged, "damaged"),
    ("older", _version("5.3"), StoreTooOld, "has schema 5.3, this codeshare writes 7.0. Remove it and mine again"),
    ("newer", _version("10.0"), StoreTooOld, "has schema 10.0, this codeshare writes 7.0. Update codeshare"),
]  # fmt: skip


@pytest.mark.parametrize("write", [False, True], ids=["read", "written"])
@pytest.mark.parametrize(("change", "error", "words"), [row[1:] for row in STRANGE], ids=[row[0] for row in STRANGE])  # fmt: skip
def test_a_strange_file_is_named_as_such_and_stays(
    database: Path, change: Callable[[Path], None], error: type[StoreError], words: str, write: bool
) -> None:
    change(database)
    before = database.read_bytes() if database.is_file() else b""
    with pytest.raises(error, match=words) as caught:
        open_database(database, write=write)
    assert str(caught.value).startswith(str(database))
    assert "\n" not in str(caught.value)
    assert not database.is_file() or database.read_bytes() == before


def test_damage_that_a_question_meets_is_told_too(database: Path) -> None:
    before = database.stat().st_size
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table wide as select random() as x from range(400000)")
    flipped(database, (before + database.stat().st_size) // 2)
    with duckdb.connect(str(database), read_only=True) as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute("select sum(x) from wide").fetchall()
    assert isinstance(told(caught.value), StoreDamaged)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "too little memory"),
        (OSError(28, "No space left on device", "/x/y"), "/x/y: No space left on device"),
        (PermissionError(13, "Permission denied", "/x/y"), "/x/y: Permission denied"),
        (ValueError("a bug"), None),
        (FileNotFoundError(2, "No such file or directory", "/x/y"), None),
        (duckdb.BinderException("a wrong query of ours"), None),
    ],
)
def test_what_fails_around_us_is_a_line_and_a_bug_keeps_its_traceback(
    error: Exception, words: str | None
) -> None:
    known = told(error)
    assert (known is None) if words is None else (words in str(known))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of sixteen megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)], check=False, capture_output=True)  # fmt: skip
    if made.returncode:
        pytest.skip("needs the right to mount")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("left", [pytest.param(0, marks=pytest.mark.thorough), pytest.param(400, marks=pytest.mark.thorough), 1300], ids=["no room", "no room for the tables", "no room for the rows"])  # fmt: skip
def test_a_full_disk_leaves_what_was_and_the_next_run_ends_right(
    kept: tuple[History, Path], small_disk: Path, tmp_path: Path, left: int
) -> None:
    history, whole = kept
    big = History(tmp_path / "big")
    big.commit({f"{sha256(bytes(n)).hexdigest()}.py": f"{n}\n" for n in range(4000)})
    database = small_disk / "x.duckdb"
    fill = small_disk / "fill"
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    fill.write_bytes(bytes(free - left * 1024))
    with pytest.raises(OutputError, match=r"x.duckdb: (there is no room|cannot be written)"):
        mine([Target(str(big.path))], database, Config(), jobs=1)
    assert not database.exists() or rows(database, "select count(*) from repos") == [(0,)]
    fill.unlink()
    mine([Target(str(history.path))], database, Config(), jobs=1)
    assert _rows(database) == _rows(whole)
    assert [path.name for path in small_disk.iterdir()] == ["x.duckdb"]


def _rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    found = content(database)
    del found["meta"]
    return found


def test_two_at_a_time(kept: tuple[History, Path], database: Path) -> None:
    """While one holds the database, the other says who; with patience it waits, and both end right."""
    history, _ = kept
    holder = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        before = database.read_bytes()
        with pytest.raises(StoreBusy, match=rf"in use by \S+ \(process {other.pid}\)"):
            mine([Target(str(history.path))], database, Config(), wait=0.1)
        assert database.read_bytes() == before
        other.communicate(b"")
    (outcome,) = mine([Target(str(history.path))], database, Config(), wait=5)
    assert outcome.was_current


@pytest.mark.skipif(os.geteuid() != 0, reason="root may do everything, and become somebody who may not")
@pytest.mark.parametrize("name", ["x.duckdb", "new.duckdb"], ids=["a file", "a folder"])
def test_what_may_not_be_written(database: Path, name: str) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from codeshare.store.database import open_database, views; from codeshare.errors import CodeshareError\n"
        "import duckdb; views()\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try: open_database(Path(sys.argv[1]), write=True)\n"
        "except CodeshareError as error: print(type(error).__name__, error)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "XDG_CACHE_HOME": "/nowhere"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copy(database, folder)
        target = Path(folder) / name
        done = subprocess.run([sys.executable, "-c", script, str(target)], env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout.startswith(f"OutputError {target}: cannot be written"), done.stderr + done.stdout
