"""Claude Code's contribution data as CSV, where it is told by commit.

The export that the documentation describes ("Export all users" of the analytics page) is by user, and its
columns are documented nowhere. So headings are recognised by their words, and others can be named; a file
that is by user says nothing of commits and is refused. What the same service puts on a request, the label
``claude-code-assisted``, comes with the requests.
Source: "Track team usage with analytics" in Claude Code's documentation
(code.claude.com/docs/en/analytics), read 2026-11-21.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from codeshare.errors import ExportError
from codeshare.exports.commit_lines import CommitLines, commit_id, count, read_rows
from codeshare.exports.documents import read_text

VENDOR, TOOL = "claude-code", "Claude Code"
LABEL = "claude-code-assisted"
"""What the service calls a merged request that holds lines of Claude Code's."""

COLUMNS = ("commit", "lines", "total")
_HEADINGS = {
    "commit": ("commit", "commit_sha", "commit_hash", "commit_id", "sha", "hash", "merge_commit_sha", "merge_commit"),
    "lines": (
        "lines_with_cc", "lines_of_code_with_cc", "lines_with_claude_code", "lines_of_code_with_claude_code",
        "claude_code_lines", "claude_lines", "cc_lines", "assisted_lines", "ai_lines", "lines_added_with_cc",
    ),
    "total": (
        "total_lines", "lines", "lines_of_code", "total_lines_of_code", "total_lines_added", "lines_added", "all_lines",
    ),
}  # fmt: skip
_BY_USER = ("user", "email", "user_email", "member", "github_username")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def read_claude_code(path: Path, named: Mapping[str, str] | None = None) -> list[CommitLines]:
    """Read an export by commit; several rows of one commit are added up.

    Args:
        path: the CSV file.
        named: of `COLUMNS` the headings under which they stand, where they are unusual.

    Raises:
        ExportError: it cannot be read, or does not say which commit has how many lines.
    """
    found: dict[str, CommitLines] = {}
    headings: dict[str, str] | None = None
    for where, row in read_rows(read_text(path), path):
        headings = headings or _headings(path, list(row), named or {})
        sha = commit_id(row[headings["commit"]])
        if sha is None:
            raise ExportError(f"{where}: {row[headings['commit']]!r:.60} is no commit id.")
        agent = count(row[headings["lines"]], where)
        total = count(row[headings["total"]], where) if "total" in headings else None
        known = found.get(sha)
        if known is not None:
            agent += known.agent
            total = None if total is None or known.added is None else total + known.added
        found[sha] = CommitLines(
            VENDOR, TOOL, sha, total, agent, 0, None if total is None else max(total - agent, 0)
        )
    return list(found.values())


def _headings(path: Path, given: list[str], named: Mapping[str, str]) -> dict[str, str]:
    plain = {_NO_LETTER.sub("_", name.lower()).strip("_"): name for name in given}
    found = {}
    for column in COLUMNS:
        if column in named:
            if named[column] not in given:
                raise ExportError(f"{path}: no column {named[column]!r}; it has {', '.join(given)}.")
            found[column] = named[column]
        elif heading := next((plain[each] for each in _HEADINGS[column] if each in plain), None):
            found[column] = heading
    lacking = [column for column in ("commit", "lines") if column not in found]
    if not lacking:
        return found
    by_user = "commit" in lacking and any(each in plain for each in _BY_USER)
    raise ExportError(
        f"{path}: "
        + ("a row a user tells nothing of commits" if by_user else f"no column for {' and '.join(lacking)}")
        + f" (it has {', '.join(given)}). Name columns with --column commit=HEADING --column lines=HEADING."
    )
