"""Proof by blob id: rebuild files line by line from where their lines were born, and hash them as git does.

Each line is taken from the file in which it is said to be born, at the number it is said to have there.
So what is proved are the stored origins themselves, and no diff is trusted for it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct, field

from codeshare.git.content import blobs_by_id, read_blobs
from codeshare.git.repository import tree_files
from codeshare.git.shadow import Shadow, is_binary


class Run(NamedTuple):
    """Lines of a file that were born side by side; ``sha`` None: their origin could not be read."""

    sha: str | None
    path: bytes
    line: int
    length: int


class Proof(Struct):
    """Files of one commit: how many came out equal or are binary, and which did not, with the reason.

    ``lines``: of the files compared. ``unknown``: files with lines whose origin could not be read when
    they were mined, or cannot be now.
    """

    commit: str
    proved: int = 0
    lines: int = 0
    binary: int = 0
    unknown: list[bytes] = field(default_factory=list)
    differ: list[tuple[bytes, str]] = field(default_factory=list)


def prove(shadow: Shadow, commit: str, files: Mapping[bytes, Sequence[Run]]) -> Proof:
    """Rebuild every text file of a commit and compare its blob id with the one that git names.

    Args:
        files: per file of that commit the runs of its lines, from the first to the last.

    Raises:
        GitError: the commit's tree cannot be read.
    """
    named = dict(tree_files(shadow, commit))
    proof = Proof(commit)
    for path in sorted(set(files) - set(named)):
        proof.differ.append((path, "no such file"))
    built, unread = _build({path: runs for path, runs in files.items() if path in named}, shadow)
    without = {blob for path, blob in named.items() if path not in files}
    binary = _binary(shadow, without)
    for path, blob in sorted(named.items()):
        if path not in files and blob in binary:
            proof.binary += 1
        elif path in unread or any(run.sha is None for run in files.get(path, ())):
            proof.unknown.append(path)
        else:
            proof.lines += sum(run.length for run in files.get(path, ()))
            _compare(proof, path, blob, built.get(path, []), shadow.object_format)
    return proof


def _compare(proof: Proof, path: bytes, blob: bytes, parts: list[bytes | None], algorithm: str) -> None:
    texts = [part for part in parts if part is not None]
    if len(texts) < len(parts):
        proof.differ.append((path, "a line is said to be born where there is none"))
        return
    content = b"".join(texts)
    if (found := blob_id(content, algorithm)) == blob.decode("ascii"):
        proof.proved += 1
    else:
        proof.differ.append((path, f"rebuilt {found}, git has {blob.decode('ascii')}"))


def blob_id(content: bytes, algorithm: str) -> str:
    """git's id of a file's content; ``algorithm``: sha1 or sha256."""
    digest = hashlib.new(algorithm, b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def _build(
    files: Mapping[bytes, Sequence[Run]], shadow: Shadow
) -> tuple[dict[bytes, list[bytes | None]], set[bytes]]:
    """The text of each run of each file, and the files for which something is absent.

    Every file in which lines were born is read once; what is kept is as large as the files rebuilt.
    """
    unread: set[bytes] = set()
    built: dict[bytes, list[bytes | None]] = {path: [None] * len(runs) for path, runs in files.items()}
    wanted: dict[tuple[str, bytes], list[tuple[bytes, int]]] = defaultdict(list)
    for path, runs in files.items():
        for k, run in enumerate(runs):
            if run.sha is not None:
                wanted[run.sha, run.path].append((path, k))
    for place, content in read_blobs(shadow, sorted(wanted)):
        users = wanted[place]
        if content is None:
            unread.update(path for path, _ in users)
            continue
        runs_there = [files[path][k] for path, k in users]
        for (path, k), text in zip(users, _cut(content, runs_there), strict=True):
            built[path][k] = text
    return built, unread


def _cut(content: bytes, runs: Iterable[Run]) -> Iterator[bytes | None]:
    """The text of runs of lines of one file; None where it has no such lines."""
    ends = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == 10) + 1
    if not len(ends) or ends[-1] < len(content):
        ends = np.append(ends, len(content))
    for run in runs:
        last = run.line + run.length - 1
        if run.line < 1 or last > len(ends) or not content:
            yield None
        else:
            yield content[ends[run.line - 2] if run.line > 1 else 0 : ends[last - 1]]


def _binary(shadow: Shadow, blobs: Iterable[bytes]) -> set[bytes]:
    names = sorted(blob.decode("ascii") for blob in blobs)
    return {
        name.encode("ascii")
        for name, content in blobs_by_id(shadow, names)
        if content is not None and is_binary(content)
    }
