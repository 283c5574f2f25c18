from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.histories import ANN, History


def test_a_german_spreadsheet_is_imported_told_and_removed(
    run: Run, history: History, tmp_path: Path
) -> None:
    history.commit({"a.py": "a = 1\n"}, author="Jörg Groß <joerg@example.org>")
    run("--db", "x.duckdb", "mine", str(history.path))
    (tmp_path / "teams.csv").write_bytes(
        "Person;Team;From\r\nJörg Groß;Küste;01.02.2024\r\nAnn;Fluss;\r\n".encode("cp1252")
    )
    done = run("--db", "x.duckdb", "import", "teams", "teams.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "teams.csv: 2 rows imported.",
        "note: 1 of them speak of nobody in a mined repository: Ann",
    ]
    assert (
        run("--db", "x.duckdb", "sql", "select name, team from people", "--format", "csv").stdout
        == "name,team\nJörg Groß,Küste\n"
    )
    (tmp_path / "codeshare.toml").write_text('[teams]\nsea = ["joerg@example.org"]\n', encoding="utf-8")
    done = run("--db", "x.duckdb", "import", "teams", "teams.csv")
    assert done.stderr.startswith("teams.csv: 2 rows imported, in the place of 2 rows.\n")
    assert done.stderr.endswith(
        "note: kept, but not used: teams of codeshare.toml goes before what is imported.\n"
    )
    (tmp_path / "codeshare.toml").unlink()
    assert (
        run("--db", "x.duckdb", "import", "teams", "--remove", "teams.csv").stderr
        == "teams.csv: 2 rows removed.\n"
    )
    assert (
        run("--db", "x.duckdb", "sql", "select name, team from people", "--format", "csv").stdout
        == "name,team\nJörg Groß,\n"
    )


def test_every_wrong_row_is_told_and_nothing_stored(run: Run, history: History, tmp_path: Path) -> None:
    history.commit({"a.py": "a = 1\n"}, author=ANN)
    run("--db", "x.duckdb", "mine", str(history.path))
    (tmp_path / "days.csv").write_text("day,name\n2026-05-01,\n2026-05-01,\nsoon,\n", encoding="utf-8")
    done = run("--db", "x.duckdb", "import", "holidays", "days.csv")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: days.csv: row 3, column day: 2026-05-01 is there twice.",
        "error: days.csv: row 4, column day: 'soon' must be a day such as 2025-01-31.",
    ]
    counted = run("--db", "x.duckdb", "sql", "select count(*) from imported_holidays", "--format", "csv")
    assert counted.stdout.splitlines()[1] == "0"


@pytest.mark.parametrize(
    "args", ["", "x.csv --remove y.csv", "--remove y.csv --replace", "--remove y.csv --source z"]
)
def test_wrong_use(run: Run, tmp_path: Path, args: str) -> None:
    done = run("--db", "x.duckdb", "import", "headcount", *args.split())
    assert done.returncode == 2
    assert "Name a FILE, with --source or --replace if need be, or --remove NAME alone." in done.stderr
    assert not (tmp_path / "x.duckdb").exists()
