"""Write a report's files: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.errors import OutputError
from codeshare.report import inline, svg
from codeshare.report.html import page_html
from codeshare.report.markdown import page_markdown
from codeshare.report.origins import page_queries
from codeshare.report.page_model import Page, Table
from codeshare.report.pages import build_page
from codeshare.report.report_json import report_json
from codeshare.report.slides import slide_drawing
from codeshare.report.sql_appendix import sql_appendix
from codeshare.report.tables import csv_text

if TYPE_CHECKING:
    from codeshare.metrics.figures import Figures


def write_report(figures: Figures, folder: Path) -> list[Path]:
    """Write ``report.html``, ``report.md``, ``report.json``, ``charts/``, ``tables/`` and ``queries/``.

    Files are made in a hidden folder inside and renamed into place once all of them exist; files of an
    earlier report are replaced, others stay.

    Returns:
        The files, ``report.html`` first.

    Raises:
        OutputError: the folder cannot be made or written.
    """
    page = build_page(figures)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".codeshare-", dir=folder))
    except OSError as error:
        raise _cannot(folder, error) from None
    try:
        return _write(_files(page, figures), draft, folder)
    except OSError as error:
        raise _cannot(folder, error) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(files: Iterable[tuple[str, bytes]], draft: Path, folder: Path) -> list[Path]:
    names = []
    for name, data in files:
        file = draft / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        names.append(name)
    written = []
    for name in names:
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        os.replace(draft / name, target)
        written.append(target)
    return written


def _files(page: Page, figures: Figures) -> Iterator[tuple[str, bytes]]:
    yield "report.html", page_html(page).encode()
    yield "report.md", page_markdown(page).encode()
    yield "report.json", report_json(page, figures).encode()
    for figure in page.figures:
        picture = svg.for_file(svg.render(slide_drawing(figure, page)), inline.to_plain(figure.alt))
        yield f"charts/{figure.name}.svg", picture.encode()
        yield f"charts/{figure.name}.png", svg.png(picture)
    for table in page.all_tables():
        yield f"tables/{table.name}.csv", _csv(table)
    sql = sql_appendix(tuple(page_queries(page)))
    for query in sql.queries:
        yield f"queries/{query.name}.sql", query.sql.encode()
    yield "queries/views.sql", sql.views_sql.encode()


def _csv(table: Table) -> bytes:
    return csv_text(table).encode("utf-8", "surrogatepass")


def _cannot(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{folder}: cannot be written: {error.strerror or error}. Choose another folder with -o."
    )
