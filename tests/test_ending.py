"""What is left as it is at the end of a process is taken apart all the same where the process goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from codeshare import ending
from codeshare.store.database import leave, open_database, transaction


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_is_near", True)


def test_at_once_where_the_process_goes_on() -> None:
    done: list[int] = []
    ending.unless_near(lambda: done.append(1))
    assert done == [1]


@pytest.mark.usefixtures("near")
def test_near_the_end_only_if_asked_to_catch_up() -> None:
    done: list[int] = []
    for k in (1, 2):
        ending.unless_near(lambda k=k: done.append(k))  # type: ignore[misc]
    assert done == []
    ending.catch_up()
    ending.catch_up()
    assert sorted(done) == [1, 2]


@pytest.mark.usefixtures("near")
def test_a_database_is_not_held_twice(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    first = open_database(path, write=True)
    leave(first, path)
    assert first.execute("select 1").fetchone() == (1,)
    with open_database(path, write=True):
        with pytest.raises(duckdb.ConnectionException):
            first.execute("select 1")


@pytest.mark.usefixtures("near")
def test_a_database_with_rows_in_its_log_is_closed(tmp_path: Path) -> None:
    path, log = tmp_path / "x.duckdb", tmp_path / "x.duckdb.wal"
    connection = open_database(path, write=True)
    with transaction(connection):
        connection.execute("insert into meta values ('more', 'rows')")
    assert log.exists()
    leave(connection, path)
    assert not log.exists()


def test_a_process_that_cannot_end_at_once_takes_everything_apart(tmp_path: Path) -> None:
    """A thread that Python waits for keeps it from ending; DuckDB would complain of what it finds then."""
    script = (
        "import sys, threading, time\nfrom pathlib import Path\nfrom codeshare.cli import main\n"
        "from codeshare.store.database import leave, open_database\n"
        "def work():\n"
        "    threading.Thread(target=time.sleep, args=(0.2,)).start()\n"
        "    leave(open_database(Path(sys.argv[1]), write=True), Path(sys.argv[1]))\n"
        "    sys.exit(5)\n"
        "main.main = work\nmain.run()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x.duckdb")], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (5, "", "")
