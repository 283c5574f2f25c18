"""Files of a report: all there, replaced as a whole, an error in one line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from codeshare.errors import OutputError
from codeshare.metrics.queries import load_query
from codeshare.report.headline import headline
from codeshare.report.terminal import print_headline
from codeshare.report.write import write_report
from codeshare.store.database import open_database

from .states import figures_in

CHARTS = ["share-monthly", "lines-monthly", "agents", "volume", "variants", "people", "evidence-kinds"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_report(figures_in("high"), tmp_path_factory.mktemp("out") / "report")


def test_it_writes_page_words_charts_and_tables(report: list[Path]) -> None:
    folder = report[0].parent
    assert report[0].name == "report.html"
    assert {p.relative_to(folder).as_posix() for p in report} >= {
        "report.md",
        "report.json",
        "queries/ai_share_monthly.sql",
        "queries/views.sql",
        *(f"charts/{name}.{kind}" for name in CHARTS for kind in ("svg", "png")),
        "tables/ai_share_monthly.csv",
        "tables/volume_quarterly.csv",
    }
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == sorted(report)
    assert list(folder.parent.iterdir()) == [folder]
    assert report[0].stat().st_size < 5_000_000


def test_pictures_are_slides_of_2000_pixels(report: list[Path]) -> None:
    for path in (p for p in report if p.suffix == ".png"):
        head = path.read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (2000, 1125)


def test_a_slide_carries_its_title_source_and_date(report: list[Path]) -> None:
    text = (report[0].parent / "charts/volume.svg").read_text()
    for words in (
        "The typical engineer merges eight times as many lines a day as in 2024",
        "Lines measure quantity, not quality.",
        "Query volume_quarterly",
        "merged up to 12 June 2026",
    ):
        assert words in text


def test_a_table_holds_the_rows_of_its_figure(report: list[Path]) -> None:
    written = pd.read_csv(report[0].parent / "tables/volume_quarterly.csv")
    frame = figures_in("high").volume_quarterly
    assert list(written.columns) == list(frame.columns)
    assert written["ratio_median"].tolist() == pytest.approx(frame["ratio_median"].tolist())


def test_pictures_of_the_markdown_file_exist(report: list[Path]) -> None:
    import re

    folder = report[0].parent
    targets = re.findall(r"\]\(([^)#]+)\)", (folder / "report.md").read_text())
    assert targets
    assert [t for t in targets if not (folder / t).is_file()] == []


@pytest.mark.thorough
def test_a_second_report_replaces_the_first_and_leaves_other_files(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "report.html").write_text("old")
    write_report(figures_in("one month"), folder)
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "report.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("name", ["taken", "taken/report"], ids=["is a file", "below a file"])
def test_an_unwritable_folder_gets_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match=r"^\S+: cannot be written: .+\. Choose another folder with -o\.$"):
        write_report(figures_in("one month"), tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize("others", [[], ["notes.txt"]], ids=["made for it", "with others"])
def test_a_report_that_is_broken_off_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: list[str]
) -> None:
    def broken(*_: object) -> Iterator[tuple[str, bytes]]:
        yield "report.html", b"<!doctype html>"
        raise KeyboardInterrupt

    monkeypatch.setattr("codeshare.report.write._files", broken)
    folder = tmp_path / "report"
    for name in others:
        folder.mkdir()
        (folder / name).write_text("mine")
    with pytest.raises(KeyboardInterrupt):
        write_report(figures_in("one month"), folder)
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*")] == others
    assert folder.exists() == bool(others)


def test_the_terminal_says_what_the_page_says() -> None:
    out = io.StringIO()
    print_headline(Console(file=out, width=400), figures_in("high"))
    said = headline(figures_in("high")).plain.splitlines()
    text = out.getvalue()
    assert said[0] in text
    assert said[1] in text
    assert "Lines are quantity, not quality." in text


def test_the_sql_files_run_on_a_database(report: list[Path], tmp_path: Path) -> None:
    folder = report[0].parent / "queries"
    with open_database(tmp_path / "empty.duckdb", write=True) as connection:
        connection.execute((folder / "views.sql").read_text())
        for file in sorted(folder.glob("*.sql")):
            if file.stem != "views":
                connection.execute(file.read_text(), load_query(file.stem).bind({}) or None)
        assert connection.execute((folder / "ai_share_monthly.sql").read_text()).fetchall() == []
