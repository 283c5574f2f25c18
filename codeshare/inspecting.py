"""What lies behind the figures, as pandas frames: people, rules, weaknesses, and figures that others published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeshare.config import load_config
from codeshare.errors import CatalogueError

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from codeshare.attribution.catalogue import Catalogue
    from codeshare.conformance.comparison import Compared
    from codeshare.metrics.at_hand import AtHand


def people(connection: DuckDBPyConnection, *, names: bool = True) -> pd.DataFrame:
    """Persons, agents and bots, those with most commits first, as ``codeshare people`` lists them.

    Args:
        names: call persons by name, with the names and addresses they wrote under; else by pseudonym.

    Source: the query ``people``.
    """
    from codeshare.metrics.people import people as run

    return run(connection, names=names)


def rules(*, config: str | Path | None = None) -> pd.DataFrame:
    """All rules that attribute commits, yours first, and whether they are on, as ``codeshare rules`` lists them.

    Args:
        config: a ``codeshare.toml`` with rules of your own; default: that of the current directory, if any.
    """
    import pandas as pd

    return pd.DataFrame(_catalogue(config).rows())


def doctor(connection: DuckDBPyConnection, *, config: str | Path | None = None) -> pd.DataFrame:
    """What makes figures doubtful, as ``codeshare doctor`` tells it: one row a finding, the gravest first.

    ``frame.attrs["rows"]`` holds the rows of each finding by its name.

    Args:
        config: a ``codeshare.toml`` with rules of your own; default: that of the current directory, if any.
    """
    import pandas as pd

    from codeshare.metrics.weaknesses import find_weaknesses

    found = find_weaknesses(connection, _catalogue(config).windows)
    rows = [
        (name, finding.weakness.what, finding.count, finding.figure, finding.weakness.remedy)
        for name, finding in found.items()
    ]
    frame = pd.DataFrame(rows, columns=["finding", "what", "count", "figure", "remedy"])
    frame.attrs["rows"] = {name: finding.rows for name, finding in found.items()}
    return frame


def verify(
    connection: DuckDBPyConnection,
    file: str | Path,
    against: str,
    *,
    repo: str | None = None,
    where: str | Path | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Figures that others published beside ours, one row each, as ``codeshare verify`` compares them.

    ``frame.attrs["notes"]`` holds what is true of all of them.

    Args:
        file: with the published figures.
        against: whose they are: ``git-ai`` or ``git-of-theseus``, compared with what was mined, or ``blame``, with git itself.
        repo: the repository's name in the database; default: that of ``where``, else the only one.
        where: the repository's folder; for ``blame`` default: the current directory.
        options: ``tolerance``; of git-ai ``rev`` and ``ignored``; of git-of-theseus ``cohort_format`` and
            ``all_files``; of blame ``rules`` (a name or a file) and ``only``.

    Raises:
        CatalogueError: ``against`` is none of these.
        ExportError: the file is in no known form.
        CannotKnow: the repository was mined without the lives of lines.
    """
    import pandas as pd

    from codeshare.metrics.at_hand import open_named

    at_hand = open_named(str(where), repo) if where is not None else None
    if against == "blame":
        compared = _with_git(at_hand or open_named("."), Path(file), **options)
    else:
        compared = _with_mined(connection, Path(file), against, repo, at_hand, **options)
    frame = pd.DataFrame(compared.rows(), columns=["place", "figure", "published", "ours", "verdict", "why"])
    frame.attrs["notes"] = list(compared.notes)
    return frame


def _with_git(at_hand: AtHand, file: Path, rules: str = "aider", **options: Any) -> Compared:
    from codeshare.conformance.blame_rules import load_rules
    from codeshare.conformance.release_blame import compare_releases

    return compare_releases(at_hand, file, load_rules(rules), **options)


def _with_mined(
    connection: DuckDBPyConnection,
    file: Path,
    against: str,
    repo: str | None,
    at_hand: AtHand | None,
    **options: Any,
) -> Compared:
    from codeshare.conformance.git_ai import compare_git_ai
    from codeshare.conformance.theseus import compare_cohorts
    from codeshare.metrics.revisions import choose_repository

    name = choose_repository(connection, repo, at_hand.name if at_hand else None)
    if against == "git-ai":
        return compare_git_ai(connection, name, file, at_hand=at_hand, **options)
    if against == "git-of-theseus":
        return compare_cohorts(connection, name, file, **options)
    raise CatalogueError(f"against {against!r}: must be one of git-ai, blame, git-of-theseus.")


def _catalogue(config: str | Path | None) -> Catalogue:
    from codeshare.attribution.catalogue import configured_catalogue

    return configured_catalogue(load_config(Path(config) if config is not None else None))
