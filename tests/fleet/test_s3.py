"""A lake on a real S3 server: a process of its own that speaks the protocol."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from codeshare.config import Config
from codeshare.errors import OutputError
from codeshare.fleet.homes import LakeHome
from codeshare.fleet.processes import Here
from codeshare.fleet.pull import pull
from codeshare.fleet.run import Options, mine_fleet
from codeshare.lake import storage as storages
from codeshare.lake.compact import compact, vacuum
from codeshare.lake.files import rows_in_force
from codeshare.lake.manifest import read_manifest
from codeshare.lake.storage import Remote, open_storage
from codeshare.mining.run import mine
from tests.stored import rows

from .conftest import add, targets

pytest.importorskip("moto", reason="a lake on S3 is tested with codeshare[cluster] and moto")
pytest.importorskip("s3fs", reason="a lake on S3 is tested with codeshare[cluster] and moto")
pytestmark = pytest.mark.filterwarnings("default")  # theirs, not ours

LAKE = "s3://metrics/code"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with nothing in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.fixture
def lake(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    """An empty bucket."""
    import s3fs

    for name, value in {"AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(storages, "PAUSE", 0.01)
    s3fs.S3FileSystem.clear_instance_cache()
    bucket = s3fs.S3FileSystem()
    bucket.mkdir("metrics")
    storage = open_storage(LAKE)
    assert isinstance(storage, Remote)
    yield storage
    bucket.rm("metrics", recursive=True)


def into(lake: Remote, folder: Path) -> None:
    with closing(LakeHome(lake)) as home:
        found = mine_fleet(targets(folder), home, Here(), Config(), Options())
    assert not found.failed


def commits(database: Path) -> list[tuple[object, ...]]:
    return rows(database, "from commits order by all")


def test_a_lake_on_s3_is_mined_read_and_kept_in_order(lake: Remote, folder: Path, tmp_path: Path) -> None:
    into(lake, folder)
    add(folder, "app")
    into(lake, folder)
    pull(LAKE, tmp_path / "x.duckdb")
    mine(targets(folder), tmp_path / "plain.duckdb", Config(), jobs=1)
    assert commits(tmp_path / "x.duckdb") == commits(tmp_path / "plain.duckdb")
    assert len(compact(lake).batches) == 1
    vacuum(lake, keep_hours=0)
    pull(LAKE, tmp_path / "y.duckdb")
    assert commits(tmp_path / "y.duckdb") == commits(tmp_path / "plain.duckdb")
    with duckdb.connect() as connection:  # where it lies, through fsspec
        found = rows_in_force(connection, lake, read_manifest(lake).batches, "commits")
        counted = connection.execute(f"select count(*) from ({found})").fetchone()
    assert counted == (len(commits(tmp_path / "plain.duckdb")),)


def test_an_upload_that_fails_is_tried_again_and_else_changes_nothing(
    lake: Remote, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into(lake, folder)
    pull(LAKE, tmp_path / "x.duckdb")
    before = commits(tmp_path / "x.duckdb")
    add(folder, "app")
    put, fails = lake._fs.put, [1_000]

    def failing(*args: object) -> object:
        if fails[0]:
            fails[0] -= 1
            raise OSError("connection reset")
        return put(*args)

    monkeypatch.setattr(lake._fs, "put", failing)  # one object for all who reach this server
    with pytest.raises(OutputError, match="connection reset"):
        into(lake, folder)
    pull(LAKE, tmp_path / "x.duckdb")
    assert commits(tmp_path / "x.duckdb") == before
    fails[0] = 2
    into(lake, folder)
    pull(LAKE, tmp_path / "x.duckdb")
    assert len(commits(tmp_path / "x.duckdb")) == len(before) + 1


def test_of_two_writers_neither_loses_what_the_other_wrote(
    lake: Remote, folder: Path, tmp_path: Path
) -> None:
    with closing(LakeHome(lake)) as one, closing(LakeHome(lake)) as two:
        mine_fleet(targets(folder, "app"), one, Here(), Config(), Options())
        mine_fleet(targets(folder, "lib"), two, Here(), Config(), Options())
    assert read_manifest(lake).batch_of().keys() == {"app", "lib"}
