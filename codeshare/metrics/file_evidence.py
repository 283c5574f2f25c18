"""Everything that is known about the attribution of a file, or of one of its lines."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from codeshare.attribution.catalogue import Catalogue
from codeshare.errors import RepositoryError
from codeshare.metrics.blame import blame
from codeshare.metrics.commit_evidence import CommitWhy, explain_commit
from codeshare.metrics.conclusion import conclude_file, conclude_line
from codeshare.metrics.doubts import counted
from codeshare.metrics.line_history import Step, as_written, line_history, renames
from codeshare.metrics.rows import rows_of

if TYPE_CHECKING:
    import duckdb

    from codeshare.metrics.at_hand import AtHand

AI_CLASSES = ("ai", "assisted")


class Part(TypedDict):
    """Lines of a file that are attributed alike."""

    attribution: str
    lines: int
    share: float


class Behind(TypedDict):
    """A commit with lines in a file, the one with most lines first."""

    sha: str | None
    lines: int
    share: float
    attribution: str
    confidence: str | None
    tool: str | None
    rule: str | None
    engineer: str | None
    merged_at: datetime | None
    subject: str | None


class FileWhy(TypedDict):
    """Whose lines a file holds; times are UTC."""

    target: Literal["file"]
    repo: str
    path: str
    rev: str
    conclusion: str
    lines: int
    file_class: str | None
    attributions: list[Part]
    commits: list[Behind]
    notes: list[str]


class LineWhy(TypedDict):
    """Why a line is attributed so; ``commit`` is the one that wrote it, at the end of ``history``."""

    target: Literal["line"]
    repo: str
    path: str
    line: int
    rev: str
    text: str | None
    conclusion: str
    attribution: str
    confidence: str | None
    rule: str | None
    tool: str | None
    engineer: str | None
    history: list[Step]
    renames: list[str]
    commit: CommitWhy | None
    notes: list[str]


def explain_file(
    connection: duckdb.DuckDBPyConnection,
    repo: str,
    path: str,
    rev: str,
    named: str | None,
    at_hand: AtHand | None,
) -> FileWhy:
    """Add up the lines of a file as a revision has it; what was only reformatted or brought back counts as it was written.

    Args:
        connection: an open database of codeshare.
        repo: a repository in it.
        path: the file, from the repository's root.
        rev: the revision's id; `named`: as `blame` takes it, None: the mined tip.
        at_hand: the repository itself.

    Raises:
        NoSuchRevision, RepositoryError, CannotKnow: as `blame`.
    """
    blamed = blame(connection, repo, path, named, at_hand)
    written = as_written(connection, repo, blamed.frame)
    lines = [row | written.get(row["line"], {}) for row in rows_of(blamed.frame)]
    if not lines:
        raise RepositoryError(f"{path}: has no lines at {rev[:10]}; there is nothing to explain.")
    parts = [
        Part(attribution=name, lines=number, share=number / len(lines))
        for name, number in _most_first([row["attribution"] for row in lines])
    ]
    commits = _behind(connection, repo, lines)
    return FileWhy(
        target="file",
        repo=repo,
        path=path,
        rev=rev,
        conclusion=conclude_file(path, len(lines), parts, commits),
        lines=len(lines),
        file_class=_class(connection, repo, path) or _class(connection, repo, lines[0]["orig_path"]),
        attributions=parts,
        commits=commits,
        notes=blamed.notes,
    )


def _most_first(names: list[Any]) -> list[tuple[Any, int]]:
    counts: dict[Any, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts.items(), key=lambda item: -item[1])


def _behind(connection: duckdb.DuckDBPyConnection, repo: str, lines: list[dict[str, Any]]) -> list[Behind]:
    """The commits behind lines; one with lines of several classes has a row for each."""
    names = ("sha", "attribution", "confidence", "tool", "rule", "engineer", "merged_at")
    counts = _most_first([tuple(row[name] for name in names) for row in lines])
    subjects = dict(
        connection.execute(
            "select sha, subject from commits where repo = ? and list_contains(?, sha)",
            [repo, [key[0] for key, _ in counts if key[0]]],
        ).fetchall()
    )
    return [
        Behind(
            **dict(zip(names, key, strict=True)),  # type: ignore[typeddict-item]
            lines=number,
            share=number / len(lines),
            subject=subjects.get(key[0]),
        )
        for key, number in counts
    ]


def _class(connection: duckdb.DuckDBPyConnection, repo: str, path: str | None) -> str | None:
    row = connection.execute(
        """select g.file_class from changes as g join commits as c on c.repo = g.repo and c.sha = g.sha
        where g.repo = ? and g.path = ? order by c.ordinal desc limit 1""",
        [repo, path],
    ).fetchone()
    return row[0] if row else None


def explain_line(
    connection: duckdb.DuckDBPyConnection,
    repo: str,
    path: str,
    line: int,
    rev: str,
    named: str | None,
    catalogue: Catalogue,
    at_hand: AtHand | None,
) -> LineWhy:
    """Follow a line back to the commit that wrote it, and explain that.

    Args:
        line: 1-based, in the file as ``rev`` has it.
        catalogue: the rules in force.

    Raises:
        RepositoryError: the file has no such line; else as `explain_file`.
    """
    blamed = blame(connection, repo, path, named, at_hand)
    if not 1 <= line <= len(blamed.frame):
        raise RepositoryError(
            f"{path}:{line}: no such line: the file has {counted(len(blamed.frame), 'line')} at {rev[:10]}, the first is 1."
        )
    (row,) = rows_of(blamed.frame.iloc[line - 1 : line])
    history = line_history(connection, repo, row)
    wrote = history[-1] if history else None
    told = wrote or row
    is_known = wrote is not None and _is_held(connection, repo, wrote["sha"])
    commit = None
    if wrote is not None and is_known:
        commit = explain_commit(
            connection, repo, wrote["sha"], catalogue, at_hand, at=(wrote["path"], wrote["line"])
        )
    answer: LineWhy = LineWhy(
        target="line",
        repo=repo,
        path=path,
        line=line,
        rev=rev,
        text=row.get("text"),
        conclusion=conclude_line(told, history, commit),
        **{name: told[name] for name in ("attribution", "confidence", "rule", "tool", "engineer")},  # type: ignore[typeddict-item]
        history=history,
        renames=renames(connection, repo, path, history),
        commit=commit,
        notes=blamed.notes,
    )
    return answer


def _is_held(connection: duckdb.DuckDBPyConnection, repo: str, sha: str) -> bool:
    return bool(
        connection.execute("select 1 from commits where repo = ? and sha = ?", [repo, sha]).fetchone()
    )
