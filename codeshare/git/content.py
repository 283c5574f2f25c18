"""The content of files as commits left them, one after the other from a single git process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence

from codeshare.errors import GitError
from codeshare.git.repository import ids_of_files, tree_files
from codeshare.git.shadow import Shadow

BINARY_WITHIN = 8000  # bytes: git calls a file binary that has a NUL among these

Place = tuple[str, bytes]
"""A commit's id and a path in its tree."""


def read_blobs(shadow: Shadow, places: Sequence[Place]) -> Iterator[tuple[Place, bytes | None]]:
    """The content of each file, in order; None of one that is not there or cannot be read."""
    names = [f"{sha}:".encode("ascii") + path for sha, path in places]
    odd = {k for k, (_, path) in enumerate(places) if b"\n" in path}
    trees: dict[str, dict[bytes, bytes]] = {}
    for k in odd:  # cat-file reads one name a line
        sha, path = places[k]
        if sha not in trees:
            trees[sha] = dict(tree_files(shadow, sha))
        names[k] = trees[sha].get(path, b"0" * shadow.hex_length)
    yield from zip(places, _contents(shadow, names), strict=True)


def blobs_by_id(shadow: Shadow, blobs: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """The content of each blob (hex id), in order; None of one that is absent."""
    yield from zip(blobs, _contents(shadow, [blob.encode("ascii") for blob in blobs]), strict=True)


def tip_files(shadow: Shadow, tip: str, name: str) -> dict[str, bytes]:
    """Content of every file of that base name in a commit's tree, by path.

    Of what is absent (a partial clone) nothing is known: the file classes then come from patterns alone.
    """
    found = ids_of_files(shadow, tip, name)
    read = zip(found, blobs_by_id(shadow, list(found.values())), strict=True)
    return {path: content for path, (_, content) in read if content is not None}


def _contents(shadow: Shadow, names: Iterable[bytes]) -> Iterator[bytes | None]:
    with tempfile.TemporaryFile() as wanted:
        wanted.writelines(name + b"\n" for name in names)
        count = wanted.tell()
        wanted.seek(0)
        if not count:
            return
        process = shadow.spawn("cat-file", "--batch", "--buffer", stdin=wanted)
        assert process.stdout is not None
        try:
            while head := process.stdout.readline():
                fields = head.split()
                if len(fields) != 3 or fields[1] not in (b"blob", b"tree", b"commit", b"tag"):
                    yield None  # `NAME missing`
                    continue
                content = process.stdout.read(int(fields[2]) + 1)
                yield content[:-1] if fields[1] == b"blob" else None
            if process.wait():
                raise GitError(f"git cat-file ended with status {process.returncode}")
        finally:
            process.kill()
            process.communicate()
