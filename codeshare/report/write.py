"""Write a report's files: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from codeshare.errors import OutputError
from codeshare.report import inline, svg
from codeshare.report.html import drawings_of, page_html, set_drawing
from codeshare.report.markdown import page_markdown
from codeshare.report.origins import page_queries
from codeshare.report.page_model import Page, Table
from codeshare.report.pages import build_page
from codeshare.report.rendering import processes
from codeshare.report.report_json import report_json
from codeshare.report.slides import slide_drawing
from codeshare.report.sql_appendix import sql_appendix
from codeshare.report.tables import csv_text

if TYPE_CHECKING:
    from codeshare.metrics.cells import Cells
    from codeshare.metrics.figures import Figures
    from codeshare.report.drawing import Drawing

EXPLORE = "explore.html"
_AT_ONCE = 8  # drawings handed out: while this process makes pixels, it hands out nothing


def write_report(
    figures: Figures, folder: Path, cells: Cells | None = None, renderers: Executor | None = None
) -> list[Path]:
    """Write ``report.html``, ``report.md``, ``report.json``, ``charts/``, ``tables/`` and ``queries/``.

    With ``cells`` also ``explore.html``.

    Files are made in a hidden folder inside and renamed into place once all of them exist; files of an
    earlier report are replaced, others stay.

    Args:
        figures: what is told.
        folder: where to; made if need be.
        cells: what is behind ``explore.html``, of ``metrics.cells.explore_cells``.
        renderers: what draws, such as ``rendering.renderers()``; none: this process.

    Returns:
        The files, ``report.html`` first.

    Raises:
        OutputError: the folder cannot be made or written.
    """
    page = build_page(figures)
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".codeshare-", dir=folder))
    except OSError as error:
        raise _cannot(folder, error) from None
    try:
        with nullcontext(renderers) if renderers else ThreadPoolExecutor(1) as executor:
            return _write(_files(page, figures, cells, executor), draft, folder)
    except OSError as error:
        raise _cannot(folder, error) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # something is in it
                folder.rmdir()


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
    return sorted(written, key=lambda path: path.name != "report.html")


def _files(
    page: Page, figures: Figures, cells: Cells | None, executor: Executor
) -> Iterator[tuple[str, bytes]]:
    parts = {figure.name: drawings_of(figure) for figure in page.figures}

    def rendered(drawings: Iterable[Drawing]) -> Iterator[str]:
        given = [drawing.specification() for drawing in drawings]
        return executor.map(svg.rendered, given, chunksize=_AT_ONCE)

    slides = rendered(slide_drawing(figure, page) for figure in page.figures)
    drawn = rendered(chain.from_iterable(parts.values()))
    if cells is not None:
        from codeshare.report.explore.page import explore_html

        yield EXPLORE, explore_html(figures, cells).encode()
    yield "report.md", page_markdown(page).encode()
    yield "report.json", report_json(page, figures).encode()
    sql = sql_appendix(tuple(page_queries(page)))
    for query in sql.queries:
        yield f"queries/{query.name}.sql", query.sql.encode()
    yield "queries/views.sql", sql.views_sql.encode()
    for table in page.all_tables():
        yield f"tables/{table.name}.csv", _csv(table, page.part)
    files = {
        f"charts/{figure.name}": svg.for_file(slide, inline.to_plain(figure.alt))
        for figure, slide in zip(page.figures, slides, strict=True)
    }
    for name, text in files.items():
        yield f"{name}.svg", text.encode()
    # Pixels take longest: this process makes its part of them.
    own = list(files)[:: processes() + 1]
    others = [name for name in files if name not in own]
    share = max(-(-len(others) // processes()), 1)
    made = executor.map(svg.pixels, [files[name] for name in others], chunksize=share)
    for name in own:
        yield f"{name}.png", svg.pixels(files[name])
    drawings = {
        figure.name: [set_drawing(figure, drawing, next(drawn)) for drawing in parts[figure.name]]
        for figure in page.figures
    }
    yield "report.html", page_html(page, drawings).encode()
    for name, pixels in zip(others, made, strict=True):
        yield f"{name}.png", pixels


def _csv(table: Table, part: str) -> bytes:
    return csv_text(table, part).encode("utf-8", "surrogatepass")


def _cannot(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{folder}: cannot be written: {error.strerror or error}. Choose another folder with -o."
    )
