"""The quality of one commit after the other, in a worker process: PyDriller's model, comments, duplication.

PyDriller starts git through GitPython. It gets a clone of our own without files, hooks, attributes and
settings, and a closed environment; it parses what files hold and runs nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from codeshare.git.quoting import bytes_of
from codeshare.git.shadow import enclose
from codeshare.mining.comments import comment_lines
from codeshare.mining.duplication import Trees
from codeshare.mining.limits import within

LIMIT = 60.0
"""Seconds for one commit."""


class Quality(Struct, frozen=True):
    """What was measured of a commit; None: it changes no function, or (of lines) adds none of code.

    Attributes:
        files: files of languages that are parsed.
        added: its added lines of code and tests, blank ones aside.
        comments: of these, with nothing but comments.
        duplicated: of the others, in blocks that the tree holds elsewhere; None: the tree is too large.
        why: why nothing could be measured.
    """

    sha: str
    unit_size: float | None = None
    complexity: float | None = None
    interfacing: float | None = None
    files: int = 0
    added: int | None = None
    comments: int | None = None
    duplicated: int | None = None
    why: str | None = None


class _Worker(Struct):
    repository: Any
    trees: Trees
    code: Collection[bytes]


class _TimeUp(BaseException):
    """Passes through whatever a parser catches."""


_worker: _Worker | None = None


def begin(clone: Path, shadow: Path, code: Sequence[str]) -> None:
    """Prepare a worker process; ``code``: the paths that hold code or tests."""
    global _worker
    enclose()
    from pydriller import Git

    paths = frozenset(map(bytes_of, code))
    _worker = _Worker(Git(str(clone)), Trees(shadow, paths), paths)


def measure(shas: Sequence[str], limit: float = LIMIT) -> list[Quality]:
    """Measure commits; one that fails says why."""
    return [_measured(sha, limit) for sha in shas]


def _measured(sha: str, limit: float) -> Quality:
    try:
        with within(limit, _TimeUp()):
            return _quality(sha)
    except _TimeUp:
        return Quality(sha, why=f"took more than {limit:g} seconds")
    except Exception as error:  # whatever a parser or git stumbles over
        words = str(error).splitlines()
        return Quality(sha, why=f"{type(error).__name__}: {words[0] if words else ''}"[:200])


def _quality(sha: str) -> Quality:
    assert _worker is not None
    commit = _read_once()(_worker.repository.repo.commit(sha), _worker.repository._conf)
    added, comments, duplicated = _lines(commit, sha, _worker)
    return Quality(
        sha,
        commit.dmm_unit_size,
        commit.dmm_unit_complexity,
        commit.dmm_unit_interfacing,
        sum(file.language_supported for file in commit.modified_files),
        added,
        comments,
        duplicated,
    )


def _read_once() -> Any:
    from pydriller import Commit

    class ReadOnce(Commit):  # type: ignore[misc]  # PyDriller has no types here
        """A commit whose files are read and parsed once, not for every property."""

        @cached_property
        def modified_files(self) -> Any:
            return super().modified_files

    return ReadOnce


def _lines(commit: Any, sha: str, worker: _Worker) -> tuple[int | None, int | None, int | None]:
    """Added lines of code and tests, of them comments, and duplicated ones of the rest."""
    contents: dict[bytes, tuple[bytes, set[int]]] = {}
    comments: dict[bytes, set[int]] = {}
    for file in commit.modified_files:
        path = (file.new_path or "").encode()
        content = file.content
        if path not in worker.code or not content:
            continue
        text = content.decode("utf-8", "replace")
        marked = comment_lines(file.filename, text)
        lines = {number for number, line in file.diff_parsed["added"] if line.strip()}
        if marked is None or not lines:
            continue
        contents[path], comments[path] = (content, lines), marked & lines
    if not contents:
        return None, None, None
    found = worker.trees.duplicated(sha, contents)
    return (
        sum(len(lines) for _, lines in contents.values()),
        sum(map(len, comments.values())),
        None if found is None else sum(len(lines - comments[path]) for path, lines in found.items()),
    )
