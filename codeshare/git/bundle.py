"""Unpack a ``.bundle`` file into a bare repository of our own, in the cache."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from codeshare.config import file_name
from codeshare.errors import EmptyHistory, GitError, NotARepository, OutputError
from codeshare.git.shadow import run_in

_SIGNATURES = (b"# v2 git bundle\n", b"# v3 git bundle\n")


def open_bundle(path: Path, cache: Path) -> Path:
    """Return a bare repository that holds what the bundle holds; a repeated call reuses it.

    Raises:
        NotARepository: the file is no bundle, or one that needs commits it does not hold.
        EmptyHistory: it holds no branch.
        OutputError: the cache cannot be written.
    """
    with path.open("rb") as file:
        head = _read_head(file)
        if head.signature not in _SIGNATURES:
            raise NotARepository(f"{path}: a file, but not a git bundle.")
        if head.prerequisites:
            raise NotARepository(
                f"{path}: a bundle of a part only: it needs commit {head.prerequisites[0]} and does not hold it. "
                "Make one of the whole with `git bundle create FILE --all`."
            )
        if not head.has_branch:
            raise EmptyHistory(
                f"{path}: the bundle holds no branch. Make one with `git bundle create FILE --all`."
            )
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = cache / "bundles" / f"{file_name(path.stem, digest)}.git"
    if folder.is_dir():
        return folder
    make_folder(folder.parent)
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        _unpack(path.resolve(), making, head.object_format)
        making.rename(folder)
    except GitError as error:
        raise NotARepository(f"{path}: the bundle cannot be unpacked: {error}") from None
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def make_folder(folder: Path) -> None:
    """Make a folder of the cache.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be made: {error.strerror}. Set XDG_CACHE_HOME to another folder."
        ) from None


class _Head(Struct, frozen=True):
    """The lines before a bundle's pack."""

    signature: bytes
    object_format: str
    prerequisites: tuple[str, ...]
    has_branch: bool


def _read_head(file: BinaryIO) -> _Head:
    signature = file.readline(100)
    lines: list[bytes] = []
    if signature in _SIGNATURES:
        while line := file.readline().rstrip(b"\n"):
            lines.append(line)
    return _Head(
        signature,
        "sha256" if b"@object-format=sha256" in lines else "sha1",
        tuple(
            line[1:].partition(b" ")[0].decode("ascii", "replace") for line in lines if line.startswith(b"-")
        ),
        any(
            line.partition(b" ")[2] == b"HEAD" or b" refs/heads/" in line or b" refs/remotes/" in line
            for line in lines
        ),
    )


def _unpack(path: Path, folder: Path, object_format: str) -> None:
    options = ("--quiet", "--bare", "--template=", f"--object-format={object_format}")
    run_in(folder, "init", *options, str(folder))
    refs = run_in(folder, "bundle", "unbundle", str(path)).decode("utf-8", "surrogateescape")
    heads = [line.partition(" ") for line in refs.split("\n") if line]
    named = {ref: sha for sha, _, ref in heads}
    lines = [f"{sha} {ref}" for ref, sha in sorted(named.items()) if ref.startswith("refs/")]
    (folder / "packed-refs").write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")
    tip = named.get("HEAD")
    branches = [
        ref for ref, sha in sorted(named.items()) if ref.startswith("refs/heads/") and tip in (None, sha)
    ]
    # A bundle made from a branch alone names no HEAD: its branch stands in.
    preferred = next((ref for ref in ("refs/heads/main", "refs/heads/master") if ref in branches), None)
    head = preferred or (branches[0] if branches else None)
    (folder / "HEAD").write_text(
        f"ref: {head}\n" if head else f"{tip}\n", encoding="utf-8", errors="surrogateescape"
    )
