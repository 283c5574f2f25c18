from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.histories import ANN, BOB, History


def test_a_database_is_handed_on_and_reported(run: Run, history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n", "ann/b.py": "b = 2\n"}, "Ann's secret", author=ANN)
    history.commit({"c.py": "c = 1\n"}, "Bob's", author=BOB)
    assert run("--db", "x.duckdb", "mine", str(history.path)).returncode == 0
    done = run("--db", "x.duckdb", "export", "--pseudonymous", "out.duckdb")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[0] == "out.duckdb: 2 people, none by name."
    assert "1 paths and repositories named somebody" in done.stderr
    assert "fewer than 5 engineers" in done.stderr
    people = run("--db", "out.duckdb", "people", "--format", "csv").stdout
    assert people.count("\n") == 3
    assert not any(name in people for name in ("Ann", "Bob", "example"))
    before, after = (
        run("--db", name, "share", "--format", "csv").stdout for name in ("x.duckdb", "out.duckdb")
    )
    assert [line.split(",")[4:] for line in before.splitlines()] == [
        line.split(",")[4:] for line in after.splitlines()
    ]
    again = run("--db", "x.duckdb", "export", "--pseudonymous", "out.duckdb")
    assert again.returncode == 2
    assert (
        again.stderr
        == "error: out.duckdb: is there already. Name another file, or replace it with --force.\n"
    )
    assert run("--db", "x.duckdb", "export", "--pseudonymous", "--force", "out.duckdb").returncode == 0


def test_without_the_word_nothing_is_written(run: Run, history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"})
    run("--db", "x.duckdb", "mine", str(history.path))
    done = run("--db", "x.duckdb", "export", "out.duckdb")
    assert done.returncode == 2
    assert "say --pseudonymous" in done.stderr
    assert not (tmp_path / "out.duckdb").exists()


def test_what_was_handed_on_takes_no_more(run: Run, history: History) -> None:
    history.commit({"a.py": "a = 1\n"})
    run("--db", "x.duckdb", "mine", str(history.path))
    run("--db", "x.duckdb", "export", "--pseudonymous", "out.duckdb")
    done = run("--db", "out.duckdb", "mine", str(history.path))
    assert done.returncode == 2
    assert "out.duckdb: was exported pseudonymously" in done.stderr


@pytest.mark.thorough
def test_tables_go_to_a_folder_with_and_without_names(run: Run, history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"}, "=1+1", author=ANN)
    run("--db", "x.duckdb", "mine", str(history.path))
    done = run("--db", "x.duckdb", "export", "--format", "csv", "named")
    assert (done.returncode, done.stdout) == (0, "")
    assert "manifest.json says what is in them" in done.stderr
    assert "names and addresses of people are in the tables" in done.stderr
    assert "ann@example.org" in (tmp_path / "named" / "identities.csv").read_text(encoding="utf-8")
    assert ",'=1+1," in (tmp_path / "named" / "commits.csv").read_text(encoding="utf-8")
    nobody = (
        "--format",
        "csv",
        "--pseudonymous",
        "--query",
        "ai_share",
        "--param",
        "part=year",
        "--table",
        "identities",
    )
    done = run("--db", "x.duckdb", "export", *nobody, "nobody")
    assert done.stderr.startswith("nobody: 1 people, none by name.\n")
    assert "names and addresses" not in done.stderr
    assert "ann" not in (tmp_path / "nobody" / "identities.csv").read_text(encoding="utf-8").lower()
    manifest = json.loads((tmp_path / "nobody" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["pseudonymous"]
    assert [each["file"] for each in manifest["files"]] == ["identities.csv", "queries/ai_share.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["named", "nobody", "project", "x.duckdb"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ("--pseudonymous --table commits", "are for folders: say --format parquet or csv"),
        ("--format parquet --exact", "--exact is about CSV"),
        ("--format csv --param part=year", "--param is for --query"),
        ("--format csv --keep-shas", "go with --pseudonymous"),
        ("--format xlsx", "'xlsx' is not one of 'duckdb', 'parquet', 'csv'"),
    ],
)
def test_options_that_do_not_go_together(run: Run, tmp_path: Path, args: str, said: str) -> None:
    done = run("--db", "x.duckdb", "export", *args.split(), "out")
    assert done.returncode == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []
