"""``doctor --prove``: the stored origins rebuild the tip, and a wrong one is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from codeshare.cli.main import codeshare
from codeshare.config import Config
from codeshare.git.repository import open_repository
from codeshare.mining.proof import prove_stored
from codeshare.mining.run import Target, mine
from codeshare.provenance.prove import blob_id
from codeshare.store.database import open_database
from tests.histories import History
from tests.provenance.store import store
from tests.provenance.tales import MODULE, Plan, Tale, plans
from tests.provenance.test_lives import DEEP


@pytest.fixture(params=["sha1", "sha256"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> History:
    """Text with and without a last newline, a binary file, an empty one, odd names, a link, a merge."""
    history = History(tmp_path / "project", object_format=request.param)
    history.commit({"a.py": "one\ntwo\nthree\n", "new\nline": "x\r\ny", "b.bin": b"\0\1", "empty": ""})
    history.switch("topic")
    history.commit({"a.py": "one\n2\nthree\n", "dir/ü.txt": "end"})
    history.switch("main")
    (history.path / "link").symlink_to("a.py")
    history.commit({"a.py": "zero\none\ntwo\nthree\n"})
    history.merge("topic")
    return history


def doctor(history: History, *args: str) -> Result:
    database = str(history.path.parent / "x.duckdb")
    return CliRunner().invoke(codeshare, ["--db", database, "doctor", "--prove", str(history.path), *args], standalone_mode=False)  # fmt: skip


@pytest.fixture
def mined(project: History, mined_once: Callable[..., Path]) -> Path:
    return mined_once(project, name="x.duckdb")


@pytest.mark.usefixtures("mined")
def test_every_file_is_proved(project: History) -> None:
    done = doctor(project, "--format", "json")
    assert done.exit_code == 0, done.output
    (summary,) = json.loads(done.stdout)["proofs"]
    assert summary == {
        "repo": "project", "tip": project.head(), "files": 6, "proved": 5, "lines": 8, "binary": 1,
        "unknown": 0, "differ": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "fault",
    [
        "update tip_blame set orig_line = orig_line + 1 where path = 'a.py' and line_start = 2",
        "update tip_blame set orig_line = 99 where path = 'a.py' and line_start = 2",
        "delete from tip_blame where path = 'a.py' and line_start = 1",
        "update tip_blame set path = 'else.py' where path = 'a.py'",
    ],
    ids=["another line", "no such line", "a line less", "another file"],
)
def test_a_wrong_origin_is_found(project: History, mined: Path, fault: str) -> None:
    with duckdb.connect(str(mined)) as connection:
        connection.execute(fault)
    done = doctor(project)
    assert getattr(done.exception, "exit_status", None) == 1, done.output
    assert "project: a.py: " in done.stderr


def test_what_cannot_be_proved_says_so(project: History) -> None:
    mine([Target(str(project.path))], project.path.parent / "x.duckdb", Config(), jobs=1, lines=False)
    done = doctor(project)
    assert getattr(done.exception, "exit_status", None) == 3
    assert "mined with --no-lines" in str(done.exception)


def test_a_line_of_unknown_origin_is_no_difference(project: History, mined: Path) -> None:
    with duckdb.connect(str(mined)) as connection:
        connection.execute("update tip_blame set sha = null, orig_path = null where path = 'a.py'")
    done = doctor(project, "--format", "json")
    (summary,) = json.loads(done.stdout)["proofs"]
    assert (done.exit_code, summary["unknown"], summary["proved"]) == (0, 1, 4)


def test_blob_ids_are_those_of_git(project: History) -> None:
    algorithm = "sha256" if len(project.head()) == 64 else "sha1"
    assert blob_id(b"one\n2", algorithm) == project.git("hash-object", "--stdin", feed=b"one\n2")


@settings(max_examples=200 if DEEP else 6)
@given(plans(12))
def test_stored_origins_are_proved_in_any_history(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan
) -> None:
    folder = tmp_path_factory.mktemp("tale")
    tale = Tale.of(plan)
    stored = store(tale, folder / "tale.git", every=False, object_format="sha256" if plan[0] else "sha1")
    mine([Target(str(stored.path))], folder / "x.duckdb", Config(), jobs=1)
    connection = open_database(folder / "x.duckdb")
    try:
        proof = prove_stored(connection, open_repository(str(stored.path)))
    finally:
        connection.close()
    assert (proof.differ, proof.unknown) == ([], [])
    tip = tale.commits[tale.heads["main"]].tree
    assert proof.proved + proof.binary == sum(mode != MODULE for mode, _ in tip.values())
