"""The report from Python: written to a folder, or chart by chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair as alt
    from duckdb import DuckDBPyConnection

    from codeshare.store.filter import Filter


def charts(
    connection: DuckDBPyConnection,
    *,
    title: str | None = None,
    names: bool = False,
    persons: bool = False,
    repos: Sequence[str] = (),
    teams: Sequence[str] = (),
    paths: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    by: str | None = None,
) -> dict[str, alt.LayerChart | alt.FacetChart]:
    """Every chart of the report as an Altair chart, by name and in the report's order, with its title, words and source.

    Those of ``charts/`` in a written report, rows included: show, change, concatenate or save them. Which there
    are depends on what the database can tell; call `estimate` first, or what needs estimates is left out.

    Args:
        connection: an open database.
        title, names, persons, repos, teams, paths, since, until, by: as for `write_report`.

    Raises:
        CodeshareError: as `write_report`, but for the folder.
    """
    from codeshare.metrics.figures import collect
    from codeshare.report.pages import build_page
    from codeshare.report.slides import slide_drawing

    with _shown(connection, repos, teams, paths, since, until) as (shown, asked):
        page = build_page(collect(shown, title, names, persons, asked, by))
        return {figure.name: slide_drawing(figure, page).chart_with_rows() for figure in page.figures}


def write_report(
    connection: DuckDBPyConnection,
    folder: str | Path,
    *,
    title: str | None = None,
    names: bool = False,
    explore: bool = False,
    persons: bool = False,
    repos: Sequence[str] = (),
    teams: Sequence[str] = (),
    paths: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    by: str | None = None,
) -> list[Path]:
    """Write the report of a database, or of a part of it, into a folder; returns the files written.

    Args:
        connection: an open database.
        folder: made where it is missing.
        title: whose code it is.
        repos: only these repositories; none: all.
        teams: only commits of these teams' people, while they are in one of them.
        paths: only files that match one of these patterns, or lie in one of these folders.
        since: first day shown, UTC; the baseline is read all the same.
        until: first day that does not count.
        by: what the share is broken down by: repository, team, owner, tool, class, language or path.
        names: each engineer's own figures by name, and commits one by one; default: groups, and nobody's own figures.
        persons: each engineer's own figures by pseudonym.
        explore: also ``explore.html``, live charts with pickers.

    Raises:
        ScopeError: a repository or team is not there.
        EmptyHistory: nothing was merged in this scope.
        CannotKnow: too much is unknown (shallow clone, missing objects), or a team is too small.
        OutputError: the folder cannot be written.
    """
    from codeshare.metrics.cells import explore_cells
    from codeshare.metrics.figures import collect
    from codeshare.report.write import write_report as write

    with _shown(connection, repos, teams, paths, since, until) as (shown, asked):
        figures = collect(shown, title, names, persons, asked, by)
        return write(figures, Path(folder), explore_cells(shown, beside=figures) if explore else None)


@contextmanager
def _shown(
    connection: DuckDBPyConnection,
    repos: Sequence[str],
    teams: Sequence[str],
    paths: Sequence[str],
    since: date | None,
    until: date | None,
) -> Iterator[tuple[DuckDBPyConnection, Filter]]:
    """The part of the database that is asked for, with its estimates."""
    from codeshare.estimates.run import estimate
    from codeshare.metrics.filters import check_filter, resolve_filter
    from codeshare.metrics.guard import check_known
    from codeshare.metrics.read_often import OF_ESTIMATES, OF_REVIEW, READ_OFTEN
    from codeshare.store.filter import filtered
    from codeshare.store.held import held

    asked = resolve_filter(connection, repos, teams, paths, since, until)
    check_filter(connection, asked)
    often = (*READ_OFTEN, *OF_REVIEW, *(OF_ESTIMATES if asked else ()))
    with filtered(connection, asked) as shown, held(shown, often):
        check_known(shown)
        if asked:
            estimate(shown)
        yield shown, asked
