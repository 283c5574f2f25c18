"""Ctrl-C during a query, and what DuckDB says of wrong ones."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from codeshare.cli.asking import one_line
from codeshare.store.database import open_database
from tests.histories import clean_environment

COMMAND = [sys.executable, "-m", "codeshare.cli.main", "--db", "x.duckdb", "--wait", "20"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database that holds nothing."""
    open_database(tmp_path / "x.duckdb", write=True).close()
    return tmp_path


def _wait_for_reader(database: Path) -> None:
    """Return once another process has the database open."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            duckdb.connect(str(database)).close()
        except duckdb.IOException:
            return
        time.sleep(0.05)
    pytest.fail("nobody opened the database")


@pytest.mark.parametrize(
    "form",
    [
        "table",
        pytest.param("csv", marks=pytest.mark.thorough),
        pytest.param("json", marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize(
    "statement",
    [
        "select count(*) from range(100000) a, range(100000) b, range(100) c where a.range + b.range + c.range = -1",
        "with recursive t(i) as (select 1 union all select i + 1 from t) select max(i) from t",
    ],
    ids=["one long step", "many short steps"],
)
def test_ctrl_c_ends_a_query(folder: Path, statement: str, form: str) -> None:
    with subprocess.Popen(
        [*COMMAND, "sql", statement, "--format", form],
        cwd=folder, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a job in the background ignores it
    ) as process:  # fmt: skip
        try:
            _wait_for_reader(folder / "x.duckdb")
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            out, words = process.communicate(timeout=10)
        finally:
            process.kill()
    assert (process.returncode, out) == (130, "")
    assert words.startswith("interrupted: ")
    assert words.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["sql", "nonsense"], 'error: Parser Error: syntax error at or near "nonsense". Line 1, at `nonsense`.'),
        (["sql", "from comits"], 'Did you mean "commits"? Line 1, at `comits`. Names: `codeshare sql "show tables"`.'),
        (["sql", "select\n 1,\n shaa\nfrom commits"], "Line 3, at `shaa`. Columns: `codeshare sql \"describe TABLE\"`."),
        (["sql", "select 'a'::int"], "Could not convert string 'a' to INT32"),
        (["sql", f"select {'x' * 300} from commits"], f"at `{'x' * 40}…`."),
        (["sql", "create table x (a int)"], "in read-only mode! To write: `codeshare sql --write`."),
        (["sql", "from read_csv('x.csv')"], "To reach files or the network: `codeshare sql --external`."),
        (["sql"], "error: Give a query, or a file of some with -f. See `codeshare sql --help`."),
        (["sql", "select 1", "-f", "-"], "error: Give a query or -f, not both. See `codeshare sql --help`."),
        (["sql", "select 1", "--param", "a=1"], "no statement has $a. See `codeshare sql --help`."),
        (["sql", "select $a"], "Values were not provided for the following parameters: a."),
        (["sql", "select 1", "--format", "xml"], "'markdown'. See `codeshare sql --help`."),
        (["share", "--since", "June"], "error: --since June: no day; write it as 2026-06-30, 2026-06, 2026-Q2 or 2026."),
        (["share", "--rang", "day"], "'--rang'. Did you mean '--range'? See `codeshare share --help`."),
        (["shore"], "error: No such command 'shore'. Did you mean 'share'? See `codeshare --help`."),
        (["query", "ai_share", "--param", "part=fortnight"], '"fortnight" not recognized. Look at --param: `codeshare query ai_share --show`'),
    ],
)  # fmt: skip
def test_wrong_use_is_told_in_one_line(folder: Path, args: list[str], said: str) -> None:
    done = subprocess.run([*COMMAND, *args], cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_without_a_command_the_help_is_shown(folder: Path) -> None:
    done = subprocess.run(COMMAND[:3], env=clean_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Usage: codeshare [OPTIONS] COMMAND" in done.stderr


def test_words_of_several_paragraphs_are_one_line() -> None:
    words = 'Invalid Input Error: More than one row - single only.\n\nUse  "SET x=false"\n  to go on'
    assert (
        one_line(words) == 'Invalid Input Error: More than one row - single only. Use "SET x=false" to go on.'
    )
