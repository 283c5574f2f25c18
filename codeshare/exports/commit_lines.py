"""What a vendor says of the lines of one commit."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from codeshare.errors import ExportError
from codeshare.model import Attribution, Confidence, Evidence

_ID = re.compile(r"[0-9a-f]{7,64}")
_MOST = 2**53


class CommitLines(Struct, frozen=True):
    """Lines added by one commit, as a vendor counts them.

    ``sha`` may be shortened. ``added`` and ``person`` are None where the vendor does not say.
    """

    vendor: str
    tool: str
    sha: str
    added: int | None
    agent: int
    completed: int = 0
    person: int | None = None

    def evidence(self) -> Evidence | None:
        """What it says of the commit as a whole; None where no line is the tool's.

        Assisted, and only a commit whose every line is the agent's is ai: nothing says which lines are whose.
        """
        written = self.agent + self.completed
        if not written:
            return None
        is_whole = self.added is not None and self.agent >= self.added > 0
        of = f" of {self.added}" if self.added is not None else ""
        completed = f", {self.completed} completed" if self.completed else ""
        return Evidence(
            rule=f"{self.vendor}.export",
            kind="export",
            tool=self.tool,
            attribution=Attribution.AI if is_whole else Attribution.ASSISTED,
            confidence=Confidence.MEDIUM if is_whole else Confidence.HIGH,
            origin=f"export of {self.tool}",
            excerpt=f"{self.agent}{of} lines by the agent{completed}",
        )


def commit_id(value: Any) -> str | None:
    """An object id, whole or shortened; None if it is none."""
    found = value.strip().lower() if isinstance(value, str) else ""
    return found if _ID.fullmatch(found) else None


def count(value: Any, where: str) -> int:
    """A number of lines.

    Raises:
        ExportError: it is none.
    """
    try:
        found = int(str(value).strip() or "0")
    except ValueError:
        found = -1
    if not 0 <= found < _MOST:
        raise ExportError(f"{where}: {value!r:.30} is no number of lines.")
    return found


def read_rows(text: str, path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The rows of a CSV file by the names of its first line, each with where it stands."""
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    try:
        for row in reader:
            yield f"{path}: line {reader.line_num}", {key: value or "" for key, value in row.items() if key}
    except csv.Error as error:
        raise ExportError(f"{path}: line {reader.line_num} is no CSV: {error}.") from None
