"""Records what was really written, and writes it down beside the repositories.

Rows are streamed to disk with fast-import's marks and get the commits' ids at the end.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from sample_repos.marks import Expected
from sample_repos.tally import HANDWRITTEN, Tally
from sample_repos.tree import Edit
from sample_repos.workdays import moment

_LINES = ["repo", "sha", "path", "line_start", "line_count", "file_class", "writer", "landed"]
_COMMITS = [
    *(
        "repo",
        "sha",
        "landing",
        "committed_at",
        "merged_at",
        "is_merge",
        "is_skewed",
        "author",
        "author_kind",
    ),
    *(
        "engineer",
        "writer",
        "is_new_work",
        "why_not",
        "marked_class",
        "marked_confidence",
        "marked_kind",
        "mark",
    ),
    *(
        "is_mixed",
        "added",
        "added_handwritten",
        "landed_handwritten",
        "ai",
        "assisted",
        "human",
        "bot",
        "element",
    ),
]


@dataclass(slots=True)
class CommitTruth:
    """One commit as it really was. ``engineer`` is a canonical address, empty for bots and the unassigned."""

    repo: str
    mark: int
    committed_at: int
    author: str
    author_kind: str
    engineer: str
    expected: Expected
    edits: list[Edit]
    is_merge: bool = False
    why_not: str = ""
    element: str = ""
    is_skewed: bool = False

    def handwritten(self, writer: str = "", landed_only: bool = False) -> int:
        """Count handwritten lines added, of one writer or of all."""
        return sum(
            run.count
            for edit in self.edits
            if edit.file_class in HANDWRITTEN
            for run in edit.runs
            if writer in ("", run.writer) and (run.landed or not landed_only)
        )


class Truth:
    """Everything that is known of the company's commits and lines."""

    def __init__(self, folder: Path) -> None:
        """Open the files of rows."""
        folder.mkdir()
        self.folder = folder
        self.tally = Tally()
        self.elements: list[dict[str, Any]] = []
        self.counts: dict[str, int] = {}
        self._files: list[TextIO] = []
        self._commits = self._open("commits", _COMMITS)
        self._lines = self._open("lines", _LINES)

    def landed(self, commits: Iterable[CommitTruth], landing: int, merged_at: int) -> None:
        """Record the commits that one landing (its mark) brought in at a time."""
        for commit in commits:
            self.counts[commit.repo] = self.counts.get(commit.repo, 0) + 1
            self.tally.add(commit, merged_at)
            self._commits.writerow(self._row(commit, landing, merged_at))
            for edit in commit.edits:
                self._write_runs(commit, edit)

    def element(self, kind: str, repo: str, commits: dict[str, Any], **found: Any) -> None:
        """Record a planted element; numbers in ``commits`` are marks."""
        self.elements.append({"kind": kind, "repo": repo, "commits": commits, **found})

    def finish(self, ids: dict[str, dict[int, str]]) -> None:
        """Write all files, with commit ids for marks."""
        for file in self._files:
            file.close()
        for name in ("commits", "lines"):
            self._resolve(name, ids)
        for element in self.elements:
            of_repo = ids[element["repo"]]
            element["commits"] = {key: _named(value, of_repo) for key, value in element["commits"].items()}
        text = json.dumps(self.elements, indent=1, ensure_ascii=False) + "\n"
        (self.folder / "elements.json").write_text(text, encoding="utf-8")
        self.tally.write(self.folder)

    def _open(self, name: str, header: list[str]) -> Any:
        file = (self.folder / f"{name}.part").open("w", encoding="utf-8", newline="")
        self._files.append(file)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        return writer

    def _row(self, commit: CommitTruth, landing: int, merged_at: int) -> list[object]:
        writers = {w: commit.handwritten(w) for w in ("ai", "assisted", "human", "bot")}
        named = [w for w, lines in writers.items() if lines]
        expected = Expected("", "") if commit.is_merge else commit.expected
        return [
            *(commit.repo, commit.mark, landing, _time(commit.committed_at), _time(merged_at)),
            *(
                int(commit.is_merge),
                int(commit.is_skewed),
                commit.author,
                commit.author_kind,
                commit.engineer,
            ),
            *("mixed" if len(named) > 1 else "".join(named), int(not commit.why_not), commit.why_not),
            *(
                expected.attribution,
                expected.confidence,
                expected.kind,
                expected.mark,
                int(expected.is_mixed),
            ),
            *(sum(edit.added for edit in commit.edits), commit.handwritten()),
            *(commit.handwritten(landed_only=True), *writers.values(), commit.element),
        ]

    def _write_runs(self, commit: CommitTruth, edit: Edit) -> None:
        start = edit.start
        for run in edit.runs:
            row = [
                commit.repo,
                commit.mark,
                edit.path,
                start,
                run.count,
                edit.file_class,
                run.writer,
                int(run.landed),
            ]
            if run.count:
                self._lines.writerow(row)
            start += run.count

    def _resolve(self, name: str, ids: dict[str, dict[int, str]]) -> None:
        part = self.folder / f"{name}.part"
        columns = (1, 2) if name == "commits" else (1,)
        with (
            part.open(encoding="utf-8", newline="") as rows,
            (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file,
        ):
            reader, writer = csv.reader(rows), csv.writer(file, lineterminator="\n")
            writer.writerow(next(reader))
            for row in reader:
                for column in columns:
                    row[column] = ids[row[0]][int(row[column])]
                writer.writerow(row)
        part.unlink()


def _time(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _named(value: Any, ids: dict[int, str]) -> Any:
    if isinstance(value, list):
        return [_named(item, ids) for item in value]
    return ids[value] if isinstance(value, int) else value
