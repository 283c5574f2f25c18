"""Cohorts of git-of-theseus (``cohorts.json`` of ``git-of-theseus-analyze``), beside the lives of the mined lines.

It blames every file that it takes for code at one first-parent commit a week and adds lines up by the
year (``--cohortfm``) of their commit. Source: git_of_theseus/analyze.py of erikbern/git-of-theseus 0.3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from codeshare.conformance.comparison import TOLERANCE, Compared, Figure
from codeshare.errors import CannotKnow, ExportError
from codeshare.exports.documents import read_values
from codeshare.exports.request import moment

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PREFIX = "Code added in "
_NO_CODE = frozenset(
    {"*.json", "*.md", "*.ps", "*.eps", "*.txt", "*.xml", "*.xsl", "*.rss", "*.xslt", "*.xsd", "*.wsdl", "*.wsf", "*.yaml", "*.yml"}
)  # fmt: skip
_NEVER = 1 << 62
_LIVES = """
select
    coalesce(s.landed_path, s.path) as path, strftime(c.committed_at, $format) as cohort,
    l.ordinal as landed, coalesce(d.ordinal, $never) as died, sum(s.line_count)::bigint as lines
from line_spans as s
join commits as c on c.repo = s.repo and c.sha = s.sha
join commits as l on l.repo = s.repo and l.sha = s.merge_sha
left join commits as d on d.repo = s.repo and d.sha = s.died_merge_sha
where s.repo = $repo and s.landed
group by all"""

Counts = npt.NDArray[np.int64]


class Cohorts(Struct, frozen=True):
    """Lines by cohort (rows) and moment (columns)."""

    labels: Sequence[str]
    moments: Sequence[datetime]
    lines: Counts


def read_cohorts(path: Path) -> Cohorts:
    """Read ``cohorts.json``.

    Raises:
        ExportError: it is something else.
    """
    value = next(iter(read_values(path)), None)
    if not isinstance(value, dict) or not all(
        isinstance(value.get(key), list) for key in ("y", "ts", "labels")
    ):
        raise ExportError(f"{path}: no cohorts.json of git-of-theseus-analyze, which has y, ts and labels.")
    moments = [moment(each) for each in value["ts"]]
    labels = [str(label) for label in value["labels"]]
    try:
        lines = np.array(value["y"], dtype=np.int64).reshape(len(labels), len(moments))
    except (ValueError, TypeError, OverflowError):
        raise ExportError(f"{path}: y is not as long as labels and ts say.") from None
    if not labels or not moments or None in moments or not all(label.startswith(_PREFIX) for label in labels):
        raise ExportError(
            f"{path}: its labels are no cohorts (authors, folders and endings are not compared)."
        )
    return Cohorts(
        [label.removeprefix(_PREFIX) for label in labels], [each for each in moments if each], lines
    )


def compare_cohorts(
    connection: DuckDBPyConnection,
    repo: str,
    path: Path,
    *,
    cohort_format: str = "%Y",
    all_files: bool = False,
    tolerance: float = TOLERANCE,
) -> Compared:
    """Compare the lines of each cohort at each moment at which the branch had a landing.

    Args:
        connection: the database.
        repo: the repository's name in it.
        path: the file.
        cohort_format: as ``--cohortfm`` was.
        all_files: it was run with ``--all-filetypes``.
        tolerance: see `Figure.verdict`.

    Raises:
        ExportError: the file is in no known form.
        CannotKnow: the repository was mined without the lives of lines.
    """
    row = connection.execute("select basis from repos where repo = ?", [repo]).fetchone()
    if row is None or row[0] != "landed":
        raise CannotKnow(f"{repo}: mined without the lives of lines. Mine it again: codeshare mine --again.")
    published = read_cohorts(path)
    places = _landings(connection, repo, published.moments)
    frame = connection.execute(_LIVES, {"repo": repo, "format": cohort_format, "never": _NEVER}).fetchnumpy()
    by_files = {each: _alive(frame, published, places, all_files=each) for each in (all_files, not all_files)}
    figures: list[Figure] = []
    for k, (at, place) in enumerate(zip(published.moments, places, strict=True)):
        figures += _point(
            f"{at:%Y-%m-%d}", k, place, published, by_files[all_files], by_files[not all_files], all_files
        )
    notes = (
        "files by their endings as the Pygments that is installed lists them; the published run may have had another version",
    )
    return Compared(figures, tolerance, notes)


def _point(
    place: str, k: int, landing: int | None, published: Cohorts, ours: Counts, others: Counts, all_files: bool
) -> list[Figure]:
    if landing is None:
        why = "no landing of the mined branch has this date"
        return [Figure(place, "lines", float(published.lines[:, k].sum()), None, why)]
    theirs = published.lines[:, k]
    why = "blame and the lives of lines part company in merges; or other endings count as code"
    if np.array_equal(others[:, k], theirs):
        why = "it was run " + ("without" if all_files else "with") + " --all-filetypes"
    return [
        Figure(place, "lines", float(theirs.sum()), float(ours[:, k].sum()), why),
        *(
            Figure(place, f"lines of {label}", float(theirs[n]), float(ours[n, k]), why)
            for n, label in enumerate(published.labels)
            if theirs[n] or ours[n, k]
        ),
    ]


def _landings(connection: DuckDBPyConnection, repo: str, moments: Sequence[datetime]) -> list[int | None]:
    """For each moment the landing of that committer date, by ordinal."""
    rows = connection.execute(
        "select committed_at, max(ordinal) from commits where repo = ? and is_mainline and merge_sha = sha group by all",
        [repo],
    ).fetchall()
    known = dict(rows)
    return [known.get(each) for each in moments]


def _alive(
    frame: dict[str, Any], published: Cohorts, places: Sequence[int | None], *, all_files: bool
) -> Counts:
    is_code = _code_files() if not all_files else None
    names = frame["path"]
    known = {name: is_code is None or is_code(name.rpartition("/")[2]) for name in set(names.tolist())}
    counts = np.fromiter((known[name] for name in names), dtype=bool, count=len(names))
    row_of = {label: n for n, label in enumerate(published.labels)}
    cohort = np.fromiter((row_of.get(each, -1) for each in frame["cohort"]), dtype=np.int64, count=len(names))
    counts &= cohort >= 0
    cohort, landed, died, lines = (np.asarray(each)[counts] for each in (cohort, frame["landed"], frame["died"], frame["lines"]))  # fmt: skip
    result = np.zeros(published.lines.shape, dtype=np.int64)
    for k, place in enumerate(places):
        if place is not None:
            is_there = (landed <= place) & (died > place)
            np.add.at(result[:, k], cohort[is_there], lines[is_there].astype(np.int64))
    return result


def _code_files() -> Any:
    """Whether the name of a file is one that git-of-theseus takes for code."""
    try:
        from pygments.lexers import get_all_lexers
    except ImportError:
        raise CannotKnow("Pygments, whose list of endings git-of-theseus uses, is not installed.") from None
    patterns = {each for _, _, names, _ in get_all_lexers() for each in names} - _NO_CODE
    endings = tuple(each[1:] for each in patterns if each.startswith("*") and not set("*?[") & set(each[1:]))
    others = [each for each in patterns if not (each.startswith("*") and each[1:] in endings)]
    plain = frozenset(each for each in others if not set("*?[") & set(each))
    wild = [each for each in others if each not in plain]

    def is_code(name: str) -> bool:
        return name.endswith(endings) or name in plain or any(fnmatchcase(name, each) for each in wild)

    return is_code
