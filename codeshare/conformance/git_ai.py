"""git-ai's statistics of commits (``git-ai stats --json``), beside what was mined.

Source: src/authorship/stats.rs and src/commands/diff.rs of git-ai-project/git-ai, read 2026-11-21.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
from msgspec import Struct, field

from codeshare.attribution.records.names import load_names
from codeshare.conformance.comparison import TOLERANCE, Compared, Figure
from codeshare.errors import CannotKnow, ExportError
from codeshare.exports.documents import objects_in, read_values
from codeshare.metrics.revisions import find_revision
from codeshare.shipped import shipped

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from codeshare.metrics.at_hand import AtHand

_COUNTS = (
    "human_additions",
    "unknown_additions",
    "ai_additions",
    "git_diff_deleted_lines",
    "git_diff_added_lines",
)
_FORM = 'an object of `git-ai stats --json`, or lines of {"commit": ID, "stats": OBJECT}; docs/verify.md writes them'


class _Ours(Struct):
    added: int = 0
    deleted: int = 0
    ai: int = 0
    human: int = 0
    by_tool: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    overclaimed: int = 0
    is_merge: bool = False
    has_record: bool = False
    moves: int = 0


def compare_git_ai(
    connection: DuckDBPyConnection,
    repo: str,
    path: Path,
    *,
    rev: str | None = None,
    at_hand: AtHand | None = None,
    ignored: Sequence[str] = (),
    tolerance: float = TOLERANCE,
) -> Compared:
    """Compare git-ai's statistics with the mined lines of the same commits.

    Args:
        connection: the database.
        repo: the repository's name in it.
        path: the file.
        rev: the commit of a single object; None: the mined tip.
        at_hand: the repository itself, for names of tags and branches.
        ignored: patterns given to git-ai with ``--ignore``.
        tolerance: see `Figure.verdict`.

    Raises:
        ExportError: the file is in no known form.
        CannotKnow: the repository was mined without the lives of lines.
    """
    row = connection.execute("select basis from repos where repo = ?", [repo]).fetchone()
    if row is None or row[0] != "landed":
        raise CannotKnow(f"{repo}: mined without lines, so records count for nothing. Mine it again: codeshare mine --again.")  # fmt: skip
    published = list(_statistics(path, lambda: find_revision(connection, repo, rev, at_hand).sha))
    is_ignored = _matcher((*_patterns(), *ignored))
    ours = _mined(connection, repo, [sha for sha, _ in published], is_ignored)
    figures = [figure for sha, stats in published for figure in _figures(sha, stats, ours.get(sha))]
    notes = (
        "git-ai pairs renamed files from 1 % of likeness on, codeshare from 50 %; it leaves out files that it takes for generated",
    )
    return Compared(figures, tolerance, notes)


def _statistics(path: Path, default: Callable[[], str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for value in objects_in(read_values(path)):
        if not isinstance(value, dict):
            raise ExportError(f"{path}: no statistics of git-ai; known: {_FORM}.")
        if "range_stats" in value:
            raise ExportError(f"{path}: statistics of a range, which are of its diff as a whole; compare commits: {_FORM}.")  # fmt: skip
        stats = value.get("stats", value)
        if not isinstance(stats, dict) or not all(type(stats.get(name)) is int for name in _COUNTS):
            raise ExportError(f"{path}: no statistics of git-ai; known: {_FORM}.")
        sha = value.get("commit")
        yield (sha if isinstance(sha, str) else default()), stats


def _figures(sha: str, stats: Mapping[str, Any], ours: _Ours | None) -> Iterator[Figure]:
    place = sha[:12]
    if ours is None:
        for name in _COUNTS:
            yield Figure(place, name, stats[name], None, "the branch does not reach the commit")
        return
    mine = {
        "human_additions": ours.human,
        "unknown_additions": max(ours.added - ours.ai - ours.human, 0),
        "ai_additions": ours.ai,
        "git_diff_deleted_lines": ours.deleted,
        "git_diff_added_lines": ours.added,
    }
    for name in _COUNTS:
        yield Figure(place, name, stats[name], mine[name], _why(name, stats, mine, ours))
    breakdown = stats.get("tool_model_breakdown") or {}
    tools = load_names()
    for key, counts in sorted(breakdown.items()):
        tool, _, model = key.partition("::")
        found = ours.by_tool[tools.tool(tool), None if model in ("", "unknown") else model]
        yield Figure(place, f"ai_additions of {key}", counts.get("ai_additions", 0), found, _why("ai_additions", stats, mine, ours))  # fmt: skip


def _why(name: str, stats: Mapping[str, Any], mine: Mapping[str, int], ours: _Ours) -> str:
    if ours.is_merge:
        return "a merge: git-ai counts nothing in it, codeshare the lines found in no parent"
    is_diff_alike = all(
        stats[each] == mine[each] for each in ("git_diff_added_lines", "git_diff_deleted_lines")
    )
    if not is_diff_alike and ours.moves:
        return f"{ours.moves} files added, removed or renamed: other pairs of renamed files"
    if not is_diff_alike:
        return "git draws the same change in another way: other options or files left out"
    if name in ("git_diff_added_lines", "git_diff_deleted_lines"):
        return ""
    if not ours.has_record:
        return "no record of this commit is at hand: fetch refs/notes/ai"
    if stats["ai_additions"] > stats["git_diff_added_lines"]:
        return "its record claims lines more than once: more than the commit adds"
    if mine["ai_additions"] < stats["ai_additions"]:
        return "test agents, keys that name nobody, or lines claimed twice: codeshare counts a line once"
    return "records of another ref or place count here too"


def _mined(
    connection: DuckDBPyConnection, repo: str, shas: Sequence[str], is_ignored: Callable[[str], bool]
) -> dict[str, _Ours]:
    wanted = {"repo": repo, "shas": list(shas)}
    where = "repo = $repo and sha in (select unnest($shas))"
    found: dict[str, _Ours] = {}
    for sha, is_merge in connection.execute(
        f"select sha, is_merge from commits where {where}", wanted
    ).fetchall():
        found[sha] = _Ours(is_merge=is_merge)
    for sha, path, status, added, deleted in connection.execute(
        f"select sha, path, status, coalesce(added, 0), coalesce(deleted, 0) from changes where {where}",
        wanted,
    ).fetchall():
        found[sha].moves += status != "M"
        if not is_ignored(path):
            found[sha].added += added
            found[sha].deleted += deleted
    for sha, path, attribution, tool, model, lines in connection.execute(
        f"""select sha, path, attribution, tool, model, sum(line_count)::bigint from evidence
        where {where} and kind = 'line_record' group by all""",
        wanted,
    ).fetchall():
        ours = found[sha]
        ours.has_record = True
        if is_ignored(path):
            continue
        if attribution == "human":
            ours.human += lines
        else:
            ours.ai += lines
            ours.by_tool[tool, model] += lines
    for (sha,) in connection.execute(
        f"select distinct sha from overclaimed where {where}", wanted
    ).fetchall():
        found[sha].has_record = True
    return found


@cache
def _patterns() -> tuple[str, ...]:
    text = shipped("conformance/rules/git_ai.toml")
    return tuple(tomli.loads(text)["ignored"])


def _matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    given = tuple(patterns)

    @cache
    def is_ignored(path: str) -> bool:
        base = path.rpartition("/")[2]
        # `**/` stands for no folder too.
        return any(fnmatchcase(text, each) for each in given for text in (path, base, f"/{path}"))

    return is_ignored
