"""Cursor's lines by commit: tab completions, the agent ("composer"), and the rest.

Read as CSV (``/analytics/ai-code/commits.csv``), as pages of JSON (``/analytics/ai-code/commits``), and as
rows of ``scored_commits``, the table in which the editor keeps the same on each machine
(``~/.cursor/ai-tracking/ai-code-tracking.db``), written as JSON or CSV.
Source: "AI Code Tracking API" in Cursor's documentation (cursor.com/docs/account/teams/ai-code-tracking-api),
alpha, read 2026-11-21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from codeshare.errors import ExportError
from codeshare.exports.commit_lines import CommitLines, commit_id, count, read_rows
from codeshare.exports.documents import objects_in, read_text, read_values

VENDOR, TOOL = "cursor", "Cursor"
_NEEDED = ("commit_hash", "tab_lines_added", "composer_lines_added")
_KNOWN = "Cursor's commits.csv, its pages of commits, or rows of scored_commits"
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def read_cursor(path: Path) -> list[CommitLines]:
    """Read an export; a commit that is there under several branches or users counts once, the fullest row.

    Raises:
        ExportError: it cannot be read, or is no export of Cursor's by commit.
    """
    best: dict[str, CommitLines] = {}
    for where, row in _rows(path):
        lines = _lines(row, where)
        known = best.get(lines.sha)
        if known is None or (lines.agent + lines.completed) > (known.agent + known.completed):
            best[lines.sha] = lines
    return list(best.values())


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    text = read_text(path)
    if text.lstrip()[:1] not in ("{", "["):
        for where, row in read_rows(text, path):
            yield where, {_snake(key): value for key, value in row.items()}
        return
    for n, value in enumerate(objects_in(read_values(path)), 1):
        if not isinstance(value, dict):
            raise ExportError(f"{path}: no known form; known: {_KNOWN}.")
        page = next(
            (value[key] for key in ("items", "commits", "data") if isinstance(value.get(key), list)), [value]
        )
        for item in objects_in(page):
            if not isinstance(item, dict):
                raise ExportError(f"{path}: no known form; known: {_KNOWN}.")
            yield f"{path}: commit {n}", {_snake(key): each for key, each in item.items()}


def _lines(row: Mapping[str, Any], where: str) -> CommitLines:
    if lacking := [name for name in _NEEDED if name not in row]:
        raise ExportError(f"{where}: lacks {', '.join(lacking)}; known: {_KNOWN}.")
    sha = commit_id(row["commit_hash"])
    if sha is None:
        raise ExportError(f"{where}: {row['commit_hash']!r:.60} is no commit id.")

    def lines(name: str) -> int | None:
        value = row.get(name)
        return None if value is None or value == "" else count(value, where)

    added = lines("total_lines_added")
    person = lines("non_ai_lines_added")
    return CommitLines(
        VENDOR,
        TOOL,
        sha,
        lines("lines_added") if added is None else added,
        lines("composer_lines_added") or 0,
        lines("tab_lines_added") or 0,
        lines("human_lines_added") if person is None else person,
    )


def _snake(name: str) -> str:
    return _CAPITAL.sub(r"_\1", name.strip()).lower()
