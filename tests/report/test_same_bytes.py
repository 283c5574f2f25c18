"""The same input gives the same bytes: wherever, in whatever language, time zone and order of hashes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.histories import History, clean_environment

ROOT = Path(__file__).resolve().parents[2]
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
PLACES = {
    "here": {"TZ": "America/New_York", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    "elsewhere": {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "COLUMNS": "200", "NO_COLOR": "1"},
}  # fmt: skip
INVENTED = """
import sys
from pathlib import Path
from codeshare.report.write import write_report
from tests.report.states import figures_in
write_report(figures_in(sys.argv[1]), Path(sys.argv[2]))
"""


def start(place: str, folder: Path, *args: str) -> None:
    env = clean_environment() | {"PYTHONPATH": str(ROOT)} | PLACES[place]
    done = subprocess.run(
        [sys.executable, *args], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}  # fmt: skip


def differing(one: Path, two: Path) -> list[str]:
    first, second = files(one), files(two)
    assert set(first) == set(second)
    return [name for name in first if first[name] != second[name]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty commits over two years by six people, every third an agent's; nothing is estimated yet."""
    root = tmp_path_factory.mktemp("mined")
    history = History(root / "project")
    lines: list[str] = []
    for k in range(60):
        lines = lines[3:] + [f"line {k} {n}" for n in range(7)]
        name = f"Person {k % 6}"
        history.commit(
            {f"src/{k % 4}.py": "\n".join(lines) + "\n"},
            f"Fix number {k}" if k % 5 == 0 else f"Change number {k}",
            author=f"{name} <p{k % 6}@example.org>",
            trailers=[CLAUDE] if k % 3 == 0 else [],
        )
        history.tick(timedelta(days=12))
    database = root / "x.duckdb"
    mine([Target(str(history.path))], database, Config())
    return database


@pytest.mark.parametrize("options", [["--names", "--compare", "2026-Q1", "2026-Q2"]], ids=["named and compared"])  # fmt: skip
def test_two_reports_of_one_database(database: Path, tmp_path: Path, options: list[str]) -> None:
    for place in PLACES:
        folder = tmp_path / place / "deep" if place == "elsewhere" else tmp_path / place
        folder.mkdir(parents=True)
        shutil.copy(database, folder / f"{place}.duckdb")
        command = ["-m", "codeshare.cli.main", "--db", f"{place}.duckdb", "report", *options]
        start(place, folder, *command, "-o", str(tmp_path / "out" / place))
    written = tmp_path / "out" / "here"
    assert json.loads((written / "report.json").read_text())["headline"]["denominator"] > 0
    assert {path.suffix for path in written.rglob("*.*")} == {".html", ".md", ".json", ".svg", ".png", ".csv", ".sql"}  # fmt: skip
    assert differing(written, tmp_path / "out" / "elsewhere") == []


@pytest.mark.long
@pytest.mark.parametrize("state", ["reviewed requests"])
def test_two_reports_of_the_same_figures(state: str, tmp_path: Path) -> None:
    for place in PLACES:
        start(place, tmp_path, "-c", INVENTED, state, str(tmp_path / place))
    assert len(files(tmp_path / "here")) > 60
    assert differing(tmp_path / "here", tmp_path / "elsewhere") == []
