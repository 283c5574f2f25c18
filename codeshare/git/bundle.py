"""Unpack a ``.bundle`` file into a bare repository of our own, in the cache."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from codeshare.errors import GitError, NotARepository
from codeshare.git.shadow import run_in

_SIGNATURES = (b"# v2 git bundle\n", b"# v3 git bundle\n")


def open_bundle(path: Path, cache: Path) -> Path:
    """Return a bare repository that holds what the bundle holds; a repeated call reuses it.

    Raises:
        NotARepository: the file is no bundle, or one that needs commits it does not hold.
    """
    with path.open("rb") as file:
        head = file.read(len(_SIGNATURES[0]))
        if head not in _SIGNATURES:
            raise NotARepository(f"{path}: a file, but not a git bundle.")
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    folder = cache / "bundles" / f"{path.stem}-{digest}.git"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        _unpack(path.resolve(), making)
        making.rename(folder)
    except GitError as error:
        raise NotARepository(f"{path}: the bundle cannot be unpacked: {error}") from None
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _unpack(path: Path, folder: Path) -> None:
    run_in(folder, "init", "--quiet", "--bare", "--template=", str(folder))
    refs = run_in(folder, "bundle", "unbundle", str(path)).decode("utf-8", "surrogateescape")
    heads = [line.partition(" ") for line in refs.splitlines() if line]
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
