"""``report`` and ``share`` of a part, on repositories made for it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import codeshare
from tests.cli.conftest import Run
from tests.histories import History

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


def lines(name: str, number: int) -> str:
    return "".join(f"{name}_{n} = {n}\n" for n in range(number))


@pytest.fixture
def mined(run: Run, tmp_path: Path) -> Callable[[], Path]:
    """Two repositories: ``service`` with 30 lines of AI of 40 in two folders, ``web`` with none of 20."""

    def mine() -> Path:
        service, web = History(tmp_path / "service"), History(tmp_path / "web")
        service.commit({"src/a.py": lines("a", 10)}, "by hand")
        service.commit({"lib/b.py": lines("b", 30)}, "by an agent", trailers=[CLAUDE])
        web.commit({"src/c.py": lines("c", 20)}, "by hand")
        done = run("mine", str(service.path), str(web.path))
        assert done.returncode == 0, done.stderr
        return tmp_path / "codeshare.duckdb"

    return mine


def report(run: Run, *args: str) -> tuple[int, str, str]:
    done = run("--db", "codeshare.duckdb", "report", "-o", "out", *args)
    return done.returncode, " ".join(done.stdout.split()), done.stderr


def test_a_report_of_a_part_says_so_and_changes_nothing(
    run: Run, mined: Callable[[], Path], tmp_path: Path
) -> None:
    database = mined()
    run("--db", "codeshare.duckdb", "estimate")
    with codeshare.open_database(database) as whole:
        before = whole.execute("from estimates").fetchall()
    status, said, words = report(run, "--repo", "SERVICE", "--path", "src/*", "--path", "lib", "--by", "path")
    assert status == 0, words
    assert "Only a part is counted: repository service, files src/* and lib." in said
    assert "30 ÷ 40 handwritten lines" in said.replace("\N{NO-BREAK SPACE}", " ")
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "## By folder" in page
    assert "web" not in page
    with (tmp_path / "out" / "tables" / "ai_share_parts.csv").open(encoding="utf-8") as file:
        assert {row["part"]: row["numerator"] for row in csv.DictReader(file)} == {"src": "0", "lib": "30"}
    with codeshare.open_database(database) as whole:
        assert whole.execute("from estimates").fetchall() == before


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (["--repo", "sevice"], 2, "error: --repo sevice: no repository of that name; did you mean service?"),
        (["--team", "core"], 2, "error: --team core: no team of that name; none is configured"),
        (["--since", "soon"], 2, "error: --since soon: no day; write it as"),
        (["--since", "2999"], 3, "error: nothing was merged in this scope in the days asked for"),
        (["--path", "nowhere"], 3, "error: --path nowhere: no merged commit changed such a file in this scope; there are src/"),
        (["--by", "owner"], 0, "warning: --by owner: there are not two of them in this scope."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_in_one_line(
    run: Run, mined: Callable[[], Path], args: list[str], status: int, words: str
) -> None:
    mined()
    found, _, said = report(run, *args)
    assert (found, said.count("\n")) == (status, 1), said
    assert said.startswith(words)


def test_a_share_of_several_paths_is_that_of_both(run: Run, mined: Callable[[], Path]) -> None:
    mined()

    def share(*args: str) -> tuple[int, int]:
        done = run("--db", "codeshare.duckdb", "share", "--format", "json", *args)
        assert done.returncode == 0, done.stderr
        row = json.loads(done.stdout)
        assert row["schema_version"]
        return row["numerator"], row["denominator"]

    assert share("--path", "lib", "--path", "src") == share() == (30, 60)
    assert share("--path", "src") == (0, 30)
    assert share("--path", "lib", "--path", "nothing", "--repo", "service") == (30, 30)


def test_the_api_reports_on_a_part(mined: Callable[[], Path], tmp_path: Path) -> None:
    with codeshare.open_database(mined()) as database:
        codeshare.write_report(database, tmp_path / "part", repos=["web"], by="path")
    assert "repository web" in (tmp_path / "part" / "report.md").read_text(encoding="utf-8")
