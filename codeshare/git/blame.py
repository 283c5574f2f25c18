"""Ask git itself who wrote the lines of a file: for commits of which the database does not know it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from codeshare.errors import GitError
from codeshare.git.quoting import unquote_c
from codeshare.git.repository import tip_blob
from codeshare.git.shadow import Shadow

_LINE = re.compile(rb"(?P<sha>[0-9a-f]{40}(?:[0-9a-f]{24})?) (?P<number>\d+) \d+(?: \d+)?\Z")


@dataclass(frozen=True, slots=True)
class Origin:
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
