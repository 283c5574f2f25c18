"""Ask git itself who wrote the lines of a file: for commits of which the database does not know it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from codeshare.errors import GitError
from codeshare.git.quoting import unquote_c
from codeshare.git.repository import tip_blob
from codeshare.git.shadow import Shadow

_LINE = re.compile(rb"(?P<sha>[0-9a-f]{40}(?:[0-9a-f]{24})?) (?P<number>\d+) \d+(?: \d+)?\Z")


class Origin(Struct, frozen=True):
    """Where a line was born: commit, file as that commit left it, 1-based number there."""

    sha: str
    path: bytes
    number: int


def blame_file(shadow: Shadow, commit: str, path: bytes) -> list[Origin] | None:
    """The origin of every line of a file of a commit's tree; None where git cannot tell."""
    try:
        out = shadow.run("blame", "--line-porcelain", commit, "--", os.fsdecode(path))
    except GitError:
        return None
    origins: list[Origin] = []
    sha, number, name = "", 0, path
    for line in out.split(b"\n"):
        if line.startswith(b"\t"):
            origins.append(Origin(sha, name, number))
        elif line.startswith(b"filename "):
            name = unquote_c(line.removeprefix(b"filename "))
        elif match := _LINE.match(line):
            sha, number = match["sha"].decode("ascii"), int(match["number"])
    return origins


def read_lines(shadow: Shadow, commit: str, path: bytes) -> list[bytes] | None:
    """The lines of a file of a commit's tree, as git counts them; None where there is none or it cannot be read."""
    blob = tip_blob(shadow, commit, os.fsdecode(path))
    try:
        content = shadow.run("cat-file", "blob", blob) if blob else None
    except GitError:
        return None
    if content is None:
        return None
    lines = content.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def blame_since(
    shadow: Shadow, start: str, end: str, path: str, options: Sequence[str] = ()
) -> Counter[str] | None:
    """Lines of a file of ``end`` by commit, of commits that ``start`` does not reach; None where git cannot tell."""
    try:
        out = shadow.run("blame", "--porcelain", *options, f"{start}..{end}", "--", path)
    except GitError:
        return None
    lines: Counter[str] = Counter()
    older: set[str] = set()
    sha = ""
    for line in out.split(b"\n"):
        if match := _LINE.match(line):
            sha = match["sha"].decode("ascii")
            lines[sha] += 1
        elif line == b"boundary":
            older.add(sha)
    for each in older:
        del lines[each]
    return lines


def changed_paths(shadow: Shadow, start: str, end: str) -> list[str]:
    """Files of ``end`` that differ from those of ``start``."""
    out = shadow.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", "--diff-filter=d", start, end)
    return sorted(os.fsdecode(path) for path in out.split(b"\0") if path)


def messages_since(shadow: Shadow, start: str, end: str) -> list[tuple[str, str, str]]:
    """Id, author's name and message of every commit that ``end`` reaches and ``start`` does not."""
    out = shadow.run("log", "-z", "--format=%H%n%an%n%B", f"{start}..{end}", "--")
    found = []
    for entry in out.split(b"\0"):
        sha, _, rest = entry.decode("utf-8", "surrogateescape").partition("\n")
        author, _, message = rest.partition("\n")
        if sha:
            found.append((sha, author, message))
    return found
